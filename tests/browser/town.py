"""Three programs, a merchant with a till, and what else the pages meet, on a chain of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from eth_typing import ChecksumAddress

from zegel.admin import merchants, offline
from zegel.admin.funds import fund
from zegel.admin.limits import set_budget, switch_cash
from zegel.admin.network import plan_issuers, plan_program
from zegel.admin.programs import create_program
from zegel.admin.state import load
from zegel.chain.anvil import Anvil
from zegel.chain.sending import UnlockedSender
from zegel.deploy.book import Book
from zegel.deploy.suite import Suite, deploy_suite, open_suite
from zegel.till.opening import Rules, Till, open_till
from zegel.till.sales import Place

EURO = 10**6
DAY = 24 * 3600
_YEAR = 365 * DAY

SYMBOLS = ("VINYL", "MILES", "FUEL")

ROLES = ("deployer", "issuer", "merchant", "till", "relayer", "member", "friend")

SETTINGS = """
[suite]
admin_delay = 3600
offline_window = 172800
operators = ["{deployer}"]
verifiers = ["{deployer}"]

[issuers."{issuer}"]
legal_name = "Vinyl & Wing Holding B.V."
lei = "9999ZEGELSHOP0000131"
domain = "vinyl.example"
terms = "terms of 2026"
valid_until = 2028-02-28T00:00:00Z

[programs.VINYL]
name = "Vinyl Corner"
decimals = 2
months_per_epoch = 3
lifetime = 4
admin_delay = 3600
bid = "0.008"
ask = "0.01"

[programs.MILES]
name = "Northwind Miles"
decimals = 0
months_per_epoch = 12
lifetime = 2
bid = "0.006"
ask = "0.0075"

[programs.FUEL]
name = "Fuel Card"
decimals = 1
months_per_epoch = 0
lifetime = 1
bid = "0.04"
ask = "0.05"

"""

# The issuer does everything itself.
_DUTIES = ("guardian", "pricer", "treasurer", "freezer", "recoverer")


def _settings(who: dict[str, ChecksumAddress]) -> str:
    duties = "".join(f'{duty} = ["{who["issuer"]}"]\n' for duty in _DUTIES)
    roles = "".join(f"\n[programs.{symbol}.roles]\n{duties}" for symbol in SYMBOLS)
    return SETTINGS.format(**who) + roles


@dataclass(frozen=True)
class Town:
    """The chain with the suite, and who does what on it."""

    anvil: Anvil
    suite: Suite
    book: Book

    def sender(self, role: str) -> UnlockedSender:
        accounts = self.anvil.connection.web3.eth.accounts
        return UnlockedSender(self.anvil.connection, accounts[ROLES.index(role)])

    def token(self, symbol: str) -> ChecksumAddress:
        return self.suite.token(symbol).address

    def award(self, symbol: str, member: str, amount: int) -> None:
        token = self.suite.connection.contract("PointToken", self.token(symbol))
        self.sender("issuer").send(token.functions.award(member, amount, b"welcome".ljust(32)))

    def balance(self, symbol: str, member: str) -> int:
        token = self.suite.connection.contract("PointToken", self.token(symbol))
        return int(token.functions.balanceOf(member).call())

    def money(self, account: str) -> int:
        return int(self.suite.settlement_token.functions.balanceOf(account).call())

    def pass_time(self, seconds: int) -> None:
        self.anvil.rpc("evm_increaseTime", seconds)
        self.anvil.rpc("evm_mine")

    @property
    def now(self) -> int:
        return self.suite.connection.timestamp()


def build(anvil: Anvil, folder: Path) -> Town:
    """Deploys and furnishes everything."""
    accounts = anvil.connection.web3.eth.accounts
    who = dict(zip(ROLES, accounts, strict=False))
    (folder / "network.toml").write_text(_settings(who))
    state = load(folder / "network.toml")
    book = Book.open(anvil.connection, folder / "deployments")
    suite = deploy_suite(
        anvil.connection, UnlockedSender(anvil.connection, who["deployer"]), state.suite, book
    )
    town = Town(anvil, suite, book)
    deployer, issuer = town.sender("deployer"), town.sender("issuer")
    plan_issuers(deployer, lambda: suite.registry, state).apply()
    for program in state.programs.values():
        create_program(suite, issuer, program.settings, book).apply()
    suite = open_suite(anvil.connection, book)
    town = Town(anvil, suite, book)
    for symbol, program in state.programs.items():
        plan_program(suite, issuer, program).apply()
        fund(suite, issuer, symbol, 1_000 * EURO).apply()
        set_budget(suite, issuer, symbol, issuer.address, 10**9, _YEAR).apply()
        offline.set_guarantee(suite, issuer, symbol, 10**6, 1_000).apply()
        offline.set_limit(suite, issuer, symbol, who["merchant"], 10**6).apply()
    switch_cash(suite, issuer, "MILES", True, True).apply()
    merchants.register(suite, deployer, who["merchant"], "Café De Zegel").apply()
    merchants.register_till(suite, town.sender("merchant"), who["till"]).apply()
    return town


@contextmanager
def till_of(town: Town, folder: Path) -> Iterator[Till]:
    """The merchant's till, whose clock is the chain's and which takes whatever is covered."""
    limits = {town.token(symbol): 10**6 for symbol in SYMBOLS}
    suite = town.suite
    place = Place(
        suite.connection.chain_id,
        suite.desk.address,
        town.sender("merchant").address,
        town.sender("till").address,
    )
    with open_till(folder, place, Rules(limits, limits), suite.connection.timestamp) as till:
        yield till

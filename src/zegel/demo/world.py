"""The programs of the demo: a record shop and three partners of different kinds.

Names, prices and budgets of the partners are made up; the record shop's purchases are real.
Prices are in trillionths of a euro per point, money is in millionths of a euro.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eth_hash.auto import keccak
from eth_typing import ChecksumAddress
from web3.contract import Contract

from zegel.chain import roles
from zegel.chain.anvil import Anvil
from zegel.chain.connection import Connection
from zegel.chain.sending import Sender, UnlockedSender
from zegel.deploy.book import Book
from zegel.deploy.suite import Suite, SuiteSettings, deploy_suite

EURO = 10**6
CENT = 10**10  # of a price: a hundredth of a euro per point

DAY = 86_400
NETWORK_FEE = 1_000  # a thousandth of what is converted

SHOP = "CDNOW"
AIRLINE = "MILES"
FUEL = "FUEL"
STAFF = "STAFF"

_FOREVER = 366 * DAY
_LIMITLESS = 2**48 - 1


@dataclass(frozen=True)
class ProgramPlan:
    """What a program is created with, and how its issuer begins.

    `months` and `lifetime` say when points expire (0 months: never). `daily_out` and `daily_in`
    limit the money of conversions, 0 for no limit. `notice` is how many seconds before they count
    new prices are announced. `tops_up` and `cashes_out` say whether points can be bought and sold
    for money. The issuer keeps its account at `funds`.
    """

    symbol: str
    name: str
    kind: str
    decimals: int
    months: int
    lifetime: int
    bid: int
    ask: int
    funds: int
    transferable: bool = True
    notice: int = 0
    daily_out: int = 0
    daily_in: int = 0
    tops_up: bool = False
    cashes_out: bool = False

    @property
    def point(self) -> int:
        """One whole point, in base units."""
        return int(10**self.decimals)


PROGRAMS = (
    ProgramPlan(
        SHOP,
        "CDNOW Record Points",
        "record shop",
        decimals=2,
        months=3,
        lifetime=4,
        bid=80 * CENT // 100,
        ask=100 * CENT // 100,
        funds=6_000 * EURO,
        daily_out=2_500 * EURO,
        tops_up=True,
    ),
    ProgramPlan(
        AIRLINE,
        "Skylark Air Miles",
        "airline",
        decimals=0,
        months=12,
        lifetime=3,
        bid=60 * CENT // 100,
        ask=75 * CENT // 100,
        funds=1_000 * EURO,
        notice=14 * DAY,
        tops_up=True,
    ),
    ProgramPlan(
        FUEL,
        "Kilometer Fuel Card",
        "fuel card",
        decimals=1,
        months=1,
        lifetime=4,
        bid=45 * CENT // 100,
        ask=50 * CENT // 100,
        funds=800 * EURO,
        daily_out=600 * EURO,
        daily_in=1_500 * EURO,
    ),
    ProgramPlan(
        STAFF,
        "Northbridge Staff Rewards",
        "employer",
        decimals=2,
        months=0,
        lifetime=1,
        bid=10 * CENT,
        ask=10 * CENT,
        funds=1_500 * EURO,
        transferable=False,
        cashes_out=True,
    ),
)

PLANS: Mapping[str, ProgramPlan] = {plan.symbol: plan for plan in PROGRAMS}


@dataclass(frozen=True)
class Issuer:
    """A program that stands, with the accounts that run it.

    Recovering a member takes two: the issuer freezes, its service desk moves the points.
    """

    plan: ProgramPlan
    token: Contract
    issuer: Sender
    desk: Sender

    @property
    def address(self) -> str:
        return str(self.token.address).lower()


@dataclass(frozen=True)
class World:
    """The suite on a chain, and its programs by symbol."""

    suite: Suite
    operator: Sender
    issuers: Mapping[str, Issuer]

    @property
    def connection(self) -> Connection:
        return self.suite.connection

    @property
    def exchange(self) -> Contract:
        return self.suite.exchange

    @property
    def money(self) -> str:
        return str(self.suite.settlement_token.address).lower()

    @property
    def contracts(self) -> list[str]:
        """The addresses of all contracts whose events are read."""
        tokens = [issuer.token.address for issuer in self.issuers.values()]
        return [self.suite.registry.address, self.exchange.address, *tokens]


def member_address(customer: int, phone: int = 1) -> str:
    """The address of a customer: the last 20 bytes of the hash of a public name.

    Nobody has a key for it: the demo's chain sends for everyone. A customer who lost a phone has
    another address.
    """
    suffix = "" if phone == 1 else f"-phone-{phone}"
    return "0x" + keccak(f"cdnow-customer-{customer:05d}{suffix}".encode())[12:].hex()


def build(anvil: Anvil, folder: Path, progress: Callable[[str], None]) -> World:
    """Deploys the suite and the programs, posts prices and funds accounts."""
    connection = anvil.connection
    accounts: Sequence[ChecksumAddress] = connection.web3.eth.accounts
    operator, desk, *others = (UnlockedSender(connection, account) for account in accounts)
    issuers = others[: len(PROGRAMS)]

    settings = SuiteSettings(
        fee=NETWORK_FEE,
        fee_recipient=operator.address,
        issuers=tuple(issuer.address for issuer in issuers),
    )
    book = Book.open(connection, folder)
    suite = deploy_suite(connection, operator, settings, book, progress)
    world = World(suite, operator, {})
    programs = {}
    for plan, sender in zip(PROGRAMS, issuers, strict=True):
        progress(plan.name)
        programs[plan.symbol] = _found(world, plan, sender, desk)
    return World(suite, operator, programs)


def _found(world: World, plan: ProgramPlan, sender: Sender, desk: Sender) -> Issuer:
    """Creates a program, shares out its roles, and opens it for conversions."""
    settings = (
        plan.name,
        plan.symbol,
        f"https://example.org/{plan.symbol.lower()}.json",
        sender.address,
        0,
        plan.decimals,
        plan.months,
        plan.lifetime,
        plan.transferable,
    )
    sender.send(world.suite.registry.functions.createProgram(settings))
    issuer = Issuer(plan, world.suite.token(plan.symbol), sender, desk)

    token, exchange = issuer.token.functions, world.exchange.functions
    for role in (roles.GUARDIAN, roles.PRICER, roles.TREASURER, roles.CORRECTOR, roles.FREEZER):
        sender.send(token.grantRole(role, sender.address))
    sender.send(token.grantRole(roles.RECOVERER, desk.address))
    sender.send(token.setBudget(sender.address, _LIMITLESS, _FOREVER))

    address = issuer.token.address
    sender.send(exchange.setPrices(address, plan.bid, plan.ask))
    if plan.notice:
        sender.send(exchange.setPriceGuards(address, (0, 0, plan.notice)))
    if plan.daily_out or plan.daily_in:
        sender.send(exchange.setDailyLimits(address, (plan.daily_out, plan.daily_in)))
    if plan.tops_up or plan.cashes_out:
        sender.send(exchange.switchCash(address, (plan.tops_up, plan.cashes_out)))
    money = world.suite.settlement_token.functions
    sender.send(money.mint(sender.address, plan.funds))
    sender.send(money.approve(world.exchange.address, plan.funds))
    sender.send(exchange.fund(address, plan.funds))
    return issuer

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

from zegel.admin.credentials import Identity, accredit
from zegel.admin.funds import fund
from zegel.admin.network import plan_limits, plan_powers, plan_prices
from zegel.admin.prices import Guards
from zegel.admin.programs import ProgramSettings, create_program
from zegel.admin.state import Budget, Limits, ProgramState
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

_YEAR = 366 * DAY


@dataclass(frozen=True)
class ProgramPlan:
    """What a program is created with, and how its issuer begins.

    `months` and `lifetime` say when points expire (0 months: never). `daily_out` and `daily_in`
    limit the euros of conversions, 0 for no limit. `notice` is how many seconds before they count
    new prices are announced. `tops_up` and `cashes_out` say whether points can be bought and sold
    for money. The issuer may award `budget` points a year, and begins with `funds` euros. Its `lei`
    is made up, with the right check digits.
    """

    symbol: str
    name: str
    kind: str
    lei: str
    decimals: int
    months: int
    lifetime: int
    bid: int
    ask: int
    funds: int
    transferable: bool = True
    notice: int = 0
    budget: str = ""
    daily_out: str = "0"
    daily_in: str = "0"
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
        lei="9999CDNOWRECORDS0109",
        decimals=2,
        months=3,
        lifetime=4,
        bid=80 * CENT // 100,
        ask=100 * CENT // 100,
        funds=6_000,
        daily_out="2500",
        budget="5000000",
        tops_up=True,
    ),
    ProgramPlan(
        AIRLINE,
        "Skylark Air Miles",
        "airline",
        lei="9999SKYLARKAIRLN0119",
        decimals=0,
        months=12,
        lifetime=3,
        bid=60 * CENT // 100,
        ask=75 * CENT // 100,
        funds=1_000,
        notice=14 * DAY,
        tops_up=True,
    ),
    ProgramPlan(
        FUEL,
        "Kilometer Fuel Card",
        "fuel card",
        lei="9999KILOMETERFUL0184",
        decimals=1,
        months=1,
        lifetime=4,
        bid=45 * CENT // 100,
        ask=50 * CENT // 100,
        funds=800,
        daily_out="600",
        daily_in="1500",
    ),
    ProgramPlan(
        STAFF,
        "Northbridge Staff Rewards",
        "employer",
        lei="9999NORTHBRIDGES0152",
        decimals=2,
        months=0,
        lifetime=1,
        bid=10 * CENT,
        ask=10 * CENT,
        funds=1_500,
        budget="100000",
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
        """The addresses of all contracts."""
        tokens = [issuer.token.address for issuer in self.issuers.values()]
        suite = self.suite
        others = (suite.registry, suite.exchange, suite.desk, suite.settlement_token)
        return [*(contract.address for contract in others), *tokens]


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

    settings = SuiteSettings(fee=NETWORK_FEE, fee_recipient=operator.address)
    book = Book.open(connection, folder)
    suite = deploy_suite(connection, operator, settings, book, progress)
    return World(
        suite,
        operator,
        {
            plan.symbol: _found(suite, operator, plan, sender, desk, book, progress)
            for plan, sender in zip(PROGRAMS, issuers, strict=True)
        },
    )


def _found(
    suite: Suite,
    operator: Sender,
    plan: ProgramPlan,
    sender: Sender,
    desk: Sender,
    book: Book,
    progress: Callable[[str], None],
) -> Issuer:
    """Accredits an issuer, creates its program with roles and prices, and funds its account."""
    own = (roles.GUARDIAN, roles.PRICER, roles.TREASURER, roles.CORRECTOR, roles.FREEZER)
    state = ProgramState(
        settings=ProgramSettings(
            name=plan.name,
            symbol=plan.symbol,
            decimals=plan.decimals,
            months_per_epoch=plan.months,
            lifetime=plan.lifetime,
            transferable=plan.transferable,
        ),
        prices=(plan.bid, plan.ask),
        guards=Guards(notice=plan.notice),
        limits=Limits(plan.daily_out, plan.daily_in),
        cash=(plan.tops_up, plan.cashes_out),
        roles=dict.fromkeys(own, (sender.address,)) | {roles.RECOVERER: (desk.address,)},
        budgets={sender.address: Budget(plan.budget, _YEAR)} if plan.budget else {},
    )
    ends = suite.connection.timestamp() + 3 * 365 * DAY
    who = Identity(plan.name, plan.lei, f"{plan.symbol.lower()}.example", valid_until=ends)
    accredit(operator, lambda: suite.registry, sender.address, who).apply(progress)
    create_program(suite, sender, state.settings, book).apply(progress)
    # One by one, since prices take a role that the first plan gives.
    for aspect in (plan_powers, plan_prices, plan_limits):
        aspect(suite, sender, state).apply(progress)
    fund(suite, sender, plan.symbol, plan.funds * EURO).apply(progress)
    return Issuer(plan, suite.token(plan.symbol), sender, desk)

"""One Anvil for all tests of the package, and the actors on it. Every test undoes what it did."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from zegel.admin.network import plan_issuers, plan_program
from zegel.admin.programs import create_program
from zegel.admin.state import State, load
from zegel.chain.anvil import Anvil
from zegel.chain.connection import Connection
from zegel.chain.sending import UnlockedSender
from zegel.deploy.book import Book
from zegel.deploy.suite import Suite, deploy_suite, open_suite

# 1 January 2026, so that no test depends on the day on which it runs.
START = 1_767_225_600

ACTORS = (
    "deployer",
    "operator",
    "issuer",
    "awarder",
    "guardian",
    "member",
    "outsider",
    "new_admin",
    "verifier",
)


@pytest.fixture(scope="session")
def anvil() -> Iterator[Anvil]:
    with Anvil(timestamp=START) as node:
        yield node


@pytest.fixture(scope="session")
def actor(anvil: Anvil) -> Callable[[str], UnlockedSender]:
    """The sender of an actor; the same account in every test."""
    accounts = anvil.connection.web3.eth.accounts

    def sender(name: str) -> UnlockedSender:
        return UnlockedSender(anvil.connection, accounts[ACTORS.index(name)])

    return sender


def _fixture_of(name: str) -> Callable[..., UnlockedSender]:
    @pytest.fixture(name=name)
    def fixture(actor: Callable[[str], UnlockedSender]) -> UnlockedSender:
        return actor(name)

    return fixture


deployer = _fixture_of("deployer")
operator = _fixture_of("operator")
issuer = _fixture_of("issuer")
awarder = _fixture_of("awarder")
guardian = _fixture_of("guardian")
member = _fixture_of("member")
outsider = _fixture_of("outsider")
new_admin = _fixture_of("new_admin")
verifier = _fixture_of("verifier")


@pytest.fixture
def connection(anvil: Anvil) -> Iterator[Connection]:
    """The chain as it stands; undone after the test."""
    snapshot = anvil.snapshot()
    yield anvil.connection
    anvil.revert(snapshot)


@pytest.fixture(scope="session")
def settings_file(
    actor: Callable[[str], UnlockedSender], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """How the network of these tests shall be."""
    path = tmp_path_factory.mktemp("settings") / "network.toml"
    address = {name: actor(name).address for name in ACTORS}
    path.write_text(f"""
[suite]
admin_delay = 3600
operators = ["{address["operator"]}", "{address["deployer"]}"]
verifiers = ["{address["verifier"]}"]

[issuers."{address["issuer"]}"]
legal_name = "Corner Shop B.V."
lei = "9999ZEGELSHOP0000131"
domain = "shop.example"
terms = "terms of 2026"
valid_until = 2028-12-31T00:00:00Z

[programs.SHOP]
name = "Corner Shop"
decimals = 2
months_per_epoch = 3
lifetime = 4
admin_delay = 3600
bid = "0.009"
ask = "0.01"
guards = {{ max_step = 500000 }}
limits = {{ out = "5000", into = "2500.5", per_member = "40" }}
cash = {{ top_up = true }}
budgets = {{ "{address["awarder"]}" = {{ limit = "1000" }} }}

[programs.SHOP.roles]
guardian = ["{address["guardian"]}"]
freezer = ["{address["issuer"]}"]
recoverer = ["{address["issuer"]}"]
pricer = ["{address["issuer"]}"]
treasurer = ["{address["issuer"]}"]

[programs.SHOP.terms.AIR]
ask = "0.0095"
valid_from = 2026-01-01T00:00:00Z
valid_until = 2027-01-01T00:00:00Z

[programs.AIR]
name = "Air Miles"
bid = "0.002"
ask = "0.0025"
roles = {{ pricer = ["{address["issuer"]}"] }}
""")
    return path


@pytest.fixture(scope="session")
def state(settings_file: Path) -> State:
    return load(settings_file)


@pytest.fixture(scope="session")
def recorded(
    anvil: Anvil,
    actor: Callable[[str], UnlockedSender],
    state: State,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """The address book of a network that was deployed as the settings say."""
    deployer, issuer = actor("deployer"), actor("issuer")
    book = Book.open(anvil.connection, tmp_path_factory.mktemp("deployments"))
    suite = deploy_suite(anvil.connection, deployer, state.suite, book)
    plan_issuers(actor("verifier"), lambda: suite.registry, state).apply()
    for program in state.programs.values():
        create_program(suite, issuer, program.settings, book).apply()
    for program in state.programs.values():
        plan_program(suite, issuer, program).apply()
    return book.path


@pytest.fixture
def book(recorded: Path, connection: Connection, tmp_path: Path) -> Book:
    """The address book of the network, for one test to change."""
    shutil.copy(recorded, tmp_path)
    return Book.open(connection, tmp_path)


@pytest.fixture
def suite(connection: Connection, book: Book) -> Suite:
    return open_suite(connection, book)

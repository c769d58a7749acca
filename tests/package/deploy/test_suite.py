"""Deploying the suite.

given an empty chain
    it deploys, wires and grants, and the getters say what the settings said
    it records each contract: address, arguments, block, transaction, code hash
given a suite that stands
    it sends nothing and leaves the book as it is
given a run that was interrupted
    at any transaction, before or after it was sent: the next run ends with the same suite
    by SIGKILL, with a transaction under way: the next run creates no second contract
given what does not fit
    other code, other arguments, a missing role, no money, a wrong settlement token: one line each
"""

import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account
from eth_utils.crypto import keccak
from hexbytes import HexBytes

from zegel.admin.state import State
from zegel.chain import artifacts, roles
from zegel.chain.anvil import Anvil
from zegel.chain.connection import Connection
from zegel.chain.sending import KeySender, UnlockedSender
from zegel.deploy.book import Book
from zegel.deploy.plan import Verdict
from zegel.deploy.suite import (
    Suite,
    SuiteSettings,
    deploy_suite,
    open_suite,
    plan_suite,
    point_token_blueprint,
)
from zegel.errors import ConfigError, GasMoneyTooLow, PlanRefused

CREATED = [
    "TestEuro",
    "PasskeyVerifier",
    "PointTokenBlueprint",
    "IssuerRegistry",
    "PointExchange",
    "OfflineDesk",
    "AwardDrop",
    "RewardCharter",
]
# The wiring, and one operator.
SENT = len(CREATED) + 2

Factory = Callable[[str], UnlockedSender]


@pytest.fixture
def fresh(connection: Connection, tmp_path: Path) -> Book:
    """An empty address book."""
    return Book.open(connection, tmp_path / "fresh")


@pytest.fixture
def settings(operator: UnlockedSender, verifier: UnlockedSender) -> SuiteSettings:
    return SuiteSettings(
        admin_delay=3600,
        fee=1_000,
        fee_recipient=operator.address,
        verifiers=(verifier.address,),
        offline_window=7_200,
    )


def count_sent(sender: UnlockedSender | KeySender) -> int:
    return sender.connection.web3.eth.get_transaction_count(sender.address)


def test_getters_say_what_the_settings_said(
    connection: Connection,
    deployer: UnlockedSender,
    operator: UnlockedSender,
    verifier: UnlockedSender,
    settings: SuiteSettings,
    fresh: Book,
) -> None:
    suite = deploy_suite(connection, deployer, settings, fresh)

    registry, exchange = suite.registry.functions, suite.exchange.functions
    assert registry.exchange().call() == suite.exchange.address
    assert registry.desk().call() == suite.desk.address
    assert registry.defaultAdmin().call() == deployer.address
    assert registry.defaultAdminDelay().call() == 3600
    assert registry.programCount().call() == 0
    assert connection.code(registry.blueprint().call()) == point_token_blueprint()
    assert exchange.registry().call() == suite.registry.address
    assert exchange.settlementToken().call() == suite.settlement_token.address
    assert exchange.fee().call() == 1_000
    assert exchange.feeRecipient().call() == operator.address
    desk, passkeys = suite.desk.functions, fresh.deployments["PasskeyVerifier"].address
    assert desk.registry().call() == suite.registry.address
    assert desk.exchange().call() == suite.exchange.address
    assert desk.offlineWindow().call() == 7_200
    for contract in (registry, desk, suite.drop.functions, suite.charter.functions):
        assert contract.passkeys().call() == passkeys
    assert suite.settlement_token.functions.symbol().call() == "tEUR"
    assert suite.money_decimals == 6

    everyone = (deployer.address, operator.address, verifier.address)
    held = {
        name: [who for who in everyone if registry.hasRole(role, who).call()]
        for role, name in roles.NAMES.items()
        if name in ("default admin", "operator")
    }
    assert held == {"default admin": [deployer.address], "operator": [deployer.address]}
    verifiers = [who for who in everyone if registry.isVerifier(who).call()]
    assert verifiers == [verifier.address]


def test_book_records_each_contract(
    connection: Connection, deployer: UnlockedSender, settings: SuiteSettings, fresh: Book
) -> None:
    suite = deploy_suite(connection, deployer, settings, fresh)

    assert list(fresh.deployments) == CREATED
    for entry in fresh.deployments.values():
        receipt = connection.web3.eth.get_transaction_receipt(HexBytes(entry.transaction))
        assert receipt["contractAddress"] == entry.address
        assert receipt["blockNumber"] == entry.block
        assert entry.code_hash == "0x" + keccak(connection.code(entry.address)).hex()
    assert fresh.deployments["IssuerRegistry"].arguments == [
        deployer.address,
        3600,
        fresh.deployments["PointTokenBlueprint"].address,
        fresh.deployments["PasskeyVerifier"].address,
        list(settings.verifiers),
    ]
    assert fresh.deployments["PointExchange"].arguments == [
        suite.settlement_token.address,
        suite.registry.address,
        1_000,
        settings.fee_recipient,
    ]


def test_second_run_sends_nothing(
    connection: Connection, deployer: UnlockedSender, settings: SuiteSettings, fresh: Book
) -> None:
    deploy_suite(connection, deployer, settings, fresh)
    written, sent = fresh.path.read_bytes(), count_sent(deployer)
    block = connection.web3.eth.block_number

    again = Book.open(connection, fresh.path.parent)
    told: list[str] = []
    deploy_suite(connection, deployer, settings, again, told.append)

    assert fresh.path.read_bytes() == written
    assert (count_sent(deployer), connection.web3.eth.block_number) == (sent, block)
    assert [line.split()[0] for line in told] == ["skip"] * SENT


def test_suite_that_was_deployed_by_someone_else_is_left_alone(
    connection: Connection,
    deployer: UnlockedSender,
    outsider: UnlockedSender,
    settings: SuiteSettings,
    fresh: Book,
) -> None:
    deploy_suite(connection, deployer, settings, fresh)
    before = count_sent(outsider)

    deploy_suite(connection, outsider, settings, fresh)

    assert count_sent(outsider) == before


class Interrupted(BaseException):
    """What a test raises in the place of a kill: nothing of ours catches it."""


@dataclass(frozen=True)
class Frail(UnlockedSender):
    """A sender that dies at one of its transactions: before it is sent, or right after."""

    fatal: int
    after: bool
    sent: list[Any]

    def _submit(self, transaction: Any, on_sent: Any) -> HexBytes:
        if len(self.sent) == self.fatal and not self.after:
            raise Interrupted
        self.sent.append(transaction)
        if len(self.sent) == self.fatal + 1 and self.after:
            sent = self.connection.web3.eth.send_transaction(transaction)
            # While Anvil makes the block, it says neither that it waits nor that it stands.
            self.connection.web3.eth.wait_for_transaction_receipt(sent)
            raise Interrupted
        return super()._submit(transaction, on_sent)


@pytest.mark.parametrize(
    ("fatal", "after"),
    [(0, False), (2, False), (8, False), (0, True), (1, True), (3, True), (8, True), (9, True)],
)
def test_interrupted_run_is_resumed_without_a_second_contract(
    connection: Connection,
    deployer: UnlockedSender,
    settings: SuiteSettings,
    fresh: Book,
    fatal: int,
    after: bool,
) -> None:
    first = count_sent(deployer)
    frail = Frail(connection, deployer.address, fatal, after, [])
    with pytest.raises(Interrupted):
        deploy_suite(connection, frail, settings, fresh)

    again = Book.open(connection, fresh.path.parent)
    suite = deploy_suite(connection, deployer, settings, again)

    assert count_sent(deployer) == first + SENT
    assert list(again.deployments) == CREATED
    assert again.pending == {}
    assert suite.registry.functions.exchange().call() == suite.exchange.address
    blocks = [again.deployments[name].block for name in CREATED]
    assert blocks == sorted(blocks)


KILLED = """
import os, signal, sys
from pathlib import Path
import zegel.chain.sending as sending
from zegel.chain.connection import connect
from zegel.deploy.book import Book
from zegel.deploy.suite import SuiteSettings, deploy_suite

url, folder, fatal = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
waits = []

def wait(connection, sent, real=sending.wait):
    waits.append(sent)
    if len(waits) == fatal:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(connection, sent)

sending.wait = wait
connection = connect(url)
deployer = sending.UnlockedSender(connection, connection.web3.eth.accounts[0])
deploy_suite(connection, deployer, SuiteSettings(), Book.open(connection, folder))
"""


@pytest.mark.parametrize("fatal", [1, 3])
def test_killed_process_is_resumed_without_a_second_contract(
    anvil: Anvil, connection: Connection, deployer: UnlockedSender, tmp_path: Path, fatal: int
) -> None:
    first = count_sent(deployer)
    command = [sys.executable, "-c", KILLED, anvil.url, str(tmp_path), str(fatal)]
    killed = subprocess.run(command, capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL
    book = Book.open(connection, tmp_path)
    assert list(book.pending) == [CREATED[fatal - 1]]
    under_way = book.pending[CREATED[fatal - 1]]
    assert under_way.transaction is not None

    plan = plan_suite(connection, deployer, SuiteSettings(), book)
    assert plan.findings()[fatal - 1][1].verdict is Verdict.RESUME
    deploy_suite(connection, deployer, SuiteSettings(), book)

    assert count_sent(deployer) == first + SENT
    assert book.deployments[CREATED[fatal - 1]].address == under_way.address
    assert book.deployments[CREATED[fatal - 1]].transaction == under_way.transaction


def test_creation_whose_nonce_went_elsewhere_is_begun_anew(
    connection: Connection, deployer: UnlockedSender, settings: SuiteSettings, fresh: Book
) -> None:
    with pytest.raises(Interrupted):
        deploy_suite(connection, Frail(connection, deployer.address, 0, False, []), settings, fresh)
    connection.web3.eth.send_transaction({"from": deployer.address, "to": deployer.address})
    lost = fresh.pending["TestEuro"].address

    deploy_suite(connection, deployer, settings, fresh)

    assert fresh.deployments["TestEuro"].address != lost
    assert connection.code(lost) == b""


def test_creation_that_another_account_began_is_refused(
    connection: Connection,
    deployer: UnlockedSender,
    outsider: UnlockedSender,
    settings: SuiteSettings,
    fresh: Book,
) -> None:
    with pytest.raises(Interrupted):
        deploy_suite(connection, Frail(connection, deployer.address, 0, False, []), settings, fresh)

    with pytest.raises(PlanRefused, match=f"{deployer.address} began it: finish it with that"):
        deploy_suite(connection, outsider, settings, fresh)
    assert fresh.deployments == {}


def test_other_code_at_the_address_is_refused(
    anvil: Anvil, suite: Suite, book: Book, deployer: UnlockedSender, state: State
) -> None:
    anvil.rpc("anvil_setCode", suite.exchange.address, "0x6001")

    with pytest.raises(PlanRefused, match=f"other code at {suite.exchange.address}"):
        deploy_suite(suite.connection, deployer, state.suite, book)


def test_other_arguments_are_refused(
    connection: Connection, deployer: UnlockedSender, settings: SuiteSettings, fresh: Book
) -> None:
    deploy_suite(connection, deployer, settings, fresh)
    sent = count_sent(deployer)

    with pytest.raises(PlanRefused, match=r"^PointExchange: .* 1000, .*: mend the sett"):
        deploy_suite(connection, deployer, replace(settings, fee=2_000), fresh)
    assert count_sent(deployer) == sent


def test_book_that_lacks_a_part_is_refused(
    connection: Connection, deployer: UnlockedSender, settings: SuiteSettings, fresh: Book
) -> None:
    deploy_suite(connection, deployer, settings, fresh)
    del fresh.deployments["IssuerRegistry"]

    with pytest.raises(PlanRefused, match="has it without what it was created with"):
        deploy_suite(connection, deployer, settings, fresh)


def test_missing_role_is_refused(
    connection: Connection,
    deployer: UnlockedSender,
    outsider: UnlockedSender,
    settings: SuiteSettings,
    fresh: Book,
) -> None:
    deploy_suite(connection, deployer, settings, fresh)
    more = replace(settings, operators=(deployer.address, outsider.address))

    with pytest.raises(PlanRefused, match=f"{outsider.address} is not default admin of the regist"):
        deploy_suite(connection, outsider, more, fresh)


def test_too_little_gas_money_leaves_nothing_behind(
    anvil: Anvil, connection: Connection, settings: SuiteSettings, fresh: Book
) -> None:
    poor = KeySender(connection, Account.from_key(keccak(text="poor")))
    anvil.set_balance(poor.address, 10**12)

    with pytest.raises(GasMoneyTooLow, match=rf"^{poor.address} has 0\.000001 coins"):
        deploy_suite(connection, poor, settings, fresh)
    assert (fresh.deployments, fresh.pending) == ({}, {})
    assert count_sent(poor) == 0

    anvil.set_balance(poor.address, 10**18)
    deploy_suite(connection, poor, settings, fresh)
    assert count_sent(poor) == SENT


def test_verifiers_of_today_are_no_arguments_of_yesterday(
    connection: Connection,
    deployer: UnlockedSender,
    outsider: UnlockedSender,
    settings: SuiteSettings,
    fresh: Book,
) -> None:
    deploy_suite(connection, deployer, settings, fresh)
    sent = count_sent(deployer)

    deploy_suite(connection, deployer, replace(settings, verifiers=(outsider.address,)), fresh)

    assert count_sent(deployer) == sent


def test_given_settlement_token_is_used(
    suite: Suite, deployer: UnlockedSender, settings: SuiteSettings, fresh: Book
) -> None:
    given = replace(settings, settlement_token=suite.settlement_token.address)

    other = deploy_suite(suite.connection, deployer, given, fresh)

    assert other.settlement_token.address == suite.settlement_token.address
    assert list(fresh.deployments) == CREATED[1:]


def test_settlement_token_that_is_none_is_refused(
    connection: Connection,
    deployer: UnlockedSender,
    outsider: UnlockedSender,
    settings: SuiteSettings,
    fresh: Book,
) -> None:
    given = replace(settings, settlement_token=outsider.address)

    with pytest.raises(PlanRefused, match=f"no ERC-20 token at {outsider.address}"):
        deploy_suite(connection, deployer, given, fresh)
    assert fresh.deployments == {}


def test_public_chain_gets_no_test_euro(tmp_path: Path) -> None:
    with Anvil(chain_id=4242) as node:
        sender = UnlockedSender(node.connection, node.connection.web3.eth.accounts[0])
        book = Book.open(node.connection, tmp_path)
        with pytest.raises(ConfigError, match=r"^settlement_token: missing, and chain 4242 is no"):
            deploy_suite(node.connection, sender, SuiteSettings(), book)
        assert node.connection.web3.eth.block_number == 0


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"fee": 10_001}, r"^fee: 10001 is not between 0 and 10000 millionths"),
        ({"fee": -1}, r"^fee: -1 is not between"),
        ({"fee": 1}, r"^fee_recipient: missing, and the fee is 1"),
    ],
)
def test_settings_out_of_bounds_are_refused(wrong: dict[str, int], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        SuiteSettings(**wrong)  # type: ignore[arg-type]


def test_suite_that_was_never_deployed_cannot_be_opened(
    connection: Connection, fresh: Book
) -> None:
    with pytest.raises(ConfigError, match=r"^no IssuerRegistry on chain 31337"):
        open_suite(connection, fresh)


def test_program_that_was_never_created_is_named(suite: Suite) -> None:
    with pytest.raises(ConfigError, match=r"^no program NONE on chain 31337: create it$"):
        suite.token("NONE")


def test_blueprint_is_an_erc_5202_blueprint(suite: Suite, book: Book) -> None:
    code = suite.connection.code(book.deployments["PointTokenBlueprint"].address)

    assert code[:3] == bytes.fromhex("fe7100")
    assert code[3:] == artifacts.load("PointToken").bytecode

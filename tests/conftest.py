"""Actors and deployed contracts for the tests that run on Brownie's development chain.

The contracts live as long as a test module; tests that change them take `fn_isolation`, as all of
tests/unit/ do. Actors are named after their role, and nobody has two.
"""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import brownie
import brownie.network.account
import pytest
from brownie import accounts
from brownie.network.account import LocalAccount
from brownie.network.contract import ContractContainer, ProjectContract
from eth_utils import keccak
from support import roles
from support.clock import DAY, START, travel_to
from support.credentials import accredit
from support.deploying import (
    ADMIN_DELAY,
    BUDGET,
    OFFLINE_WINDOW,
    deploy_blueprint,
    program_settings,
)
from support.events import ZERO
from support.tracing import Collector
from web3.middleware import Web3Middleware

# `make coverage` names the folder.
_collector = (
    Collector(Path(os.environ["ZEGEL_COVERAGE"])) if "ZEGEL_COVERAGE" in os.environ else None
)


def pytest_xdist_auto_num_workers() -> int:
    """One more worker than there are cores: nodes, browsers and relays keep workers waiting."""
    return min(8, 1 + (os.cpu_count() or 1))


def pytest_sessionstart() -> None:
    """Takes from Brownie what costs nine tenths of a run and gives these tests nothing.

    It takes a snapshot after every transaction, for `chain.undo`; it looks up the source of every
    caller, for a warning that we do not show; it asks the node for its chain's number twice before
    every call; and after every test it asks for the code of every contract, to see which are gone.
    """
    brownie.network.account.rpc = SimpleNamespace(
        is_active=lambda: False, unlock_account=brownie.rpc.unlock_account
    )
    # `brownie.network.rpc` itself is an object of the same name.
    sys.modules["brownie.network.rpc"].inspect = SimpleNamespace(stack=_bare_stack)
    ContractContainer.at = _at
    ContractContainer._revert = _revert
    brownie.web3.middleware_onion.remove("validation")
    brownie.web3.middleware_onion.inject(_AnswerWithReceipt, layer=0)
    if _collector:
        # Next to the node, where a transaction's answer is its receipt.
        brownie.web3.middleware_onion.inject(_collector.middleware(), layer=0)


def pytest_sessionfinish() -> None:
    if _collector:
        _collector.write()


class _AnswerWithReceipt(Web3Middleware):
    """Has the node answer when a transaction is in a block, and asks for no receipt twice.

    Otherwise Brownie may ask for the receipt too early, sleep for a second, and even take the
    transaction for lost: on a busy machine it did.
    """

    def wrap_make_request(self, make_request: Callable[..., Any]) -> Callable[..., Any]:
        last: dict[str, Any] = {}

        def request(method: str, params: Any) -> Any:
            if method == "eth_getTransactionReceipt" and params[0] in last:
                return last[params[0]]
            if method != "eth_sendRawTransaction":
                return make_request(method, params)
            answer = make_request("eth_sendRawTransactionSync", params)
            last.clear()
            if "result" in answer:
                name = answer["result"]["transactionHash"]
                last[name] = answer
                answer = {**answer, "result": name}
            return answer

        return request


_brownies_at = ContractContainer.at


def _at(container: ContractContainer, *arguments: Any, **named: Any) -> ProjectContract:
    """The contract at an address, which knows the block in which it was first seen."""
    contract = _brownies_at(container, *arguments, **named)
    if not hasattr(contract, "seen_in"):
        contract.seen_in = brownie.web3.eth.block_number
    return contract


def _revert(container: ContractContainer, height: int) -> None:
    """Forgets the contracts that the chain, back at a height, does not have."""
    for contract in [one for one in container if one.seen_in > height]:
        container.remove(contract)
        contract._reverted = True


def _bare_stack() -> list[Any]:
    """The part of `inspect.stack()` that Brownie reads: the frame of its caller's caller."""
    return [None, SimpleNamespace(frame=sys._getframe(2))]


def _actor(role: str) -> Any:
    """A fixture for an account whose key follows from its role, the same in every run."""

    @pytest.fixture(scope="session", name=role)
    def actor() -> LocalAccount:
        key = "0x" + keccak(text=f"zegel test {role}").hex()
        return accounts.add(key)

    return actor


# Of the network.
deployer = _actor("deployer")  # the registry's default admin
operator = _actor("operator")
verifier = _actor("verifier")
# Of a program.
issuer = _actor("issuer")  # its default admin
awarder = _actor("awarder")
guardian = _actor("guardian")
corrector = _actor("corrector")  # with a budget of its own
freezer = _actor("freezer")
recoverer = _actor("recoverer")
pricer = _actor("pricer")
treasurer = _actor("treasurer")
# Of the public.
member = _actor("member")
other_member = _actor("other_member")
merchant = _actor("merchant")
other_merchant = _actor("other_merchant")
till = _actor("till")  # of `merchant`, as the next one
other_till = _actor("other_till")
relayer = _actor("relayer")
attester = _actor("attester")  # says what happened, for a charter's rules
outsider = _actor("outsider")


@pytest.fixture(scope="module")
def builds(request: pytest.FixtureRequest) -> Iterator[None]:
    """The contracts as they are built; tests/mutants puts one with a planted bug among them."""
    if not hasattr(request, "param"):
        yield
        return
    name, code = request.param
    container = getattr(brownie.project.get_loaded_projects()[0], name)
    # Blueprints are made of the one, deployments of the other.
    right, container.bytecode = container.bytecode, code.hex()
    container._build["bytecode"] = code.hex()
    yield
    container.bytecode = container._build["bytecode"] = right


@pytest.fixture(scope="module")
def clock(builds: None, module_isolation: None) -> Callable[..., int]:
    """Sets the chain's clock, which starts at `START` and stands still."""
    travel_to(START)
    return travel_to


@pytest.fixture(scope="module")
def settlement(clock: Callable[..., int], deployer: LocalAccount, TestEuro: Any) -> Any:
    """The money: a euro coin with 6 decimals that anyone can mint."""
    return TestEuro.deploy({"from": deployer})


@pytest.fixture(scope="module")
def blueprint(clock: Callable[..., int], deployer: LocalAccount, PointToken: Any) -> str:
    """Where the tokens' creation code stands."""
    return deploy_blueprint(PointToken, deployer)


@pytest.fixture(scope="module")
def passkeys(clock: Callable[..., int], deployer: LocalAccount, PasskeyVerifier: Any) -> Any:
    """Checks the signatures of passkeys."""
    return PasskeyVerifier.deploy({"from": deployer})


@pytest.fixture(scope="module")
def drop(passkeys: Any, deployer: LocalAccount, AwardDrop: Any) -> Any:
    """Where awards wait to be claimed."""
    return AwardDrop.deploy(passkeys, {"from": deployer})


@pytest.fixture(scope="module")
def charter(passkeys: Any, deployer: LocalAccount, RewardCharter: Any) -> Any:
    """What issuers have agreed to reward."""
    return RewardCharter.deploy(passkeys, {"from": deployer})


@pytest.fixture(scope="module")
def registry(
    blueprint: str,
    passkeys: Any,
    settlement: Any,
    deployer: LocalAccount,
    operator: LocalAccount,
    verifier: LocalAccount,
    issuer: LocalAccount,
    IssuerRegistry: Any,
    PointExchange: Any,
    OfflineDesk: Any,
) -> Any:
    """The directory, with an exchange without fee; `issuer` is accredited."""
    by = {"from": deployer}
    directory = IssuerRegistry.deploy(deployer, ADMIN_DELAY, blueprint, passkeys, [verifier], by)
    market = PointExchange.deploy(settlement, directory, 0, ZERO, by)
    counter = OfflineDesk.deploy(directory, market, passkeys, OFFLINE_WINDOW, by)
    directory.setNetwork(market, counter, by)
    directory.grantRole(roles.OPERATOR, operator, by)
    accredit(directory, issuer, verifier)
    return directory


@pytest.fixture(scope="module")
def exchange(registry: Any, PointExchange: Any) -> Any:
    """The exchange of `registry`."""
    return PointExchange.at(registry.exchange())


@pytest.fixture(scope="module")
def desk(registry: Any, OfflineDesk: Any) -> Any:
    """The offline desk of `registry`."""
    return OfflineDesk.at(registry.desk())


@pytest.fixture(scope="module")
def create_program(
    registry: Any,
    issuer: LocalAccount,
    awarder: LocalAccount,
    guardian: LocalAccount,
    corrector: LocalAccount,
    freezer: LocalAccount,
    recoverer: LocalAccount,
    pricer: LocalAccount,
    treasurer: LocalAccount,
    PointToken: Any,
) -> Callable[..., Any]:
    """Creates programs of `issuer` in which everyone has the role of their name."""
    holders = {
        roles.GUARDIAN: guardian,
        roles.CORRECTOR: corrector,
        roles.FREEZER: freezer,
        roles.RECOVERER: recoverer,
        roles.PRICER: pricer,
        roles.TREASURER: treasurer,
    }

    def create(symbol: str = "AIR", **settings: Any) -> Any:
        chosen = program_settings(issuer, symbol, **settings)
        tx = registry.createProgram(chosen, {"from": issuer})
        token = PointToken.at(tx.events["ProgramCreated"]["token"])
        for role, holder in holders.items():
            token.grantRole(role, holder, {"from": issuer})
        for holder in (awarder, corrector):
            token.setBudget(holder, BUDGET, DAY, {"from": issuer})
        return token

    return create


@pytest.fixture(scope="module")
def token(create_program: Callable[..., Any]) -> Any:
    """The points of a program with 2 decimals; they live four quarters."""
    return create_program()

"""The part of Wake that the published suites `eth-wake-tests` stand on, for Brownie's chain.

The suites come from PyPI and run unchanged, with their own model of a token. Wake itself cannot:
it pins versions that Brownie cannot bear, and the suites need a Wake of January 2024. They use
little of it, though: accounts, calls, transactions with their events, and a way to make balances.
`published_suites` puts that under Wake's names and imports the suites.
"""

import importlib
import random
import sys
import typing
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from brownie import accounts, web3
from eth_abi import decode, encode
from eth_utils import keccak, to_checksum_address
from web3.exceptions import Web3RPCError


class Address(str):
    """A checksummed address."""

    ZERO: "Address"

    def __new__(cls, text: str) -> "Address":
        return super().__new__(cls, to_checksum_address(text))


Address.ZERO = Address("0x" + "00" * 20)


@dataclass(frozen=True)
class Account:
    """Somebody who can send transactions."""

    address: Address


class TransactionRevertedError(Exception):
    """A transaction that was refused."""


@dataclass(frozen=True)
class Transaction:
    """A transaction that went through."""

    return_value: Any
    events: list[Any]


class Contract(Account):
    """What the suites' own interface of a token derives from."""

    # The token's ABI by selector, and the classes of its events by theirs; `bind` sets both.
    functions: typing.ClassVar[dict[bytes, dict[str, Any]]] = {}
    events: typing.ClassVar[dict[bytes, type]] = {}

    chain = None

    def _execute(
        self,
        _chain: None,
        _request: str,
        selector: str,
        arguments: list[Any],
        as_transaction: bool,
        _return_type: type,
        sender: Account | Address | None,
        *_options: Any,
    ) -> Any:
        """Calls a function of the token, or sends a transaction to it."""
        entry = self.functions[bytes.fromhex(selector)]
        inputs = [parameter["type"] for parameter in entry["inputs"]]
        data = selector + encode(inputs, [_plain(argument) for argument in arguments]).hex()
        tx = {"to": str(self.address), "data": f"0x{data}", "from": _plain(sender or _first())}
        try:
            returned = web3.eth.call(tx)
            logs = _send(tx) if as_transaction else []
        except (ValueError, Web3RPCError) as error:
            raise TransactionRevertedError(str(error)) from error
        (value,) = decode([parameter["type"] for parameter in entry["outputs"]], returned)
        return Transaction(value, [self._event(log) for log in logs]) if as_transaction else value

    def _event(self, log: Any) -> Any:
        """A log of the token as the suites' own event."""
        event = self.events[bytes(log["topics"][0])]
        members = [Address("0x" + bytes(topic).hex()[24:]) for topic in log["topics"][1:]]
        return event(*members, int.from_bytes(log["data"], "big"))


class Chain:
    """The development chain; every test has it for itself."""

    @property
    def accounts(self) -> list[Account]:
        # As many as the suites need: they compare the allowances of everyone to everyone.
        return [Account(Address(str(account))) for account in accounts[:5]]

    @property
    def default_tx_account(self) -> Account:
        return self.accounts[0]

    def connect(self) -> Callable[[Any], Any]:
        """The decorator of every test: Brownie is connected already."""
        return lambda test: test

    @contextmanager
    def snapshot_and_revert(self) -> Iterator[None]:
        identifier = web3.provider.make_request("evm_snapshot", [])["result"]
        try:
            yield
        finally:
            web3.provider.make_request("evm_revert", [identifier])


def may_revert() -> AbstractContextManager[None]:
    """A block that may be refused, or not."""
    return suppress(TransactionRevertedError)


class FuzzTest:
    """Runs a test's flows in random order with random amounts."""

    def pre_sequence(self) -> None:
        """What comes before the flows; tests extend it."""

    def run(self, flows_count: int, seed: int, amounts: list[int]) -> None:
        """Wake draws amounts from all numbers; most tokens hold far fewer."""
        random.seed(seed)
        flows = [getattr(self, name) for name in sorted(dir(self)) if name.startswith("flow_")]
        self.pre_sequence()
        for _ in range(flows_count):
            random.choice(flows)(random.choice(amounts))


def random_account() -> Account:
    return random.choice(Chain().accounts)


def random_address(zero_address_prob: float) -> Address:
    return Address.ZERO if random.random() < zero_address_prob else random_account().address


def bind(abi: list[dict[str, Any]], mint: Callable[[Address, int], None]) -> None:
    """Tells the suites the token's ABI, and how its points are made."""
    interface = sys.modules["wake_tests.erc20.IERC20"].IERC20
    Contract.functions = {selector(entry): entry for entry in abi if entry["type"] == "function"}
    Contract.events = {event.selector: event for event in (interface.Transfer, interface.Approval)}
    differential = sys.modules["wake_tests.erc20.differential"]
    differential.mint_erc20 = lambda _token, to, amount: mint(to, amount)


def selector(entry: dict[str, Any]) -> bytes:
    return keccak(text=signature(entry))[:4]


def signature(entry: dict[str, Any]) -> str:
    """A function or an event in the form that is hashed."""
    return f"{entry['name']}({','.join(_type(parameter) for parameter in entry['inputs'])})"


def _type(parameter: dict[str, Any]) -> str:
    if not parameter["type"].startswith("tuple"):
        return str(parameter["type"])
    inner = ",".join(_type(component) for component in parameter["components"])
    return f"({inner}){parameter['type'].removeprefix('tuple')}"


def published_suites() -> ModuleType:
    """The suites, on this stand-in."""
    _install()
    return importlib.import_module("wake_tests.erc20")


def _install() -> None:
    """Puts all this under Wake's names."""
    shared = {
        **{name: getattr(typing, name) for name in ("Any", "Dict", "List", "Optional", "Union")},
        **dict.fromkeys(("uint", "uint8", "uint256"), int),
        "Account": Account,
        "Address": Address,
        "Chain": Chain,
        "Contract": Contract,
        "Library": Contract,
        "RequestType": str,
        "TransactionAbc": Transaction,
        "TransactionRevertedError": TransactionRevertedError,
        "default_chain": Chain(),
        "keccak256": keccak,
        "may_revert": may_revert,
        "mint_erc20": None,
    }
    fuzzing = {
        "FuzzTest": FuzzTest,
        "flow": lambda: lambda function: function,
        "random_account": random_account,
        "random_address": random_address,
    }
    for name, content in {
        "wake": {},
        "wake.testing": shared,
        "wake.testing.fuzzing": fuzzing,
        "wake.development": {},
        "wake.development.core": shared,
        "wake.development.primitive_types": shared,
        "wake.development.transactions": shared,
    }.items():
        module = ModuleType(name)
        vars(module).update(content)
        sys.modules[name] = module


def _plain(value: Any) -> Any:
    return str(value.address) if isinstance(value, Account) else value


def _first() -> Account:
    return Chain().default_tx_account


def _send(tx: dict[str, Any]) -> list[Any]:
    sent = web3.eth.send_transaction({**tx, "gas": 1_000_000, "gasPrice": 0})
    receipt = web3.eth.wait_for_transaction_receipt(sent, timeout=10, poll_latency=0.01)
    if receipt["status"] != 1:
        raise TransactionRevertedError(tx["data"])
    return list(receipt["logs"])

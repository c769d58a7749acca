"""An EVM in this process: no node, no blocks to wait for, some tenths of a millisecond a call.

Addresses are in lower case, structs are tuples, and what a contract refuses raises `Reverted`, as
in `support.abi`. The clock stands still until somebody sets it.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from eth_utils.crypto import keccak
from pyrevm import EVM, BlockEnv, CfgEnv, Env

from support import abi
from support.abi import Log, bytes_of

GAS = 30_000_000
CHAIN_ID = 1
NOBODY = "0x" + "00" * 20

_OUTPUT = re.compile(r"output: 0x([0-9a-f]*)")


class Chain:
    """One chain and its clock."""

    def __init__(self, now: int, chain_id: int = CHAIN_ID) -> None:
        self._evm = EVM(spec_id="OSAKA", env=Env(cfg=CfgEnv(chain_id=chain_id)))
        self._block = 0
        self.travel_to(now)

    def travel_to(self, now: int) -> None:
        """Makes the next block, with this second."""
        self.now = now
        self._block += 1
        self._evm.set_block_env(BlockEnv(number=self._block, timestamp=now))

    def deploy(self, sender: str, code: bytes) -> str:
        return self._evm.deploy(sender, code).lower()

    def call(self, sender: str, to: str, data: bytes, *, is_static: bool) -> bytes:
        """What a call answers; unless it is static, it changes the chain."""
        try:
            return bytes(
                self._evm.message_call(sender, to, calldata=data, gas=GAS, is_static=is_static)
            )
        except RuntimeError as error:
            # pyrevm says it in words.
            found = _OUTPUT.search(str(error))
            raise (
                abi.failure(bytes.fromhex(found[1]), "reverted with") if found else error
            ) from None

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Takes back what happens meanwhile."""
        checkpoint = self._evm.snapshot()
        try:
            yield
        finally:
            self._evm.revert(checkpoint)

    def logs(self) -> list[Any]:
        """The raw events of the last call."""
        return list(self._evm.result.logs)


class Contract:
    """A contract at an address."""

    def __init__(self, chain: Chain, name: str, address: str) -> None:
        self._chain = chain
        self._name = name
        self._functions = abi.functions(name)
        self.address = address.lower()

    @classmethod
    def deploy(
        cls, chain: Chain, sender: str, name: str, *args: object, code: bytes | None = None
    ) -> "Contract":
        """Creates a contract; `code` stands in for what `make build` made of it."""
        return cls(chain, name, chain.deploy(sender, abi.creation(name, args, code)))

    def call(self, function: str, *args: object) -> Any:
        """The answer of a view."""
        return self._run(NOBODY, True, function, args)

    def send(self, sender: str, function: str, *args: object) -> Any:
        """A transaction, and what it returned."""
        return self._run(sender, False, function, args)

    def events(self) -> Iterator[Log]:
        """The events of this contract in the last transaction."""
        for raw in self._chain.logs():
            if raw.address.lower() != self.address:
                continue
            topics = [_word(topic) for topic in raw.topics]
            data = raw.data[1] if isinstance(raw.data, tuple) else raw.data
            yield abi.log(self._name, self.address, topics, bytes(data))

    def _run(self, sender: str, is_static: bool, function: str, args: tuple[object, ...]) -> Any:
        entry = self._functions[function]
        answer = self._chain.call(sender, self.address, entry.data(args), is_static=is_static)
        return entry.returned(answer)


def address_of(public_key: bytes) -> str:
    """The account of an uncompressed public key."""
    return "0x" + keccak(public_key[1:])[12:].hex()


def _word(topic: Any) -> bytes:
    return bytes_of(topic) if isinstance(topic, str) else bytes(topic)

"""The chain of one run: it starts at a fixed second, every block takes twelve, and gas is free.

Requests go to the node as they are, since every figure is a receipt's: web3.py encodes the calls.
"""

from dataclasses import dataclass
from typing import Any

from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak
from web3 import Web3
from web3.contract import Contract
from web3.contract.contract import ContractFunction

from bench.artifacts import Compiled
from bench.people import deployer
from bench.schedule import TRANSACTION_LIMIT
from zegel.chain.anvil import Anvil
from zegel.errors import ChainError

# Noon on 16 March 2026, UTC: far from the end of a day and of a quarter.
START = 1_773_662_400
DAY = 86_400
BLOCK_TIME = 12
BLOCK_LIMIT = 60_000_000


@dataclass(frozen=True)
class Sent:
    """A transaction that went well, or several.

    Args:
        gas: What it used, from its receipt.
        data: Its calldata.
    """

    gas: int
    data: bytes

    def __add__(self, other: "Sent") -> "Sent":
        return Sent(self.gas + other.gas, self.data + other.data)


class Chain:
    """A node on which anyone may send as anyone."""

    def __init__(self) -> None:
        options = ("--gas-limit", str(BLOCK_LIMIT), "--gas-price", "0")
        self._anvil = Anvil(timestamp=START, base_fee=0, options=options)
        self._encoder = Web3()
        self.id = 0

    def __enter__(self) -> "Chain":
        self._anvil.__enter__()
        self._anvil.impersonate_all()
        self._anvil.rpc("anvil_setBlockTimestampInterval", BLOCK_TIME)
        self.id = self._anvil.connection.chain_id
        return self

    def __exit__(self, *_: object) -> None:
        self._anvil.stop()

    def deploy(self, name: str, code: Compiled, *arguments: object) -> Contract:
        """Creates a contract; its address depends on `name` alone, used once."""
        factory = self._encoder.eth.contract(abi=code.abi, bytecode=code.bytecode)
        data: str = factory.constructor(*arguments).data_in_transaction
        return self.contract(self.create(name, bytes.fromhex(data[2:])), code.abi)

    def create(self, name: str, code: bytes) -> str:
        """Runs creation code and returns the address of what it made."""
        transaction = {"from": deployer(name), "data": "0x" + code.hex()}
        receipt = self._send(transaction, f"the creation of {name}")
        return to_checksum_address(receipt["contractAddress"])

    def contract(self, address: str, abi: list[dict[str, Any]]) -> Contract:
        return self._encoder.eth.contract(to_checksum_address(address), abi=abi)

    def send(self, sender: str, call: ContractFunction) -> Sent:
        data: str = call._encode_transaction_data()
        transaction = {"from": sender, "to": call.address, "data": data}
        receipt = self._send(transaction, f"{call.fn_name} by {sender}")
        return Sent(int(receipt["gasUsed"], 16), bytes.fromhex(data[2:]))

    def read(self, call: ContractFunction) -> Any:
        """What a view with one value returns."""
        transaction = {"to": call.address, "data": call._encode_transaction_data()}
        answer = str(self._anvil.rpc("eth_call", transaction, "latest"))
        types = [output["type"] for output in call.abi["outputs"]]
        return self._encoder.codec.decode(types, bytes.fromhex(answer[2:]))[0]

    def code_size(self, address: str) -> int:
        """The length of a contract's code, in bytes."""
        return len(str(self._anvil.rpc("eth_getCode", address, "latest"))) // 2 - 1

    def next_block_at(self, timestamp: int) -> None:
        self._anvil.set_next_timestamp(timestamp)

    def _send(self, transaction: dict[str, str], what: str) -> dict[str, str]:
        fields = {**transaction, "gas": hex(TRANSACTION_LIMIT), "gasPrice": "0x0"}
        receipt = self._anvil.rpc("eth_sendTransactionSync", fields)
        assert isinstance(receipt, dict)
        if receipt["status"] != "0x1":
            raise ChainError(f"{what} failed: {self._reason(transaction)}")
        return receipt

    def _reason(self, transaction: dict[str, str]) -> str:
        try:
            self._anvil.rpc("eth_call", transaction, "latest")
        except ChainError as error:
            return str(error)
        return "the node gives no reason"


def topic(text: str) -> bytes:
    """The hash by which contracts know roles and references."""
    return keccak(text=text)

"""Puts many transactions into one block, and makes sure that every one of them succeeded."""

from collections.abc import Sequence
from typing import Any

from web3.contract import Contract

from zegel.chain.anvil import Anvil
from zegel.chain.refusals import decoded
from zegel.errors import ChainError
from zegel.report.raw import ask, ask_all

# As on the public chain. Gas is set beforehand, so this is also what a block can promise.
GAS_LIMIT = 60_000_000

_MEMBER_GAS = 300_000


class Blocks:
    """Collects transactions and mines them, block by block, at the times that it is told.

    Every account is impersonated and gas is free.
    """

    def __init__(self, anvil: Anvil) -> None:
        self._anvil = anvil
        self._connection = anvil.connection
        self._waiting: list[tuple[Contract, dict[str, str], int]] = []
        self.transactions = 0

    def add(self, sender: str, contract: Contract, data: str, gas: int = _MEMBER_GAS) -> None:
        """Has an account call a contract in the next block that has room."""
        transaction = {
            "from": sender,
            "to": contract.address,
            "data": data,
            "gas": hex(gas),
            "gasPrice": "0x0",
        }
        self._waiting.append((contract, transaction, gas))

    def mine(self, timestamp: int) -> int:
        """Makes blocks until nothing waits, a second apart; the time of the next one after them."""
        while self._waiting:
            self._mine_one(self._take(), timestamp)
            timestamp += 1
        return timestamp

    def mine_empty(self, timestamp: int) -> int:
        """Makes a block without transactions, so that the chain has this time; its number."""
        ask(self._connection, "evm_mine", timestamp)
        return int(ask(self._connection, "eth_blockNumber"), 16)

    def _take(self) -> list[tuple[Contract, dict[str, str]]]:
        """The transactions that fit into a block, oldest first."""
        taken: list[tuple[Contract, dict[str, str]]] = []
        room = GAS_LIMIT
        for contract, transaction, gas in self._waiting:
            room -= gas
            if room < 0:
                break
            taken.append((contract, transaction))
        del self._waiting[: len(taken)]
        return taken

    def _mine_one(self, some: Sequence[tuple[Contract, dict[str, str]]], timestamp: int) -> None:
        requests = [("eth_sendTransaction", (transaction,)) for _, transaction in some]
        hashes = list(ask_all(self._connection, requests))
        ask(self._connection, "evm_mine", timestamp)
        receipts = ask(self._connection, "eth_getBlockReceipts", "latest")
        if len(receipts) != len(some):
            raise ChainError(
                f"Anvil put {len(receipts)} of {len(some)} transactions into a block: run it again"
            )
        contracts = dict(zip(hashes, (contract for contract, _ in some), strict=True))
        for receipt in receipts:
            if receipt["status"] != "0x1":
                raise self._reason(receipt, contracts[receipt["transactionHash"]])
        self.transactions += len(some)

    def _reason(self, receipt: dict[str, Any], contract: Contract) -> ChainError:
        """Why a transaction failed, as the contract put it."""
        transaction = receipt["transactionHash"]
        trace = ask(
            self._connection, "debug_traceTransaction", transaction, {"tracer": "callTracer"}
        )
        data = bytes.fromhex(str(trace.get("output", "0x"))[2:])
        return decoded(data, _name(contract)) or ChainError(
            f"transaction {transaction} of {receipt['from']} failed without a reason: "
            f"it used {int(receipt['gasUsed'], 16)} gas"
        )


def _name(contract: Contract) -> str:
    """The name of a contract by what it can do."""
    return "PointExchange" if hasattr(contract.functions, "quote") else "PointToken"

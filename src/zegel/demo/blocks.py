"""Puts many transactions into one block, and makes sure that every one of them succeeded."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any, cast

from eth_typing import ChecksumAddress
from web3.contract import Contract
from web3.types import RPCEndpoint

from zegel.chain import artifacts
from zegel.chain.anvil import Anvil
from zegel.chain.events import Event
from zegel.chain.logs import decode, read_events, read_logs
from zegel.chain.raw import ask, ask_all
from zegel.chain.refusals import decoded
from zegel.errors import ChainError

# As on the public chain. Gas is set beforehand, so this is also what a block can promise.
GAS_LIMIT = 60_000_000

_MEMBER_GAS = 200_000


class Blocks:
    """Collects transactions and mines them, block by block, at the times that it is told.

    Every account is impersonated and gas is free. `contracts` are all that are called; `on_events`
    is given the events of each block.
    """

    def __init__(
        self, anvil: Anvil, contracts: Sequence[str], on_events: Callable[[list[Event]], None]
    ) -> None:
        self._connection = anvil.connection
        self._contracts = contracts
        self._on_events = on_events
        self._waiting: list[tuple[Contract, dict[str, str], int]] = []
        # Anvil takes up the requests of one batch together, so it must not count itself. Those who
        # are not among its own accounts have never sent anything.
        eth = self._connection.web3.eth
        accounts: Sequence[ChecksumAddress] = eth.accounts
        self._nonces = Counter({a.lower(): eth.get_transaction_count(a) for a in accounts})
        self.number = int(eth.block_number)
        self.transactions = 0

    def past(self) -> Iterator[Event]:
        """The events of the blocks that stood before."""
        return read_events(self._connection, self._contracts, 0, self.number)

    def add(self, sender: str, contract: Contract, data: str, gas: int = _MEMBER_GAS) -> None:
        """Has an account call a contract in the next block that has room."""
        transaction = {
            "from": sender,
            "to": contract.address,
            "data": data,
            "gas": hex(gas),
            "gasPrice": "0x0",
            "nonce": hex(self._nonces[sender.lower()]),
        }
        self._nonces[sender.lower()] += 1
        self._waiting.append((contract, transaction, gas))

    def mine(self, timestamp: int) -> None:
        """Makes blocks until nothing waits, a second apart."""
        while self._waiting:
            self._mine_one(self._take(), timestamp)
            timestamp += 1

    def mine_at(self, timestamp: int) -> None:
        """Makes a block of what the node has, so that the chain has this time."""
        ask(self._connection, "evm_mine", timestamp)
        self.number += 1

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
        sent = dict(zip(ask_all(self._connection, requests), some, strict=True))
        self.mine_at(timestamp)
        logs = list(read_logs(self._connection, self._contracts, self.number, self.number))

        # What failed has left no event. The others need no look at their receipts, which Anvil
        # takes long to write.
        silent = sent.keys() - {log["transactionHash"] for log in logs}
        for transaction in silent:
            receipt = ask(self._connection, "eth_getTransactionReceipt", transaction)
            if receipt is None:
                raise ChainError(f"Anvil left {transaction} out of its block: run it again")
            if receipt["status"] != "0x1":
                raise self._reason(receipt, *sent[transaction])
        self.transactions += len(some)
        self._on_events(list(decode(self._connection, logs)))

    def _reason(
        self, receipt: dict[str, Any], contract: Contract, transaction: dict[str, str]
    ) -> ChainError:
        """Why a transaction failed, as the contract puts it when it is asked again."""
        frame = {key: transaction[key] for key in ("from", "to", "data")}
        answer = self._connection.web3.provider.make_request(
            RPCEndpoint("eth_call"), [frame, "latest"]
        )
        data = str(cast(dict[str, Any], answer).get("error", {}).get("data", "0x"))
        return decoded(bytes.fromhex(data[2:]), _name(contract)) or ChainError(
            f"transaction {receipt['transactionHash']} of {receipt['from']} failed without a "
            f"reason: it used {int(receipt['gasUsed'], 16)} gas"
        )


def _name(contract: Contract) -> str:
    known = (name for name in artifacts.names() if artifacts.load(name).abi == contract.abi)
    return next(known, "the contract")

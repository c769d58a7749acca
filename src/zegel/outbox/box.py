"""Whose transactions an outbox sends, where they are written down, and how patient one is.

The outbox does not know what it sends. Its owner gives it calls, each with a number of the owner's
own, and is told what became of them inside the change of the database that writes it down.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from eth_typing import ChecksumAddress
from eth_utils.address import to_checksum_address
from sqlalchemy import Connection as Database
from sqlalchemy import Table, func, select
from web3.types import TxParams

from zegel.chain.connection import Connection
from zegel.chain.node import Node
from zegel.errors import AccountLocked, GasMoneyTooLow
from zegel.outbox import states
from zegel.outbox.journal import Journal


@dataclass(frozen=True)
class Patience:
    """How long a transaction waits, in seconds: until it is sent again, and until one with higher
    fees replaces it."""

    resend: int = 15
    replace: int = 90


class Signer(Protocol):
    """The account that transactions are sent from."""

    @property
    def address(self) -> ChecksumAddress: ...

    @property
    def connection(self) -> Connection: ...

    def signed(self, transaction: TxParams, /) -> bytes:
        """Signs a transaction and does not send it: the bytes for a node."""


@dataclass(frozen=True)
class Absent:
    """An account whose key is not here: what it signed can be sent, and nothing more be signed."""

    connection: Connection
    address: ChecksumAddress

    def signed(self, _: TxParams, /) -> bytes:
        raise AccountLocked(f"the key of {self.address} is not here: start its worker again")


@dataclass(frozen=True)
class Order:
    """A call that the owner wants sent once, whatever happens. `job` is the owner's number."""

    job: int
    to: str
    data: bytes
    gas: int


@dataclass(frozen=True)
class Arrival:
    """A transaction that stands in a block. `trouble` is why it failed there, if it did."""

    job: int
    transaction: str
    block: int
    block_hash: str
    gas: int
    gas_used: int
    trouble: str | None


class Owner(Protocol):
    """Is told what became of its calls."""

    def told_sent(self, database: Database, jobs: Sequence[int]) -> None:
        """A node has them."""

    def told_arrived(self, database: Database, arrivals: Sequence[Arrival]) -> None:
        """They stand in blocks."""

    def told_given_up(self, database: Database, jobs: Sequence[int]) -> None:
        """The chain gave their blocks up: they are on their way again, with the same bytes."""

    def told_final(self, database: Database, jobs: Sequence[int]) -> None:
        """The chain will keep them, also those that failed."""

    def told_lost(self, database: Database, jobs: Sequence[int]) -> None:
        """Something else has used their nonces, for good: they will never stand in a block."""

    def reason(self, target: str, error: Any) -> str:
        """Why the contract at an address refuses a call, in one line, from the node's error."""


@dataclass(frozen=True)
class Fees:
    """The most to pay per unit of gas, and the part for whoever makes the block."""

    most: int
    tip: int

    def up_to(self, cap: int | None) -> "Fees":
        """The same, but never more than a cap."""
        return self if cap is None else Fees(min(self.most, cap), min(self.tip, cap))


@dataclass(frozen=True)
class Moment:
    """What a node says at one moment: the last block's time, the fees, the account's next nonce and
    its coins, in wei."""

    time: int
    fees: Fees
    base_fee: int
    next_nonce: int
    balance: int


@dataclass(frozen=True)
class Outbox:
    """One account's transactions.

    `crashes` begins the names of the crash points. Blocks that have `depth` others on top of them
    are final; without a depth the node says which are. `cap` is the most to pay per unit of gas,
    and `now` the clock.
    """

    journal: Journal
    table: Table
    node: Node
    sender: Signer
    owner: Owner
    crashes: str
    depth: int | None = None
    cap: int | None = None
    patience: Patience = field(default_factory=Patience)
    now: Callable[[], int] = lambda: int(time.time())

    @property
    def account(self) -> str:
        """The sender's address, as the database has it."""
        return str(self.sender.address).lower()

    def moment(self) -> Moment:
        block, tip, nonce, balance = self.node.ask_all(
            [
                ("eth_getBlockByNumber", ["latest", False]),
                ("eth_maxPriorityFeePerGas", []),
                ("eth_getTransactionCount", [self.account, "pending"]),
                ("eth_getBalance", [self.account, "latest"]),
            ]
        )
        base = int(block.get("baseFeePerGas") or "0x0", 16)
        extra = int(tip, 16) if base else 0
        # The base fee may double while a transaction waits.
        fees = Fees(2 * base + extra, extra)
        time_, *rest = (int(value, 16) for value in (block["timestamp"], nonce, balance))
        return Moment(time_, fees, base, *rest)

    def others(self) -> list["Outbox"]:
        """The outboxes of other accounts in the same journal that have something in blocks which
        the chain may give up."""
        outgoing = self.table.c
        is_another = outgoing.sender != self.account, outgoing.state == states.MINED
        question = select(outgoing.sender).where(*is_another).distinct()
        with self.journal.reading() as database:
            found = [to_checksum_address(account) for account in database.scalars(question)]
        absent = (Absent(self.sender.connection, account) for account in found)
        return [replace(self, sender=one) for one in absent]

    def check_money(self, wanted: Sequence[Order], moment: Moment) -> None:
        """Raises `GasMoneyTooLow` unless the account can pay for some calls."""
        needed = sum(order.gas for order in wanted) * moment.fees.up_to(self.cap).most
        if moment.balance < needed:
            raise GasMoneyTooLow(
                f"{self.sender.address} has {moment.balance} wei and may need {needed} for the "
                f"next {len(wanted)} transactions: send it {needed - moment.balance}"
            )

    def count_open(self) -> int:
        """How many nonces are on their way."""
        with self.journal.reading() as database:
            return int(
                database.scalar(
                    select(func.count(self.table.c.nonce.distinct())).where(
                        self.table.c.sender == self.account, self.table.c.state.in_(states.OPEN)
                    )
                )
                or 0
            )

    def final_block(self) -> int:
        """The last block that the chain will not give up."""
        if self.depth is not None:
            return int(self.node.ask("eth_blockNumber"), 16) - self.depth
        block = self.node.ask("eth_getBlockByNumber", "finalized", False)
        return int(block["number"], 16)

    def counts(self, *blocks: str) -> list[int]:
        """How many nonces the account has used, by some blocks."""
        asked = [("eth_getTransactionCount", [self.account, block]) for block in blocks]
        return [int(answer, 16) for answer in self.node.ask_all(asked)]

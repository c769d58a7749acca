"""Who awards which program's points, where it is written down, and how patient one is."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from web3.contract import Contract

from zegel.award.batches import MAX_ROWS
from zegel.award.directory import Directory
from zegel.award.journal import Journal
from zegel.chain.node import Node
from zegel.chain.sending import Sender
from zegel.deploy.suite import Suite

_T = TypeVar("_T")


@dataclass(frozen=True)
class Patience:
    """How long a transaction waits, in seconds: until it is sent again, until one with higher fees
    replaces it, and until nobody waits any more."""

    resend: int = 15
    replace: int = 90
    give_up: int = 600


@dataclass(frozen=True)
class Office:
    """An account that awards points of one program, and its journal.

    `directory` knows members by the issuer's numbers. Blocks that have `depth` others on top of
    them are final; without a depth the node says which are. `now` is the clock.
    """

    suite: Suite
    sender: Sender
    symbol: str
    journal: Journal
    directory: Directory | None = None
    depth: int | None = None
    patience: Patience = field(default_factory=Patience)
    # Transactions on their way at a time, and awards in each.
    window: int = 16
    batch_rows: int = MAX_ROWS
    now: Callable[[], int] = lambda: int(time.time())

    @cached_property
    def contract(self) -> Contract:
        return self.patiently(lambda: self.suite.token(self.symbol))

    @cached_property
    def token(self) -> str:
        """The program's address, as the journal has it."""
        return str(self.contract.address).lower()

    @cached_property
    def account(self) -> str:
        """The sender's address, as the journal has it."""
        return str(self.sender.address).lower()

    @cached_property
    def node(self) -> Node:
        return Node(self.suite.connection.url)

    @cached_property
    def decimals(self) -> int:
        return int(self.patiently(self.contract.functions.decimals().call))

    def patiently(self, ask: Callable[[], _T]) -> _T:
        """What web3 is told, asked again as often as the node itself would be."""
        return self.suite.connection.patiently(ask, self.node.patience)

    def members(self) -> dict[str, bytes]:
        """The members of the directory; none without one."""
        return self.directory.members() if self.directory else {}

    def final_block(self) -> int:
        """The last block that the chain will not give up."""
        if self.depth is not None:
            return int(self.node.ask("eth_blockNumber"), 16) - self.depth
        block = self.node.ask("eth_getBlockByNumber", "finalized", False)
        return int(block["number"], 16)

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
from zegel.award.outcomes import Outcomes
from zegel.award.schema import outgoing
from zegel.chain.node import Node
from zegel.chain.sending import Sender
from zegel.deploy.suite import Suite
from zegel.outbox.box import Outbox, Patience

_T = TypeVar("_T")


@dataclass(frozen=True)
class Office:
    """An account that awards points of one program, and its journal.

    `directory` knows members by the issuer's numbers. Blocks that have `depth` others on top of
    them are final; without a depth the node says which are. A run ends after `give_up` seconds in
    which nothing has moved. `now` is the clock.
    """

    suite: Suite
    sender: Sender
    symbol: str
    journal: Journal
    directory: Directory | None = None
    depth: int | None = None
    patience: Patience = field(default_factory=Patience)
    give_up: int = 600
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

    @cached_property
    def box(self) -> Outbox:
        """What the account sends, and has sent."""
        return Outbox(
            self.journal,
            outgoing,
            self.node,
            self.sender,
            Outcomes(),
            "award",
            self.depth,
            patience=self.patience,
            now=self.now,
        )

    def members(self) -> dict[str, bytes]:
        """The members of the directory; none without one."""
        return self.directory.members() if self.directory else {}

"""Cuts awards into batches that the chain takes once each.

A batch is known by the Merkle root of its rows, and the token refuses a root that it has seen. So
the same awards, cut the same way, can be sent again at any time: what is on the chain already is
left alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from zegel.award.merkle import MerkleTree, leaf
from zegel.award.rows import Award
from zegel.chain.sending import MAX_GAS

# What a batch costs at most: the transaction itself, and each award to a new member. The figures
# are rounded up; awards to members who have points already cost about a third.
GAS_PER_BATCH = 100_000
GAS_PER_AWARD = 26_000

# Fewer than the gas would allow, so that a receipt and its events stay small.
MAX_ROWS = min(500, (MAX_GAS - GAS_PER_BATCH) // GAS_PER_AWARD)


@dataclass(frozen=True)
class Batch:
    """Awards that are made in one transaction."""

    awards: tuple[Award, ...]

    @cached_property
    def tree(self) -> MerkleTree:
        return MerkleTree(map(leaf, self.awards))

    @property
    def id(self) -> bytes:
        """The Merkle root of the rows."""
        return self.tree.root

    @property
    def total(self) -> int:
        """How many points, in base units."""
        return sum(award.amount for award in self.awards)

    @property
    def gas(self) -> int:
        """What the transaction may use at most."""
        return GAS_PER_BATCH + GAS_PER_AWARD * len(self.awards)

    @property
    def words(self) -> list[int]:
        return [award.word for award in self.awards]

    def proof(self, award: Award) -> tuple[bytes, ...]:
        """The proof that an award is in this batch, as `isInBatch` takes it."""
        return self.tree.proof(leaf(award))


def cut(awards: Sequence[Award], rows: int = MAX_ROWS) -> tuple[Batch, ...]:
    """Batches of at most `rows` awards, in order."""
    if not 1 <= rows <= MAX_ROWS:
        raise ValueError(f"a batch has 1 to {MAX_ROWS} rows, not {rows}")
    return tuple(
        Batch(tuple(awards[start : start + rows])) for start in range(0, len(awards), rows)
    )

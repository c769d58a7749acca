"""Drops, and the trees of awards that they commit to: OpenZeppelin's standard Merkle tree."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from eth_abi import encode
from eth_utils import keccak

from support.clock import utc
from support.words import bytes32
from zegel.award.merkle import MerkleTree

# The first second after the epoch in which the tests begin.
EPOCH_END = utc(2026, 4, 1)

Row = tuple[int, str, int, str, str]

_TYPES = ["uint256", "address", "uint256", "bytes32", "bytes32"]


@dataclass(frozen=True)
class Tree:
    """Rows, each with its number, member, amount, reference and reason."""

    rows: tuple[Row, ...]

    @cached_property
    def _tree(self) -> MerkleTree:
        return MerkleTree(map(_leaf, self.rows))

    @property
    def root(self) -> str:
        return "0x" + self._tree.root.hex()

    @property
    def total(self) -> int:
        return sum(row[2] for row in self.rows)

    def proof(self, index: int) -> list[str]:
        return ["0x" + sibling.hex() for sibling in self._tree.proof(_leaf(self.rows[index]))]

    def id(self, token: object) -> str:
        """What a drop of this tree is called."""
        return "0x" + keccak(encode(["address", "bytes32"], [str(token), _bytes(self.root)])).hex()


@dataclass(frozen=True)
class Opened:
    """A drop that was opened."""

    contract: Any
    id: str
    tree: Tree

    def row(self, index: int) -> tuple[Any, ...]:
        """What `claim` takes for a row."""
        return self.id, self.tree.rows[index], self.tree.proof(index)

    def claim(self, index: int, sender: Any) -> Any:
        return self.contract.claim(*self.row(index), {"from": sender})

    @property
    def remaining(self) -> int:
        return int(self.contract.dropOf(self.id)["remaining"])


def tree(*awards: tuple[object, int], label: str = "receipt") -> Tree:
    """A tree over awards of members, numbered in their order."""
    return Tree(
        tuple(
            (index, str(member), amount, bytes32(f"{label} {index}"), bytes32("a reason"))
            for index, (member, amount) in enumerate(awards)
        )
    )


def _leaf(row: Row) -> bytes:
    index, member, amount, ref, reason = row
    return keccak(keccak(encode(_TYPES, [index, member, amount, _bytes(ref), _bytes(reason)])))


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text[2:])

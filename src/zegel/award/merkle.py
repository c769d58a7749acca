"""Merkle trees as OpenZeppelin's StandardMerkleTree builds them.

A leaf is `keccak256(keccak256(abi.encode(member, amount, ref, reason)))`; leaves are sorted, and so
is every pair before it is hashed, so that a proof needs no positions. `PointToken.isInBatch` and
OpenZeppelin's MerkleProof check the proofs.
"""

from collections.abc import Iterable, Sequence

from eth_hash.auto import keccak

from zegel.award.rows import Award

_TYPES_PADDING = bytes(12)


def leaf(award: Award) -> bytes:
    """The leaf of one award."""
    return keccak(keccak(encoded(award)))


def leaf_at(index: int, award: Award) -> bytes:
    """The leaf of one award of a drop, where each has a number (`AwardDrop`)."""
    return keccak(keccak(index.to_bytes(32, "big") + encoded(award)))


def encoded(award: Award) -> bytes:
    """An award as `abi.encode` writes it."""
    return b"".join(
        (
            _TYPES_PADDING,
            award.member,
            award.amount.to_bytes(32, "big"),
            award.ref,
            award.reason,
        )
    )


class MerkleTree:
    """The tree over some leaves.

    It is kept as one list: the root first, the children of node i at 2i + 1 and 2i + 2, the leaves
    at the end in falling order.
    """

    def __init__(self, leaves: Iterable[bytes]) -> None:
        ordered = sorted(leaves)
        if not ordered:
            raise ValueError("a tree needs leaves")
        count = len(ordered)
        nodes = [b""] * (count - 1) + ordered[::-1]
        for index in range(count - 2, -1, -1):
            nodes[index] = _pair(nodes[2 * index + 1], nodes[2 * index + 2])
        self._nodes = nodes
        self._places = {value: count - 1 + place for place, value in enumerate(ordered[::-1])}

    @property
    def root(self) -> bytes:
        return self._nodes[0]

    def proof(self, value: bytes) -> tuple[bytes, ...]:
        """The sibling hashes that lead from a leaf to the root, leaf first."""
        index = self._places[value]
        siblings = []
        while index > 0:
            siblings.append(self._nodes[index + 1 if index % 2 else index - 1])
            index = (index - 1) // 2
        return tuple(siblings)


def verify(root: bytes, value: bytes, proof: Sequence[bytes]) -> bool:
    """Whether a proof leads from a leaf to the root."""
    for sibling in proof:
        value = _pair(value, sibling)
    return value == root


def _pair(left: bytes, right: bytes) -> bytes:
    return keccak(left + right if left < right else right + left)

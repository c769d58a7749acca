"""Drops: awards that members claim themselves, by proof that they stand in one Merkle tree.

A drop is made of the same file as batches are. Its rows are numbered in the order of the file, and
the *claims file* tells each member what to send to `AwardDrop`:

    {
      "chainId": 1, "contract": "0x…", "token": "0x…", "dropId": "0x…", "root": "0x…",
      "total": 1970, "claimableUntil": 1790812800,
      "claims": [
        {"index": 0, "member": "0x…", "amount": 1250, "ref": "0x…", "reason": "0x…", "proof": []}
      ]
    }

Amounts are in base units. The file holds nothing secret, and whoever reads it checks it: all of it
follows from the rows.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from eth_hash.auto import keccak
from eth_typing import ChecksumAddress
from eth_utils.address import to_checksum_address

from zegel.award.merkle import MerkleTree, leaf_at
from zegel.award.rows import Award
from zegel.errors import FileError
from zegel.files import replace_text

# A drop's total stands in 48 bits, as a generation of a token does.
MAX_TOTAL = 2**48 - 1

RowValues = tuple[int, ChecksumAddress, int, bytes, bytes]


@dataclass(frozen=True)
class Drop:
    """Awards that are opened in one transaction, and claimed one by one."""

    awards: tuple[Award, ...]

    @cached_property
    def tree(self) -> MerkleTree:
        return MerkleTree(leaf_at(index, award) for index, award in enumerate(self.awards))

    @property
    def root(self) -> bytes:
        return self.tree.root

    @property
    def total(self) -> int:
        """How many points, in base units."""
        return sum(award.amount for award in self.awards)

    def id(self, token: ChecksumAddress) -> bytes:
        """The drop's name in the contract: no token has two drops with one root."""
        return keccak(bytes(12) + bytes.fromhex(token[2:]) + self.root)

    def row(self, index: int) -> RowValues:
        """An award as the contract takes it."""
        award = self.awards[index]
        member = to_checksum_address(award.member)
        return index, member, award.amount, award.ref, award.reason

    def proof(self, index: int) -> tuple[bytes, ...]:
        return self.tree.proof(leaf_at(index, self.awards[index]))

    def of(self, member: ChecksumAddress) -> tuple[int, ...]:
        """The numbers of a member's awards."""
        wanted = bytes.fromhex(member[2:])
        return tuple(i for i, award in enumerate(self.awards) if award.member == wanted)


@dataclass(frozen=True)
class Place:
    """Where a drop stands, and until when it can be claimed, in Unix seconds."""

    chain_id: int
    contract: ChecksumAddress
    token: ChecksumAddress
    claimable_until: int


def write_claims(path: Path, drop: Drop, place: Place) -> None:
    """Writes the claims file of a drop."""
    content = {
        "chainId": place.chain_id,
        "contract": place.contract,
        "token": place.token,
        "dropId": _hex(drop.id(place.token)),
        "root": _hex(drop.root),
        "total": drop.total,
        "claimableUntil": place.claimable_until,
        "claims": [_claim(drop, index) for index in range(len(drop.awards))],
    }
    replace_text(path, json.dumps(content, indent=1) + "\n")


def read_claims(path: Path) -> tuple[Drop, Place]:
    """The drop of a claims file, whose rows are checked against its root."""
    try:
        content = json.loads(path.read_text())
        drop = Drop(_awards(content["claims"]))
        place = Place(
            chain_id=int(content["chainId"]),
            contract=to_checksum_address(content["contract"]),
            token=to_checksum_address(content["token"]),
            claimable_until=int(content["claimableUntil"]),
        )
        named = _bytes(content["dropId"])
    except FileNotFoundError:
        raise FileError(path, "there is no such file: check the name") from None
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise FileError(path, f"is no claims file ({error}): ask for it again") from None
    if drop.id(place.token) != named:
        raise FileError(
            path, f"its rows are not those of the drop {_hex(named)}: ask for the file again"
        )
    return drop, place


def _claim(drop: Drop, index: int) -> dict[str, Any]:
    _, member, amount, ref, reason = drop.row(index)
    return {
        "index": index,
        "member": member,
        "amount": amount,
        "ref": _hex(ref),
        "reason": _hex(reason),
        "proof": [_hex(sibling) for sibling in drop.proof(index)],
    }


def _awards(claims: Sequence[Mapping[str, Any]]) -> tuple[Award, ...]:
    """The rows, which must be numbered from 0 without gaps. Their proofs follow from them."""
    if not claims or [claim["index"] for claim in claims] != list(range(len(claims))):
        raise ValueError("its claims are not numbered from 0")
    return tuple(
        Award(
            bytes.fromhex(to_checksum_address(claim["member"])[2:]),
            int(claim["amount"]),
            _bytes(claim["ref"]),
            _bytes(claim["reason"]),
        )
        for claim in claims
    )


def _hex(data: bytes) -> str:
    return "0x" + data.hex()


def _bytes(text: str) -> bytes:
    data = bytes.fromhex(text.removeprefix("0x"))
    if len(data) != 32:
        raise ValueError(f"{text} has not 32 bytes")
    return data

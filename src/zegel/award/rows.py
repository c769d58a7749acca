"""One award, as a row of a file and as a leaf of a batch's Merkle tree."""

from dataclasses import dataclass

WORD = 32

# A generation of a token holds this many base units, so no single award can be larger.
MAX_AMOUNT = 2**48 - 1


@dataclass(frozen=True, slots=True)
class Award:
    """What one member is awarded, and why.

    `member` is an address of 20 bytes, `amount` is in base units of the points, `ref` is the
    awarder's own number for what is rewarded, `reason` is short text or the hash of a document;
    both have 32 bytes.
    """

    member: bytes
    amount: int
    ref: bytes
    reason: bytes

    @property
    def word(self) -> int:
        """The award as `awardBatch` takes it: the member above, the amount in the lower 96 bits."""
        return int.from_bytes(self.member, "big") << 96 | self.amount


@dataclass(frozen=True, slots=True)
class Row:
    """One row of an award file.

    `number` is the issuer's own number of the member, if the file says that instead of an address.
    A row with `pending_until`, in Unix seconds, waits until then. One with `corrects` takes points
    back that were awarded under that ref.
    """

    line: int
    award: Award
    number: str | None = None
    pending_until: int | None = None
    corrects: bytes | None = None


def packed_text(text: str) -> bytes:
    """Text as Solidity's `bytes32` holds it: ASCII, with zeros behind it.

    Text of 32 characters would leave no zero to tell it from a hash.
    """
    encoded = text.encode("ascii")
    if not 0 < len(encoded) < WORD:
        raise ValueError(f"{text!r} has not 1 to {WORD - 1} characters")
    return encoded.ljust(WORD, b"\0")


def unpacked_text(word: bytes) -> str:
    """A `bytes32` for people: its text, or hexadecimal digits if it is none."""
    stripped = word.rstrip(b"\0")
    if 0 < len(stripped) < WORD and stripped.isascii():
        text = stripped.decode("ascii")
        if text.isprintable():
            return text
    return "0x" + word.hex()

"""What a block's header says of its logs: each leaves three bits for its address (yellow paper).

So an answer without logs is contradicted by the header, if the bits of one of our contracts are
set. The bits may also be others', the more so the fuller the block is.
"""

from functools import cache

from eth_hash.auto import keccak

_BITS = 2048

# Beyond this many bits one contract in some sixty seems to have logged though it did not.
_FULL = 512


@cache
def bits(address: str) -> int:
    """The three bits of an address."""
    digest = keccak(bytes.fromhex(address[2:]))
    found = 0
    for place in (0, 2, 4):
        found |= 1 << (int.from_bytes(digest[place : place + 2], "big") % _BITS)
    return found


def is_full(bloom: int) -> bool:
    """Whether a header says little of single contracts."""
    return bloom.bit_count() > _FULL

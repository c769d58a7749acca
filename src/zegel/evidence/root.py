"""One hash over any number of lines, found while they pass.

It is a Merkle root: pairs are hashed in the order of their values, as OpenZeppelin's proofs have
it, so that a short proof shows that a line was among them. What has no pair goes up as it is.
"""

from eth_hash.auto import keccak

_NOTHING = bytes(32)


class Root:
    """Keeps one hash of each height, whatever the number of lines."""

    def __init__(self) -> None:
        self.count = 0
        self._waiting: list[tuple[int, bytes]] = []

    def add(self, line: bytes) -> None:
        self.count += 1
        height, value = 0, leaf(line)
        while self._waiting and self._waiting[-1][0] == height:
            value = _pair(self._waiting.pop()[1], value)
            height += 1
        self._waiting.append((height, value))

    @property
    def value(self) -> bytes:
        """The root over all lines so far; zeros over none."""
        found = b""
        for _, value in reversed(self._waiting):
            found = _pair(value, found) if found else value
        return found or _NOTHING


def leaf(line: bytes) -> bytes:
    """Hashed twice, so that no pair can be taken for a line."""
    return keccak(keccak(line))


def _pair(left: bytes, right: bytes) -> bytes:
    return keccak(left + right if left < right else right + left)

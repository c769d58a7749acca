"""The 32-byte words that the contracts take and keep."""

LANE_BITS = 48
LANE_MAX = 2**LANE_BITS - 1
EPOCH_SHIFT = 192


def bytes32(text: str) -> str:
    """Short text as a word."""
    return "0x" + text.encode().ljust(32, b"\0").hex()


def award_word(member: object, amount: int) -> int:
    """One award of a batch."""
    return int(str(member), 16) << 96 | amount


def lots(epoch: int, *lanes: int) -> int:
    """Points by generation, newest first; `epoch` is that of the newest."""
    packed = sum(amount << (LANE_BITS * lane) for lane, amount in enumerate(lanes))
    return epoch << EPOCH_SHIFT | packed


def stored_lots(stored: int) -> int:
    """The points and the epoch of an account word or a supply word, without what stands above."""
    return stored & (1 << 208) - 1

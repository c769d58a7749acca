"""A clock that tests set, for what asks for the time in its own process."""

from dataclasses import dataclass


@dataclass
class ManualClock:
    """Shows `now`, in seconds since 1970, until a test changes it."""

    now: int = 1_800_000_000

    def __call__(self) -> int:
        return self.now

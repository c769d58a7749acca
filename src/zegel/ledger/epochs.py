"""The epochs of a program, by Python's own calendar: nothing here is taken from the contracts."""

from dataclasses import dataclass
from datetime import datetime, timezone

# What `Expiry.expiresAt` says of points that never expire.
NEVER = 2**64 - 1

_ONLY_EPOCH = 1


@dataclass(frozen=True)
class Epochs:
    """Epochs of `months` calendar months (0: points never expire), from the one of `created`.

    Points live through `lifetime` epochs, counted from the one in which they were awarded.
    """

    months: int
    lifetime: int
    created: int

    def at(self, timestamp: int) -> int:
        """The number of the epoch in which a second lies."""
        if not self.months:
            return _ONLY_EPOCH
        return _month(timestamp) // self.months - _month(self.created) // self.months + 1

    def bounds(self, epoch: int) -> tuple[int, int]:
        """The first second of an epoch, and the first one behind it."""
        return (self._start(epoch), self._start(epoch + 1)) if self.months else (0, NEVER)

    def expiry(self, generation: int) -> int:
        """The second at which points of a generation are gone."""
        return self._start(generation + self.lifetime) if self.months else NEVER

    def _start(self, epoch: int) -> int:
        return month_start((_month(self.created) // self.months - 1 + epoch) * self.months)


def _month(timestamp: int) -> int:
    """The months since the year 0."""
    moment = datetime.fromtimestamp(timestamp, timezone.utc)
    return 12 * moment.year + moment.month - 1


def month_start(month: int) -> int:
    """The first second of a month, counted from the year 0."""
    return int(datetime(month // 12, month % 12 + 1, 1, tzinfo=timezone.utc).timestamp())


def months_between(first: int, last: int) -> list[int]:
    """The starts of all months from that of `first` on that lie not after `last`."""
    return [month_start(month) for month in range(_month(first), _month(last) + 1)]

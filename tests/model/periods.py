"""Periods of whole calendar months, by the standard library's calendar."""

from datetime import datetime, timezone

NEVER = 2**64 - 1


def period_of(timestamp: int, months: int) -> int:
    """The number of the period of so many months in which a second lies; 0 if there are none."""
    if months == 0:
        return 0
    date = datetime.fromtimestamp(timestamp, timezone.utc)
    return (date.year * 12 + date.month - 1) // months


def first_second(period: int, months: int) -> int:
    """When a period begins."""
    if months == 0:
        return NEVER
    year, month = divmod(period * months, 12)
    return int(datetime(year, month + 1, 1, tzinfo=timezone.utc).timestamp())

"""Figures as people read them, exact to the last unit."""

from datetime import datetime, timezone

from zegel.ledger.epochs import NEVER


def amount(units: int, decimals: int) -> str:
    """An amount with all its decimals: 1,234.50."""
    sign = "-" if units < 0 else ""
    whole, fraction = divmod(abs(units), 10**decimals)
    return f"{sign}{whole:,}" + (f".{fraction:0{decimals}}" if decimals else "")


def points(units: int, decimals: int, symbol: str) -> str:
    """An amount of a program: 12.50 SHOP."""
    return f"{amount(units, decimals)} {symbol}"


def rounded(units: int, decimals: int, keep: int = 0) -> str:
    """An amount for a headline, rounded half up."""
    if decimals > keep:
        step = 10 ** (decimals - keep)
        units, decimals = (units + step // 2) // step, keep
    return amount(units, decimals)


def day(timestamp: int) -> str:
    """The day of a second: 1 January 1998."""
    moment = datetime.fromtimestamp(timestamp, timezone.utc)
    return f"{moment.day} {moment:%B %Y}"


def month(timestamp: int) -> str:
    """The month of a second: January 1998."""
    return f"{datetime.fromtimestamp(timestamp, timezone.utc):%B %Y}"


def expiry(timestamp: int) -> str:
    """When points expire: on 1 January 1998, or never."""
    return "never" if timestamp == NEVER else day(timestamp)

"""Reads one value of a row: a member, an amount, a word, a date. Each says what is wrong, and how
to mend it.

Spreadsheets change what people type: they cut leading zeros, write long numbers as 1.5E+3, make
dates of what looks like one, and run what begins with an equals sign. What bears such traces is
refused with a word about where it comes from.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timezone
from functools import lru_cache

from eth_hash.auto import keccak

from zegel.award.rows import MAX_AMOUNT, WORD, packed_text

# The longest number that a member may have at the issuer.
MAX_NUMBER = 64

_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")
_AMOUNT = re.compile(r"(\d+)(?:\.(\d+))?", re.ASCII)
_HASH = re.compile(r"0x[0-9a-fA-F]{64}")
_SCIENTIFIC = re.compile(r"-?\d+([.,]\d+)?[eE][+-]?\d+", re.ASCII)
_SEPARATED = re.compile(r"\d[\d.,'\s]*[.,'\s][\d.,'\s]*", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d( .*)?|\d\d?[/.-]\d\d?[/.-]\d{2,4}", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)", re.ASCII)

_FORMULA_SIGNS = "=+-@"
_AS_TEXT = "have the spreadsheet take the column for text, and write it again"
_LAST_SECOND = 2**32 - 1


class WrongValue(Exception):  # noqa: N818 -- as in zegel.errors
    """A value that cannot be read: why not, the remedy, and what is there if it is no text."""

    def __init__(self, reason: str, remedy: str, value: object = "") -> None:
        super().__init__(reason, remedy)
        self.reason, self.remedy, self.value = reason, remedy, str(value)


def member(cell: str, members: Mapping[str, bytes]) -> bytes:
    """The address of a member, given as such or by the issuer's own number."""
    found = members.get(cell)
    if found is not None:
        return found
    if cell.startswith("0x") or not members:
        return address(cell)
    number(cell)
    if _SCIENTIFIC.fullmatch(cell) or _DATE.fullmatch(cell):
        raise WrongValue("is a number that a spreadsheet has changed", _AS_TEXT)
    raise WrongValue(
        "is no member of the directory", "add the member to it, or write 0x and 40 digits"
    )


@lru_cache(maxsize=200_000)
def address(cell: str) -> bytes:
    """An address; written in mixed case, its checksum must be right (ERC-55)."""
    if not _ADDRESS.fullmatch(cell):
        if _SCIENTIFIC.fullmatch(cell) or _DATE.fullmatch(cell):
            raise WrongValue("is something that a spreadsheet has changed", _AS_TEXT)
        raise WrongValue("is no address", "write 0x and 40 hexadecimal digits")
    digits = cell[2:]
    lower = digits.lower()
    if digits not in (lower, digits.upper()) and digits != _checksummed(lower):
        raise WrongValue("has a wrong checksum", "copy the address again")
    found = bytes.fromhex(digits)
    if not any(found):
        raise WrongValue("is the zero address", "name a member")
    return found


def number(cell: str) -> str:
    """A member's number at the issuer: as it is, small and capital letters apart."""
    if not cell:
        raise WrongValue("is empty", "write an address, or the member's number")
    if cell.startswith("0x"):
        raise WrongValue("looks like an address", "give the member a number without 0x")
    if cell != cell.strip() or not cell.isprintable():
        raise WrongValue("has spaces or unseen characters around or in it", "take them out")
    if cell[0] in _FORMULA_SIGNS:
        raise WrongValue("begins as a formula does", f"begin with none of {_FORMULA_SIGNS}")
    if len(cell) > MAX_NUMBER:
        raise WrongValue(f"has {len(cell)} characters", f"write at most {MAX_NUMBER}")
    return cell


def amount(cell: str, decimals: int) -> int:
    """An amount of points in base units."""
    match = _AMOUNT.fullmatch(cell)
    if match is None:
        remedy = "write digits with a decimal point, as 12.5"
        if cell.startswith("="):
            raise WrongValue("is a formula", "write its value")
        if _SCIENTIFIC.fullmatch(cell):
            raise WrongValue("is short for a number, as spreadsheets write it", remedy)
        if _SEPARATED.fullmatch(cell):
            raise WrongValue("has a decimal comma or separators of thousands", remedy)
        raise WrongValue("is no amount of points", remedy)
    fraction = match[2] or ""
    if len(fraction) > decimals:
        raise WrongValue(f"has {len(fraction)} decimals", f"the points have {decimals} decimals")
    # More digits than any amount has would only take time.
    digits = match[1].lstrip("0") + fraction.ljust(decimals, "0")
    found = int(digits or "0") if len(digits) <= len(str(MAX_AMOUNT)) else MAX_AMOUNT + 1
    if found == 0:
        raise WrongValue("awards nothing", "leave the line out")
    if found > MAX_AMOUNT:
        raise WrongValue("is more than a program can hold", "check the amount")
    return found


def word(cell: str) -> bytes:
    """32 bytes: short text, or a hash."""
    if _HASH.fullmatch(cell):
        return bytes.fromhex(cell[2:])
    if not cell:
        raise WrongValue("is empty", f"write 1 to {WORD - 1} characters")
    if not cell.isascii() or not cell.isprintable():
        raise WrongValue("is not plain ASCII text", "write letters, digits and signs, or a hash")
    if cell[0] in _FORMULA_SIGNS:
        raise WrongValue("begins as a formula does", f"begin with none of {_FORMULA_SIGNS}")
    if len(cell) >= WORD:
        raise WrongValue(f"has {len(cell)} characters", f"write at most {WORD - 1}, or a hash")
    return packed_text(cell)


@lru_cache(maxsize=1_000)
def moment(cell: str) -> int:
    """A date, which begins at midnight UTC, or a date and time with its offset."""
    remedy = "write it like 2026-12-31 or 2026-12-31T18:00+01:00"
    try:
        if _DAY.fullmatch(cell):
            found = datetime.combine(date.fromisoformat(cell), time(), timezone.utc)
        elif _MOMENT.fullmatch(cell):
            found = datetime.fromisoformat(cell.replace("Z", "+00:00"))
        else:
            raise WrongValue("is no date, and no time with an offset", remedy)
    except ValueError:
        raise WrongValue("is no day of the calendar", remedy) from None
    seconds = int(found.timestamp())
    if not 0 < seconds <= _LAST_SECOND:
        raise WrongValue("lies outside the years 1970 to 2105", remedy)
    return seconds


def _checksummed(lower: str) -> str:
    """The digits of an address with the capitals of ERC-55."""
    nibbles = keccak(lower.encode()).hex()
    return "".join(
        digit.upper() if nibble > "7" else digit
        for digit, nibble in zip(lower, nibbles, strict=False)
    )

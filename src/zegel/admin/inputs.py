"""What people write, and what the chain takes for it.

Points, money and prices are decimal text for people and whole base units for the chain; no floats.
"""

import re
from datetime import datetime, timezone
from pathlib import Path

from eth_typing import ChecksumAddress
from eth_utils.address import is_checksum_address, to_checksum_address
from eth_utils.crypto import keccak

from zegel.award.rows import WORD, packed_text
from zegel.errors import ConfigError

# A price of 1 is one whole settlement token for one whole point.
PRICE_DECIMALS = 12

_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")
_HASH = re.compile(r"0x[0-9a-fA-F]{64}")
_DECIMAL = re.compile(r"(\d+)(?:\.(\d+))?", re.ASCII)


def units(text: str, decimals: int, what: str = "amount") -> int:
    """The base units of a decimal number."""
    match = _DECIMAL.fullmatch(text)
    if match is None:
        raise ConfigError(f"{what}: {text!r} is no decimal number: write it like 12.50")
    whole, part = match[1], (match[2] or "").rstrip("0")
    if len(part) > decimals:
        raise ConfigError(f"{what}: {text} has more than {decimals} decimals: round it")
    return int(whole + part.ljust(decimals, "0"))


def shown(amount: int, decimals: int) -> str:
    """Base units as a decimal number, with all its decimals."""
    digits = str(amount).rjust(decimals + 1, "0")
    return f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits


def price(text: str, what: str = "price") -> int:
    """A price in trillionths."""
    return units(text, PRICE_DECIMALS, what)


def shown_price(amount: int) -> str:
    return shown(amount, PRICE_DECIMALS).rstrip("0").rstrip(".")


def address(text: str, what: str = "address") -> ChecksumAddress:
    """An address; written in mixed case, its checksum must be right (ERC-55)."""
    if not _ADDRESS.fullmatch(text):
        raise ConfigError(f"{what}: {text!r} is no address: write 0x and 40 hexadecimal digits")
    mixed = text[2:] not in (text[2:].lower(), text[2:].upper())
    if mixed and not is_checksum_address(text):
        raise ConfigError(f"{what}: {text} has a wrong checksum: copy the address again")
    return to_checksum_address(text)


def word(text: str, what: str = "reason") -> bytes:
    """32 bytes: short text, or a hash."""
    if _HASH.fullmatch(text):
        return bytes.fromhex(text[2:])
    try:
        return packed_text(text)
    except ValueError:
        raise ConfigError(
            f"{what}: {text!r} is neither 1 to {WORD - 1} ASCII characters nor a hash: shorten it"
        ) from None


def moment(text: str, what: str = "time") -> int:
    """A date, or a date and time, as Unix seconds; UTC unless it says otherwise."""
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise ConfigError(
            f"{what}: {text!r} is no date: write it like 2026-12-31 or 2026-12-31T18:00Z"
        ) from None
    return int((found if found.tzinfo else found.replace(tzinfo=timezone.utc)).timestamp())


def document(text: str, folder: Path, what: str = "document") -> bytes:
    """The hash of a document: given as such, or that of a file in a folder (Keccak-256)."""
    if _HASH.fullmatch(text):
        return bytes.fromhex(text[2:])
    path = folder / text
    try:
        return keccak(path.read_bytes())
    except OSError:
        raise ConfigError(
            f"{what}: {text!r} is neither a hash nor a file in {folder}: check the name"
        ) from None

"""How values stand in JSON, in paths and in queries: once for all calls, and for OpenAPI."""

import re
from functools import lru_cache
from typing import Annotated

from eth_typing import ChecksumAddress
from eth_utils.address import is_checksum_address, to_checksum_address
from fastapi import Path
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic.alias_generators import to_camel

from zegel.admin import inputs
from zegel.errors import ConfigError
from zegel.ledger.epochs import NEVER

# Whole numbers of the chain's 256 bits.
_MOST = 2**256 - 1
_DIGITS = re.compile("[0-9]{1,78}")


class Body(BaseModel):
    """What calls take and give: camel case outside, frozen inside, nothing unknown."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, frozen=True, extra="forbid"
    )


def _address(text: object) -> str:
    if not isinstance(text, str):
        raise ValueError("is no address: write 0x and 40 hexadecimal digits")
    return _checked(text)


@lru_cache(maxsize=65_536)
def _checked(text: str) -> str:
    """Answers have the same addresses again and again, and checksums take long."""
    mixed = text[2:] not in (text[2:].lower(), text[2:].upper())
    if mixed and len(text) == 42 and text.isascii() and not is_checksum_address(text):
        raise ValueError("has a wrong checksum: copy the address again")
    try:
        return str(inputs.address(text))
    except ConfigError:
        raise ValueError("is no address: write 0x and 40 hexadecimal digits") from None


def _amount(text: object) -> int:
    if not isinstance(text, str) or not _DIGITS.fullmatch(text):
        raise ValueError("is no amount: write a whole number of base units as text")
    amount = int(text)
    if amount > _MOST:
        raise ValueError("is more than 256 bits hold: write less")
    return amount


_ADDRESS_SCHEMA = {
    "pattern": "^0x[0-9a-fA-F]{40}$",
    "type": "string",
    "examples": ["0x" + 40 * "1"],
}

Address = Annotated[str, BeforeValidator(_address), Field(json_schema_extra=_ADDRESS_SCHEMA)]
Token = Annotated[str, BeforeValidator(_address), Path(json_schema_extra=_ADDRESS_SCHEMA)]
Member = Annotated[str, BeforeValidator(_address), Path(json_schema_extra=_ADDRESS_SCHEMA)]

# A whole number of base units, as decimal text.
Amount = Annotated[
    int,
    BeforeValidator(_amount),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{1,78}$", "examples": ["1250"]}),
]

# What answers say: amounts as decimal text, times as Unix seconds.
Units = Annotated[str, Field(pattern=r"^-?[0-9]+$", examples=["1250"])]
Seconds = Annotated[int, Field(examples=[1_767_225_600])]
Hash = Annotated[str, Field(pattern="^0x[0-9a-f]{64}$")]


@lru_cache(maxsize=65_536)
def checksummed(address: str) -> ChecksumAddress:
    """An address with its checksum: reckoning it takes longer than looking it up."""
    return to_checksum_address(address)


def expiry(second: int) -> int | None:
    """The second at which points are gone; None for those that never expire."""
    return None if second >= NEVER else second

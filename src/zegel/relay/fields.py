"""Reads what somebody calls a signed message: every value is what its type says, or is named.

Nothing here asks a node. Numbers may be written as JSON has them or as text, and addresses in small
letters: they are the same numbers and addresses, and hash to the same message.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from eth_utils.address import to_checksum_address

from zegel.chain.messages import TYPES, VERSION, Domain, Message, structs
from zegel.errors import RelayRefused
from zegel.relay.reasons import MALFORMED, UNKNOWN_MESSAGE

_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")
_HEX = re.compile(r"0x(?:[0-9a-fA-F]{2})*")
_NUMBER = re.compile(r"[0-9]{1,78}|0x[0-9a-fA-F]{1,64}")

# More than any contract of ours takes.
_LONGEST_TEXT = 1_000
_LONGEST_LIST = 500
_LONGEST_SIGNATURE = 4_096

_DOMAIN = ("name", "version", "chainId", "verifyingContract")


def message_from(typed_data: Any) -> Message:
    """The message in what a wallet signed (`eth_signTypedData_v4`)."""
    given = _mapping(typed_data, "typedData")
    for name in ("primaryType", "domain", "message"):
        if name not in given:
            raise malformed(name, "is missing", "give the typed data as it was signed")
    kind = given["primaryType"]
    _check_kind(kind)
    _check_types(given.get("types"), kind)
    domain = _exactly(_mapping(given["domain"], "domain"), _DOMAIN, "domain")
    if domain["version"] != VERSION:
        raise malformed("domain.version", f"is {_shown(domain['version'])}", f"give {VERSION!r}")
    return checked(
        Message(
            kind,
            Domain(domain["name"], domain["chainId"], domain["verifyingContract"]),
            _mapping(given["message"], "message"),
        )
    )


def checked(message: Message) -> Message:
    """A message with every value in its own type; raises `RelayRefused` at the first that is not
    what its type says."""
    _check_kind(message.type)
    domain = message.domain
    return Message(
        message.type,
        Domain(
            value("string", domain.name, "domain.name"),
            value("uint256", domain.chain_id, "domain.chainId"),
            value("address", domain.contract, "domain.verifyingContract"),
        ),
        struct(TYPES[message.type], message.values, "message"),
    )


def struct(fields: Mapping[str, str], given: Any, name: str) -> dict[str, Any]:
    """The values of a struct, all of them and no others."""
    found = _exactly(_mapping(given, name), tuple(fields), name)
    return {field: value(kind, found[field], f"{name}.{field}") for field, kind in fields.items()}


def value(kind: str, given: Any, name: str) -> Any:
    """A value of a type of EIP-712."""
    if kind.endswith("[]"):
        if not isinstance(given, Sequence) or isinstance(given, (str, bytes)):
            raise malformed(name, f"is {_shown(given)}", "give a list")
        if len(given) > _LONGEST_LIST:
            raise malformed(name, f"has {len(given)} parts", f"give at most {_LONGEST_LIST}")
        inner = kind.removesuffix("[]")
        return [value(inner, part, f"{name}[{n}]") for n, part in enumerate(given)]
    if kind in TYPES:
        return struct(TYPES[kind], given, name)
    return _READERS[kind.rstrip("0123456789")](kind, given, name)


def signature_from(given: Any, name: str = "signature") -> bytes:
    """The bytes of a signature."""
    found: bytes = _READERS["bytes"]("bytes", given, name)
    if not 0 < len(found) <= _LONGEST_SIGNATURE:
        raise malformed(
            name, f"has {len(found)} bytes", f"give a signature of 1 to {_LONGEST_SIGNATURE}"
        )
    return found


def malformed(name: str, wrong: str, remedy: str) -> RelayRefused:
    """The refusal of a value: which, what is wrong with it, and what would be right."""
    return RelayRefused(MALFORMED, f"{name} {wrong}: {remedy}", field=name)


def _check_kind(kind: Any) -> None:
    if not isinstance(kind, str) or kind not in TYPES:
        raise RelayRefused(
            UNKNOWN_MESSAGE,
            f"primaryType is {_shown(kind)}: give one of {', '.join(TYPES)}",
            field="primaryType",
        )


def _check_types(given: Any, kind: str) -> None:
    """Sees that the fields, which are hashed too, are those that the contracts know."""
    if given is None:
        return
    known = structs(kind)
    for name, fields in _mapping(given, "types").items():
        if name != "EIP712Domain" and known.get(name) != fields:
            raise malformed(f"types.{str(name)[:40]}", f"is not that of {kind}", "leave it out")


def _mapping(given: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise malformed(name, f"is {_shown(given)}", "give an object")
    return given


def _exactly(given: Mapping[str, Any], names: Sequence[str], name: str) -> Mapping[str, Any]:
    for field in names:
        if field not in given:
            raise malformed(f"{name}.{field}", "is missing", "give all values that were signed")
    for field in given:
        if field not in names:
            raise malformed(f"{name}.{str(field)[:40]}", "is unknown", "leave it out")
    return given


def _address(_: str, given: Any, name: str) -> str:
    if not isinstance(given, str) or not _ADDRESS.fullmatch(given):
        raise malformed(name, f"is {_shown(given)}", "give an address, 0x and 40 digits")
    digits, found = given[2:], to_checksum_address(given)
    if digits not in (digits.lower(), digits.upper()) and given != found:
        raise malformed(name, f"is {_shown(given)}", "mend its checksum, or write it small")
    return found


def _number(kind: str, given: Any, name: str) -> int:
    bits = int(kind.removeprefix("uint"))
    if isinstance(given, str) and _NUMBER.fullmatch(given):
        given = int(given, 16 if given.startswith("0x") else 10)
    if not isinstance(given, int) or isinstance(given, bool) or not 0 <= given < 2**bits:
        raise malformed(name, f"is {_shown(given)}", f"give a number from 0 to 2^{bits} - 1")
    return given


def _bytes(kind: str, given: Any, name: str) -> bytes:
    if isinstance(given, str) and _HEX.fullmatch(given):
        given = bytes.fromhex(given[2:])
    length = kind.removeprefix("bytes")
    if not isinstance(given, bytes) or (length and len(given) != int(length)):
        remedy = f"give 0x and {2 * int(length)} digits" if length else "give 0x and digits"
        raise malformed(name, f"is {_shown(given)}", remedy)
    return given


def _text(_: str, given: Any, name: str) -> str:
    if not isinstance(given, str) or len(given) > _LONGEST_TEXT or not given.isprintable():
        raise malformed(name, f"is {_shown(given)}", f"give up to {_LONGEST_TEXT} characters")
    return given


def _flag(_: str, given: Any, name: str) -> bool:
    if not isinstance(given, bool):
        raise malformed(name, f"is {_shown(given)}", "give true or false")
    return given


_READERS: Mapping[str, Callable[[str, Any, str], Any]] = {
    "address": _address,
    "uint": _number,
    "bytes": _bytes,
    "string": _text,
    "bool": _flag,
}


def _shown(given: Any) -> str:
    """A value for people, in one short line whatever it is."""
    text = "0x" + given.hex() if isinstance(given, bytes) else repr(given)
    return text if len(text) <= 60 else f"{text[:60]}…"

"""EIP-712 by the letter, in words of 32 bytes: fast, and apart from the library that wallets use.

Every part can be falsified: the type's text, the fields, the domain.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from eth_utils.crypto import keccak

from zegel.chain.messages import TYPES, Domain

DOMAIN_TYPE = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"


@dataclass(frozen=True)
class Note:
    """A message, and what may be wrong with it.

    Args:
        type: The name of its type.
        domain: Whom it is for.
        values: Its fields.
        version: The domain's version.
        text: Another text of the type than the right one.
        prefix: What stands in front of domain and message.
    """

    type: str
    domain: Domain
    values: Mapping[str, Any]
    version: str = "1"
    text: str = ""
    prefix: bytes = b"\x19\x01"

    def but(self, **values: object) -> "Note":
        return replace(self, values={**self.values, **values})

    def within(self, **domain: Any) -> "Note":
        return replace(self, domain=replace(self.domain, **domain))

    @property
    def digest(self) -> bytes:
        text = self.text or encoded_type(self.type)
        message = keccak(_hash(text) + _fields(TYPES[self.type], self.values))
        return keccak(self.prefix + separator(self.domain, self.version) + message)


@cache
def encoded_type(name: str) -> str:
    """The text of a type, with the structs in it, as contracts hash it."""
    inner = [kind.removesuffix("[]") for kind in TYPES[name].values() if kind.endswith("[]")]
    return "".join(_declared(struct) for struct in (name, *inner))


@cache
def separator(domain: Domain, version: str) -> bytes:
    names = _hash(domain.name) + _hash(version)
    return keccak(
        _hash(DOMAIN_TYPE) + names + _word("uint256", domain.chain_id)
        + _word("address", domain.contract)
    )  # fmt: skip


def _declared(name: str) -> str:
    fields = ",".join(f"{kind} {field}" for field, kind in TYPES[name].items())
    return f"{name}({fields})"


@cache
def _hash(text: str) -> bytes:
    return bytes(keccak(text=text))


def _fields(kinds: Mapping[str, str], values: Mapping[str, Any]) -> bytes:
    return b"".join(_word(kind, values[name]) for name, kind in kinds.items())


def _word(kind: str, value: Any) -> bytes:
    if kind.endswith("[]"):
        return bytes(keccak(_structs(kind.removesuffix("[]"), value)))
    if kind == "string":
        return bytes(keccak(text=value))
    if kind == "bytes32":
        return bytes(value)
    if kind == "address":
        return bytes(12) + bytes.fromhex(value[2:])
    return int(value).to_bytes(32, "big")


def _structs(name: str, values: Sequence[Mapping[str, Any]]) -> bytes:
    head = _hash(encoded_type(name))
    return b"".join(keccak(head + _fields(TYPES[name], each)) for each in values)

"""The messages (EIP-712) that people sign, and our contracts act on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from eth_account.messages import SignableMessage, encode_typed_data
from eth_typing import ChecksumAddress

VERSION = "1"

# The fields of every message, in the order in which they are hashed.
TYPES: Mapping[str, Mapping[str, str]] = {
    # To the registry.
    "IssuerCredential": {
        "issuer": "address",
        "legalName": "string",
        "lei": "string",
        "domain": "string",
        "termsHash": "bytes32",
        "issuedAt": "uint64",
        "validUntil": "uint64",
    },
}

_DOMAIN = {
    "name": "string",
    "version": "string",
    "chainId": "uint256",
    "verifyingContract": "address",
}


@dataclass(frozen=True)
class Domain:
    """The one contract, on the one chain, that a message is for."""

    name: str
    chain_id: int
    contract: ChecksumAddress

    def values(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "version": VERSION,
            "chainId": self.chain_id,
            "verifyingContract": self.contract,
        }


@dataclass(frozen=True)
class Message:
    """A message of one of `TYPES`; bytes are hexadecimal text."""

    type: str
    domain: Domain
    values: Mapping[str, Any]

    def typed_data(self) -> dict[str, Any]:
        """The message as wallets take it (`eth_signTypedData_v4`), ready for JSON."""
        return {
            "types": {"EIP712Domain": _fields(_DOMAIN), self.type: _fields(TYPES[self.type])},
            "primaryType": self.type,
            "domain": self.domain.values(),
            "message": dict(self.values),
        }

    def signable(self) -> SignableMessage:
        """The message as eth-account signs it."""
        return encode_typed_data(full_message=self.typed_data())


def registry_domain(chain_id: int, registry: ChecksumAddress) -> Domain:
    return Domain("Zegel Registry", chain_id, registry)


def _fields(types: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "type": kind} for name, kind in types.items()]

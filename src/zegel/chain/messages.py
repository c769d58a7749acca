"""The messages (EIP-712) that people sign, and our contracts act on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from eth_account.messages import SignableMessage, encode_typed_data
from eth_typing import ChecksumAddress
from eth_utils.crypto import keccak

VERSION = "1"

# The upper 216 bits of a nonce that counts in order are ones.
_SEQUENTIAL = 2**256 - 2**40

_TIMES = {"validAfter": "uint256", "validBefore": "uint256", "nonce": "bytes32"}
_MOVE = {"from": "address", "to": "address", "value": "uint256", **_TIMES}

# The fields of every message, in the order in which they are hashed. "To a contract" says whose
# domain it bears; messages that spend points bear the token's, also if the exchange or the desk
# carries them out.
TYPES: Mapping[str, Mapping[str, str]] = {
    # To a token.
    "Permit": {
        "owner": "address",
        "spender": "address",
        "value": "uint256",
        "nonce": "uint256",
        "deadline": "uint256",
    },
    "TransferWithAuthorization": _MOVE,
    "ReceiveWithAuthorization": _MOVE,
    "CancelAuthorization": {"authorizer": "address", "nonce": "bytes32"},
    "RedeemWithAuthorization": {
        "member": "address",
        "amount": "uint256",
        "ref": "bytes32",
        **_TIMES,
    },
    "ConvertWithAuthorization": {
        "exchange": "address",
        "member": "address",
        "from": "address",
        "to": "address",
        "amount": "uint256",
        "minOut": "uint256",
        "recipient": "address",
        **_TIMES,
    },
    "HoldWithAuthorization": {
        "desk": "address",
        "member": "address",
        "merchant": "address",
        "amount": "uint256",
        **_TIMES,
    },
    "ReleaseWithAuthorization": {
        "desk": "address",
        "member": "address",
        "merchant": "address",
        **_TIMES,
    },
    # To the desk.
    "Voucher": {
        "token": "address",
        "member": "address",
        "merchant": "address",
        "till": "address",
        "serial": "uint256",
        "amount": "uint256",
        "shared": "bool",
        "validBefore": "uint256",
    },
    "Settlement": {
        "token": "address",
        "merchant": "address",
        "vouchers": "Voucher[]",
        "to": "address",
        "minOut": "uint256",
    },
    # To the drop.
    "ClaimTo": {
        "dropId": "bytes32",
        "index": "uint256",
        "recipient": "address",
        "validBefore": "uint256",
    },
    # To the charter.
    "CharterSignature": {"party": "address", "charterId": "bytes32", "documentHash": "bytes32"},
    "Reward": {
        "charterId": "bytes32",
        "rule": "uint256",
        "member": "address",
        "evidence": "bytes32",
        "validBefore": "uint256",
    },
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
    """A message of one of `TYPES`."""

    type: str
    domain: Domain
    values: Mapping[str, Any]

    def typed_data(self) -> dict[str, Any]:
        """The message as wallets take it (`eth_signTypedData_v4`), ready for JSON."""
        return {
            "types": {"EIP712Domain": _fields(_DOMAIN), **structs(self.type)},
            "primaryType": self.type,
            "domain": self.domain.values(),
            "message": {name: _shown(value) for name, value in self.values.items()},
        }

    def arguments(self) -> tuple[Any, ...]:
        """The values as a contract takes them for a struct."""
        return tuple(self.values[name] for name in TYPES[self.type])

    def signable(self) -> SignableMessage:
        """The message as eth-account signs it."""
        return encode_typed_data(full_message=self.typed_data())

    def digest(self) -> bytes:
        """What is signed: the hash of EIP-712."""
        signable = self.signable()
        return bytes(keccak(b"\x19" + signable.version + signable.header + signable.body))


def structs(name: str) -> dict[str, list[dict[str, str]]]:
    """A message's fields, and those of the structs in it, as EIP-712 names them."""
    inner = [kind.removesuffix("[]") for kind in TYPES[name].values() if kind.endswith("[]")]
    return {struct: _fields(TYPES[struct]) for struct in (name, *inner)}


def message_of(typed_data: Mapping[str, Any]) -> Message:
    """The message that `Message.typed_data` wrote; raises `ValueError` if it is none of `TYPES`."""
    kind, domain, given = (typed_data[name] for name in ("primaryType", "domain", "message"))
    values = {
        name: bytes.fromhex(given[name][2:]) if types.startswith("bytes") else given[name]
        for name, types in TYPES[kind].items()
    }
    message = Message(
        kind, Domain(domain["name"], domain["chainId"], domain["verifyingContract"]), values
    )
    if message.typed_data() != typed_data:
        raise ValueError(f"{kind} has other fields")
    return message


def desk_domain(chain_id: int, desk: ChecksumAddress) -> Domain:
    return Domain("Zegel Desk", chain_id, desk)


def registry_domain(chain_id: int, registry: ChecksumAddress) -> Domain:
    return Domain("Zegel Registry", chain_id, registry)


def sequential(number: int) -> bytes:
    """The nonce of a message that counts in order: `number` is the token's `nonces` of its signer.

    It needs no storage of its own.
    """
    return (_SEQUENTIAL + number).to_bytes(32, "big")


def _shown(value: Any) -> Any:
    """A value as JSON has it: bytes as hexadecimal text."""
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if isinstance(value, Mapping):
        return {name: _shown(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_shown(part) for part in value]
    return value


def _fields(types: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "type": kind} for name, kind in types.items()]

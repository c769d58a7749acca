"""Signed messages whose signatures have no zero byte, for the reason that people.py gives."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_utils.crypto import keccak

from bench.people import Signer
from tests.support.passkeys import Passkey

Values = dict[str, Any]

# A year after the benchmark's chain starts.
DEADLINE = 1_805_198_400

TYPES = {
    "Permit": "address owner,address spender,uint256 value,uint256 nonce,uint256 deadline",
    "TransferWithAuthorization": (
        "address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce"
    ),
    "ReceiveWithAuthorization": (
        "address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce"
    ),
    "RedeemWithAuthorization": (
        "address member,uint256 amount,bytes32 ref,uint256 validAfter,uint256 validBefore,"
        "bytes32 nonce"
    ),
    "ConvertWithAuthorization": (
        "address exchange,address member,address from,address to,uint256 amount,uint256 minOut,"
        "address recipient,uint256 validAfter,uint256 validBefore,bytes32 nonce"
    ),
    "Voucher": (
        "address token,address member,address merchant,address till,uint256 serial,uint256 amount,"
        "bool shared,uint256 validBefore"
    ),
    # Of the rivals.
    "Call": "address target,bytes data,uint256 nonce,uint256 deadline",
    "ForwardRequest": (
        "address from,address to,uint256 value,uint256 gas,uint256 nonce,uint48 deadline,bytes data"
    ),
}


@dataclass(frozen=True)
class Domain:
    """What an EIP-712 signature holds for: a contract by its name, on one chain."""

    name: str
    chain: int
    contract: str
    version: str = "1"


@dataclass(frozen=True)
class Signed:
    """A message with its signature."""

    values: Values
    v: int
    r: bytes
    s: bytes

    @property
    def vrs(self) -> tuple[int, bytes, bytes]:
        return self.v, self.r, self.s

    @property
    def signature(self) -> bytes:
        return self.r + self.s + bytes([self.v])


def sign(signer: Signer, domain: Domain, message: str, vary: Callable[[int], Values]) -> Signed:
    """Signs the first of many equally good messages whose signature has no zero byte.

    Args:
        message: The type, one of `TYPES`.
        vary: Gives the message's values for 0, 1, 2 …
    """
    for number in count():
        values = vary(number)
        signature = Account.from_key(signer.key).sign_message(
            encode_typed_data(full_message=_typed_data(domain, message, values))
        )
        r, s = signature.r.to_bytes(32, "big"), signature.s.to_bytes(32, "big")
        if 0 not in r + s:
            return Signed(values, signature.v, r, s)
    raise AssertionError


def sign_by_passkey(
    passkey: Passkey, domain: Domain, message: str, vary: Callable[[int], Values]
) -> tuple[Values, bytes]:
    """The same by a passkey: the values and the signature as members hand it in."""
    for number in count():
        values = vary(number)
        signable = encode_typed_data(full_message=_typed_data(domain, message, values))
        signature = passkey.sign(keccak(b"\x19\x01" + signable.header + signable.body))
        # After the public key, the encoded assertion: its offset, r and s.
        if 0 not in signature[96:160]:
            return values, signature
    raise AssertionError


def _typed_data(domain: Domain, message: str, values: Values) -> Values:
    return {
        "types": {
            "EIP712Domain": _fields(
                "string name,string version,uint256 chainId,address verifyingContract"
            ),
            message: _fields(TYPES[message]),
        },
        "primaryType": message,
        "domain": {
            "name": domain.name,
            "version": domain.version,
            "chainId": domain.chain,
            "verifyingContract": domain.contract,
        },
        "message": values,
    }


def _fields(text: str) -> list[dict[str, str]]:
    return [dict(zip(("type", "name"), field.split(), strict=True)) for field in text.split(",")]

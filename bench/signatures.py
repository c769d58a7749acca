"""Signed messages whose signatures have no zero byte, for the reason that people.py gives."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

from eth_account import Account
from eth_account.messages import SignableMessage, encode_typed_data
from eth_utils.crypto import keccak

from bench.people import Signer
from tests.support.passkeys import Passkey
from zegel.chain import messages
from zegel.chain.messages import Domain

Values = dict[str, Any]

# A year after the benchmark's chain starts.
DEADLINE = 1_805_198_400

TYPES = {
    **messages.TYPES,
    # Of the rivals.
    "Call": {"target": "address", "data": "bytes", "nonce": "uint256", "deadline": "uint256"},
    "ForwardRequest": {
        "from": "address",
        "to": "address",
        "value": "uint256",
        "gas": "uint256",
        "nonce": "uint256",
        "deadline": "uint48",
        "data": "bytes",
    },
}


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
        signable = _signable(domain, message, values)
        signature = Account.from_key(signer.key).sign_message(signable)
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
        signable = _signable(domain, message, values)
        signature = passkey.sign(keccak(b"\x19\x01" + signable.header + signable.body))
        # After the public key, the encoded assertion: its offset, r and s.
        if 0 not in signature[96:160]:
            return values, signature
    raise AssertionError


def _signable(domain: Domain, message: str, values: Values) -> SignableMessage:
    return encode_typed_data(domain.values(), {message: _fields(message)}, values)


def _fields(message: str) -> list[dict[str, str]]:
    return [{"name": name, "type": kind} for name, kind in TYPES[message].items()]

"""Checks a passkey's signature (WebAuthn over P-256) without a network, as `PasskeyVerifier` does.

What it refuses is refused here, and nothing else: a till that is stricter loses sales, one that is
less strict loses money. The checks stand in the order of OpenZeppelin's `WebAuthn.verify`.
"""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from eth_typing import ChecksumAddress
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

DOMAIN = keccak(text="Zegel passkey member")

_WORD = 32
_KEY_LENGTH = 64
# Six words: r, s, two places, and where the authenticator data and the client data begin.
_HEAD = 6 * _WORD

# The order and the prime of the curve P-256.
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_PRIME = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF

_TYPE = b'"type":"webauthn.get"'

# Authenticator data: the hash of the site, flags, a counter.
_FLAGS_AT, _SHORTEST = 32, 37
_PRESENT, _VERIFIED, _ELIGIBLE, _BACKED_UP = 0x01, 0x04, 0x08, 0x10


@dataclass(frozen=True)
class _Assertion:
    r: int
    s: int
    challenge_at: int
    type_at: int
    authenticator: bytes
    client: bytes


def member_of(x: bytes, y: bytes) -> ChecksumAddress:
    """The member whose passkey has a public key."""
    return to_checksum_address(keccak(DOMAIN + x + y)[12:])


def is_valid(member: ChecksumAddress, digest: bytes, signature: bytes) -> bool:
    """Whether a member's passkey signed a digest: the public key, and an encoded assertion."""
    if len(signature) <= _KEY_LENGTH:
        return False
    x, y = signature[:_WORD], signature[_WORD:_KEY_LENGTH]
    if member_of(x, y) != member:
        return False
    assertion = _decoded(signature[_KEY_LENGTH:])
    return (
        assertion is not None
        and _is_ceremony(assertion)
        and _is_challenge(assertion, digest)
        and _is_verified(assertion.authenticator)
        and _is_signed(assertion, _number(x), _number(y))
    )


def _decoded(encoded: bytes) -> _Assertion | None:
    """The struct in ABI encoding; what stands behind it, or between its parts, does not matter."""
    if len(encoded) < _WORD or _number(encoded[:_WORD]) != _WORD:
        return None
    body = encoded[_WORD:]
    if len(body) < _HEAD:
        return None
    r, s, challenge_at, type_at, *places = (
        _number(body[start : start + _WORD]) for start in range(0, _HEAD, _WORD)
    )
    authenticator, client = (_bytes_at(body, place) for place in places)
    if authenticator is None or client is None:
        return None
    return _Assertion(r, s, challenge_at, type_at, authenticator, client)


def _bytes_at(body: bytes, place: int) -> bytes | None:
    if place > len(body) - _WORD:
        return None
    begin = place + _WORD
    length = _number(body[place:begin])
    return body[begin : begin + length] if length <= len(body) - begin else None


def _is_ceremony(assertion: _Assertion) -> bool:
    at = assertion.type_at
    return assertion.client[at : at + len(_TYPE)] == _TYPE


def _is_challenge(assertion: _Assertion, digest: bytes) -> bool:
    challenge = b'"challenge":"' + urlsafe_b64encode(digest).rstrip(b"=") + b'"'
    at = assertion.challenge_at
    return assertion.client[at : at + len(challenge)] == challenge


def _is_verified(authenticator: bytes) -> bool:
    """Whether the user was there and verified; no passkey is backed up that cannot be."""
    if len(authenticator) < _SHORTEST:
        return False
    flags = authenticator[_FLAGS_AT]
    is_possible = bool(flags & _ELIGIBLE) or not flags & _BACKED_UP
    return bool(flags & _PRESENT) and bool(flags & _VERIFIED) and is_possible


def _is_signed(assertion: _Assertion, x: int, y: int) -> bool:
    r, s = assertion.r, assertion.s
    if not (0 < r < _ORDER and 0 < s <= _ORDER // 2 and x < _PRIME and y < _PRIME):
        return False
    signed = assertion.authenticator + sha256(assertion.client).digest()
    try:
        key = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
        key.verify(encode_dss_signature(r, s), signed, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def _number(word: bytes) -> int:
    return int.from_bytes(word, "big")

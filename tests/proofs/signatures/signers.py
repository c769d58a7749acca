"""Members of every kind, and what each of them may get wrong in a signature."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from coincurve import PrivateKey
from eth_abi.abi import decode, encode
from eth_utils.crypto import keccak
from support import signing
from support.evm import address_of
from support.passkeys import ASSERTION, USER_PRESENT, USER_VERIFIED, Passkey
from support.passkeys import ORDER as P256_ORDER

# A way to spoil a signature, by name.
Spoiled = Iterator[tuple[str, bytes]]


@dataclass(frozen=True)
class Key:
    """A key, which signs for its own account or for the contract wallet that it owns."""

    name: str
    address: str
    secret: PrivateKey
    kind: str = "key"

    @classmethod
    def of(cls, name: str) -> "Key":
        secret = PrivateKey(keccak(text=f"zegel signature {name}"))
        return cls(name, address_of(secret.public_key.format(compressed=False)), secret)

    def owning(self, wallet: str) -> "Key":
        return replace(self, address=wallet, kind="contract")

    def sign(self, digest: bytes) -> bytes:
        signature = self.secret.sign_recoverable(digest, hasher=None)
        return bytes(signature[:64]) + bytes([27 + signature[64]])

    def spoil(self, digest: bytes, chance: Random) -> Spoiled:
        right = self.sign(digest)
        r, s, v = right[:32], right[32:64], right[64]
        high = signing.ORDER - int.from_bytes(s, "big")
        yield "r flipped", _flipped(r, chance) + s + bytes([v])
        yield "s flipped", r + _flipped(s, chance) + bytes([v])
        yield "v flipped", r + s + bytes([55 - v])
        yield "v of none", r + s + bytes([chance.choice((0, 1, 26, 29, 255))])
        yield "the twin with the high s", r + high.to_bytes(32, "big") + bytes([55 - v])
        yield "r of zero", bytes(32) + s + bytes([v])
        yield "s of zero", r + bytes(32) + bytes([v])
        yield "r and s exchanged", s + r + bytes([v])
        yield "zeros", bytes(65)
        yield "noise", chance.randbytes(64) + bytes([v])
        yield "another key's", Key.of("stranger").sign(digest)
        yield "of another digest", self.sign(chance.randbytes(32))

    def misshape(self, digest: bytes, chance: Random) -> Spoiled:
        """What is not 65 bytes, for the functions that take bytes."""
        right = self.sign(digest)
        parity = (right[64] - 27) << 255
        compact = (int.from_bytes(right[32:64], "big") | parity).to_bytes(32, "big")
        yield "64 bytes", right[:64]
        yield "64 bytes, compact", right[:32] + compact
        yield "66 bytes", right + bytes([chance.randrange(256)])
        yield "66 bytes, led by one", bytes([chance.randrange(256)]) + right
        yield "twice", right + right
        yield "none", b""
        yield "a passkey's", Passkey(99).sign(digest)


@dataclass(frozen=True)
class Phone:
    """A passkey."""

    name: str
    passkey: Passkey
    kind: str = "passkey"

    @property
    def address(self) -> str:
        return self.passkey.address.lower()

    def sign(self, digest: bytes) -> bytes:
        return self.passkey.sign(digest)

    def spoil(self, digest: bytes, chance: Random) -> Spoiled:
        right, stranger = self.sign(digest), Passkey(99)
        key, own = right[:64], self.passkey
        r, s, challenge_at, type_at, authenticator, client = decode([ASSERTION], right[64:])[0]
        parts = (r, s, challenge_at, type_at, authenticator, client)

        def but(place: int, value: object) -> bytes:
            changed = tuple(value if n == place else part for n, part in enumerate(parts))
            return key + bytes(encode([ASSERTION], [changed]))

        yield "r flipped", but(0, _flipped(r, chance))
        yield "s flipped", but(1, _flipped(s, chance))
        yield "the twin with the high s", self.passkey.sign(digest, low_s=False)
        yield "r of zero", but(0, bytes(32))
        yield "s of zero", but(1, bytes(32))
        yield "s out of range", but(1, P256_ORDER.to_bytes(32, "big"))
        yield "another ceremony", own.sign(digest, kind="webauthn.create")
        yield "user not verified", own.sign(digest, flags=USER_PRESENT)
        yield "user not there", own.sign(digest, flags=USER_VERIFIED)
        yield "another passkey's", stranger.sign(digest)
        yield "another passkey's, under this key", key + stranger.sign(digest)[64:]
        yield "under another key", stranger.x + stranger.y + right[64:]
        yield "x and y exchanged", key[32:] + key[:32] + right[64:]
        yield "key flipped", _flipped(key, chance) + right[64:]
        yield "of another digest", own.sign(chance.randbytes(32))
        yield "place of the challenge moved", but(2, challenge_at + chance.choice((-1, 1, 2**200)))
        yield "place of the type moved", but(3, type_at + chance.choice((-1, 1, 2**200)))
        yield "authenticator data changed", but(4, _flipped(authenticator, chance))
        yield "authenticator data cut short", but(4, authenticator[:36])
        yield "client data changed", but(5, client.replace("wallet", "waller"))
        yield "challenge of another digest", but(5, _challenging(client, chance.randbytes(32)))
        yield "cut short", right[: chance.randrange(65, len(right) - 32)]
        yield "the key alone", key
        yield "led by one byte", b"\0" + right
        yield "65 bytes", right[:65]
        yield "another key's, 65 bytes", Key.of("stranger").sign(digest)
        yield "noise", chance.randbytes(len(right))
        yield "none", b""


Signer = Key | Phone


def _flipped(text: bytes, chance: Random) -> bytes:
    """One bit the other way."""
    number = int.from_bytes(text, "big") ^ 1 << chance.randrange(8 * len(text))
    return number.to_bytes(len(text), "big")


def _challenging(client: str, digest: bytes) -> str:
    content = json.loads(client)
    content["challenge"] = urlsafe_b64encode(digest).rstrip(b"=").decode()
    return json.dumps(content, separators=(",", ":"))

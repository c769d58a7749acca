"""Members with a passkey and nothing else: what a phone's authenticator does, in Python.

The key is P-256, the signature a WebAuthn assertion, and the member's address a hash of the public
key. See contracts/PasskeyVerifier.sol.
"""

import base64
import json
from dataclasses import dataclass
from hashlib import sha256

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from eth_abi.abi import encode
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

# The order of the curve P-256.
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
DOMAIN = keccak(text="Zegel passkey member")

# The same signature in every run (RFC 6979).
_ECDSA = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)

USER_PRESENT = 0x01
USER_VERIFIED = 0x04

ASSERTION = "(bytes32,bytes32,uint256,uint256,bytes,string)"


@dataclass(frozen=True)
class Passkey:
    """A passkey, made from a number so that runs are alike.

    Args:
        secret: The private key, from 1.
        site: The web site that it was made for.
    """

    secret: int
    site: str = "wallet.example"

    @property
    def _key(self) -> ec.EllipticCurvePrivateKey:
        return ec.derive_private_key(self.secret, ec.SECP256R1())

    @property
    def x(self) -> bytes:
        return self._key.public_key().public_numbers().x.to_bytes(32, "big")

    @property
    def y(self) -> bytes:
        return self._key.public_key().public_numbers().y.to_bytes(32, "big")

    @property
    def address(self) -> str:
        """The member's address."""
        return str(
            to_checksum_address(keccak(encode(["bytes32"] * 3, [DOMAIN, self.x, self.y]))[12:])
        )

    def sign(
        self,
        digest: bytes,
        *,
        kind: str = "webauthn.get",
        flags: int = USER_PRESENT | USER_VERIFIED,
        low_s: bool = True,
    ) -> bytes:
        """The signature of a digest, as members hand it in.

        The other arguments make assertions that a contract must refuse.
        """
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        origin = f"https://{self.site}"
        client = json.dumps(
            {"type": kind, "challenge": challenge, "origin": origin}, separators=(",", ":")
        )
        authenticator = sha256(self.site.encode()).digest() + bytes([flags]) + bytes(4)
        signed = authenticator + sha256(client.encode()).digest()
        r, s = decode_dss_signature(self._key.sign(signed, _ECDSA))
        if (s > ORDER // 2) is low_s:
            s = ORDER - s
        places = client.index('"challenge"'), client.index('"type"')
        parts = r.to_bytes(32, "big"), s.to_bytes(32, "big"), *places, authenticator, client
        return self.x + self.y + encode([ASSERTION], [parts])

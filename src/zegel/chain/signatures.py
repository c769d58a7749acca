"""Whose key made a signature, by the rule of `MemberSignature`."""

from eth_keys.constants import SECPK1_N
from eth_keys.datatypes import Signature
from eth_keys.exceptions import BadSignature
from eth_typing import ChecksumAddress
from eth_utils.address import to_checksum_address
from eth_utils.exceptions import ValidationError

# r, s and v. Everything longer is a passkey's, or a contract's own.
KEY_LENGTH = 65


def signer_of(digest: bytes, signature: bytes) -> ChecksumAddress | None:
    """Whose key made 65 bytes r, s and v; nobody's if v is not 27 or 28, or s in the upper half."""
    r, s = (int.from_bytes(part, "big") for part in (signature[:32], signature[32:64]))
    v = signature[64] - 27
    if v not in (0, 1) or s > SECPK1_N // 2:
        return None
    try:
        public = Signature(vrs=(v, r, s)).recover_public_key_from_msg_hash(digest)
    except (BadSignature, ValidationError):
        return None
    return to_checksum_address(public.to_canonical_address())

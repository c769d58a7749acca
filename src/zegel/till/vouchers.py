"""A voucher as a member answered it, and whether the member signed it: by key or by passkey.

Both are checked as the desk will check them, byte for byte, and without a network. A member's
contract (ERC-1271) may have changed its mind by then, and is asked by nobody here.
"""

from dataclasses import dataclass

from eth_typing import ChecksumAddress
from eth_utils.address import to_canonical_address, to_checksum_address

from zegel.admin.offline import Voucher
from zegel.chain import passkeys
from zegel.chain.signatures import KEY_LENGTH, signer_of
from zegel.errors import Declined
from zegel.till.compact import compact, expand
from zegel.till.requests import Request
from zegel.till.wordings import NOT_SIGNED

KIND = "ZEGELVOUCHER"

# Beyond that, the desk may lack the gas to check a passkey's signature.
MAX_SIGNATURE = 1_024

_ASK_AGAIN = "ask the member to sign again"


@dataclass(frozen=True)
class Answer:
    """What a member's phone answers to the request with a serial."""

    serial: int
    member: ChecksumAddress
    signature: bytes

    def text(self) -> str:
        """The answer for a QR code."""
        parts = self.serial.to_bytes(8, "big"), to_canonical_address(self.member), self.signature
        return compact(KIND, b"".join(parts))


def answer_of(text: str) -> Answer:
    """The answer that `Answer.text` wrote; raises `ValueError` with the reason."""
    content = expand(KIND, text)
    if len(content) < 28:
        raise ValueError(f"has {len(content)} bytes, fewer than a serial and a member take")
    member = to_checksum_address(content[8:28])
    return Answer(int.from_bytes(content[:8], "big"), member, content[28:])


def voucher_of(request: Request, answer: Answer) -> Voucher:
    """The voucher as the desk takes it."""
    return Voucher(
        answer.member,
        request.till,
        request.serial,
        request.amount,
        request.shared,
        request.valid_before,
        answer.signature,
    )


def digest_of(request: Request, member: ChecksumAddress) -> bytes:
    """What the member signs: the hash of EIP-712."""
    return request.message(member).digest()


def check_signature(request: Request, answer: Answer) -> None:
    """Raises `Declined` unless the desk will find that the member signed this request."""
    signature, member = answer.signature, answer.member
    digest = digest_of(request, member)
    if len(signature) == KEY_LENGTH:
        signer = signer_of(digest, signature)
        if signer != member:
            who = f"is {signer}'s" if signer else "is malformed"
            raise Declined(
                f"the signature {who}, not {member}'s for this sale: {_ASK_AGAIN}", NOT_SIGNED
            )
        return
    if len(signature) > MAX_SIGNATURE:
        raise Declined(
            f"the signature has {len(signature)} bytes, more than {MAX_SIGNATURE}: "
            "sign with a key or another passkey",
            NOT_SIGNED,
        )
    if not passkeys.is_valid(member, digest, signature):
        raise Declined(
            f"the {len(signature)} bytes of signature are neither a key's nor a passkey's of "
            f"{member} for this sale: {_ASK_AGAIN}; a contract's cannot be checked offline",
            NOT_SIGNED,
        )

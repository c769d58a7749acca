"""What a till asks a member for: which points, how many, out of which purse, and until when.

The till shows it as a QR code; the member's phone signs the voucher that it stands for.
"""

from dataclasses import dataclass
from typing import Any

from eth_typing import ChecksumAddress
from eth_utils.address import to_canonical_address, to_checksum_address

from zegel.chain.messages import Message, desk_domain
from zegel.till.compact import compact, expand

KIND = "ZEGELPAY"

_SIZES = {
    "chain_id": 8,
    "desk": 20,
    "token": 20,
    "merchant": 20,
    "till": 20,
    "serial": 8,
    "amount": 8,
    "shared": 1,
    "valid_before": 8,
}


@dataclass(frozen=True)
class Request:
    """A request for `amount` base units of `token`, out of the shared purse or the merchant's."""

    chain_id: int
    desk: ChecksumAddress
    token: ChecksumAddress
    merchant: ChecksumAddress
    till: ChecksumAddress
    serial: int
    amount: int
    shared: bool
    valid_before: int

    def message(self, member: ChecksumAddress) -> Message:
        """The voucher that a member signs in answer."""
        values = {
            "token": self.token,
            "member": member,
            "merchant": self.merchant,
            "till": self.till,
            "serial": self.serial,
            "amount": self.amount,
            "shared": self.shared,
            "validBefore": self.valid_before,
        }
        return Message("Voucher", desk_domain(self.chain_id, self.desk), values)

    def text(self) -> str:
        """The request for a QR code."""
        return compact(
            KIND, b"".join(_packed(getattr(self, name), n) for name, n in _SIZES.items())
        )


def request_of(text: str) -> Request:
    """The request that `Request.text` wrote; raises `ValueError` with the reason."""
    content = expand(KIND, text)
    if len(content) != sum(_SIZES.values()):
        raise ValueError(f"has {len(content)} bytes, not {sum(_SIZES.values())}")
    values: dict[str, Any] = {}
    for name, size in _SIZES.items():
        part, content = content[:size], content[size:]
        is_address = size == 20
        values[name] = to_checksum_address(part) if is_address else int.from_bytes(part, "big")
    return Request(**{**values, "shared": bool(values["shared"])})


def _packed(value: str | int, size: int) -> bytes:
    if isinstance(value, str):
        return to_canonical_address(value)
    return value.to_bytes(size, "big")

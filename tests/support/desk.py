"""Purses, and the vouchers that tills take and settle."""

from dataclasses import dataclass
from typing import Any

from brownie import chain

from support.clock import now
from support.deploying import OFFLINE_WINDOW
from support.events import ZERO
from support.passkeys import Passkey
from support.signing import Message, packed
from support.words import EPOCH_SHIFT, LANE_BITS, LANE_MAX

WINDOW = OFFLINE_WINDOW
# How long a purse stays after it was asked for.
NOTICE = 2 * WINDOW

# The refusals of a voucher, as the enum numbers them.
SETTLED, ENDED, UNSIGNED = 1, 2, 3

# The bit of a purse that counts against the guarantee, and where the second of its release stands.
GUARANTEED = 1 << 208
RELEASE_SHIFT = 216


@dataclass(frozen=True)
class Promise:
    """A voucher and the signature that goes with it."""

    message: Message
    signature: Any

    @property
    def voucher(self) -> tuple[Any, ...]:
        """The `Voucher` in the order of the struct."""
        fields = ("member", "till", "serial", "amount", "shared", "validBefore")
        return tuple(self.message.values[field] for field in fields)

    def signed(self, signature: Any) -> "Promise":
        """The same voucher with another signature."""
        return Promise(self.message, signature)


def promise(
    desk: Any,
    token: Any,
    member: Any,
    merchant: Any,
    till: Any,
    amount: int,
    *,
    serial: int = 0,
    shared: bool = False,
    until: int | None = None,
    signer: Any = None,
) -> Promise:
    """A voucher that `member` signed, or `signer` did; `member` may be a passkey."""
    values = {
        "token": str(token),
        "member": str(getattr(member, "address", member)),
        "merchant": str(merchant),
        "till": str(till),
        "serial": serial,
        "amount": amount,
        "shared": shared,
        "validBefore": now() + WINDOW if until is None else until,
    }
    message = Message("Voucher", domain(desk), values)
    return Promise(message, signed(message, member if signer is None else signer))


def settlement_message(
    desk: Any, token: Any, merchant: Any, promises: Any, to: Any = ZERO, min_out: int = 0
) -> Message:
    """What a till signs that lets someone else settle."""
    values = {
        "token": str(token),
        "merchant": str(merchant),
        "vouchers": [each.message.values for each in promises],
        "to": str(to),
        "minOut": min_out,
    }
    return Message("Settlement", domain(desk), values)


def signed(message: Message, signer: Any) -> Any:
    """A message's signature, by key or by passkey."""
    if isinstance(signer, Passkey):
        return signer.sign(message.digest)
    return packed(message.signed_by(signer))


def domain(desk: Any) -> dict[str, Any]:
    return {
        "name": "Zegel Desk",
        "version": "1",
        "chainId": chain.id,
        "verifyingContract": desk.address,
    }


def lanes(word: int, epoch: int, lifetime: int) -> list[int]:
    """The points of a word that are alive in an epoch, newest first, one lane a generation."""
    passed = epoch - (word >> EPOCH_SHIFT & 0xFFFF)
    stored = [word >> LANE_BITS * lane & LANE_MAX for lane in range(4)]
    return ([0] * min(passed, 4) + stored)[:lifetime]

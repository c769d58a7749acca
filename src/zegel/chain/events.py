"""Our contracts' events, as typed rows.

A field of a class takes the value of the event's input at the same place. Addresses are in lower
case; amounts are in base units.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

ZERO = "0x" + 40 * "0"

# Lots as events show them.
_LANE_BITS = 48
_LANES = 4
_LANE_MAX = 2**_LANE_BITS - 1


@dataclass(slots=True)
class Event:
    """Where an event stands. `contract` is the address that it came from.

    Nobody changes an event. It is not frozen, since there are millions of them and making a frozen
    one takes three times as long.
    """

    contract: str
    block: int
    timestamp: int
    transaction: str


@dataclass(slots=True)
class ProgramCreated(Event):
    """The settings come last and are left out: the token tells them itself."""

    token: str
    issuer: str
    exchange: str
    desk: str


@dataclass(slots=True)
class Transfer(Event):
    sender: str
    receiver: str
    amount: int


@dataclass(slots=True)
class Awarded(Event):
    awarder: str
    member: str
    ref: bytes
    amount: int


@dataclass(slots=True)
class BatchAwarded(Event):
    awarder: str
    batch_id: bytes
    count: int
    total: int


@dataclass(slots=True)
class Redeemed(Event):
    member: str
    ref: bytes
    amount: int
    lots: int


@dataclass(slots=True)
class Refunded(Event):
    operator: str
    member: str
    ref: bytes
    amount: int
    lots: int


@dataclass(slots=True)
class Corrected(Event):
    operator: str
    member: str
    ref: bytes
    amount: int
    reason: bytes


@dataclass(slots=True)
class Expired(Event):
    member: str
    amount: int


@dataclass(slots=True)
class Recovered(Event):
    operator: str
    old_member: str
    new_member: str
    amount: int
    reason: bytes


@dataclass(slots=True)
class Frozen(Event):
    operator: str
    member: str
    reason: bytes


@dataclass(slots=True)
class Unfrozen(Event):
    operator: str
    member: str
    reason: bytes


@dataclass(slots=True)
class Guaranteed(Event):
    member: str
    merchant: str
    amount: int


@dataclass(slots=True)
class Held(Event):
    """Comes behind its transfer; `merchant` is zero for the shared purse."""

    token: str
    member: str
    merchant: str
    lots: int


@dataclass(slots=True)
class Released(Event):
    """Comes before its transfer."""

    token: str
    member: str
    merchant: str
    receiver: str
    lots: int


@dataclass(slots=True)
class VoucherSettled(Event):
    """Comes before the one transfer of all vouchers that were settled with it."""

    token: str
    member: str
    merchant: str
    till: str
    serial: int
    amount: int
    shared: int


@dataclass(slots=True)
class Overspent(Event):
    """Follows the `VoucherSettled` that it is about."""

    token: str
    member: str
    merchant: str
    serial: int
    guaranteed: int
    unpaid: int


# Events of the desk that are about a token's points.
OF_DESK = (Held, Released, VoucherSettled, Overspent)


@dataclass(slots=True)
class DropOpened(Event):
    drop_id: bytes
    token: str
    awarder: str
    root: bytes
    total: int
    claimable_until: int


@dataclass(slots=True)
class Claimed(Event):
    drop_id: bytes
    member: str
    ref: bytes
    index: int
    recipient: str
    amount: int


@dataclass(slots=True)
class Converted(Event):
    member: str
    source: str
    target: str
    recipient: str
    amount: int
    out: int
    value: int
    source_version: int
    target_version: int


@dataclass(slots=True)
class FeeTaken(Event):
    """Comes before the `Converted` that it is about."""

    source: str
    target: str
    amount: int


@dataclass(slots=True)
class ExpiryCarried(Event):
    """Stands between the transfers of a conversion; `lots` are of the target."""

    source: str
    target: str
    lots: int


@dataclass(slots=True)
class PricesSet(Event):
    program: str
    old_bid: int
    old_ask: int
    new_bid: int
    new_ask: int
    version: int


@dataclass(slots=True)
class PricesScheduled(Event):
    program: str
    new_bid: int
    new_ask: int
    effective_at: int


@dataclass(slots=True)
class ScheduledPricesCancelled(Event):
    program: str
    bid: int
    ask: int


class Terms(NamedTuple):
    """What holds for points of one partner; see `IPointExchange.Terms`."""

    ask: int
    valid_from: int
    valid_until: int
    closed: int


@dataclass(slots=True)
class TermsSet(Event):
    program: str
    partner: str
    old_terms: Terms
    new_terms: Terms
    version: int


@dataclass(slots=True)
class Funded(Event):
    program: str
    payer: str
    amount: int


@dataclass(slots=True)
class Withdrawn(Event):
    program: str
    operator: str
    recipient: str
    amount: int


@dataclass(slots=True)
class FeesWithdrawn(Event):
    recipient: str
    amount: int


# Events that tell nothing about points or money (roles, budgets, switches, approvals) are left out,
# and so are those that only repeat what the token tells (rewards by charters, expiries in purses).
READ: tuple[type[Event], ...] = (
    ProgramCreated,
    Transfer,
    Awarded,
    BatchAwarded,
    Redeemed,
    Refunded,
    Corrected,
    Expired,
    Recovered,
    Frozen,
    Unfrozen,
    Guaranteed,
    Held,
    Released,
    VoucherSettled,
    Overspent,
    DropOpened,
    Claimed,
    Converted,
    FeeTaken,
    ExpiryCarried,
    PricesSet,
    PricesScheduled,
    ScheduledPricesCancelled,
    TermsSet,
    Funded,
    Withdrawn,
    FeesWithdrawn,
)


BY_NAME: dict[str, type[Event]] = {event.__name__: event for event in READ}


def lots_of(lots: int, epoch: int) -> Iterator[tuple[int, int]]:
    """Lots by generation: four lanes, the first of the epoch in which the event stands."""
    for lane in range(_LANES):
        amount = lots >> (_LANE_BITS * lane) & _LANE_MAX
        if amount:
            yield epoch - lane, amount


def total(lots: int) -> int:
    """The points in lots."""
    return sum(amount for _, amount in lots_of(lots, 0))

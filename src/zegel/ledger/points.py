"""Balances by generation, rebuilt from events alone.

This is the mirror in which the chain is checked, so it shares nothing with the contracts but the
promises of their interface: whatever lowers a balance takes the oldest points first, a transfer
keeps the generations, and points are gone when their time comes, announced or not. Only what the
desk pays out is chosen otherwise: its account holds all purses, and each is a balance of its own.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from zegel.chain import events as e
from zegel.ledger.epochs import Epochs

# The purse of points that nobody has set aside.
FREE = ""

# Where lots that were redeemed show the epoch of their newest lane.
_EPOCH_SHIFT = 192
_EPOCH_MAX = 2**16 - 1
_LANES_MASK = 2**_EPOCH_SHIFT - 1

Generations = dict[int, int]


class Movement(NamedTuple):
    """What one event did to one generation of one member's purse.

    `other` is the other side: a member, or the other program of a conversion; None where points
    come into being or go.
    """

    member: str
    purse: str
    generation: int
    kind: str
    amount: int
    other: str | None
    ref: bytes | None


class Leaving(NamedTuple):
    """What a desk has announced to pay out with its next transfer."""

    member: str
    kind: str
    lots: Generations


class PointLedger:
    """Who holds which generations of one program's points.

    `desk` is the program's own; the purses at another, which came later, bear its address. `desks`
    are all that are known, and grow with the events. Events that cannot be true after those before
    them are kept in `contradictions`, and change nothing.
    """

    def __init__(self, epochs: Epochs, desk: str = "", desks: set[str] | None = None) -> None:
        self.epochs = epochs
        self.contradictions: list[str] = []
        # By member and purse.
        self.accounts: dict[tuple[str, str], Generations] = {}
        # What each generation has left, of those that expired: what it had left then.
        self._supply: Generations = defaultdict(int)
        self._desk = desk
        self._desks = set() if desks is None else desks
        self._leaving: dict[str, list[Leaving]] = {}
        self._ages: dict[int, int] = {}
        self._epoch = (0, 0, 0)

    @property
    def members(self) -> Iterable[str]:
        """Everyone who ever had points; a desk is one while others' purses stand in its account."""
        found = dict.fromkeys(member for member, _ in self.accounts)
        if any(purse != FREE for _, purse in self.accounts):
            found |= dict.fromkeys(self._desks)
        return found.keys()

    def alive(self, member: str, timestamp: int) -> Generations:
        """What stands in a member's account by generation, oldest first."""
        found: Generations = {}
        for account in self._standing(member):
            for generation, amount in self._alive(account, timestamp).items():
                found[generation] = found.get(generation, 0) + amount
        return dict(sorted(found.items()))

    def balance(self, member: str, timestamp: int) -> int:
        return sum(
            amount
            for account in self._standing(member)
            for generation, amount in account.items()
            if self._expiry(generation) > timestamp
        )

    def outstanding(self, timestamp: int) -> dict[int, int]:
        """All points that are alive, by the second at which they expire."""
        return {
            self._expiry(generation): amount
            for generation, amount in sorted(self._supply.items())
            if amount and self._expiry(generation) > timestamp
        }

    def lapsed(self, timestamp: int) -> int:
        """All points that expired until then, announced or not."""
        return sum(
            amount
            for generation, amount in self._supply.items()
            if self._expiry(generation) <= timestamp
        )

    def unannounced(self, timestamp: int) -> list[str]:
        """The members with expired points of which no event has told."""
        return [
            member
            for member in self.members
            if any(
                amount and self._expiry(generation) <= timestamp
                for account in self._standing(member)
                for generation, amount in account.items()
            )
        ]

    def apply(self, event: e.Event, why: e.Event | None) -> list[Movement]:
        """Takes in an event about this token; `why` as `explained` says it."""
        if isinstance(event, e.Transfer):
            if event.sender == e.ZERO:
                return self._create(event, why)
            if event.receiver == e.ZERO:
                return self._destroy(event, why)
            return self._move(event, why)
        if isinstance(event, e.Released):
            return self._release(event)
        if isinstance(event, e.VoucherSettled):
            return self._settle(event, why)
        return []

    def _create(self, event: e.Transfer, why: e.Event | None) -> list[Movement]:
        kind, other, ref = "converted in", None, None
        if isinstance(why, e.BatchAwarded):
            kind, ref = "awarded", why.batch_id
        elif isinstance(why, e.Awarded):
            kind, ref = "awarded", why.ref
        elif isinstance(why, e.Refunded):
            kind, ref = "refunded", why.ref
        elif isinstance(why, e.Guaranteed):
            kind = "guaranteed"
        elif isinstance(why, e.Converted | e.ExpiryCarried):
            other = why.source
        lots = self._created(event, why)
        for generation, amount in lots.items():
            self._supply[generation] += amount
        return self._add(event.receiver, FREE, lots, kind, other, ref)

    def _created(self, event: e.Transfer, why: e.Event | None) -> Generations:
        """New points are of the current generation, unless old ones come back or are carried."""
        epoch = self._epoch_at(event.timestamp)
        if isinstance(why, e.ExpiryCarried):
            return dict(e.lots_of(why.lots, epoch))
        if not isinstance(why, e.Refunded):
            return {epoch: event.amount} if event.amount else {}
        told = dict(e.lots_of(why.lots, why.lots >> _EPOCH_SHIFT & _EPOCH_MAX))
        lots = self._alive(told, why.timestamp)
        if sum(lots.values()) != why.amount:
            back = sum(lots.values())
            self._contradict(why, f"gives back {why.amount}, its lots hold {back}")
        return lots

    def _destroy(self, event: e.Transfer, why: e.Event | None) -> list[Movement]:
        if isinstance(why, e.Expired):
            return self._expire(why)
        kind, other, ref = "converted out", None, None
        if isinstance(why, e.Converted):
            other = why.target
        elif isinstance(why, e.Redeemed):
            kind, ref = "redeemed", why.ref
        elif isinstance(why, e.Corrected):
            kind, ref = "corrected", why.ref
        lots = self._oldest(event)
        if isinstance(why, e.Redeemed):
            self._compare(why, lots)
        for generation, amount in lots.items():
            self._supply[generation] -= amount
        return self._take(event.sender, FREE, lots, kind, other, ref)

    def _expire(self, expired: e.Expired) -> list[Movement]:
        """All that is dead in an account goes; for a desk, in all its purses."""
        dead = [
            (member, purse, generation, amount)
            for member, purse in sorted(self._places(expired.member))
            for generation, amount in sorted(self.accounts.get((member, purse), {}).items())
            if amount and self._expiry(generation) <= expired.timestamp
        ]
        amount = sum(amount for *_, amount in dead)
        if amount != expired.amount:
            self._contradict(expired, f"announces {expired.amount} instead of {amount}")
        movements: list[Movement] = []
        for member, purse, generation, amount in dead:
            movements += self._take(member, purse, {generation: amount}, "expired", None, None)
        return movements

    def _move(self, event: e.Transfer, why: e.Event | None) -> list[Movement]:
        sender, receiver = event.sender, event.receiver
        if isinstance(why, e.Released | e.VoucherSettled):
            return self._pay_out(event)
        lots = self._oldest(event)
        if isinstance(why, e.Held):
            self._compare(why, lots)
            self._desks.add(why.contract)
            purse = self._purse(why.contract, why.merchant)
            taken = self._take(sender, FREE, lots, "held", sender, None)
            return taken + self._add(sender, purse, lots, "held", sender, None)
        out, into, ref = "sent", "received", None
        if isinstance(why, e.Recovered):
            out = into = "recovered"
        elif isinstance(why, e.Claimed):
            out = into = "claimed"
            ref = why.ref
        taken = self._take(sender, FREE, lots, out, receiver, ref)
        return taken + self._add(receiver, FREE, lots, into, sender, ref)

    def _release(self, released: e.Released) -> list[Movement]:
        member, purse = released.member, self._purse(released.contract, released.merchant)
        lots = self._alive(self.accounts.get((member, purse), {}), released.timestamp)
        self._compare(released, lots)
        self._leave(released.contract, Leaving(member, "released", lots))
        return self._take(member, purse, lots, "released", released.receiver, None)

    def _settle(self, settled: e.VoucherSettled, why: e.Event | None) -> list[Movement]:
        owner = e.ZERO if settled.shared else settled.merchant
        member, purse = settled.member, self._purse(settled.contract, owner)
        account = self.accounts.get((member, purse), {})
        lots, missing = _oldest(self._alive(account, settled.timestamp), settled.amount)
        told = why.guaranteed + why.unpaid if isinstance(why, e.Overspent) else 0
        if missing != told:
            self._contradict(settled, f"is short of {told} instead of {missing}")
        self._leave(settled.contract, Leaving(member, "paid", lots))
        return self._take(member, purse, lots, "paid", settled.merchant, None)

    def _leave(self, desk: str, leaving: Leaving) -> None:
        self._leaving.setdefault(desk, []).append(leaving)

    def _pay_out(self, event: e.Transfer) -> list[Movement]:
        """What a desk has announced reaches its receiver."""
        leaving = self._leaving.pop(event.sender, [])
        amount = sum(sum(part.lots.values()) for part in leaving)
        if amount != event.amount:
            self._contradict(event, f"pays {event.amount} instead of {amount}")
        movements: list[Movement] = []
        for member, kind, lots in leaving:
            movements += self._add(event.receiver, FREE, lots, kind, member, None)
        return movements

    def _add(
        self,
        member: str,
        purse: str,
        lots: Generations,
        kind: str,
        other: str | None,
        ref: bytes | None,
    ) -> list[Movement]:
        account = self.accounts.get((member, purse))
        if account is None:
            account = self.accounts[member, purse] = {}
        for generation, amount in lots.items():
            account[generation] = account.get(generation, 0) + amount
        return [
            Movement(member, purse, generation, kind, amount, other, ref)
            for generation, amount in lots.items()
        ]

    def _take(
        self,
        member: str,
        purse: str,
        lots: Generations,
        kind: str,
        other: str | None,
        ref: bytes | None,
    ) -> list[Movement]:
        minus = {generation: -amount for generation, amount in lots.items()}
        return self._add(member, purse, minus, kind, other, ref)

    def _oldest(self, event: e.Transfer) -> Generations:
        """The sender's oldest points that make up an amount; none if there are not enough."""
        account = self.accounts.get((event.sender, FREE), {})
        lots, missing = _oldest(self._alive(account, event.timestamp), event.amount)
        if missing:
            self._contradict(event, f"takes {event.amount} of {event.amount - missing}")
            return {}
        return lots

    def _compare(self, event: e.Held | e.Released | e.Redeemed, lots: Generations) -> None:
        """Holds what an event says of generations against what follows from those before it."""
        told = dict(e.lots_of(event.lots & _LANES_MASK, self._epoch_at(event.timestamp)))
        if told != lots:
            self._contradict(event, f"tells of {told} instead of {lots}")

    def _purse(self, desk: str, merchant: str) -> str:
        return merchant if desk == (self._desk or desk) else f"{merchant}@{desk}"

    def _places(self, member: str) -> Iterable[tuple[str, str]]:
        """The parts of what the token calls a member's account."""
        yield member, FREE
        if member in self._desks:
            for owner, purse in self.accounts:
                if purse != FREE and self._purse(member, purse.partition("@")[0]) == purse:
                    yield owner, purse

    def _standing(self, member: str) -> Iterable[Mapping[int, int]]:
        return [self.accounts.get(place, {}) for place in self._places(member)]

    def _alive(self, account: Mapping[int, int], timestamp: int) -> Generations:
        return {
            generation: amount
            for generation, amount in sorted(account.items())
            if amount and self._expiry(generation) > timestamp
        }

    def _epoch_at(self, timestamp: int) -> int:
        """The epoch of a second, remembered as long as it lasts: calendars are slow."""
        epoch, start, end = self._epoch
        if not start <= timestamp < end:
            epoch = self.epochs.at(timestamp)
            self._epoch = (epoch, *self.epochs.bounds(epoch))
        return self._epoch[0]

    def _expiry(self, generation: int) -> int:
        if generation not in self._ages:
            self._ages[generation] = self.epochs.expiry(generation)
        return self._ages[generation]

    def _contradict(self, event: e.Event, what: str) -> None:
        self.contradictions.append(f"{type(event).__name__} in block {event.block} {what}")


def _oldest(alive: Generations, amount: int) -> tuple[Generations, int]:
    """The oldest points that make up an amount, and how many are missing."""
    lots: Generations = {}
    for generation, held in alive.items():
        taken = min(held, amount)
        if taken:
            lots[generation] = taken
        amount -= taken
    return lots, amount

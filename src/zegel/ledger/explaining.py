"""Which event says why points moved.

A token's `Transfer` tells who, whom and how many; why stands in another event of the same
transaction. `Awarded`, `BatchAwarded`, `Redeemed`, `Refunded`, `Corrected`, `Expired`, `Recovered`,
`Guaranteed` and `Held` come behind the transfers that they are about; `Converted`, `ExpiryCarried`,
`Claimed`, `Released` and `VoucherSettled` come before.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby

from zegel.chain import events as e

Explained = tuple[e.Event, e.Event | None]

# By token, sender, receiver and amount; None for any.
_Leg = tuple[str | None, str, str | None, int | None]


def explained(events: Iterable[e.Event]) -> Iterator[Explained]:
    """Each event with the one that says more about it, if there is one.

    For a transfer that is the event that says why; for a conversion the fee, for a voucher what the
    purse was short of. Takes whole transactions, their events in order.
    """
    for _, transaction in groupby(events, key=lambda event: event.transaction):
        told = list(transaction)
        if len(told) == 1:
            yield told[0], None
        else:
            yield from zip(told, _Transaction(told).reasons(), strict=True)


class _Transaction:
    """The events of one transaction, and the transfers among them that wait for a reason."""

    def __init__(self, events: list[e.Event]) -> None:
        self._events = events
        self._reasons: list[e.Event | None] = [None] * len(events)
        self._open: list[int] = []
        self._announced: list[tuple[_Leg, e.Event]] = []

    def reasons(self) -> list[e.Event | None]:
        for place, event in enumerate(self._events):
            if isinstance(event, e.Transfer):
                self._transfer(place, event)
            else:
                self._other(place, event)
        return self._reasons

    def _transfer(self, place: int, event: e.Transfer) -> None:
        following = self._events[place + 1] if place + 1 < len(self._events) else None
        if isinstance(following, e.Expired) and _is_of(event, following):
            self._reasons[place] = following
        elif self._announced and (reason := self._announcement(event)) is not None:
            self._reasons[place] = reason
        else:
            self._open.append(place)

    def _announcement(self, event: e.Transfer) -> e.Event | None:
        """What announced a transfer: the earliest, except that a carried life says more."""
        fitting = [
            (number, reason)
            for number, (leg, reason) in enumerate(self._announced)
            if _fits(leg, event)
        ]
        if not fitting:
            return None
        number, reason = fitting[0]
        if not isinstance(reason, e.Released | e.VoucherSettled):
            del self._announced[number]
        carried = [reason for _, reason in fitting if isinstance(reason, e.ExpiryCarried)]
        return carried[0] if isinstance(reason, e.Converted) and carried else reason

    def _other(self, place: int, event: e.Event) -> None:
        if isinstance(event, e.BatchAwarded):
            self._explain(event, event.count, receiver=None, amount=None)
        elif isinstance(event, e.Awarded | e.Refunded):
            self._explain(event, 1, receiver=event.member, amount=event.amount)
        elif isinstance(event, e.Guaranteed):
            self._explain(event, 1, receiver=None, amount=event.amount)
        elif isinstance(event, e.Redeemed | e.Corrected):
            self._explain(event, 1, sender=event.member, receiver=e.ZERO, amount=event.amount)
        elif isinstance(event, e.Recovered):
            old, new = event.old_member, event.new_member
            self._explain(event, 1, sender=old, receiver=new, amount=event.amount)
        elif isinstance(event, e.Held):
            self._explain(event, 1, event.token, event.member, event.contract, None)
        else:
            self._announce(place, event)

    def _announce(self, place: int, event: e.Event) -> None:
        before = self._events[place - 1] if place else None
        if isinstance(event, e.Converted):
            if isinstance(before, e.FeeTaken):
                self._reasons[place] = before
            self._await((event.source, event.member, e.ZERO, event.amount), event)
            self._await((event.target, e.ZERO, event.recipient, event.out), event)
        elif isinstance(event, e.ExpiryCarried):
            self._await((event.target, e.ZERO, None, e.total(event.lots)), event)
        elif isinstance(event, e.Claimed):
            self._await((None, event.contract, event.recipient, event.amount), event)
        elif isinstance(event, e.Released):
            self._await((event.token, event.contract, event.receiver, None), event)
        elif isinstance(event, e.VoucherSettled):
            self._await((event.token, event.contract, None, None), event)
        elif isinstance(event, e.Overspent) and isinstance(before, e.VoucherSettled):
            self._reasons[place - 1] = event

    def _await(self, leg: _Leg, reason: e.Event) -> None:
        self._announced.append((leg, reason))

    def _explain(
        self,
        reason: e.Event,
        count: int,
        token: str | None = None,
        sender: str = e.ZERO,
        receiver: str | None = None,
        amount: int | None = None,
    ) -> None:
        """Gives the last `count` transfers of this kind their reason."""
        leg = (token or reason.contract, sender, receiver, amount)
        kept: list[int] = []
        while self._open and count:
            place = self._open.pop()
            transfer = self._events[place]
            if isinstance(transfer, e.Transfer) and _fits(leg, transfer):
                self._reasons[place] = reason
                count -= 1
            else:
                kept.append(place)
        self._open += reversed(kept)


def _fits(leg: _Leg, event: e.Transfer) -> bool:
    token, sender, receiver, amount = leg
    return (
        event.sender == sender
        and token in (None, event.contract)
        and receiver in (None, event.receiver)
        and amount in (None, event.amount)
    )


def _is_of(event: e.Transfer, expired: e.Expired) -> bool:
    return (
        event.receiver == e.ZERO
        and event.contract == expired.contract
        and event.sender == expired.member
        and event.amount == expired.amount
    )

"""Balances by generation, rebuilt from events alone.

This is the mirror in which the chain is checked, so it shares nothing with the contracts but the
promises of their interface: whatever lowers a balance takes the oldest points first, a transfer
keeps the generations, and points are gone when their time comes, announced or not. Only what the
desk pays out is chosen otherwise: its account holds all purses, and each is a balance of its own.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from zegel.report import events as e
from zegel.report.epochs import Epochs

# Where lots that were redeemed show the epoch of their newest lane.
_EPOCH_SHIFT = 192
_EPOCH_MAX = 2**16 - 1

Generations = dict[int, int]


class PointLedger:
    """Who holds which generations of one program's points.

    Events that cannot be true after those before them are kept in `contradictions`, and change
    nothing.
    """

    def __init__(self, epochs: Epochs) -> None:
        self.epochs = epochs
        self.contradictions: list[str] = []
        # What each generation has left, of those that expired: what it had left then.
        self._supply: Generations = defaultdict(int)
        self._accounts: dict[str, Generations] = {}
        # What stands in a desk's account: by the desk, the member, and the merchant or zero.
        self._purses: dict[tuple[str, str, str], Generations] = {}
        # What a desk has announced to pay out with its next transfer.
        self._leaving: dict[str, Generations] = {}
        self._ages: dict[int, int] = {}

    @property
    def members(self) -> Iterable[str]:
        """Everyone who ever had points."""
        return self._accounts.keys()

    def alive(self, member: str, timestamp: int) -> Generations:
        """A member's points by generation, oldest first."""
        return self._alive(self._accounts.get(member, {}), timestamp)

    def balance(self, member: str, timestamp: int) -> int:
        return sum(
            amount
            for generation, amount in self._accounts.get(member, {}).items()
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
            for member, account in self._accounts.items()
            if any(amount and self._expiry(g) <= timestamp for g, amount in account.items())
        ]

    def apply(self, event: e.Event, following: e.Event | None) -> None:
        """Takes in an event about this token; `following` is the one behind it."""
        if isinstance(event, e.Transfer):
            self._transfer(event, following)
        elif isinstance(event, e.Held):
            self._hold(event)
        elif isinstance(event, e.Released):
            self._release(event)
        elif isinstance(event, e.VoucherSettled):
            self._settle(event, following)

    def _transfer(self, event: e.Transfer, following: e.Event | None) -> None:
        if event.sender == e.ZERO:
            if isinstance(following, e.Refunded) and _belongs(event, following, following.member):
                self._restore(following)
            else:
                self._create(event.receiver, event.amount, event.timestamp)
        elif event.receiver == e.ZERO:
            if isinstance(following, e.Expired) and _belongs(event, following, following.member):
                self._announce(following)
            else:
                self._destroy(event)
        else:
            self._move(event)

    def _create(self, member: str, amount: int, timestamp: int) -> None:
        generation = self.epochs.at(timestamp)
        account = self._accounts.setdefault(member, {})
        account[generation] = account.get(generation, 0) + amount
        self._supply[generation] += amount

    def _restore(self, refund: e.Refunded) -> None:
        """Gives lots back in their old generations; those that expired since are lost."""
        epoch = refund.lots >> _EPOCH_SHIFT & _EPOCH_MAX
        account = self._accounts.setdefault(refund.member, {})
        restored = 0
        for generation, amount in e.lots_of(refund.lots, epoch):
            if self._expiry(generation) > refund.timestamp:
                account[generation] = account.get(generation, 0) + amount
                self._supply[generation] += amount
                restored += amount
        if restored != refund.amount:
            self._contradict(refund, f"gives back {refund.amount}, its lots hold {restored}")

    def _announce(self, expired: e.Expired) -> None:
        account = self._accounts.get(expired.member, {})
        dead = [g for g in account if self._expiry(g) <= expired.timestamp]
        amount = sum(account[generation] for generation in dead)
        if amount != expired.amount:
            self._contradict(expired, f"announces {expired.amount} instead of {amount}")
        for generation in dead:
            del account[generation]

    def _destroy(self, event: e.Transfer) -> None:
        for generation, amount in self._oldest(event):
            self._accounts[event.sender][generation] -= amount
            self._supply[generation] -= amount

    def _move(self, event: e.Transfer) -> None:
        for generation, amount in self._announced(event) or self._oldest(event):
            self._accounts[event.sender][generation] -= amount
            receiver = self._accounts.setdefault(event.receiver, {})
            receiver[generation] = receiver.get(generation, 0) + amount
        self._accounts.setdefault(event.receiver, {})

    def _hold(self, held: e.Held) -> None:
        purse = self._purses.setdefault((held.contract, held.member, held.merchant), {})
        for generation, amount in e.lots_of(held.lots, self.epochs.at(held.timestamp)):
            purse[generation] = purse.get(generation, 0) + amount

    def _release(self, released: e.Released) -> None:
        purse = self._purses.pop((released.contract, released.member, released.merchant), {})
        alive = self._alive(purse, released.timestamp)
        told = dict(e.lots_of(released.lots, self.epochs.at(released.timestamp)))
        if alive != told:
            self._contradict(released, f"gives back {told} of {alive}")
        self._leave(released.contract, alive)

    def _settle(self, settled: e.VoucherSettled, following: e.Event | None) -> None:
        owner = e.ZERO if settled.shared else settled.merchant
        purse = self._purses.get((settled.contract, settled.member, owner), {})
        lots, missing = _oldest(self._alive(purse, settled.timestamp), settled.amount)
        told = 0
        if isinstance(following, e.Overspent) and following.transaction == settled.transaction:
            told = following.guaranteed + following.unpaid
        if missing != told:
            self._contradict(settled, f"is short of {told} instead of {missing}")
        for generation, amount in lots.items():
            purse[generation] -= amount
        self._leave(settled.contract, lots)

    def _leave(self, desk: str, lots: Generations) -> None:
        leaving = self._leaving.setdefault(desk, {})
        for generation, amount in lots.items():
            leaving[generation] = leaving.get(generation, 0) + amount

    def _announced(self, event: e.Transfer) -> list[tuple[int, int]]:
        """What a desk has said that it pays out."""
        lots = self._leaving.pop(event.sender, {})
        held = self.alive(event.sender, event.timestamp)
        if sum(lots.values()) != event.amount:
            if lots:
                self._contradict(event, f"pays {event.amount} instead of {sum(lots.values())}")
            return []
        if any(held.get(generation, 0) < amount for generation, amount in lots.items()):
            self._contradict(event, f"pays {lots} of {held}")
            return []
        return list(lots.items())

    def _oldest(self, event: e.Transfer) -> list[tuple[int, int]]:
        """The sender's oldest points that make up an amount."""
        lots, missing = _oldest(self.alive(event.sender, event.timestamp), event.amount)
        if missing:
            self._contradict(event, f"takes {event.amount} of {event.amount - missing}")
            return []
        return list(lots.items())

    def _alive(self, account: Generations, timestamp: int) -> Generations:
        return {
            generation: amount
            for generation, amount in sorted(account.items())
            if amount and self._expiry(generation) > timestamp
        }

    def _expiry(self, generation: int) -> int:
        if generation not in self._ages:
            self._ages[generation] = self.epochs.expiry(generation)
        return self._ages[generation]

    def _contradict(self, event: e.Event, what: str) -> None:
        self.contradictions.append(f"{type(event).__name__} in block {event.block} {what}")


@dataclass
class Account:
    """An issuer's money in the exchange, in base units of the settlement token."""

    funded: int = 0
    paid: int = 0
    received: int = 0
    withdrawn: int = 0

    @property
    def balance(self) -> int:
        return self.funded + self.received - self.paid - self.withdrawn


@dataclass
class MoneyLedger:
    """All money in the exchange: the issuers' accounts and the network's fees."""

    money: str
    accounts: dict[str, Account] = field(default_factory=lambda: defaultdict(Account))
    fees: int = 0
    fees_paid_out: int = 0

    def apply(self, event: e.Event) -> None:
        """Takes in an event of the exchange."""
        if isinstance(event, e.Converted):
            if event.source != self.money:
                self.accounts[event.source].paid += event.value
            if event.target != self.money:
                self.accounts[event.target].received += event.value
        elif isinstance(event, e.FeeTaken):
            if event.target != self.money:
                self.accounts[event.target].received -= event.amount
            self.fees += event.amount
        elif isinstance(event, e.Funded):
            self.accounts[event.program].funded += event.amount
        elif isinstance(event, e.Withdrawn):
            self.accounts[event.program].withdrawn += event.amount
        elif isinstance(event, e.FeesWithdrawn):
            self.fees_paid_out += event.amount


def _oldest(alive: Generations, amount: int) -> tuple[Generations, int]:
    """The oldest points that make up an amount, and how many are missing."""
    lots: Generations = {}
    for generation, held in alive.items():
        taken = min(held, amount)
        if taken:
            lots[generation] = taken
        amount -= taken
    return lots, amount


def _belongs(transfer: e.Transfer, following: e.Expired | e.Refunded, member: str) -> bool:
    """Whether the event behind a transfer says what the transfer was."""
    return (
        transfer.contract == following.contract
        and transfer.transaction == following.transaction
        and transfer.amount == following.amount
        and member in (transfer.sender, transfer.receiver)
    )

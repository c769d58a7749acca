"""The figures of a network of programs, from its events alone.

Everything is an integer in base units: of the points of a program, or of the settlement token.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from zegel.chain import events as e
from zegel.ledger.epochs import Epochs, months_between
from zegel.ledger.explaining import explained
from zegel.ledger.money import Account, MoneyLedger
from zegel.ledger.points import PointLedger
from zegel.ledger.prices import PriceBook


@dataclass(frozen=True)
class Program:
    """What a program is. `token` is its address in lower case."""

    token: str
    symbol: str
    name: str
    decimals: int
    epochs: Epochs


@dataclass(frozen=True)
class Money:
    """The settlement token. `fee` is the network's, in millionths of what is converted."""

    token: str
    symbol: str
    decimals: int
    fee: int


@dataclass
class Movements:
    """All that raises or lowers the points of a program."""

    awarded: int = 0
    refunded: int = 0
    guaranteed: int = 0
    converted_in: int = 0
    redeemed: int = 0
    converted_out: int = 0
    corrected: int = 0
    expired: int = 0

    @property
    def net(self) -> int:
        created = self.awarded + self.refunded + self.guaranteed + self.converted_in
        gone = self.redeemed + self.converted_out + self.corrected + self.expired
        return created - gone

    def __add__(self, other: "Movements") -> "Movements":
        return Movements(
            **{name: value + getattr(other, name) for name, value in vars(self).items()}
        )


@dataclass(frozen=True)
class Month:
    """One month of a program; `outstanding` is by the second of expiry, at the month's end."""

    start: int
    end: int
    opening: int
    movements: Movements
    outstanding: Mapping[int, int]

    @property
    def closing(self) -> int:
        return sum(self.outstanding.values())


@dataclass
class Flow:
    """All conversions from one program to another, or from or to money: points given up and
    received, the money, the network's fee."""

    count: int = 0
    amount: int = 0
    out: int = 0
    value: int = 0
    fee: int = 0

    def add(self, amount: int, out: int, value: int, fee: int = 0) -> None:
        self.count += 1
        self.amount += amount
        self.out += out
        self.value += value
        self.fee += fee


@dataclass
class ProgramFigures:
    """One program: points, money and what the ledger made of its events.

    `claimed` were awarded to a drop before. `held`, `returned` and `paid` are what members set
    aside at the desk, took back, and paid with at tills.
    """

    program: Program
    ledger: PointLedger
    months: list[Month] = field(default_factory=list)
    awards: int = 0
    redemptions: int = 0
    sent: int = 0
    sendings: int = 0
    recovered: int = 0
    claimed: int = 0
    held: int = 0
    returned: int = 0
    paid: int = 0
    announced: int = 0
    minted: int = 0
    burnt: int = 0
    account: Account = field(default_factory=Account)
    current: Movements = field(default_factory=Movements)

    @property
    def total(self) -> Movements:
        return sum((month.movements for month in self.months), Movements())

    @property
    def outstanding(self) -> Mapping[int, int]:
        return self.months[-1].outstanding if self.months else {}

    @property
    def closing(self) -> int:
        return sum(self.outstanding.values())


@dataclass
class Figures:
    """All programs, the money between them, and how well the events agree with each other."""

    money: Money
    end: int
    programs: dict[str, ProgramFigures]
    flows: dict[tuple[str, str], Flow]
    accounts: MoneyLedger
    conversions: int = 0
    confirmed: int = 0
    refunds: int = 0
    matched_refunds: int = 0

    @property
    def contradictions(self) -> list[str]:
        return [what for p in self.programs.values() for what in p.ledger.contradictions]


def collect(
    events: Iterable[e.Event], programs: Sequence[Program], money: Money, end: int
) -> Figures:
    """The figures after all events, as they are at the second `end`."""
    return _Collector(programs, money, end).run(events)


class _Collector:
    """Goes through the events once, and closes each month when its last event has passed."""

    def __init__(self, programs: Sequence[Program], money: Money, end: int) -> None:
        self._figures = Figures(
            money,
            end,
            {p.token: ProgramFigures(p, PointLedger(p.epochs)) for p in programs},
            {},
            MoneyLedger(money.token),
        )
        decimals = {p.token: p.decimals for p in programs} | {money.token: money.decimals}
        self._prices = PriceBook(money.token, decimals, money.fee)
        self._redemptions: Counter[tuple[str, str, bytes, int]] = Counter()
        # The programs of the drops, and the desks: nobody pays out of one before it held something.
        self._drops: dict[bytes, str] = {}
        self._desks: set[str] = set()
        self._months = _month_ends(min(p.epochs.created for p in programs), end)

    def run(self, events: Iterable[e.Event]) -> Figures:
        start, month_end = next(self._months)
        for event, why in explained(events):
            while event.timestamp > month_end:
                self._close(start, month_end)
                start, month_end = next(self._months)
            self._take(event, why)
        self._close(start, month_end)
        for start, month_end in self._months:
            self._close(start, month_end)

        for token, program in self._figures.programs.items():
            program.account = self._figures.accounts.accounts[token]
        return self._figures

    def _close(self, start: int, end: int) -> None:
        for program in self._figures.programs.values():
            before = program.months[-1].closing if program.months else 0
            lapsed = program.ledger.lapsed(end)
            program.current.expired = lapsed - sum(m.movements.expired for m in program.months)
            outstanding = program.ledger.outstanding(end)
            program.months.append(Month(start, end, before, program.current, outstanding))
            program.current = Movements()

    def _take(self, event: e.Event, why: e.Event | None) -> None:
        self._figures.accounts.apply(event)
        self._prices.apply(event)
        if isinstance(event, e.Converted):
            self._convert(event)
            return
        if isinstance(event, e.FeeTaken):
            self._flow(event).fee += event.amount
            return
        if isinstance(event, e.DropOpened):
            self._drops[event.drop_id] = event.token
        program = self._figures.programs.get(self._token_of(event))
        if program is None:
            return
        program.ledger.apply(event, why)
        if isinstance(event, e.OF_DESK):
            self._count_at_desk(program, event)
        else:
            self._count(program, event)

    def _token_of(self, event: e.Event) -> str:
        """The program that an event is about."""
        if isinstance(event, e.OF_DESK):
            return event.token
        if isinstance(event, e.Claimed):
            return self._drops.get(event.drop_id, "")
        return event.contract

    def _count(self, program: ProgramFigures, event: e.Event) -> None:
        now = program.current
        if isinstance(event, e.Transfer):
            if event.sender == e.ZERO:
                program.minted += event.amount
            elif event.receiver == e.ZERO:
                program.burnt += event.amount
            elif event.sender not in self._desks:
                program.sent += event.amount
                program.sendings += 1
        elif isinstance(event, e.Awarded):
            now.awarded += event.amount
            program.awards += 1
        elif isinstance(event, e.BatchAwarded):
            now.awarded += event.total
            program.awards += event.count
        elif isinstance(event, e.Redeemed):
            now.redeemed += event.amount
            program.redemptions += 1
            self._redemptions[_redemption(event)] += 1
        elif isinstance(event, e.Refunded):
            now.refunded += event.amount
            self._figures.refunds += 1
            if self._redemptions[_redemption(event)]:
                self._redemptions[_redemption(event)] -= 1
                self._figures.matched_refunds += 1
        elif isinstance(event, e.Corrected):
            now.corrected += event.amount
        elif isinstance(event, e.Expired):
            program.announced += event.amount
        elif isinstance(event, e.Guaranteed):
            now.guaranteed += event.amount
        elif isinstance(event, e.Recovered):
            program.recovered += event.amount
            self._uncount(program, event.amount)
        elif isinstance(event, e.Claimed):
            program.claimed += event.amount
            self._uncount(program, event.amount)

    def _count_at_desk(self, program: ProgramFigures, event: e.Event) -> None:
        if isinstance(event, e.Held):
            self._desks.add(event.contract)
            program.held += e.total(event.lots)
            self._uncount(program, e.total(event.lots))
        elif isinstance(event, e.Released):
            program.returned += e.total(event.lots)
        elif isinstance(event, e.VoucherSettled):
            program.paid += event.amount
        elif isinstance(event, e.Overspent):
            program.paid -= event.unpaid

    @staticmethod
    def _uncount(program: ProgramFigures, amount: int) -> None:
        """Takes back a transfer that was no sending between members."""
        program.sent -= amount
        program.sendings -= 1

    def _convert(self, event: e.Converted) -> None:
        figures = self._figures
        figures.conversions += 1
        figures.confirmed += self._prices.confirms(event)
        if event.source in figures.programs:
            figures.programs[event.source].current.converted_out += event.amount
        if event.target in figures.programs:
            figures.programs[event.target].current.converted_in += event.out
        # The fee stands in an event of its own.
        self._flow(event).add(event.amount, event.out, event.value)

    def _flow(self, event: e.Converted | e.FeeTaken) -> Flow:
        return self._figures.flows.setdefault((event.source, event.target), Flow())


def _redemption(event: e.Redeemed | e.Refunded) -> tuple[str, str, bytes, int]:
    return event.contract, event.member, event.ref, event.lots


def _month_ends(first: int, last: int) -> Iterator[tuple[int, int]]:
    """The first and the last second of each month; the last month ends at `last`."""
    starts = months_between(first, last)
    ends = [start - 1 for start in starts[1:]] + [last]
    return iter(zip(starts, ends, strict=True))

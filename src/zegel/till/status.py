"""How a till is: what it can still take, how old its knowledge is, what waits to be settled."""

from dataclasses import dataclass

from eth_typing import ChecksumAddress

from zegel.errors import Declined
from zegel.report.sheet import Amount, Column, Moment, Row, Sheet, shown
from zegel.till.accepting import check_ready
from zegel.till.books import Payout, Program
from zegel.till.opening import Till


@dataclass(frozen=True)
class Standing:
    """What a till may still take of one program, in base units, and why it takes nothing."""

    program: Program
    floor_limit: int
    total_limit: int
    unsettled: int
    refusal: str

    @property
    def left(self) -> int:
        return max(0, self.total_limit - self.unsettled)

    @property
    def payout(self) -> Payout | None:
        return self.program.payout


@dataclass(frozen=True)
class Status:
    """`synced_at` is the second of the oldest reading of a program, `ends_at` the one from which
    the till takes nothing more unless it syncs; both are 0 if it never did."""

    merchant: ChecksumAddress
    till: ChecksumAddress
    programs: tuple[Standing, ...]
    synced_at: int
    block: int
    ends_at: int
    records: int
    hash: str
    open: int
    oldest_at: int
    settle_before: int
    must_sync: bool

    def sheet(self) -> Sheet:
        """As a table."""
        columns = (
            Column("program"),
            Column("most for one", "number"),
            Column("most in all", "number"),
            Column("not settled", "number"),
            Column("left", "number"),
            Column("takes it"),
        )
        return Sheet(
            f"Till {self.till}", columns, tuple(map(_row, self.programs)), tuple(self._notes())
        )

    def _notes(self) -> list[str]:
        synced = _moment(self.synced_at) if self.synced_at else "never"
        notes = [f"Synced: {synced}. Takes points until: {_moment(self.ends_at)}."]
        if self.open:
            notes.append(
                f"{self.open} sales are not settled; settle the oldest before "
                f"{_moment(self.settle_before)}."
            )
        notes.append(f"The queue has {self.records} records, the last with the hash {self.hash}.")
        return notes


def status(till: Till) -> Status:
    """How a till is now."""
    with till.lock:
        books, oldest = till.known, till.sales.oldest()
        readings = [program.reading for program in books.programs.values()] if books else []
        first = min(readings, key=lambda reading: reading.second, default=None)
        window = books.window if books else 0
        longest = min(window, window if till.rules.max_age is None else till.rules.max_age + 1)
        return Status(
            till.place.merchant,
            till.place.till,
            tuple(_standings(till)),
            first.second if first else 0,
            first.block if first else 0,
            first.second + longest if first else 0,
            len(till.queue.records),
            till.queue.records[-1].hash,
            sum(1 for _ in till.sales.open()),
            oldest.taken_at if oldest else 0,
            oldest.taken_at + window if oldest else 0,
            any(reading.records <= till.sales.settled for reading in readings) or not readings,
        )


def _standings(till: Till) -> list[Standing]:
    if till.known is None:
        return []
    return [
        Standing(
            program,
            till.rules.floor_limits.get(token, 0),
            till.rules.total_limits.get(token, 0),
            till.sales.unsettled(token),
            _refusal(till, program),
        )
        for token, program in till.known.programs.items()
    ]


def _refusal(till: Till, program: Program) -> str:
    """Why the till takes nothing of a program; empty if it does."""
    try:
        check_ready(till, program, till.now())
    except Declined as declined:
        return str(declined)
    return ""


def _row(standing: Standing) -> Row:
    decimals = standing.program.decimals
    amounts = (
        Amount(units, decimals)
        for units in (
            standing.floor_limit,
            standing.total_limit,
            standing.unsettled,
            standing.left,
        )
    )
    return (standing.program.symbol, *amounts, standing.refusal or "yes")


def _moment(second: int) -> str:
    return shown(Moment(second)) if second else "never"

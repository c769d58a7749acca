"""Checks that every figure agrees with another one that was found in another way.

There are four ways: the input of the awards, the events, the ledger that Python rebuilds from the
events, and what the contracts say of themselves. Each check holds one figure against another and is
right or wrong by a single unit.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone

from zegel.ledger.epochs import NEVER
from zegel.report.figures import Figures, Flow, ProgramFigures
from zegel.report.proofs import Proofs
from zegel.report.state import ChainState, ProgramState, generations

EXCHANGE = "exchange"


@dataclass(frozen=True)
class Check:
    """Two figures that must be equal. `claim` reads as `left = right`."""

    subject: str
    claim: str
    left: int
    right: int
    decimals: int = 0

    @property
    def ok(self) -> bool:
        return self.left == self.right


@dataclass(frozen=True)
class Source:
    """What a program's awards were made from: its rows, those without an award, and the sum."""

    rows: int
    empty: int
    total: int


@dataclass(frozen=True)
class Evidence:
    """What is known beside the events and the chain, each by the program's token.

    `observed` is the total supply that the chain told at some seconds of the past.
    """

    sources: Mapping[str, Source] = field(default_factory=dict)
    proofs: Mapping[str, Proofs] = field(default_factory=dict)
    observed: Mapping[str, Mapping[int, int]] = field(default_factory=dict)


def checks(figures: Figures, state: ChainState, evidence: Evidence) -> tuple[Check, ...]:
    """All checks, program by program, then those of the exchange."""
    found: list[Check] = []
    for token, program in figures.programs.items():
        at = _Subject(program.program.symbol, program.program.decimals)
        found += _awards(at, program, evidence.sources.get(token), evidence.proofs.get(token))
        found += _points(at, program, state.programs[token])
        found += _members(at, program, state.programs[token], figures.end)
        found += _expiries(at, program, state.programs[token])
        found += _history(at, program, evidence.observed.get(token, {}))
        found += _account(at, program, state.programs[token], figures.money.decimals)
    found += _exchange(figures, state)
    return tuple(found)


@dataclass(frozen=True)
class _Subject:
    """Makes the checks of one program, in points or in numbers of things."""

    name: str
    decimals: int

    def points(self, claim: str, left: int, right: int) -> Check:
        return Check(self.name, claim, left, right, self.decimals)

    def count(self, claim: str, left: int, right: int) -> Check:
        return Check(self.name, claim, left, right)


def _awards(
    at: _Subject, program: ProgramFigures, source: Source | None, proofs: Proofs | None
) -> Iterator[Check]:
    if source is not None:
        yield at.points("points awarded = sum of the input", program.total.awarded, source.total)
        yield at.count(
            "awards + empty rows = rows of the input", program.awards + source.empty, source.rows
        )
    if proofs is not None:
        yield at.count("batches on the chain = batches meant", proofs.announced, proofs.batches)
        yield at.count("batches that prove a row = batches meant", proofs.proved, proofs.batches)
        yield at.count("batches that deny a false row = all", proofs.denied, proofs.batches)


def _points(at: _Subject, program: ProgramFigures, state: ProgramState) -> Iterator[Check]:
    total = program.total
    yield at.points(
        "awarded + refunded + guaranteed + converted in = points created",
        total.awarded + total.refunded + total.guaranteed + total.converted_in,
        program.minted,
    )
    yield at.points(
        "redeemed + converted out + corrected = points destroyed",
        total.redeemed + total.converted_out + total.corrected,
        program.burnt - program.announced,
    )
    yield at.points("all movements = closing total", total.net, program.closing)
    yield at.points("closing total = totalSupply", program.closing, state.total_supply)


def _members(
    at: _Subject, program: ProgramFigures, state: ProgramState, end: int
) -> Iterator[Check]:
    ledger = program.ledger
    balances = {member: ledger.balance(member, end) for member in ledger.members}
    yield at.points(
        "sum of the ledger's balances = totalSupply", sum(balances.values()), state.total_supply
    )
    yield at.points(
        "sum of balanceOf over all members = totalSupply",
        sum(state.balances.values()),
        state.total_supply,
    )
    yield at.count(
        "members whose balance is the ledger's = members",
        sum(state.balances.get(member) == balance for member, balance in balances.items()),
        len(balances),
    )
    alive = _alive_at(program, end)
    yield at.count(
        "members whose generations are the ledger's = members",
        sum(
            alive(state.words.get(member, 0)) == ledger.alive(member, end)
            for member in ledger.members
        ),
        len(balances),
    )


def _alive_at(program: ProgramFigures, end: int) -> Callable[[int], dict[int, int]]:
    epochs = program.program.epochs
    expiries: dict[int, int] = {}

    def alive(word: int) -> dict[int, int]:
        found = {}
        for generation, amount in generations(word).items():
            if generation not in expiries:
                expiries[generation] = epochs.expiry(generation)
            if expiries[generation] > end:
                found[generation] = amount
        return found

    return alive


def _expiries(at: _Subject, program: ProgramFigures, state: ProgramState) -> Iterator[Check]:
    for expires in sorted(program.outstanding.keys() | state.by_expiry.keys()):
        yield at.points(
            f"ledger {_until(expires)} = supplyByExpiry",
            program.outstanding.get(expires, 0),
            state.by_expiry.get(expires, 0),
        )
    yield at.points(
        "expired by the calendar = expiries announced", program.total.expired, program.announced
    )


def _history(at: _Subject, program: ProgramFigures, observed: Mapping[int, int]) -> Iterator[Check]:
    if not observed:
        return
    closings = {month.end: month.closing for month in program.months}
    yield at.count(
        "month-ends whose total is what totalSupply was = months",
        sum(closings.get(moment) == supply for moment, supply in observed.items()),
        len(program.months),
    )


def _account(
    at: _Subject, program: ProgramFigures, state: ProgramState, decimals: int
) -> Iterator[Check]:
    yield Check(
        at.name,
        "funded + received - paid - withdrawn = account",
        program.account.balance,
        state.account,
        decimals,
    )


def _exchange(figures: Figures, state: ChainState) -> Iterator[Check]:
    money, decimals = figures.money.token, figures.money.decimals
    accounts = figures.accounts
    flows = figures.flows

    yield Check(
        EXCHANGE,
        "issuers' accounts + fees = settlement tokens held",
        sum(program.account for program in state.programs.values()) + state.fees,
        state.held,
        decimals,
    )
    yield Check(
        EXCHANGE,
        "fees charged - fees paid out = fees on the chain",
        accounts.fees - accounts.fees_paid_out,
        state.fees,
        decimals,
    )
    yield Check(
        EXCHANGE,
        "paid by issuers + topped up = received + cashed out + fees",
        sum(a.paid for a in accounts.accounts.values()) + _sum_of(flows, source=money),
        sum(a.received for a in accounts.accounts.values())
        + _sum_of(flows, target=money)
        + accounts.fees,
        decimals,
    )
    yield Check(
        EXCHANGE,
        "conversions that the posted prices give = conversions",
        figures.confirmed,
        figures.conversions,
    )
    yield Check(
        EXCHANGE,
        "refunds of a redemption that was made = refunds",
        figures.matched_refunds,
        figures.refunds,
    )
    yield Check(
        EXCHANGE, "events that contradict earlier ones = none", len(figures.contradictions), 0
    )


def _sum_of(
    flows: Mapping[tuple[str, str], Flow], *, source: str | None = None, target: str | None = None
) -> int:
    """What came in from a source of money, or went out to it."""
    return sum(
        flow.value if source is not None else flow.out
        for (a, b), flow in flows.items()
        if a == source or b == target
    )


def _until(expires: int) -> str:
    if expires == NEVER:
        return "without expiry"
    return f"until {datetime.fromtimestamp(expires, timezone.utc):%Y-%m-%d}"


def failed(found: Sequence[Check]) -> list[Check]:
    """The checks that found a difference."""
    return [check for check in found if not check.ok]

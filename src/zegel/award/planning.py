"""What a file would do, before anything is entered or sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import ColumnElement, func, select

from zegel.admin.inputs import shown
from zegel.award import states
from zegel.award.batches import GAS_PER_AWARD, GAS_PER_BATCH
from zegel.award.entering import batches_of, news, number_of, waits
from zegel.award.files import read_file
from zegel.award.office import Office
from zegel.award.payload import GAS_OF_CORRECTION
from zegel.award.schema import batches, rows
from zegel.chain import roles
from zegel.chain.sending import fees
from zegel.errors import PlanRefused

_TO_DO = (states.PLANNED, states.REFUSED, states.FAILED)


@dataclass(frozen=True)
class Plan:
    """What would be sent. Points are in base units.

    `awards`, `members`, `total`, `batches`, `corrections` and `corrected` are what is due now;
    `pending` rows wait, and `repeated` ones were entered before. `gas` is the most that it may
    take, `money` what that may cost in wei, `budget_left` what the account may award or correct in
    this period. With `refusals`, nothing would be sent.
    """

    awards: int
    members: int
    total: int
    batches: int
    corrections: int
    corrected: int
    pending: int
    repeated: int
    gas: int
    money: int
    budget_left: int
    refusals: tuple[str, ...]


def plan(office: Office, path: Path) -> Plan:
    """What awarding a file would do now. A faulty file is refused whole."""
    file = read_file(path, office.decimals, office.members())
    now = office.now()
    with office.journal.reading() as database:
        known = number_of(database, office, file)
        found = news(database, office, file) if known is None else None
    if found is None:
        assert known is not None
        return _of_known(office, known, len(file.rows))
    cut = batches_of(office, found.fresh, now)
    due = _Due(
        awards=sum(len(batch.awards) for batch, kind in cut if kind == states.AWARDS),
        members=len({award.member for batch, _ in cut for award in batch.awards}),
        total=sum(batch.total for batch, kind in cut if kind == states.AWARDS),
        batches=len(cut),
        corrections=sum(kind == states.CORRECTION for _, kind in cut),
        corrected=sum(batch.total for batch, kind in cut if kind == states.CORRECTION),
    )
    pending = sum(waits(row, now) for row in found.fresh)
    return _judged(office, due, pending, len(found.repeated))


def check(office: Office, file: int | None) -> None:
    """Refuses before the first transaction what would be refused half-way."""
    found = refusals(office, _due(office, file), _budget_left(office))
    if found:
        raise PlanRefused("; ".join(found))


@dataclass(frozen=True)
class _Due:
    awards: int
    members: int
    total: int
    batches: int
    corrections: int
    corrected: int

    @property
    def gas(self) -> int:
        transactions = self.batches - self.corrections
        return (
            GAS_PER_BATCH * transactions
            + GAS_PER_AWARD * self.awards
            + GAS_OF_CORRECTION * self.corrections
        )


def _of_known(office: Office, file: int, size: int) -> Plan:
    due = _due(office, file)
    with office.journal.reading() as database:
        pending = database.scalar(
            select(func.count()).where(rows.c.file == file, rows.c.state == states.WAITING)
        )
    return _judged(office, due, pending or 0, size - due.awards - due.corrections - (pending or 0))


def _due(office: Office, file: int | None) -> _Due:
    """What the journal has that is not signed yet."""
    ours: list[ColumnElement[bool]] = [
        batches.c.token == office.token,
        batches.c.state.in_(_TO_DO),
    ]
    if file is not None:
        ours.append(batches.c.file == file)
    sums = (
        select(
            batches.c.kind,
            func.count().label("rows"),
            func.count(rows.c.member.distinct()).label("members"),
            func.sum(rows.c.amount).label("total"),
            func.count(batches.c.id.distinct()).label("batches"),
        )
        .join(rows, rows.c.batch == batches.c.id)
        .where(*ours)
        .group_by(batches.c.kind)
    )
    with office.journal.reading() as database:
        found = {row.kind: row for row in database.execute(sums)}
    awards, corrections = found.get(states.AWARDS), found.get(states.CORRECTION)
    return _Due(
        awards=awards.rows if awards else 0,
        members=sum(row.members for row in found.values()),
        total=int(awards.total) if awards else 0,
        batches=sum(row.batches for row in found.values()),
        corrections=corrections.rows if corrections else 0,
        corrected=int(corrections.total) if corrections else 0,
    )


def _judged(office: Office, due: _Due, pending: int, repeated: int) -> Plan:
    left = _budget_left(office)
    most, _ = office.patiently(lambda: fees(office.suite.connection))
    return Plan(
        awards=due.awards,
        members=due.members,
        total=due.total,
        batches=due.batches,
        corrections=due.corrections,
        corrected=due.corrected,
        pending=pending,
        repeated=repeated,
        gas=due.gas,
        money=due.gas * most,
        budget_left=left,
        refusals=tuple(refusals(office, due, left)),
    )


def _budget_left(office: Office) -> int:
    budget = office.contract.functions.budgetOf(office.sender.address)
    limit, used, _, _ = office.patiently(budget.call)
    return max(0, int(limit) - int(used))


def refusals(office: Office, due: _Due, left: int) -> Sequence[str]:
    """Why the token would not take what is due."""
    found: list[str] = []
    if not due.batches:
        return found
    token = office.contract.functions
    if office.patiently(token.isPaused().call):
        found.append(f"{office.symbol} is paused: unpause it first")
    needed = due.total + due.corrected
    if needed > left:
        found.append(
            f"{shown(left, office.decimals)} points are left in the budget of "
            f"{office.sender.address}, {shown(needed, office.decimals)} are needed: raise it, or "
            "wait for the next period"
        )
    may_correct = token.hasRole(roles.CORRECTOR, office.sender.address)
    if due.corrections and not office.patiently(may_correct.call):
        found.append(
            f"{office.sender.address} is not corrector of {office.symbol}: run corrections with an "
            "account that is"
        )
    return found

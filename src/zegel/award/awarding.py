"""Awards a file: plan it, run it, ask how far it is, report its rows, cancel what still waits.

Everything can be done again at any time. What was done stays done, what was interrupted goes on,
and several workers can run the same file at once.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select, update

from zegel.admin.inputs import word
from zegel.award import states
from zegel.award.entering import enter, take_up
from zegel.award.finding import watch_found
from zegel.award.journal import Journal
from zegel.award.office import Office
from zegel.award.planning import Plan, check, plan
from zegel.award.reporting import report
from zegel.award.schema import batches, files, repeats, rows, state_of_row
from zegel.award.signing import sign_planned
from zegel.errors import ChainError, ConfigError
from zegel.outbox.broadcasting import broadcast, mend, nudge
from zegel.outbox.confirming import confirm, watch

__all__ = ["Plan", "Status", "cancel", "file_number", "plan", "report", "run", "status"]

_SHORTEST_PAUSE = 0.01
_LONGEST_PAUSE = 1.0


@dataclass(frozen=True)
class Status:
    """How many rows are where, and why some are not where they should be.

    `rows` has the states that occur, in their order. `repeated` rows stood in an earlier file.
    `points` are those that are on the chain, in base units, corrections not subtracted.
    """

    rows: dict[str, int]
    repeated: int
    points: int
    troubles: tuple[str, ...]

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do now. Rows that wait may wait."""
        settled = {states.WAITING, states.CANCELLED, *states.ON_CHAIN}
        return set(self.rows) <= settled


def run(
    office: Office,
    path: Path | None = None,
    progress: Callable[[Status], None] = lambda _: None,
) -> Status:
    """Awards a file, or, without one, whatever is due of all files; returns how far it got.

    It ends when all that is due stands in a block. Later runs see to it that it stays there, until
    it is final. Awards that the token refuses or that fail are named in the status, and tried again
    by the next run.
    """
    file = None if path is None else enter(office, path)
    take_up(office)
    _watch(office)
    _revive(office)
    check(office, file)
    _carry_on(office, file, progress)
    return status(office.journal, office.token, file)


def status(journal: Journal, token: str, file: int | None = None) -> Status:
    """How far the awards of a token are: all, or those of one file."""
    ours = [batches.c.token == token.lower()]
    loose = [rows.c.token == token.lower(), rows.c.batch.is_(None)]
    again = [files.c.token == token.lower()]
    if file is not None:
        ours.append(batches.c.file == file)
        loose.append(rows.c.file == file)
        again.append(files.c.id == file)
    in_batches = (
        select(batches.c.state, func.sum(batches.c.count)).where(*ours).group_by(batches.c.state)
    )
    without = select(rows.c.state, func.count()).where(*loose).group_by(rows.c.state)
    arrived = batches.c.state.in_(states.ON_CHAIN) & (batches.c.kind == states.AWARDS)
    with journal.reading() as database:
        found = [*database.execute(in_batches), *database.execute(without)]
        counted = {state: int(count) for state, count in found}
        points = database.scalar(select(func.sum(batches.c.total)).where(*ours, arrived))
        troubles = database.execute(
            select(batches.c.root, batches.c.trouble, func.min(rows.c.line))
            .join(rows, rows.c.batch == batches.c.id)
            .where(*ours, batches.c.trouble.is_not(None))
            .group_by(batches.c.id, batches.c.root, batches.c.trouble)
            .order_by(batches.c.id)
        ).all()
        repeated = database.scalar(
            select(func.count())
            .select_from(repeats)
            .join(files, files.c.id == repeats.c.file)
            .where(*again)
        )
    return Status(
        rows={name: counted[name] for name in states.ALL if name in counted},
        repeated=repeated or 0,
        points=int(points or 0),
        troubles=tuple(f"batch {root}, from line {line}: {why}" for root, why, line in troubles),
    )


def cancel(journal: Journal, token: str, refs: Sequence[str]) -> None:
    """Cancels awards that still wait, by their refs: all of them, or none if one does not wait."""
    with journal.writing() as database:
        for ref in refs:
            name = "0x" + word(ref, "ref").hex()
            found = database.execute(
                select(state_of_row(), rows.c.file, rows.c.line)
                .select_from(rows.outerjoin(batches, batches.c.id == rows.c.batch))
                .where(rows.c.token == token.lower(), rows.c.ref == name)
            ).one_or_none()
            if found is None:
                raise ConfigError(f"ref: {ref!r} is in no file of the journal: check it")
            if found.state == states.CANCELLED:
                continue
            if found.state != states.WAITING:
                raise ConfigError(
                    f"ref: {ref!r} does not wait any more, it is {found.state}: correct it instead"
                )
            database.execute(
                update(rows)
                .where(rows.c.file == found.file, rows.c.line == found.line)
                .values(state=states.CANCELLED)
            )


def file_number(journal: Journal, token: str, name: str) -> int:
    """The number of the last file that was entered under a name."""
    with journal.reading() as database:
        found = database.scalar(
            select(func.max(files.c.id)).where(files.c.token == token.lower(), files.c.name == name)
        )
    if found is None:
        raise ConfigError(f"no file {name} in the journal: run it first")
    return int(found)


def _carry_on(office: Office, file: int | None, progress: Callable[[Status], None]) -> None:
    """Signs, sends and confirms until nothing is left to do."""
    box, pause, moved = office.box, _SHORTEST_PAUSE, office.now()
    while True:
        signed = sign_planned(office, office.window - box.count_open(), file)
        broadcast(box)
        arrived = confirm(box)
        if not signed and not arrived and not box.count_open():
            break
        if signed or arrived:
            pause, moved = _SHORTEST_PAUSE, office.now()
            progress(status(office.journal, office.token, file))
            continue
        nudge(box)
        mend(box)
        if office.now() - moved > office.give_up:
            raise ChainError(
                f"transactions of {office.sender.address} are in no block after "
                f"{office.give_up} s: run the same again later, it goes on from there"
            )
        time.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE)
    _watch(office)


def _watch(office: Office) -> None:
    """Makes final what the chain will keep; what it has given up is on its way again."""
    for box in (office.box, *office.box.others()):
        watch(box)
    watch_found(office)


def _revive(office: Office) -> None:
    """Plans anew what was refused, and what has failed for good."""
    with office.journal.writing() as database:
        database.execute(
            update(batches)
            .where(
                batches.c.token == office.token,
                batches.c.state.in_((states.REFUSED, states.FAILED)),
                batches.c.block.is_(None),
            )
            .values(state=states.PLANNED, trouble=None)
        )

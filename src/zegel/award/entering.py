"""Enters an award file into the journal, once, and puts its rows into batches.

A ref is awarded once. A row that comes again as it was is a repetition, and says so; one whose ref
had another member, amount or reason is a fault, as is a correction of what was never awarded.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from sqlalchemy import Connection as Database
from sqlalchemy import CursorResult, RowMapping, insert, select, update

from zegel.award import batches as cutting
from zegel.award import states
from zegel.award.batches import Batch
from zegel.award.faults import Fault, FaultyFile
from zegel.award.files import AwardFile, read_file
from zegel.award.office import Office
from zegel.award.rows import Award, Row, unpacked_text
from zegel.award.schema import batches, files, repeats, rows, state_of_row
from zegel.crashing import crash_point

# Databases take a bounded number of values in one question.
_TOGETHER = 500

Known = Mapping[str, RowMapping]


@dataclass(frozen=True)
class News:
    """What a file says that the journal does not know: rows to award, and repetitions."""

    file: AwardFile
    fresh: tuple[Row, ...]
    repeated: tuple[tuple[Row, RowMapping], ...]


def enter(office: Office, path: Path) -> int:
    """The number of a file in the journal, where it is entered unless it was before."""
    file = read_file(path, office.decimals, office.members())
    with office.journal.writing() as database:
        number = number_of(database, office, file)
        if number is None:
            number = _enter(database, office, news(database, office, file))
            crash_point("award.entering")
    crash_point("award.entered")
    return number


def number_of(database: Database, office: Office, file: AwardFile) -> int | None:
    """The number of a file that was entered before."""
    found: int | None = database.scalar(
        select(files.c.id).where(files.c.token == office.token, files.c.digest == _hex(file.digest))
    )
    return found


def news(database: Database, office: Office, file: AwardFile) -> News:
    """What is new in a file. Whatever contradicts the journal is a fault."""
    known = dict(_known(database, office, [_hex(row.award.ref) for row in file.rows]))
    corrected = [_hex(row.corrects) for row in file.rows if row.corrects]
    awarded = dict(_known(database, office, corrected))
    before = set(_corrected(database, office, corrected))
    fresh, repeated, faults = [], [], []
    for row in file.rows:
        found = known.get(_hex(row.award.ref))
        if found is None:
            fresh.append(row)
            fault = _fault_of_correction(file.path, row, awarded, before)
        else:
            repeated.append((row, found))
            fault = _fault_of_repetition(file.path, row, found)
        if fault is not None:
            faults.append(fault)
    if faults:
        raise FaultyFile(faults)
    return News(file, tuple(fresh), tuple(repeated))


def take_up(office: Office) -> None:
    """Puts the rows whose time has come into batches."""
    due = (
        select(rows)
        .where(
            rows.c.token == office.token,
            rows.c.state == states.WAITING,
            rows.c.pending_until <= office.now(),
        )
        .order_by(rows.c.file, rows.c.pending_until, rows.c.line)
    )
    with office.journal.writing() as database:
        found = database.execute(due).mappings()
        for file, of_file in groupby(found.all(), key=itemgetter("file")):
            held = {award.ref: (award, row["line"]) for row in of_file for award in [award_of(row)]}
            for batch in cutting.cut([award for award, _ in held.values()], office.batch_rows):
                number = _begin(database, office, file, batch, states.AWARDS)
                for award in batch.awards:
                    database.execute(
                        update(rows)
                        .where(rows.c.file == file, rows.c.line == held[award.ref][1])
                        .values(state=states.PLANNED, batch=number)
                    )


def award_of(row: RowMapping) -> Award:
    """A row of the journal as an award."""
    return Award(
        bytes.fromhex(row["member"][2:]),
        row["amount"],
        bytes.fromhex(row["ref"][2:]),
        bytes.fromhex(row["reason"][2:]),
    )


def batches_of(office: Office, fresh: Sequence[Row], now: int) -> list[tuple[Batch, str]]:
    """The batches of rows that need not wait, and what each does. Corrections go one by one."""
    due = [row for row in fresh if not waits(row, now)]
    awards = [row.award for row in due if row.corrects is None]
    corrections = [Batch((row.award,)) for row in due if row.corrects is not None]
    return [
        *((batch, states.AWARDS) for batch in cutting.cut(awards, office.batch_rows)),
        *((batch, states.CORRECTION) for batch in corrections),
    ]


def _enter(database: Database, office: Office, found: News) -> int:
    now = office.now()
    entered = database.execute(
        insert(files).values(
            token=office.token,
            digest=_hex(found.file.digest),
            name=found.file.path.name,
            added=now,
            decimals=office.decimals,
        )
    )
    number = _key(entered)
    homes = {
        award.ref: home
        for batch, kind in batches_of(office, found.fresh, now)
        for home in [_begin(database, office, number, batch, kind)]
        for award in batch.awards
    }
    if found.fresh:
        database.execute(insert(rows), [_entry(office, number, row, homes) for row in found.fresh])
    if found.repeated:
        database.execute(
            insert(repeats),
            [
                {"file": number, "line": row.line, "of_file": of["file"], "of_line": of["line"]}
                for row, of in found.repeated
            ],
        )
    return number


def _begin(database: Database, office: Office, file: int, batch: Batch, kind: str) -> int:
    """A new batch in the journal."""
    entered = database.execute(
        insert(batches).values(
            token=office.token,
            file=file,
            root=_hex(batch.id),
            kind=kind,
            count=len(batch.awards),
            total=batch.total,
            state=states.PLANNED,
        )
    )
    return _key(entered)


def _key(entered: CursorResult[Any]) -> int:
    """The number that a new line of a table got."""
    key = entered.inserted_primary_key
    assert key is not None
    return int(key[0])


def _entry(office: Office, file: int, row: Row, homes: Mapping[bytes, int]) -> dict[str, Any]:
    home = homes.get(row.award.ref)
    return {
        "file": file,
        "line": row.line,
        "token": office.token,
        "member": _hex(row.award.member),
        "number": row.number,
        "amount": row.award.amount,
        "ref": _hex(row.award.ref),
        "reason": _hex(row.award.reason),
        "pending_until": row.pending_until,
        "corrects": None if row.corrects is None else _hex(row.corrects),
        "state": states.WAITING if home is None else states.PLANNED,
        "batch": home,
    }


def waits(row: Row, now: int) -> bool:
    return row.pending_until is not None and row.pending_until > now


def _fault_of_repetition(path: Path, row: Row, known: RowMapping) -> Fault | None:
    """What is wrong with a row whose ref the journal has."""
    ref = unpacked_text(row.award.ref)
    place = f"stands in {known['name']}, line {known['line']}"
    if known["state"] == states.CANCELLED:
        reason, remedy = f"{place}, and was cancelled", "give the award a new ref"
        return Fault(path, row.line, "ref", ref, reason, remedy)
    corrects = None if row.corrects is None else _hex(row.corrects)
    same = award_of(known) == row.award and known["corrects"] == corrects
    if same:
        return None
    reason, remedy = f"{place}, for something else", "give every award its own ref"
    return Fault(path, row.line, "ref", ref, reason, remedy)


def _fault_of_correction(path: Path, row: Row, awarded: Known, before: set[str]) -> Fault | None:
    """What is wrong with a row that corrects."""
    if row.corrects is None:
        return None
    name = _hex(row.corrects)
    award = awarded.get(name)
    if award is None or award["corrects"] is not None:
        wrong = "is the ref of no award in the journal", "check it"
    elif name in before:
        wrong = "was corrected before", "check it: an award is corrected once"
    elif award["state"] not in states.ON_CHAIN:
        wrong = f"is not awarded: it is {award['state']}", "cancel it, or wait until it is"
    elif award["member"] != _hex(row.award.member):
        wrong = f"was awarded to {award['member']}", "name that member"
    elif award["amount"] < row.award.amount:
        wrong = "was awarded less than that", "take back at most what was awarded"
    else:
        return None
    return Fault(path, row.line, "corrects", unpacked_text(row.corrects), *wrong)


def _known(
    database: Database, office: Office, refs: Sequence[str]
) -> Iterator[tuple[str, RowMapping]]:
    """The rows of some refs, each in its own or its batch's state."""
    for some in _portions(refs):
        question = (
            select(*(c for c in rows.c if c.name != "state"), state_of_row(), files.c.name)
            .join(files, files.c.id == rows.c.file)
            .outerjoin(batches, batches.c.id == rows.c.batch)
            .where(rows.c.token == office.token, rows.c.ref.in_(some))
        )
        for row in database.execute(question).mappings():
            yield row["ref"], row


def _corrected(database: Database, office: Office, refs: Sequence[str]) -> Iterator[str]:
    """Which of some refs were corrected before."""
    for some in _portions(refs):
        yield from database.scalars(
            select(rows.c.corrects).where(rows.c.token == office.token, rows.c.corrects.in_(some))
        )


def _portions(refs: Sequence[str]) -> Iterable[Sequence[str]]:
    return (refs[start : start + _TOGETHER] for start in range(0, len(refs), _TOGETHER))


def _hex(data: bytes) -> str:
    return "0x" + data.hex()

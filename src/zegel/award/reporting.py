"""What became of every row, as CSV or as JSON lines.

    file,line,member,number,amount,ref,reason,status,batch,transaction,block,…

Rows come in the order of their files. Those that stood in an earlier file have the status of the
row there.
"""

import csv
import json
from collections.abc import Iterator
from typing import Any, TextIO

from eth_utils.address import to_checksum_address
from sqlalchemy import Select, select

from zegel.admin.inputs import shown
from zegel.award.journal import Journal
from zegel.award.rows import unpacked_text
from zegel.award.schema import batches, files, repeats, rows, state_of_row
from zegel.errors import ConfigError
from zegel.report.cells import defused

COLUMNS = (
    "file",
    "line",
    "member",
    "number",
    "amount",
    "ref",
    "reason",
    "pending_until",
    "corrects",
    "status",
    "trouble",
    "batch",
    "transaction",
    "block",
    "repeats_file",
    "repeats_line",
)

Line = dict[str, str | int | None]

_AT_ONCE = 1_000


def report(
    journal: Journal, token: str, stream: TextIO, form: str = "csv", file: int | None = None
) -> None:
    """Writes what became of every row of a token, or of one file, as `csv` or `json` lines."""
    if form not in ("csv", "json"):
        raise ConfigError(f"form: {form!r} is neither csv nor json")
    lines = _lines(journal, token, file)
    if form == "json":
        stream.writelines(json.dumps(line) + "\n" for line in lines)
        return
    writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for line in lines:
        # Names and refs come from outside, and may be meant for a spreadsheet to run.
        writer.writerow(
            {name: defused(cell) if isinstance(cell, str) else cell for name, cell in line.items()}
        )


def _lines(journal: Journal, token: str, file: int | None) -> Iterator[Line]:
    ours = [files.c.token == token.lower()]
    if file is not None:
        ours.append(files.c.id == file)
    with journal.reading() as database:
        for number, name, decimals in database.execute(
            select(files.c.id, files.c.name, files.c.decimals).where(*ours).order_by(files.c.id)
        ).all():
            for question in (_own(number), _repeated(number)):
                found = database.execution_options(yield_per=_AT_ONCE).execute(question)
                for row in found.mappings():
                    yield _line(name, decimals, row)


_STATE = state_of_row()
_SHOWN = (
    rows.c.member,
    rows.c.number,
    rows.c.amount,
    rows.c.ref,
    rows.c.reason,
    rows.c.pending_until,
    rows.c.corrects,
    _STATE,
    batches.c.trouble,
    batches.c.root,
    batches.c.transaction,
    batches.c.block,
)


def _own(file: int) -> Select[Any]:
    """The rows that a file brought."""
    return (
        select(rows.c.line, *_SHOWN)
        .select_from(rows.outerjoin(batches, batches.c.id == rows.c.batch))
        .where(rows.c.file == file)
        .order_by(rows.c.line)
    )


def _repeated(file: int) -> Select[Any]:
    """The rows of a file that stood in an earlier one."""
    same = (rows.c.file == repeats.c.of_file) & (rows.c.line == repeats.c.of_line)
    return (
        select(repeats.c.line, *_SHOWN, files.c.name.label("of_name"), repeats.c.of_line)
        .select_from(
            repeats.join(rows, same)
            .join(files, files.c.id == repeats.c.of_file)
            .outerjoin(batches, batches.c.id == rows.c.batch)
        )
        .where(repeats.c.file == file)
        .order_by(repeats.c.line)
    )


def _line(name: str, decimals: int, row: Any) -> Line:
    return {
        "file": name,
        "line": row["line"],
        "member": to_checksum_address(row["member"]),
        "number": row["number"],
        "amount": shown(row["amount"], decimals),
        "ref": _text(row["ref"]),
        "reason": _text(row["reason"]),
        "pending_until": row["pending_until"],
        "corrects": _text(row["corrects"]),
        "status": row["state"],
        "trouble": row["trouble"],
        "batch": row["root"],
        "transaction": row["transaction"],
        "block": row["block"],
        "repeats_file": row.get("of_name"),
        "repeats_line": row.get("of_line"),
    }


def _text(word: str | None) -> str | None:
    return None if word is None else unpacked_text(bytes.fromhex(word[2:]))

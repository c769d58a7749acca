"""Award files: one award a row, checked whole before anything is sent.

    member,amount,ref,reason
    0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045,12.50,receipt-2041,purchase 2026-01-31

A file is CSV (`.csv`), a spreadsheet (`.xlsx`) or JSON lines (`.jsonl`, one object a line). Its
columns, in any order:

- `member` is an address; written in mixed case, its checksum must be right (ERC-55). With a member
  directory it may be the member's number at the issuer.
- `amount` is in points, with a decimal point, and at most as many decimals as the program has.
- `ref` is the awarder's own number for what is rewarded, different on every row: up to 31
  characters, or 0x and 64 hexadecimal digits.
- `reason` is short text of up to 31 characters, or 0x and 64 hexadecimal digits of a document's
  hash.
- `pending_until`, if there is such a column, is a date, or a date and time with its offset: the
  award waits until then, and can be cancelled. Empty, it does not wait.
- `corrects`, if there is such a column, is the ref of an earlier award that was too high: `amount`
  points of it are taken back. Empty, the row is an award.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from zegel.award import values
from zegel.award.faults import Fault, FaultyFile
from zegel.award.reading import delimited, jsonlines, spreadsheet
from zegel.award.rows import Award, Row
from zegel.award.values import WrongValue
from zegel.errors import FileError

COLUMNS = ("member", "amount", "ref", "reason")
OPTIONAL = ("pending_until", "corrects")

MAX_BYTES = 128 * 2**20
MAX_ROWS = 1_000_000
MAX_FAULTS = 10_000

_HEADER = ",".join(COLUMNS)

Cell = str | WrongValue

_T = TypeVar("_T")


@dataclass(frozen=True)
class AwardFile:
    """A file that was read. `digest` is the SHA-256 of its bytes."""

    path: Path
    digest: bytes
    rows: tuple[Row, ...]


def read_file(path: Path, decimals: int, members: Mapping[str, bytes] | None = None) -> AwardFile:
    """All rows of a file, for a program whose points have `decimals` decimals.

    Args:
        members: The addresses of members by their numbers at the issuer.
    """
    content = _content(path)
    reader = _Reader(path, decimals, members or {})
    rows = tuple(reader.rows(content))
    if reader.faults:
        raise FaultyFile(reader.faults)
    if not rows:
        raise FileError(path, "has no awards: write one a line below the header")
    return AwardFile(path, hashlib.sha256(content).digest(), rows)


def read_awards(
    path: Path, decimals: int, members: Mapping[str, bytes] | None = None
) -> tuple[Award, ...]:
    """All awards of a file in which no row waits or corrects."""
    rows = read_file(path, decimals, members).rows
    faults = [
        Fault(path, row.line, column, "", "cannot stand here", "leave the column empty")
        for row in rows
        for column, value in (("pending_until", row.pending_until), ("corrects", row.corrects))
        if value is not None
    ]
    if faults:
        raise FaultyFile(faults)
    return tuple(row.award for row in rows)


def _content(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise FileError(
                path, f"has {size:,} bytes, at most {MAX_BYTES:,} are read: cut it into several"
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise FileError(path, "there is no such file: check the name") from None
    except OSError as error:
        raise FileError(path, f"cannot be read ({error.strerror}): check the file") from None


class _Reader:
    def __init__(self, path: Path, decimals: int, members: Mapping[str, bytes]) -> None:
        self.path = path
        self.decimals = decimals
        self.members = members
        self.faults: list[Fault] = []
        self._refs: dict[bytes, int] = {}
        self._corrected: dict[bytes, int] = {}

    def rows(self, content: bytes) -> Iterator[Row]:
        for count, (line, cells) in enumerate(self._cells(content), start=1):
            if count > MAX_ROWS:
                raise FileError(self.path, f"has more than {MAX_ROWS:,} rows: cut it into several")
            row = self._row(line, cells)
            if row is not None:
                yield row
            elif len(self.faults) >= MAX_FAULTS:
                return

    def _cells(self, content: bytes) -> Iterator[tuple[int, Mapping[str, Cell]]]:
        """The cells of every row, by column."""
        if self.path.suffix.lower() in (".jsonl", ".ndjson"):
            for line, named in jsonlines.rows(self.path, content):
                if self._has_right_columns(line, tuple(named), "all"):
                    yield line, named
            return
        read = spreadsheet.rows if self.path.suffix.lower() == ".xlsx" else delimited.rows
        lines: Iterator[tuple[int, Iterable[Cell]]] = iter(read(self.path, content))
        line, first = next(lines, (1, ()))
        header = tuple(str(name) for name in first)
        if not self._has_right_columns(line, header, "header"):
            return
        for line, found in lines:
            cells = tuple(found)
            if len(cells) == len(header):
                yield line, dict(zip(header, cells, strict=True))
                continue
            self._fault(
                line,
                "all",
                ",".join(map(_shown, cells)),
                f"has {len(cells)} values instead of {len(header)}",
                f"write {','.join(header)}",
            )

    def _has_right_columns(self, line: int, names: tuple[str, ...], where: str) -> bool:
        known = {*COLUMNS, *OPTIONAL}
        if set(COLUMNS) <= set(names) <= known and len(set(names)) == len(names):
            return True
        reason = "is not the header" if where == "header" else "has not the right keys"
        remedy = f"write {_HEADER}"
        if len(names) == 1 and ";" in names[0]:
            remedy += ", with commas"
        self._fault(
            line,
            where,
            ",".join(names),
            reason,
            f"{remedy} and, if you want, " + " and ".join(OPTIONAL),
        )
        return False

    def _row(self, line: int, cells: Mapping[str, Cell]) -> Row | None:
        before = len(self.faults)
        cell = cells["member"]
        member = self._read(line, "member", cell, lambda text: values.member(text, self.members))
        amount = self._read(
            line, "amount", cells["amount"], lambda text: values.amount(text, self.decimals)
        )
        ref = self._read(line, "ref", cells["ref"], values.word)
        reason = self._read(line, "reason", cells["reason"], values.word)
        until = self._read_optional(line, "pending_until", cells, values.moment)
        corrects = self._read_optional(line, "corrects", cells, values.word)
        if ref is not None:
            self._check_new(line, "ref", cells, self._refs, ref)
        if corrects is not None:
            self._check_new(line, "corrects", cells, self._corrected, corrects)
            if corrects == ref:
                self._fault(
                    line,
                    "corrects",
                    _shown(cells["corrects"]),
                    "is the row's own ref",
                    "give the correction a ref of its own",
                )
            if until is not None:
                self._fault(
                    line,
                    "pending_until",
                    _shown(cells["pending_until"]),
                    "cannot stand beside `corrects`",
                    "leave it empty",
                )
        if member is None or amount is None or ref is None or reason is None:
            return None
        if len(self.faults) > before:
            return None
        number = cell if isinstance(cell, str) and cell in self.members else None
        return Row(line, Award(member, amount, ref, reason), number, until, corrects)

    def _check_new(
        self, line: int, column: str, cells: Mapping[str, Cell], seen: dict[bytes, int], word: bytes
    ) -> None:
        first = seen.setdefault(word, line)
        if first != line:
            remedy = "give every award its own" if column == "ref" else "correct an award once"
            self._fault(line, column, _shown(cells[column]), f"stands on line {first} too", remedy)

    def _read_optional(
        self, line: int, column: str, cells: Mapping[str, Cell], read: Callable[[str], _T]
    ) -> _T | None:
        cell = cells.get(column, "")
        return None if cell == "" else self._read(line, column, cell, read)

    def _read(self, line: int, column: str, cell: Cell, read: Callable[[str], _T]) -> _T | None:
        try:
            if isinstance(cell, WrongValue):
                raise cell
            return read(cell)
        except WrongValue as wrong:
            self._fault(line, column, _shown(cell), wrong.reason, wrong.remedy)
            return None

    def _fault(self, line: int, column: str, value: str, reason: str, remedy: str) -> None:
        self.faults.append(Fault(self.path, line, column, value, reason, remedy))


def _shown(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell.value

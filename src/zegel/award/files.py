"""Award files: a CSV with one award a line, checked whole before anything is sent.

    member,amount,ref,reason
    0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045,12.50,receipt-2041,purchase 2026-01-31

- `member` is an address; written in mixed case, its checksum must be right (ERC-55).
- `amount` is in points, with a decimal point, and at most as many decimals as the program has.
- `ref` is the awarder's own number for what is rewarded, different on every line: up to 31
  characters, or 0x and 64 hexadecimal digits.
- `reason` is short text of up to 31 characters, or 0x and 64 hexadecimal digits of a document's
  hash.
"""

import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from eth_utils.address import is_checksum_address

from zegel.award.faults import Fault, FaultyFile
from zegel.award.rows import MAX_AMOUNT, WORD, Award, packed_text
from zegel.errors import FileError

COLUMNS = ("member", "amount", "ref", "reason")

_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")
_AMOUNT = re.compile(r"(\d+)(?:\.(\d+))?", re.ASCII)
_HASH = re.compile(r"0x[0-9a-fA-F]{64}")

_HEADER = ",".join(COLUMNS)

_T = TypeVar("_T")


class _CellError(Exception):
    """A value that cannot be read: its reason, and the remedy."""


def read_awards(path: Path, decimals: int) -> tuple[Award, ...]:
    """All awards of a file, for a program whose points have `decimals` decimals."""
    reader = _Reader(path, decimals)
    awards = tuple(reader.awards())
    if reader.faults:
        raise FaultyFile(reader.faults)
    if not awards:
        raise FileError(path, "has no awards: write one a line below the header")
    return awards


class _Reader:
    def __init__(self, path: Path, decimals: int) -> None:
        self.path = path
        self.decimals = decimals
        self.faults: list[Fault] = []
        self._seen: dict[bytes, int] = {}

    def awards(self) -> Iterator[Award]:
        rows = self._rows()
        line, header = next(rows, (1, []))
        if tuple(header) != COLUMNS:
            self._fault(line, "header", ",".join(header), "is not the header", "write " + _HEADER)
            return
        for line, cells in rows:
            award = self._award(line, cells)
            if award is not None:
                yield award

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        """The lines that are not empty, with their numbers."""
        try:
            text = self.path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            raise FileError(self.path, "there is no such file: check the name") from None
        except (OSError, UnicodeDecodeError) as error:
            raise FileError(self.path, f"cannot be read ({error}): save it as UTF-8") from None

        reader = csv.reader(text.splitlines(keepends=True), strict=True)
        line = 1
        try:
            for cells in reader:
                if cells:
                    yield line, cells
                line = reader.line_num + 1
        except csv.Error as error:
            raise FileError(self.path, f"is no CSV ({error}): mend the quotes", line=line) from None

    def _award(self, line: int, cells: list[str]) -> Award | None:
        if len(cells) != len(COLUMNS):
            self._fault(
                line,
                "all",
                ",".join(cells),
                f"has {len(cells)} values instead of {len(COLUMNS)}",
                "write " + _HEADER,
            )
            return None

        member = self._read(line, "member", cells[0], _member)
        amount = self._read(line, "amount", cells[1], self._amount)
        ref = self._read(line, "ref", cells[2], _word)
        reason = self._read(line, "reason", cells[3], _word)
        if member is None or amount is None or ref is None or reason is None:
            return None

        first = self._seen.setdefault(ref, line)
        if first != line:
            self._fault(
                line, "ref", cells[2], f"stands on line {first} too", "give every award its own"
            )
            return None
        return Award(member, amount, ref, reason)

    def _read(self, line: int, column: str, cell: str, read: Callable[[str], _T]) -> _T | None:
        try:
            return read(cell)
        except _CellError as error:
            reason, remedy = error.args
            self._fault(line, column, cell, reason, remedy)
            return None

    def _amount(self, cell: str) -> int:
        match = _AMOUNT.fullmatch(cell)
        if match is None:
            raise _CellError("is no amount of points", "write digits with a decimal point, as 12.5")
        fraction = match[2] or ""
        if len(fraction) > self.decimals:
            raise _CellError(
                f"has {len(fraction)} decimals", f"the points have {self.decimals} decimals"
            )
        # More digits than any amount has would only take time.
        digits = match[1].lstrip("0") + fraction.ljust(self.decimals, "0")
        amount = int(digits or "0") if len(digits) <= len(str(MAX_AMOUNT)) else MAX_AMOUNT + 1
        if amount == 0:
            raise _CellError("awards nothing", "leave the line out")
        if amount > MAX_AMOUNT:
            raise _CellError("is more than a program can hold", "check the amount")
        return amount

    def _fault(self, line: int, column: str, value: str, reason: str, remedy: str) -> None:
        self.faults.append(Fault(self.path, line, column, value, reason, remedy))


def _member(cell: str) -> bytes:
    if not _ADDRESS.fullmatch(cell):
        raise _CellError("is no address", "write 0x and 40 hexadecimal digits")
    mixed = cell[2:] not in (cell[2:].lower(), cell[2:].upper())
    if mixed and not is_checksum_address(cell):
        raise _CellError("has a wrong checksum", "copy the address again")
    member = bytes.fromhex(cell[2:])
    if not any(member):
        raise _CellError("is the zero address", "name a member")
    return member


def _word(cell: str) -> bytes:
    if _HASH.fullmatch(cell):
        return bytes.fromhex(cell[2:])
    if not cell:
        raise _CellError("is empty", f"write 1 to {WORD - 1} characters")
    if not cell.isascii() or not cell.isprintable():
        raise _CellError("is not plain ASCII text", "write letters, digits and signs, or a hash")
    if len(cell) >= WORD:
        raise _CellError(f"has {len(cell)} characters", f"write at most {WORD - 1}, or a hash")
    return packed_text(cell)

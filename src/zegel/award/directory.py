"""Member directories: which address a member has, by the issuer's own number.

An issuer's back office knows its customers by numbers, the chain by addresses. A directory is a CSV
file or a table in the journal's database, and both are used alike:

    number,address
    1001,0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045

Small and capital letters are different in numbers. A directory says who a person is on the chain:
keep it as safe as the customers' other data.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from eth_utils.address import to_checksum_address
from sqlalchemy import insert, select, update

from zegel.award import values
from zegel.award.faults import Fault, FaultyFile
from zegel.award.journal import Journal
from zegel.award.reading import delimited
from zegel.award.schema import members
from zegel.errors import ConfigError
from zegel.files import replace_text

_HEADER = ["number", "address"]


class Directory(Protocol):
    """Who has which number."""

    def members(self) -> dict[str, bytes]:
        """All members: the address of each, by number."""

    def add(self, number: str, address: str) -> None:
        """Adds a member whose number is new."""

    def change(self, number: str, address: str) -> None:
        """Gives a member another address. Awards that were made stay where they are."""


@dataclass(frozen=True)
class FileDirectory:
    """A directory in a CSV file; without the file it is empty."""

    path: Path

    def members(self) -> dict[str, bytes]:
        if not self.path.exists():
            return {}
        found: dict[str, bytes] = {}
        faults = []
        rows = delimited.rows(self.path, self.path.read_bytes())
        line, header = next(rows, (1, []))
        if header != _HEADER:
            raise FaultyFile([_misshapen(self.path, line, "header", header)])
        for line, cells in rows:
            if len(cells) != len(_HEADER):
                faults.append(_misshapen(self.path, line, "all", cells))
                continue
            number, address = cells
            try:
                if values.number(number) in found:
                    raise values.WrongValue("stands there twice", "keep the right one")
            except values.WrongValue as wrong:
                faults.append(Fault(self.path, line, "number", number, wrong.reason, wrong.remedy))
                continue
            try:
                found[number] = values.address(address)
            except values.WrongValue as wrong:
                faults.append(
                    Fault(self.path, line, "address", address, wrong.reason, wrong.remedy)
                )
        if faults:
            raise FaultyFile(faults)
        return found

    def add(self, number: str, address: str) -> None:
        known = self.members()
        _add(known, number, address)
        self._write(known)

    def change(self, number: str, address: str) -> None:
        known = self.members()
        _change(known, number, address)
        self._write(known)

    def _write(self, known: Mapping[str, bytes]) -> None:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(_HEADER)
        writer.writerows([number, to_checksum_address(known[number])] for number in sorted(known))
        replace_text(self.path, text.getvalue())


@dataclass(frozen=True)
class TableDirectory:
    """A directory in the journal's database."""

    journal: Journal

    def members(self) -> dict[str, bytes]:
        with self.journal.reading() as database:
            rows = database.execute(select(members.c.number, members.c.address))
            return {number: bytes.fromhex(address[2:]) for number, address in rows}

    def add(self, number: str, address: str) -> None:
        with self.journal.writing() as database:
            known = self.members()
            _add(known, number, address)
            values_ = {"number": number, "address": "0x" + known[number].hex()}
            database.execute(insert(members).values(values_))

    def change(self, number: str, address: str) -> None:
        with self.journal.writing() as database:
            known = self.members()
            _change(known, number, address)
            database.execute(
                update(members)
                .where(members.c.number == number)
                .values(address="0x" + known[number].hex())
            )


def _add(known: dict[str, bytes], number: str, address: str) -> None:
    checked = _checked(number, address)
    if number in known:
        raise ConfigError(
            f"member {number} is in the directory already, as 0x{known[number].hex()}: "
            "change the address instead"
        )
    known[number] = checked


def _change(known: dict[str, bytes], number: str, address: str) -> None:
    checked = _checked(number, address)
    if number not in known:
        raise ConfigError(f"member {number} is not in the directory: add the member instead")
    known[number] = checked


def _checked(number: str, address: str) -> bytes:
    for column, value, read in (
        ("number", number, values.number),
        ("address", address, values.address),
    ):
        try:
            read(value)
        except values.WrongValue as wrong:
            raise ConfigError(f"{column}: {value!r} {wrong.reason}: {wrong.remedy}") from None
    return values.address(address)


def _misshapen(path: Path, line: int, column: str, cells: list[str]) -> Fault:
    reason = "is not the header" if column == "header" else f"has {len(cells)} values"
    return Fault(path, line, column, ",".join(cells), reason, f"write {','.join(_HEADER)}")

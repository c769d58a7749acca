"""Reads the purchases of CDNOW, the record shop of the demo.

The file has a header and one purchase a line: customer, day, number of CDs and dollars, separated
by spaces. It is checked whole: one wrong line, and nothing is awarded.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path

from zegel.award.faults import Fault, FaultyFile
from zegel.errors import FileError

COLUMNS = ("customer_id", "date", "number_of_cds", "dollar_value")

_NAME = "CDNOW_master.txt"
_IN_CHECKOUT = Path(__file__).parents[3] / "data" / "cdnow" / _NAME
_SOURCE = "https://www.brucehardie.com/datasets/"

_ROW = re.compile(r" *(\d{5}) +(\d{8}) +(\d{1,2}) +(\d{1,7})\.(\d\d) *", re.ASCII)
_FORMS = (
    (re.compile(r"\d{5}", re.ASCII), "five digits, as 00042"),
    (re.compile(r"\d{8}", re.ASCII), "year, month and day, as 19970131"),
    (re.compile(r"\d{1,2}", re.ASCII), "1 to 99"),
    (re.compile(r"\d{1,7}\.\d\d", re.ASCII), "dollars with two decimals, as 11.77"),
)


@dataclass(frozen=True, slots=True)
class Purchase:
    """One purchase. `row` counts the purchases of the file from 1, since rows may be equal."""

    row: int
    customer: int
    day: date
    discs: int
    cents: int


def find_file() -> Path:
    """The file that comes with Zegel."""
    for path in (_IN_CHECKOUT, Path(str(files("zegel.demo") / _NAME))):
        if path.is_file():
            return path
    raise FileError(_NAME, f"is not here: get it from {_SOURCE} and name it with --file")


def read_purchases(path: Path) -> tuple[Purchase, ...]:
    """All purchases of a file, in its order."""
    lines = _lines(path)
    if lines[0].split() != list(COLUMNS):
        raise FaultyFile(
            [Fault(path, 1, "header", lines[0], "is not the header", f"write {' '.join(COLUMNS)}")]
        )

    purchases: list[Purchase] = []
    faults: list[Fault] = []
    days: dict[str, date | None] = {}
    for row, line in enumerate(lines[1:], 1):
        match = _ROW.fullmatch(line)
        if match is not None:
            customer, day_text, discs, dollars, cents = match.groups()
            if day_text not in days:
                days[day_text] = _day(day_text)
            day = days[day_text]
            if day is not None and customer != "00000" and int(discs) != 0:
                amount = int(dollars) * 100 + int(cents)
                purchases.append(Purchase(row, int(customer), day, int(discs), amount))
                continue
        faults.extend(_faults(path, row + 1, line))

    if faults:
        raise FaultyFile(faults)
    if not purchases:
        raise FileError(path, "has no purchases: write one a line below the header")
    return tuple(purchases)


def _lines(path: Path) -> list[str]:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise FileError(path, "there is no such file: check the name") from None
    except OSError as error:
        raise FileError(path, f"cannot be read ({error.strerror}): check the name") from None
    try:
        text = content.decode("ascii")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FileError(
            path, f"byte {content[error.start]:#x} is no ASCII: save it as plain text", line=line
        ) from None
    lines = text.replace("\r\n", "\n").split("\n")
    # The last line has a line end too, behind which nothing comes.
    return lines[:-1] if lines[-1] == "" and len(lines) > 1 else lines


def _faults(path: Path, number: int, line: str) -> Iterator[Fault]:
    """Why a line is no purchase."""
    values = line.split()
    if len(values) != len(COLUMNS):
        yield Fault(
            path,
            number,
            "all",
            line,
            f"has {len(values)} values instead of {len(COLUMNS)}",
            f"write {' '.join(COLUMNS)}",
        )
        return

    found = False
    for column, value, (form, remedy) in zip(COLUMNS, values, _FORMS, strict=True):
        if form.fullmatch(value) is None:
            reason = f"is no {column}"
        elif column == "date" and _day(value) is None:
            reason = "is no day of the calendar"
        elif column in ("customer_id", "number_of_cds") and int(value) == 0:
            reason = "is zero"
        else:
            continue
        found = True
        yield Fault(path, number, column, value, reason, f"write {remedy}")
    if not found:
        yield Fault(
            path, number, "all", line, "is not separated by spaces", "put spaces between the values"
        )


def _day(text: str) -> date | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None

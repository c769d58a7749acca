"""What is wrong with an input file: every fault, with its place, its reason and its remedy.

A file is read whole before anything is done with it, so that one look shows all that must be
mended, and a file that is wrong anywhere leads to nothing at all.
"""

# ruff: noqa: N818 -- the name says what happened, as in zegel.errors.

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from zegel.errors import FileError

_SHOWN = 20
_LONGEST_VALUE = 60


@dataclass(frozen=True)
class Fault:
    """One value that is wrong. Lines count from 1, the header included."""

    path: Path
    line: int
    column: str
    value: str
    reason: str
    remedy: str

    def __str__(self) -> str:
        return (
            f"{self.path}, line {self.line}, column {self.column}: "
            f"{_shortened(self.value)!r} {self.reason}: {self.remedy}"
        )


class FaultyFile(FileError):
    """A file with faults. `str()` is one line for each of the first ones."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        first = self.faults[0]
        super().__init__(first.path, first.reason, line=first.line, column=first.column)
        lines = [str(fault) for fault in self.faults[:_SHOWN]]
        if len(self.faults) > _SHOWN:
            lines.append(f"{first.path}: and {len(self.faults) - _SHOWN} more faults")
        self.args = ("\n".join(lines),)


def _shortened(value: str) -> str:
    return value if len(value) <= _LONGEST_VALUE else value[:_LONGEST_VALUE] + "…"

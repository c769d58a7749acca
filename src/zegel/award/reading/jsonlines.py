"""Rows of JSON lines: one object a line, whose keys are the names of the columns.

Numbers are read as they stand, never as floats: 12.50 is 12.50, and 1.5E+3 is refused.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from zegel.award.reading.delimited import decoded
from zegel.award.values import WrongValue
from zegel.errors import FileError

Cell = str | WrongValue


def rows(path: Path, content: bytes) -> Iterator[tuple[int, dict[str, Cell]]]:
    """The objects, with the numbers of their lines. Null is as good as a key that is not there."""
    for line, text in enumerate(decoded(path, content).split("\n"), start=1):
        if not text.strip():
            continue
        try:
            found = _DECODER.decode(text)
        except (ValueError, RecursionError) as error:
            raise FileError(
                path, f"is no JSON ({error}): write one object a line", line=line
            ) from None
        if not isinstance(found, dict):
            raise FileError(path, "is no JSON object: write one object a line", line=line)
        yield line, {name: _cell(value) for name, value in found.items() if value is not None}


def _cell(value: Any) -> Cell:
    if isinstance(value, str):
        return value
    return WrongValue("is neither text nor a number", "write it in quotes", json.dumps(value))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=str, parse_int=str, parse_constant=str
)

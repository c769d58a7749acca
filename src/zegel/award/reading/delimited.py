"""Rows of a CSV file: values separated by commas, UTF-8, quotes where a value needs them."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from zegel.errors import FileError


def rows(path: Path, content: bytes) -> Iterator[tuple[int, list[str]]]:
    """The lines that are not empty, with their numbers."""
    # Lines end where CSV says so, not where Unicode sees a line's end in the midst of a value.
    reader = csv.reader(io.StringIO(decoded(path, content), newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            if cells:
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise FileError(path, f"is no CSV ({error}): mend the quotes", line=line) from None


def decoded(path: Path, content: bytes) -> str:
    """The text of a file. The mark that Windows puts at the beginning is no part of it."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FileError(
            path, f"cannot be read ({error.reason}): save it as UTF-8", line=line
        ) from None

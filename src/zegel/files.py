"""Files that appear whole or not at all, whoever reads meanwhile, and whenever the power goes."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from zegel.errors import FileError


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A new file, which takes the place of the old one when all has been written to it."""
    try:
        handle, unfinished = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        try:
            with os.fdopen(handle, "wb") as stream:
                yield stream
                stream.flush()
                os.fsync(handle)
            os.chmod(unfinished, 0o644)
            os.replace(unfinished, path)
        except BaseException:
            os.unlink(unfinished)
            raise
        sync_folder(path.parent)
    except OSError as error:
        raise FileError(
            path, f"cannot be written ({error.strerror or error}): make room, or name another"
        ) from None


def replace_text(path: Path, text: str) -> None:
    """Replaces a file of text; its folder is made if it is not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as stream:
        stream.write(text.encode())


def sync_folder(path: Path) -> None:
    """Has the disk know the names in a folder."""
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)

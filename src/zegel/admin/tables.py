"""Settings files: tables that know their place in the file, and refuse what nobody asked for."""

import sys
from collections.abc import Callable
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any, TypeVar

from eth_typing import ChecksumAddress

from zegel.admin import inputs
from zegel.errors import ConfigError, FileError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_T = TypeVar("_T")


def load(path: Path, read: Callable[["Table"], _T]) -> _T:
    """What `read` finds in a TOML file, which is refused whole if anything in it is wrong."""
    try:
        content = tomllib.loads(path.read_text())
    except FileNotFoundError:
        raise FileError(path, "no such file: check the name") from None
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(path, f"cannot be read ({error})") from None
    except tomllib.TOMLDecodeError as error:
        raise FileError(path, f"no TOML ({error}): mend it there") from None
    try:
        root = Table(content, "")
        found = read(root)
        root.end()
    except ConfigError as error:
        raise FileError(path, str(error)) from None
    return found


class Table:
    """A table of the file, which knows its place in it and which of its keys were asked for."""

    def __init__(self, content: Any, place: str) -> None:
        if not isinstance(content, dict):
            raise ConfigError(f"{place}: {content!r} is no table")
        self._content = dict(content)
        self._place = place

    def place(self, key: str = "") -> str:
        return ".".join(part for part in (self._place, key) if part)

    def take(self, key: str, kind: type[_T], default: _T | None = None) -> _T:
        """The value of a key, which must be of a kind, and there unless it has a default."""
        value = self._content.pop(key, default)
        # In Python a bool is an int; in a settings file it is not.
        if value is None or not isinstance(value, kind) or (kind is int and value is True):
            what = "missing" if value is None else repr(value)
            raise ConfigError(f"{self.place(key)}: {what}, wanted is {_KINDS[kind]}")
        return value

    def has(self, key: str) -> bool:
        return key in self._content

    def table(self, key: str) -> "Table":
        return Table(self._content.pop(key, {}), self.place(key))

    def tables(self) -> list[tuple[str, "Table"]]:
        return [(key, self.table(key)) for key in list(self._content)]

    def listed(self, key: str) -> "list[Table]":
        """The tables of an array, in their order."""
        listed = self.take(key, list, [])
        return [Table(each, self.place(f"{key}[{n}]")) for n, each in enumerate(listed)]

    def address(self, key: str) -> ChecksumAddress:
        return inputs.address(self.take(key, str), self.place(key))

    def addresses(self, key: str) -> tuple[ChecksumAddress, ...]:
        listed = self.take(key, list, [])
        return tuple(inputs.address(str(text), self.place(key)) for text in listed)

    def word(self, key: str) -> bytes:
        """32 bytes: short text, or a hash."""
        return inputs.word(self.take(key, str), self.place(key))

    def second(self, key: str) -> int:
        """A date and time as Unix seconds; UTC unless it says otherwise."""
        moment = self.take(key, datetime)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=timezone.utc)
        return int(moment.timestamp())

    def midnight(self, key: str) -> int:
        """The first second of a day in UTC."""
        day = self.take(key, date)
        if isinstance(day, datetime):
            raise ConfigError(f"{self.place(key)}: {day} has a time, wanted is {_KINDS[date]}")
        return int(datetime(day.year, day.month, day.day, tzinfo=timezone.utc).timestamp())

    def end(self) -> None:
        """Refuses what nobody asked for: it would be ignored in silence."""
        for key in self._content:
            raise ConfigError(f"{self.place(key)}: no such setting: check its spelling")


_KINDS = {
    str: 'text, as "0.01"',
    int: "a whole number",
    bool: "true or false",
    list: "a list",
    date: "a date, as 2026-01-31",
    datetime: "a date and time, as 2026-01-31T00:00:00Z",
}

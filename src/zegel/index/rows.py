"""Rows on their way into the tables."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

Row = tuple[Any, ...]

# By token, member, purse and generation.
Changes = dict[tuple[str, str, str, int], int]


@dataclass
class Rows:
    """What some blocks add to each table, in the order of its columns.

    `changes` are what they add to balances, and `closing` the prices that end the ones before them.
    """

    tables: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    changes: Changes = field(default_factory=lambda: defaultdict(int))
    closing: list["Closing"] = field(default_factory=list)


@dataclass(frozen=True)
class Closing:
    """New prices of a program, for a partner or for everyone, from a second on."""

    block: int
    log: int
    program: str
    partner: str | None
    since: int

"""What a relay takes at most: gas for a message, gas in a day, money for gas, and messages at once.

Gas in a day is counted by signer and by program, from the day on which a message was accepted: with
the most that it may use at first, and with what it has used once that is known.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Connection as Database
from sqlalchemy import RowMapping, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from zegel.chain.sending import MAX_GAS
from zegel.errors import RelayRefused
from zegel.relay.reasons import QUEUE_FULL, QUOTA_USED_UP, TOO_MANY_UNDERWAY, TOO_MUCH_GAS
from zegel.relay.schema import spent

_DAY = 24 * 3600

# In seconds: after that, those before have arrived, or some of them.
_SOME_BLOCKS = 30

# What any transaction uses.
_LEAST = 21_000

# Whose gas, and of which day since 1970.
_Day = tuple[str, int]

# Nodes take little more in one transaction.
_MOST_BYTES = 100_000


@dataclass(frozen=True)
class Limits:
    """Gas for one message, for one signer and for one program in a day; `price` is the most to pay
    for a unit of gas, in wei, without end if it is left out.

    At most so many messages may be `waiting` to be sent, since more would wait too long, and so
    many of one signer `underway`, since each is played behind the others.
    """

    message: int = 6_000_000
    signer: int = 20_000_000
    program: int = 20_000_000_000
    price: int | None = None
    waiting: int = 2_000
    underway: int = 32

    def __post_init__(self) -> None:
        object.__setattr__(self, "message", min(self.message, MAX_GAS))


def check_size(data: bytes) -> None:
    """Refuses a call that nodes would not take."""
    if len(data) > _MOST_BYTES:
        raise RelayRefused(
            TOO_MUCH_GAS,
            f"the call has {len(data)} bytes: sign for at most {_MOST_BYTES} at a time",
        )


def check_room(limits: Limits, waiting: int, underway: int) -> None:
    """Raises `RelayRefused` if too many messages wait, or of one signer are on their way."""
    if underway >= limits.underway:
        raise RelayRefused(
            TOO_MANY_UNDERWAY,
            f"{underway} messages of the signer are on their way: come again when some arrived",
            again=_SOME_BLOCKS,
        )
    if waiting >= limits.waiting:
        raise RelayRefused(
            QUEUE_FULL,
            f"{waiting} messages wait here: come again in {_SOME_BLOCKS} s, or send it yourself",
            again=_SOME_BLOCKS,
        )


class Charged(Protocol):
    """What gas is counted for, from the day on which it was accepted."""

    @property
    def signer(self) -> str: ...

    @property
    def program(self) -> str: ...

    @property
    def gas(self) -> int: ...

    @property
    def accepted(self) -> int: ...


def check(database: Database, limits: Limits, signer: str, program: str, moment: int) -> None:
    """Raises `RelayRefused` if too little is left of a day for anything."""
    used = _used(database, {signer, program}, {moment // _DAY})
    _check(limits, used, signer, program, moment, _LEAST)


class Tally:
    """The gas of some days while several messages are charged in one change."""

    def __init__(self, database: Database, limits: Limits, all_: Sequence[Charged]) -> None:
        self._database, self._limits = database, limits
        whose = {name for one in all_ for name in (one.signer, one.program)}
        self._used = _used(database, whose, {one.accepted // _DAY for one in all_})
        self._more: dict[_Day, int] = defaultdict(int)

    def charge(self, one: Charged) -> None:
        """Counts a message's gas; raises `RelayRefused` if it is more than what is left."""
        _check(self._limits, self._used, one.signer, one.program, one.accepted, one.gas)
        for whose in {one.signer, one.program}:
            day = whose, one.accepted // _DAY
            self._used[day] = self._used.get(day, 0) + one.gas
            self._more[day] += one.gas

    def write(self) -> None:
        """Writes down what was counted."""
        _add(self._database, self._more)


def recharge(database: Database, charged: Iterable[tuple[RowMapping, int]]) -> None:
    """Charges messages with other amounts than those that they were charged with."""
    changes: dict[_Day, int] = defaultdict(int)
    for message, gas in charged:
        for whose in {message["signer"], message["program"]}:
            changes[whose, message["accepted"] // _DAY] += gas - message["charged"]
    _add(database, changes)


def _check(
    limits: Limits, used: Mapping[_Day, int], signer: str, program: str, moment: int, gas: int
) -> None:
    for whose, name, limit in (
        (signer, "signer", limits.signer),
        (program, "program", limits.program),
    ):
        before = used.get((whose, moment // _DAY), 0)
        if before + gas > limit:
            midnight = (moment // _DAY + 1) * _DAY
            raise RelayRefused(
                QUOTA_USED_UP,
                f"{name} {whose} has used {before} of {limit} gas of today, and this needs {gas}: "
                f"come again at {midnight}, or send it yourself",
                again=midnight - moment,
            )


def _used(database: Database, whose: set[str], days: set[int]) -> dict[_Day, int]:
    found = database.execute(_USED, {"whose": sorted(whose), "days": sorted(days)})
    return {(one.whose, one.day): one.gas for one in found}


# Put together once: that takes as long as asking.
_USED = select(spent).where(
    spent.c.whose.in_(bindparam("whose", expanding=True)),
    spent.c.day.in_(bindparam("days", expanding=True)),
)


def _adding(insert: Any) -> Any:
    new = insert(spent)
    return new.on_conflict_do_update(
        index_elements=[spent.c.whose, spent.c.day], set_={"gas": spent.c.gas + new.excluded.gas}
    )


_ADD = {"sqlite": _adding(sqlite.insert), "postgresql": _adding(postgresql.insert)}


def _add(database: Database, more: Mapping[_Day, int]) -> None:
    rows = [
        {"whose": whose, "day": day, "gas": gas}
        for (whose, day), gas in sorted(more.items())
        if gas
    ]
    if rows:
        database.execute(_ADD[database.dialect.name], rows)

"""Writes down what became of batches, as the outbox tells it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection as Database
from sqlalchemy import update

from zegel.award import states
from zegel.award.schema import batches
from zegel.chain.node import text_of
from zegel.chain.refusals import decoded
from zegel.outbox.box import Arrival

_NOWHERE: Mapping[str, Any] = {"transaction": None, "block": None, "block_hash": None}


class Outcomes:
    """The owner of an office's outbox: its jobs are batches."""

    def told_sent(self, database: Database, jobs: Sequence[int]) -> None:
        move(database, jobs, (states.SIGNED,), state=states.SENT)

    def told_arrived(self, database: Database, arrivals: Sequence[Arrival]) -> None:
        for one in arrivals:
            move(
                database,
                [one.job],
                states.OPEN,
                state=states.MINED if one.trouble is None else states.FAILED,
                trouble=one.trouble,
                transaction=one.transaction,
                block=one.block,
                block_hash=one.block_hash,
            )

    def told_given_up(self, database: Database, jobs: Sequence[int]) -> None:
        again = {"state": states.SIGNED, "trouble": None, **_NOWHERE}
        move(database, jobs, (states.MINED, states.FAILED), **again)

    def told_final(self, database: Database, jobs: Sequence[int]) -> None:
        move(database, jobs, (states.MINED,), state=states.FINAL)
        # It will never count, and its nonce is gone: only now may the next run give the batch
        # another one.
        move(database, jobs, (states.FAILED,), **_NOWHERE)

    def told_lost(self, database: Database, jobs: Sequence[int]) -> None:
        # The chain is asked for it before it gets another nonce: see `zegel.award.signing`.
        move(database, jobs, states.OPEN, state=states.PLANNED)

    def reason(self, _: str, error: Any) -> str:
        return reason_of(error)


def move(database: Database, jobs: Sequence[int], among: Sequence[str], **values: Any) -> None:
    """Changes batches that are in some states."""
    database.execute(
        update(batches).where(batches.c.id.in_(jobs), batches.c.state.in_(among)).values(**values)
    )


def reason_of(error: Any) -> str:
    """Why the token refused, in one line."""
    data = error.get("data") if isinstance(error, dict) else None
    if isinstance(data, str) and data.startswith("0x"):
        refused = decoded(bytes.fromhex(data[2:]), "PointToken")
        if refused is not None:
            return str(refused)
    return text_of(error)

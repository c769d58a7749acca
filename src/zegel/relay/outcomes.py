"""Writes down what became of messages, as the outbox tells it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection as Database
from sqlalchemy import RowMapping, bindparam, or_, select, update

from zegel.deploy.suite import Suite
from zegel.outbox.box import Arrival
from zegel.relay import limits, states
from zegel.relay.queue import milliseconds, portions
from zegel.relay.rehearsing import refused
from zegel.relay.schema import messages

_NOWHERE: Mapping[str, Any] = {"transaction": None, "block": None, "trouble": None}


@dataclass(frozen=True)
class Outcomes:
    """The owner of the relay's outboxes. `suite` has the contracts that are no programs."""

    suite: Suite

    def told_sent(self, database: Database, jobs: Sequence[int]) -> None:
        _move(database, jobs, (states.ACCEPTED,), state=states.SENT)

    def told_arrived(self, database: Database, arrivals: Sequence[Arrival]) -> None:
        charged = {one.job: one.gas_used for one in arrivals}
        _recharge(database, charged)
        rows = [
            {
                "job": one.job,
                "becomes": states.MINED if one.trouble is None else states.FAILED,
                "name": one.transaction,
                "at": one.block,
                "why": one.trouble,
                "uses": one.gas_used,
                "moment": milliseconds(),
            }
            for one in arrivals
        ]
        if rows:
            database.execute(
                update(messages)
                .where(
                    messages.c.number == bindparam("job"),
                    or_(*(messages.c.state == state for state in states.OPEN)),
                )
                .values(
                    state=bindparam("becomes"),
                    transaction=bindparam("name"),
                    block=bindparam("at"),
                    trouble=bindparam("why"),
                    charged=bindparam("uses"),
                    changed=bindparam("moment"),
                ),
                rows,
            )

    def told_given_up(self, database: Database, jobs: Sequence[int]) -> None:
        again = _most(database, jobs)
        _recharge(database, again)
        for job, gas in again.items():
            _move(database, [job], _IN_A_BLOCK, state=states.SENT, charged=gas, **_NOWHERE)

    def told_final(self, database: Database, jobs: Sequence[int]) -> None:
        _move(database, jobs, (states.MINED,), state=states.FINAL)

    def told_lost(self, database: Database, jobs: Sequence[int]) -> None:
        # It is played again before it gets another nonce: see `zegel.relay.working`.
        _move(database, jobs, states.OPEN, state=states.ACCEPTED, sender=None)

    def reason(self, target: str, error: Any) -> str:
        data = error.get("data") if isinstance(error, dict) else None
        return refused(data, error, self.contract(target)).detail

    def contract(self, target: str) -> str:
        """The name of what is called."""
        suite = self.suite
        common = {
            "PointExchange": suite.exchange,
            "OfflineDesk": suite.desk,
            "AwardDrop": suite.drop,
            "RewardCharter": suite.charter,
            "IssuerRegistry": suite.registry,
        }
        places = {contract.address.lower(): name for name, contract in common.items()}
        return places.get(target, "PointToken")


def fail(database: Database, number: int, reason: str) -> None:
    """A message that will not be sent."""
    _recharge(database, {number: 0})
    _move(database, [number], (states.ACCEPTED,), state=states.FAILED, trouble=reason, charged=0)


_IN_A_BLOCK = (states.MINED, states.FAILED)


def _move(database: Database, jobs: Sequence[int], among: Sequence[str], **values: Any) -> None:
    """Changes messages that are in some states."""
    for some in portions(jobs):
        database.execute(
            update(messages)
            .where(messages.c.number.in_(some), messages.c.state.in_(among))
            .values(changed=milliseconds(), **values)
        )


def _most(database: Database, jobs: Sequence[int]) -> dict[int, int]:
    """The most gas that some messages may use."""
    return {one["number"]: one["gas"] for one in _rows(database, jobs)}


def _recharge(database: Database, gas: Mapping[int, int]) -> None:
    held = _rows(database, list(gas))
    limits.recharge(database, [(one, gas[one["number"]]) for one in held])


def _rows(database: Database, jobs: Sequence[int]) -> list[RowMapping]:
    columns = (messages.c[name] for name in ("number", "signer", "program", "accepted"))
    question = select(*columns, messages.c.gas, messages.c.charged)
    return [
        row
        for some in portions(jobs)
        for row in database.execute(question.where(messages.c.number.in_(some))).mappings()
    ]

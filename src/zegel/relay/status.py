"""How a relay is doing: messages by state, and the accounts that send."""

from dataclasses import dataclass

from sqlalchemy import func, select

from zegel.outbox import states as sending
from zegel.outbox.journal import Journal
from zegel.relay import states
from zegel.relay.schema import messages, outgoing, senders


@dataclass(frozen=True)
class Account:
    """An account that sends: for whom, or for nobody now, and what keeps it from sending."""

    address: str
    holder: str | None
    on_their_way: int
    trouble: str | None


@dataclass(frozen=True)
class Status:
    """How many messages are in each state, since when the oldest waits, and who sends."""

    messages: dict[str, int]
    waiting_since: int | None
    accounts: tuple[Account, ...]


def status(queue: Journal, now: int) -> Status:
    open_of = (
        select(outgoing.c.sender, func.count(outgoing.c.nonce.distinct()).label("count"))
        .where(outgoing.c.state.in_(sending.OPEN))
        .group_by(outgoing.c.sender)
    )
    with queue.reading() as database:
        by_state = select(messages.c.state, func.count()).group_by(messages.c.state)
        counted = {state: int(count) for state, count in database.execute(by_state)}
        since = database.scalar(
            select(func.min(messages.c.accepted)).where(messages.c.state == states.ACCEPTED)
        )
        on_their_way = {sender: int(count) for sender, count in database.execute(open_of)}
        held = database.execute(select(senders).order_by(senders.c.address)).all()
    return Status(
        {state: counted.get(state, 0) for state in states.ALL},
        since,
        tuple(
            Account(
                one.address,
                one.holder if one.until > now else None,
                on_their_way.get(one.address, 0),
                one.trouble,
            )
            for one in held
        ),
    )

"""Sends signed bytes: once at first, again if they got lost, for higher fees if they are stuck.

Sending is no decision: whatever was signed may be sent by anyone at any time, and the node's answer
changes nothing but when it is sent next. What became of it, the chain says (`confirming`).
"""

from collections.abc import Sequence

from sqlalchemy import RowMapping, func, or_, select, update

from zegel.chain.node import Json, text_of
from zegel.crashing import crash_point
from zegel.errors import ChainError, GasMoneyTooLow
from zegel.outbox import states
from zegel.outbox.box import Outbox
from zegel.outbox.signing import fill_gap, sign_again
from zegel.outbox.wordings import Meaning, meaning

# A message to the node is as large as some transactions; nodes take a hundred times that.
_MOST_BYTES = 200_000

# Filled at a time.
_MOST_GAPS = 100

# After these answers the bytes are with the node, or of no use to it.
_SETTLED = (Meaning.TAKEN, Meaning.NONCE_USED, Meaning.OUTBID, Meaning.TOO_CHEAP)


def broadcast(box: Outbox, most: int = 500) -> None:
    """Sends what was signed and not sent, and what was sent long ago."""
    late = box.now() - box.patience.resend
    outgoing = box.table.c
    question = (
        select(outgoing.hash, outgoing.job, outgoing.raw)
        .where(
            outgoing.sender == box.account,
            or_(
                outgoing.state == states.SIGNED,
                (outgoing.state == states.SENT) & (outgoing.sent_at <= late),
            ),
        )
        .order_by(outgoing.nonce, outgoing.attempt)
        .limit(most)
    )
    with box.journal.reading() as database:
        due = list(database.execute(question).mappings())
    for some in _portions(due):
        _send(box, some)


def mend(box: Outbox) -> None:
    """Replaces what is stuck, and fills gaps before what waits."""
    outgoing = box.table.c
    waiting = outgoing.sender == box.account, outgoing.state == states.SENT
    with box.journal.reading() as database:
        first = (
            database.execute(
                select(outgoing.nonce, outgoing.max_fee, outgoing.waiting_since)
                .where(*waiting)
                .order_by(outgoing.nonce, outgoing.attempt.desc())
                .limit(1)
            )
            .mappings()
            .one_or_none()
        )
        last = database.scalar(select(func.max(outgoing.nonce)).where(*waiting))
    if first is None or last is None:
        return
    age = box.now() - first["waiting_since"]
    if age < box.patience.resend:
        return
    used, queued = box.counts("latest", "pending")
    now = box.moment().fees
    for nonce in _gaps(box, used, queued, last):
        fill_gap(box, nonce, now)
    # No block takes a transaction that is too cheap, however long it waits.
    is_stuck = age >= box.patience.replace or first["max_fee"] * 2 < now.most
    if first["nonce"] == used and is_stuck:
        sign_again(box, first["nonce"], now)


def _gaps(box: Outbox, used: int, queued: int, last: int) -> list[int]:
    """The nonces that the node waits for, before the last one that waits."""
    with box.journal.reading() as database:
        question = select(box.table.c.nonce).where(
            box.table.c.sender == box.account,
            box.table.c.nonce >= used,
            box.table.c.state.in_(states.OPEN),
        )
        ours = set(database.scalars(question))
    return [nonce for nonce in range(queued, last) if nonce not in ours][:_MOST_GAPS]


def nudge(box: Outbox) -> None:
    """Has Anvil make a block if it makes one for each transaction that comes: one that did not fit
    into its block would wait for the next one to come."""
    if not box.sender.connection.is_development:
        return
    (answer,) = box.node.answers([("anvil_getAutomine", [])])
    if answer.get("result") is True:
        box.node.ask("evm_mine")


def _portions(due: Sequence[RowMapping]) -> list[list[RowMapping]]:
    portions: list[list[RowMapping]] = []
    size = 0
    for one in due:
        size += len(one["raw"])
        if not portions or size > _MOST_BYTES:
            portions.append([])
            size = len(one["raw"])
        portions[-1].append(one)
    return portions


def _send(box: Outbox, due: Sequence[RowMapping]) -> None:
    crash_point(f"{box.crashes}.sending")
    answers = box.node.answers(
        [("eth_sendRawTransaction", ["0x" + one["raw"].hex()]) for one in due]
    )
    crash_point(f"{box.crashes}.sent")
    taken = [one for one, answer in zip(due, answers, strict=True) if _is_settled(answer)]
    if taken:
        with box.journal.writing() as database:
            database.execute(
                update(box.table)
                .where(
                    box.table.c.hash.in_([one["hash"] for one in taken]),
                    box.table.c.state.in_(states.OPEN),
                )
                .values(state=states.SENT, sent_at=box.now())
            )
            box.owner.told_sent(database, [one["job"] for one in taken if one["job"] is not None])
    for answer in answers:
        _check_taken(box, answer)


def _is_settled(answer: Json) -> bool:
    """Whether a transaction need not be sent again soon."""
    return "error" not in answer or meaning(text_of(answer["error"])) in _SETTLED


def _check_taken(box: Outbox, answer: Json) -> None:
    if "error" not in answer:
        return
    text = text_of(answer["error"])
    what = meaning(text)
    if what is Meaning.NO_MONEY:
        raise GasMoneyTooLow(
            f"{box.sender.address} cannot pay for its transactions: send it coins ({text})"
        )
    if what is Meaning.UNKNOWN:
        raise ChainError(f"the node refused a transaction of {box.sender.address}: {text}")

"""Sends signed bytes: once at first, again if they got lost, for higher fees if they are stuck.

Sending is no decision: whatever was signed may be sent by anyone at any time, and the node's answer
changes nothing but when it is sent next. What became of it, the chain says (`confirming`).
"""

from collections.abc import Sequence

from sqlalchemy import RowMapping, or_, select, update

from zegel.award import states
from zegel.award.office import Office
from zegel.award.schema import batches, transactions
from zegel.award.signing import fees_now, fill_gap, sign_again
from zegel.chain.node import Json, text_of
from zegel.crashing import crash_point
from zegel.errors import ChainError, GasMoneyTooLow
from zegel.outbox.wordings import Meaning, meaning

# A message with as many transactions stays well below what nodes take.
_TOGETHER = 8

# After these answers the bytes are with the node, or of no use to it.
_SETTLED = (Meaning.TAKEN, Meaning.NONCE_USED, Meaning.OUTBID, Meaning.TOO_CHEAP)


def broadcast(office: Office) -> None:
    """Sends what was signed and not sent, and what was sent long ago."""
    late = office.now() - office.patience.resend
    question = (
        select(transactions)
        .where(
            transactions.c.sender == office.account,
            or_(
                transactions.c.state == states.SIGNED,
                (transactions.c.state == states.SENT) & (transactions.c.sent_at <= late),
            ),
        )
        .order_by(transactions.c.nonce, transactions.c.attempt)
        .limit(office.window)
    )
    with office.journal.reading() as database:
        due = list(database.execute(question).mappings())
    for start in range(0, len(due), _TOGETHER):
        _send(office, due[start : start + _TOGETHER])


def mend(office: Office) -> None:
    """Replaces what is stuck, and fills a gap before what waits."""
    with office.journal.reading() as database:
        waiting = list(
            database.execute(
                select(transactions)
                .where(
                    transactions.c.sender == office.account,
                    transactions.c.state == states.SENT,
                )
                .order_by(transactions.c.nonce, transactions.c.attempt.desc())
            ).mappings()
        )
    if not waiting:
        return
    first = waiting[0]
    age = office.now() - first["waiting_since"]
    if age < office.patience.resend:
        return
    count = ("eth_getTransactionCount", [office.account, "latest"])
    pending = ("eth_getTransactionCount", [office.account, "pending"])
    used, queued = (int(answer, 16) for answer in office.node.ask_all([count, pending]))
    now = fees_now(office)
    if first["nonce"] > used and queued == used:
        fill_gap(office, used, now)
    elif first["nonce"] == used:
        old = age >= office.patience.replace
        # No block takes it, however long it waits.
        too_cheap = first["max_fee"] * 2 < now.most
        if old or too_cheap:
            sign_again(office, first, now)


def nudge(office: Office) -> None:
    """Has Anvil make a block if it makes one for each transaction that comes: one that did not fit
    into its block would wait for the next one to come."""
    if not office.suite.connection.is_development:
        return
    (answer,) = office.node.answers([("anvil_getAutomine", [])])
    if answer.get("result") is True:
        office.node.ask("evm_mine")


def _send(office: Office, due: Sequence[RowMapping]) -> None:
    crash_point("award.sending")
    answers = office.node.answers(
        [("eth_sendRawTransaction", ["0x" + one["raw"].hex()]) for one in due]
    )
    crash_point("award.sent")
    taken = [one for one, answer in zip(due, answers, strict=True) if _is_settled(office, answer)]
    if not taken:
        return
    with office.journal.writing() as database:
        database.execute(
            update(transactions)
            .where(
                transactions.c.hash.in_([one["hash"] for one in taken]),
                transactions.c.state.in_(states.OPEN),
            )
            .values(state=states.SENT, sent_at=office.now())
        )
        database.execute(
            update(batches)
            .where(
                batches.c.id.in_([one["batch"] for one in taken if one["batch"] is not None]),
                batches.c.state == states.SIGNED,
            )
            .values(state=states.SENT)
        )


def _is_settled(office: Office, answer: Json) -> bool:
    """Whether a transaction need not be sent again soon."""
    if "error" not in answer:
        return True
    text = text_of(answer["error"])
    what = meaning(text)
    if what is Meaning.NO_MONEY:
        raise GasMoneyTooLow(
            f"{office.sender.address} cannot pay for its transactions: send it coins ({text})"
        )
    if what is Meaning.UNKNOWN:
        raise ChainError(f"the node refused a transaction of {office.sender.address}: {text}")
    return what in _SETTLED

"""Finds batches that stand on the chain though nobody here sent them, and sees that they stay.

They were sent by someone else, or in another life of the journal. A batch has one event whoever
sends it, and the token takes it once.
"""

from typing import Any

from sqlalchemy import RowMapping, select

from zegel.award import payload, states
from zegel.award.office import Office
from zegel.award.outcomes import move
from zegel.award.schema import batches, outgoing
from zegel.outbox import states as boxed


def find(office: Office, batch: RowMapping, held: list[Any]) -> dict[str, Any] | None:
    """Where a batch stands, by the event that it has left."""
    search = payload.traces(batch, held, office.suite.first_block)
    logs = office.node.ask("eth_getLogs", {**search, "toBlock": "latest"})
    log = next((log for log in logs if payload.left(log, batch, held)), None)
    return log and {
        "state": states.MINED,
        "trouble": None,
        "transaction": log["transactionHash"],
        "block": int(log["blockNumber"], 16),
        "block_hash": log["blockHash"],
    }


def watch_found(office: Office) -> None:
    """Makes final what the chain will keep, and plans anew what it has given up."""
    # The outbox watches those.
    ours = select(outgoing.c.hash).where(outgoing.c.state == boxed.MINED)
    with office.journal.reading() as database:
        found = database.execute(
            select(batches.c.id, batches.c.block, batches.c.block_hash).where(
                batches.c.token == office.token,
                batches.c.state == states.MINED,
                batches.c.transaction.not_in(ours),
            )
        ).all()
    if not found:
        return
    final = office.box.final_block()
    numbers = sorted({batch.block for batch in found})
    headers = office.node.ask_all(
        [("eth_getBlockByNumber", [hex(number), False]) for number in numbers]
    )
    by_number = dict(zip(numbers, headers, strict=True))
    with office.journal.writing() as database:
        for batch in found:
            header = by_number[batch.block]
            # A node that lags behind does not know the block: that says nothing.
            if header is None:
                continue
            if header["hash"] != batch.block_hash:
                nowhere = {"transaction": None, "block": None, "block_hash": None}
                move(database, [batch.id], (states.MINED,), state=states.PLANNED, **nowhere)
            elif batch.block <= final:
                move(database, [batch.id], (states.MINED,), state=states.FINAL)

"""Proofs that the batches on the chain are those that were meant, row by row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

from web3.contract import Contract

from zegel.award.batches import Batch
from zegel.award.rows import Award
from zegel.chain.connection import Connection
from zegel.chain.events import BatchAwarded, Event
from zegel.chain.raw import Request, ask_all, call_request


@dataclass(frozen=True)
class Proofs:
    """How many batches were meant, how many of them the chain announced as they are, how many
    prove one of their rows there, and how many deny the same row with another amount."""

    batches: int
    announced: int
    proved: int
    denied: int


def prove(
    connection: Connection,
    token: Contract,
    batches: Sequence[Batch],
    events: Iterable[Event],
    block: int,
    seed: int,
) -> Proofs:
    """Asks the token about one row of every batch, chosen by `seed`."""
    meant = {batch.id: (len(batch.awards), batch.total) for batch in batches}
    contract = token.address.lower()
    seen = [
        (event.batch_id, (event.count, event.total))
        for event in events
        if isinstance(event, BatchAwarded) and event.contract == contract
    ]
    chance = Random(seed)
    rows = [(batch, chance.choice(batch.awards)) for batch in batches]
    true = [_question(token, batch, award, award.amount, block) for batch, award in rows]
    false = [_question(token, batch, award, award.amount + 1, block) for batch, award in rows]
    answers = [int(answer, 16) for answer in ask_all(connection, true + false)]
    return Proofs(
        batches=len(batches),
        announced=sum(meant.get(batch_id) == content for batch_id, content in seen),
        proved=sum(answers[: len(rows)]),
        denied=answers[len(rows) :].count(0),
    )


def _question(token: Contract, batch: Batch, award: Award, amount: int, block: int) -> Request:
    call = token.functions.isInBatch(
        batch.id,
        token.w3.to_checksum_address(award.member),
        amount,
        award.ref,
        award.reason,
        list(batch.proof(award)),
    )
    return call_request(call, block)

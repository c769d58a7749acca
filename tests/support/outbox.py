"""What a sender has signed, as its outbox keeps it."""

from typing import Any

from sqlalchemy import select

from zegel.outbox.journal import Journal


def sent(journal: Journal) -> list[Any]:
    """Its transactions, in the order of their nonces and attempts."""
    outgoing = journal.about.metadata.tables["outgoing"]
    with journal.reading() as database:
        return list(
            database.execute(select(outgoing).order_by(outgoing.c.nonce, outgoing.c.attempt))
        )

"""The table of an outbox, the same in SQLite and PostgreSQL.

Addresses and hashes are lower-case text with 0x, times in Unix seconds, fees in wei per unit of
gas. The owner of the outbox keeps its own tables in the same database, so that both change at once.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)


def outgoing_in(tables: MetaData) -> Table:
    """What was signed, byte by byte, before it was sent."""
    return Table(
        "outgoing",
        tables,
        Column("hash", Text, primary_key=True),
        # What it is for, by the owner's number; none if it only fills a gap in the nonces.
        Column("job", BigInteger),
        Column("sender", Text, nullable=False),
        Column("nonce", BigInteger, nullable=False),
        # Counts up where one with higher fees replaces another one.
        Column("attempt", Integer, nullable=False),
        Column("raw", LargeBinary, nullable=False),
        Column("gas", BigInteger, nullable=False),
        Column("max_fee", BigInteger, nullable=False),
        Column("tip", BigInteger, nullable=False),
        Column("state", Text, nullable=False),
        Column("waiting_since", BigInteger, nullable=False),
        Column("sent_at", BigInteger),
        # Where it stands, and whether it did there what it should.
        Column("block", BigInteger),
        Column("block_hash", Text),
        Column("gas_used", BigInteger),
        Column("ok", Boolean),
        UniqueConstraint("sender", "nonce", "attempt"),
        Index("outgoing_by_job", "job"),
        Index("outgoing_by_state", "sender", "state", "nonce"),
    )

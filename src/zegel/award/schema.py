"""The tables of the journal, the same in SQLite and PostgreSQL.

    files ◀── rows ──▶ batches ◀── outgoing              members

A row is awarded by the batch that it stands in, and stands where its batch stands. A batch is a job
of the outbox. Addresses, hashes and words are lower-case text with 0x; amounts are in base units,
times in Unix seconds.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    func,
)

from zegel.outbox.journal import about_in
from zegel.outbox.schema import outgoing_in

VERSION = 2

tables = MetaData()

about = about_in(tables)

# The same bytes are one file, however often they come.
files = Table(
    "files",
    tables,
    Column("id", Integer, primary_key=True),
    Column("token", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("added", BigInteger, nullable=False),
    Column("decimals", Integer, nullable=False),
    UniqueConstraint("token", "digest"),
)

# A batch is one transaction's work: many awards, or one correction.
batches = Table(
    "batches",
    tables,
    Column("id", Integer, primary_key=True),
    Column("token", Text, nullable=False),
    # Its rows are of one file.
    Column("file", Integer, ForeignKey("files.id"), nullable=False),
    # The Merkle root of its rows.
    Column("root", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("count", Integer, nullable=False),
    Column("total", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    # Why it failed or was refused.
    Column("trouble", Text),
    # Where it stands on the chain.
    Column("transaction", Text),
    Column("block", BigInteger),
    Column("block_hash", Text),
    UniqueConstraint("token", "root"),
    Index("batches_by_state", "token", "state"),
    Index("batches_by_file", "file"),
)

rows = Table(
    "rows",
    tables,
    Column("file", Integer, ForeignKey("files.id"), primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("token", Text, nullable=False),
    Column("member", Text, nullable=False),
    # The member's number at the issuer, if the file said that.
    Column("number", Text),
    Column("amount", BigInteger, nullable=False),
    Column("ref", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("pending_until", BigInteger),
    # The ref of the award that this row corrects.
    Column("corrects", Text),
    # `waiting` or `cancelled` while there is no batch.
    Column("state", Text, nullable=False),
    Column("batch", Integer, ForeignKey("batches.id")),
    UniqueConstraint("token", "ref"),
    UniqueConstraint("token", "corrects"),
    Index("rows_by_batch", "batch"),
)

# Rows of a file that stood in an earlier one just so.
repeats = Table(
    "repeats",
    tables,
    Column("file", Integer, ForeignKey("files.id"), primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("of_file", Integer, nullable=False),
    Column("of_line", Integer, nullable=False),
    ForeignKeyConstraint(["of_file", "of_line"], ["rows.file", "rows.line"]),
)

outgoing = outgoing_in(tables)

# Who has which number at the issuer: see zegel.award.directory.
members = Table(
    "members",
    tables,
    Column("number", Text, primary_key=True),
    Column("address", Text, nullable=False),
)


def state_of_row() -> ColumnElement[str]:
    """The state of a row: that of its batch, if it has one."""
    return func.coalesce(batches.c.state, rows.c.state).label("state")

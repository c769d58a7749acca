"""The tables of a relay's queue, the same in SQLite and PostgreSQL.

    messages ◀── outgoing (zegel.outbox)        spent        senders

A message is sent by a transaction, or by several with one nonce of which only one can count.
Addresses, hashes and names are lower-case text with 0x, times in Unix seconds.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

from zegel.outbox.journal import about_in
from zegel.outbox.schema import outgoing_in

VERSION = 1

tables = MetaData()

about = about_in(tables)
outgoing = outgoing_in(tables)

# What was accepted: the call that carries a signed message out. All its values were signed.
messages = Table(
    "messages",
    tables,
    # SQLite counts up in this type only.
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    # The hash of EIP-712, by which a message comes once.
    Column("id", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("signer", Text, nullable=False),
    # Whose quota it uses: a program's token, or the contract that it is for.
    Column("program", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
    # The most that it may use; and what the quotas are charged with: that, until it is known what
    # it has used.
    Column("gas", BigInteger, nullable=False),
    Column("charged", BigInteger, nullable=False),
    # The first second at which it is not valid any more, if there is one.
    Column("valid_before", BigInteger),
    Column("accepted", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    # When its state last changed, in milliseconds.
    Column("changed", BigInteger, nullable=False),
    # Which account sends it, once it is signed.
    Column("sender", Text),
    Column("trouble", Text),
    Column("transaction", Text),
    Column("block", BigInteger),
    UniqueConstraint("id"),
    Index("messages_by_state", "state", "number"),
    Index("messages_by_signer", "signer", "state"),
    Index("messages_by_change", "changed"),
)

# How much gas was spent on a day (counted from 1970) for a signer or a program.
spent = Table(
    "spent",
    tables,
    Column("whose", Text, primary_key=True),
    Column("day", Integer, primary_key=True),
    Column("gas", BigInteger, nullable=False),
)

# The accounts that send. Each belongs to one worker at a time, for as long as its lease lasts.
senders = Table(
    "senders",
    tables,
    Column("address", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("until", BigInteger, nullable=False),
    # What keeps it from sending, if anything does.
    Column("trouble", Text),
)

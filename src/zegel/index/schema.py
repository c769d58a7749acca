"""The tables of the index, the same in SQLite and PostgreSQL.

`blocks` and `events` are the chain as it was read. All other tables follow from them, row by row:
whatever a block brought bears the block's number, so that a block which the chain gives up takes
its rows along.

Addresses and hashes are lower-case text with 0x. Points are in base units of their program and fit
64 bits; money is in base units of the settlement token and need not: see `Big`. Times are Unix
seconds.
"""

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Integer,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    Table,
    Text,
    TypeDecorator,
)
from sqlalchemy.engine import Dialect

from zegel.ledger.points import FREE as FREE

VERSION = 1


class Big(TypeDecorator[int]):
    """A whole number beyond 64 bits: NUMERIC, or text where the database has none (SQLite)."""

    impl = Numeric(78, 0)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else Numeric(78, 0))

    def process_bind_param(self, value: int | None, dialect: Dialect) -> Any:
        return str(value) if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else int(value)


tables = MetaData()


def _place() -> tuple[Column[Any], Column[Any]]:
    """Which event brought a row."""
    return Column("block", BigInteger, nullable=False), Column("log", Integer, nullable=False)


# What the index is of, and who may write: one row each.
about = Table(
    "about",
    tables,
    Column("version", Integer, nullable=False),
    Column("chain_id", BigInteger, nullable=False),
    Column("genesis", Text, nullable=False),
    Column("registry", Text, nullable=False),
    Column("exchange", Text, nullable=False),
    # The other contracts of the network that a program may not name: the desk, where awards wait to
    # be claimed, and what issuers agreed on.
    Column("desk", Text, nullable=False),
    Column("drops", Text, nullable=False),
    Column("charters", Text, nullable=False),
    Column("first_block", BigInteger, nullable=False),
    # The settlement token.
    Column("money", Text, nullable=False),
    Column("money_symbol", Text, nullable=False),
    Column("money_decimals", Integer, nullable=False),
)
writer = Table(
    "writer",
    tables,
    # Every change of writers raises the term, and a writer of an old term is refused.
    Column("term", BigInteger, nullable=False),
    Column("holder", Text, nullable=False),
    Column("until", BigInteger, nullable=False),
    # The last block that a node called final: none up to it is ever taken away.
    Column("final", BigInteger, nullable=False),
)

blocks = Table(
    "blocks",
    tables,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", Text, nullable=False),
    Column("parent", Text, nullable=False),
    Column("timestamp", BigInteger, nullable=False),
)

events = Table(
    "events",
    tables,
    *_place(),
    Column("transaction", Text, nullable=False),
    Column("contract", Text, nullable=False),
    # The contract's kind, as PointToken, and the event's name, as Transfer.
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    # The arguments by name; whole numbers beyond 53 bits are decimal text.
    Column("arguments", JSON, nullable=False),
    PrimaryKeyConstraint("block", "log"),
    sqlite_with_rowid=False,
)

programs = Table(
    "programs",
    tables,
    *_place(),
    Column("token", Text, primary_key=True),
    Column("issuer", Text, nullable=False),
    Column("exchange", Text, nullable=False),
    Column("desk", Text, nullable=False),
    Column("symbol", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("decimals", Integer, nullable=False),
    Column("months_per_epoch", Integer, nullable=False),
    Column("lifetime", Integer, nullable=False),
    Column("created", BigInteger, nullable=False),
)

# The points of every member, as double entry by generation: what a member has is the sum of its
# rows. `other` is the other side of a movement: a member, or the other program of a conversion. It
# is null where points come into being or go.
movements = Table(
    "movements",
    tables,
    *_place(),
    # Several lots may move with one event.
    Column("lot", Integer, nullable=False),
    Column("timestamp", BigInteger, nullable=False),
    Column("token", Text, nullable=False),
    Column("member", Text, nullable=False),
    # Empty for points that nobody has set aside. Purses at the desk bear their merchant's address,
    # or the zero address where any merchant may take from them; at a desk that came later than the
    # program, "@" and the desk follow.
    Column("purse", Text, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("other", Text),
    # The awarder's own number, the shop's order, or the batch, as 0x and 64 digits.
    Column("ref", Text),
    PrimaryKeyConstraint("block", "log", "lot"),
    sqlite_with_rowid=False,
)

# The sums of `movements`.
balances = Table(
    "balances",
    tables,
    Column("token", Text, nullable=False),
    Column("member", Text, nullable=False),
    Column("purse", Text, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("amount", BigInteger, nullable=False),
    PrimaryKeyConstraint("token", "member", "purse", "generation"),
    sqlite_with_rowid=False,
    # A row that changes finds room beside it, so that its index need not change.
    postgresql_with={"fillfactor": 50},
)

conversions = Table(
    "conversions",
    tables,
    *_place(),
    Column("timestamp", BigInteger, nullable=False),
    Column("transaction", Text, nullable=False),
    Column("member", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("out", BigInteger, nullable=False),
    Column("value", Big, nullable=False),
    # What the network took out of the value.
    Column("fee", Big, nullable=False),
    Column("source_version", Integer, nullable=False),
    Column("target_version", Integer, nullable=False),
    PrimaryKeyConstraint("block", "log"),
    sqlite_with_rowid=False,
)

# The issuers' money in the exchange: what an account holds is the sum of its rows. The network's
# fees are the rows of the program "fees".
money = Table(
    "money",
    tables,
    *_place(),
    Column("entry", Integer, nullable=False),
    Column("timestamp", BigInteger, nullable=False),
    Column("program", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("amount", Big, nullable=False),
    # The other program, the payer, or the recipient.
    Column("other", Text),
    PrimaryKeyConstraint("block", "log", "entry"),
    sqlite_with_rowid=False,
)

# Prices as they came into force. `partner` is null for the prices that hold for everyone.
prices = Table(
    "prices",
    tables,
    *_place(),
    Column("program", Text, nullable=False),
    Column("partner", Text),
    Column("version", Integer, nullable=False),
    Column("bid", BigInteger, nullable=False),
    Column("ask", BigInteger, nullable=False),
    Column("closed", Integer, nullable=False),
    Column("since", BigInteger, nullable=False),
    # Null where they hold until they are changed.
    Column("until", BigInteger),
    PrimaryKeyConstraint("block", "log"),
    sqlite_with_rowid=False,
)

vouchers = Table(
    "vouchers",
    tables,
    *_place(),
    Column("desk", Text, nullable=False),
    Column("token", Text, nullable=False),
    Column("member", Text, nullable=False),
    Column("merchant", Text, nullable=False),
    Column("till", Text, nullable=False),
    Column("serial", Big, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("guaranteed", BigInteger, nullable=False),
    Column("unpaid", BigInteger, nullable=False),
    PrimaryKeyConstraint("block", "log"),
    sqlite_with_rowid=False,
)

# What readers look for beside the keys. It is made when the past has been read, since keeping it up
# meanwhile takes longer than all else.
INDEXES = (
    "CREATE INDEX IF NOT EXISTS movements_of_member ON movements (member, block)",
    "CREATE INDEX IF NOT EXISTS balances_of_member ON balances (member)",
    "CREATE INDEX IF NOT EXISTS announced_prices ON events (block, log) "
    "WHERE (name IN ('PricesScheduled', 'ScheduledPricesCancelled', 'PricesSet'))",
    "CREATE INDEX IF NOT EXISTS freezings ON events (block, log) "
    "WHERE (name IN ('Frozen', 'Unfrozen'))",
)

# Why points moved: the words of `movements.kind`. Those of the first group come into being or go,
# so that a program's supply is the sum of their amounts; the others only change hands.
CREATED = ("awarded", "guaranteed", "refunded", "converted in")
DESTROYED = ("redeemed", "converted out", "corrected", "expired")
MOVED = ("sent", "received", "recovered", "held", "released", "paid", "claimed")

# The words of `money.kind`.
MONEY = ("funded", "received", "paid", "withdrawn", "fee")

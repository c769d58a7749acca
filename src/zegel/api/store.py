"""What the API itself has to remember: who is signed in, webhooks, and what they have still to be
told.

It can be deleted at any time: people sign in again, and webhooks are made again.
"""

import secrets
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    MetaData,
    Table,
    Text,
    delete,
    insert,
    select,
)

from zegel.database import Database

_NONCE_SECONDS = 600
# Whoever asks for more nonces at a time makes others ask again.
_MOST_NONCES = 100_000

tables = MetaData()

nonces = Table(
    "api_nonces",
    tables,
    Column("nonce", Text, primary_key=True),
    Column("until", BigInteger, nullable=False, index=True),
)

# Only hashes stand here, so that who reads it cannot sign in by it.
sessions = Table(
    "api_sessions",
    tables,
    Column("hash", Text, primary_key=True),
    Column("account", Text, nullable=False),
    Column("until", BigInteger, nullable=False),
)

# `token` or `member` says what it is about; `failures` in a row lead to `disabled`.
webhooks = Table(
    "api_webhooks",
    tables,
    Column("id", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("token", Text),
    Column("member", Text),
    Column("kinds", Text, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("disabled", BigInteger),
)

# The outbox: what is to be delivered, and when it is tried again.
deliveries = Table(
    "api_deliveries",
    tables,
    Column("id", Text, primary_key=True),
    Column("webhook", Text, nullable=False, index=True),
    Column("body", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due", BigInteger, nullable=False, index=True),
    Column("trouble", Text),
)

# The last block whose movements stand in the outbox, with its hash: one row.
place = Table(
    "api_place",
    tables,
    Column("block", BigInteger, nullable=False),
    Column("hash", Text, nullable=False),
)


class Store:
    """The API's own database."""

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        with self.database.writing() as connection:
            if not self.database.is_sqlite:
                # Two processes that begin at once make the tables once.
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(0x7a656170)")
            tables.create_all(connection)

    def new_nonce(self, now: int) -> str:
        """A number that one message for signing in may bear."""
        nonce = secrets.token_hex(16)
        with self.database.writing() as connection:
            connection.execute(delete(nonces).where(nonces.c.until <= now))
            many = select(nonces.c.nonce).order_by(nonces.c.until.desc()).offset(_MOST_NONCES)
            connection.execute(delete(nonces).where(nonces.c.nonce.in_(many.limit(1))))
            connection.execute(insert(nonces).values(nonce=nonce, until=now + _NONCE_SECONDS))
        return nonce

    def use_nonce(self, nonce: str, now: int) -> bool:
        """Whether a nonce was given out and is used for the first time."""
        with self.database.writing() as connection:
            used = connection.execute(
                delete(nonces).where(nonces.c.nonce == nonce, nonces.c.until > now)
            )
            return used.rowcount == 1

    def open_session(self, account: str, now: int, until: int) -> str:
        """A secret that stands for an account for some time."""
        secret = secrets.token_urlsafe(32)
        with self.database.writing() as connection:
            connection.execute(delete(sessions).where(sessions.c.until <= now))
            connection.execute(
                insert(sessions).values(hash=_hash(secret), account=account, until=until)
            )
        return secret

    def session(self, secret: str, now: int) -> Any:
        """Whose secret it is, and until when; None if it is nobody's now."""
        with self.database.reading() as connection:
            return connection.execute(
                select(sessions.c.account, sessions.c.until).where(
                    sessions.c.hash == _hash(secret), sessions.c.until > now
                )
            ).one_or_none()

    def close_session(self, secret: str) -> None:
        with self.database.writing() as connection:
            connection.execute(delete(sessions).where(sessions.c.hash == _hash(secret)))


def _hash(secret: str) -> str:
    return sha256(secret.encode("utf-8", "replace")).hexdigest()

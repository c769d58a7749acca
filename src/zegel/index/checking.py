"""Holds an index against the chain, and against another index made afresh.

Every figure was found in two ways and is right or wrong by a single unit.
"""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from eth_abi.abi import decode
from sqlalchemy import Connection, select

from zegel.chain.connection import Connection as Chain
from zegel.chain.node import Node, Patience
from zegel.chain.raw import view_request
from zegel.errors import ChainError
from zegel.index import schema
from zegel.index.database import Database
from zegel.index.dumping import TABLES, dump_table
from zegel.index.following import catch_up
from zegel.index.network import About
from zegel.index.projecting import FEES
from zegel.ledger.epochs import Epochs
from zegel.ledger.points import FREE
from zegel.report.checks import Check

_NETWORK = "network"


def check(
    url: str, about: About, database: Database, patience: Patience | None = None
) -> list[Check]:
    """All checks, as of the last block that the index has."""
    node = Node(url, patience or Patience())
    node.check(about.chain_id, about.genesis)
    with database.reading() as connection:
        block = connection.execute(
            select(schema.blocks).order_by(schema.blocks.c.number.desc()).limit(1)
        ).one_or_none()
        if block is None:
            return []
        chain = _Chain(node, Chain(url), about, block.hash)
        found = [
            result
            for program in connection.execute(select(schema.programs)).all()
            for result in _program(connection, chain, program, block.timestamp)
        ]
        found.append(_fees(connection, chain))
        return found + list(_rebuild(connection, url, about, block.number, patience))


@dataclass(frozen=True)
class _Chain:
    """What the contracts say after one block."""

    node: Node
    connection: Chain
    about: About
    block: str

    def ask(self, contract: str, address: str, view: str, *arguments: str) -> bytes:
        (answer,) = self.ask_all(contract, address, view, [arguments])
        return answer

    def ask_all(
        self, contract: str, address: str, view: str, arguments: list[tuple[str, ...]]
    ) -> list[bytes]:
        seen = self.connection.contract(contract, address)
        at = {"blockHash": self.block}
        questions = [view_request(seen, view, *given, at=at) for given in arguments]
        answers: list[bytes] = []
        for told in self.node.ask_all(questions):
            if told == "0x":
                raise ChainError(
                    f"{address} has no {view} after block {self.block}: the node has lost it. "
                    "Name another node"
                )
            answers.append(bytes.fromhex(told[2:]))
        return answers


def _program(
    connection: Connection, chain: _Chain, program: Any, timestamp: int
) -> Iterator[Check]:
    epochs = Epochs(program.months_per_epoch, program.lifetime, program.created)
    held, by_expiry = _alive(connection, program, epochs, timestamp)
    symbol, decimals, token = program.symbol, program.decimals, program.token

    supply = _number(chain.ask("PointToken", token, "totalSupply"))
    yield Check(symbol, "sum of balances = totalSupply", sum(held.values()), supply, decimals)

    members = sorted(_members(connection, token) | held.keys())
    told = chain.ask_all("PointToken", token, "balanceOf", [(member,) for member in members])
    same = sum(
        held.get(member, 0) == _number(answer) for member, answer in zip(members, told, strict=True)
    )
    yield Check(symbol, "members whose balance is balanceOf = members", same, len(members))

    (expiries,) = decode(["(uint64,uint256)[]"], chain.ask("PointToken", token, "supplyByExpiry"))
    theirs = {expires: amount for expires, amount in expiries if amount}
    for expires in sorted(by_expiry.keys() | theirs.keys()):
        yield Check(
            symbol,
            f"points until {expires} = supplyByExpiry",
            by_expiry.get(expires, 0),
            theirs.get(expires, 0),
            decimals,
        )
    money = chain.about.money_decimals
    posted = chain.ask("PointExchange", program.exchange, "programOf", token)
    account = int.from_bytes(posted[64:96], "big")
    yield Check(symbol, "money = account", _money(connection, token), account, money)


def _fees(connection: Connection, chain: _Chain) -> Check:
    told = _number(chain.ask("PointExchange", chain.about.exchange, "fees"))
    mine = _money(connection, FEES)
    return Check(_NETWORK, "fees = fees", mine, told, chain.about.money_decimals)


def _rebuild(
    connection: Connection, url: str, about: About, last: int, patience: Patience | None
) -> Iterator[Check]:
    """Table by table, the rows that an index made afresh has in the same place."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = Database(str(Path(folder) / "index.db"))
        catch_up(url, about, fresh, until=last, patience=patience)
        with fresh.reading() as other:
            for table in TABLES:
                pairs = zip_longest(dump_table(connection, table), dump_table(other, table))
                same = total = 0
                for mine, theirs in pairs:
                    total += 1
                    same += mine == theirs
                claim = f"rows of {table.name} that a rebuild has = rows"
                yield Check(_NETWORK, claim, same, total)


def _alive(
    connection: Connection, program: Any, epochs: Epochs, timestamp: int
) -> tuple[Mapping[str, int], Mapping[int, int]]:
    """Points that have not expired: by the account in which they stand, and by their expiry."""
    balances = schema.balances.c
    held: dict[str, int] = {}
    by_expiry: dict[int, int] = {}
    rows = select(balances.member, balances.purse, balances.generation, balances.amount).where(
        balances.token == program.token
    )
    for member, purse, generation, amount in connection.execute(rows):
        expires = epochs.expiry(generation)
        if expires > timestamp:
            # What is set aside stands in the desk's account.
            account = member if purse == FREE else purse.partition("@")[2] or program.desk
            held[account] = held.get(account, 0) + amount
            by_expiry[expires] = by_expiry.get(expires, 0) + amount
    return held, by_expiry


def _members(connection: Connection, token: str) -> set[str]:
    """All who ever had points, the ones who have none left included."""
    moved = schema.movements.c
    found = select(moved.member).where(moved.token == token).distinct()
    return set(connection.execute(found).scalars())


def _money(connection: Connection, program: str) -> int:
    entries = schema.money.c
    found = select(entries.amount).where(entries.program == program)
    return sum(connection.execute(found).scalars())


def _number(answer: bytes) -> int:
    return int.from_bytes(answer, "big")

"""Takes away what blocks brought that the chain gave up.

Every row bears the number of its block, so most of it is deleting. Balances are lowered by the sums
of the movements that go, and prices that were ended by others hold again.
"""

from collections import defaultdict
from functools import partial

from sqlalchemy import Connection, delete, func, select, update

from zegel.chain.node import Node
from zegel.errors import FinalityBroken
from zegel.index import schema
from zegel.index.electing import final
from zegel.index.fetching import Place, headers
from zegel.index.rows import Changes
from zegel.index.writing import change_balances

_HEADERS_AT_ONCE = 64


def common_ancestor(connection: Connection, node: Node, newest: int) -> Place:
    """The last block that the node has as the index has it; `newest` is the node's newest block.

    Raises `FinalityBroken` if it lies below what was final.
    """
    blocks = schema.blocks.c
    settled = final(connection)
    first = connection.execute(select(func.min(blocks.number))).scalar_one()
    last = min(newest, connection.execute(select(func.max(blocks.number))).scalar_one())
    while last >= first:
        start = max(first, last - _HEADERS_AT_ONCE + 1)
        found = select(blocks.number, blocks.hash).where(blocks.number.between(start, last))
        ours = {row.number: row.hash for row in connection.execute(found)}
        theirs = node.trusted(f"blocks {start} to {last}", partial(headers, node, start, last))
        for block in reversed(theirs):
            if ours[block.number] == block.hash and block.number >= settled:
                return Place(block.number, block.hash)
            if block.number <= settled:
                raise FinalityBroken(
                    f"block {block.number} was final as {ours[block.number]}, and {node.url} has "
                    f"{block.hash} there: ask another node, or begin a new database"
                )
        last = start - 1
    # All blocks since the deployment are others: what is indexed here is not on this chain.
    parent = connection.execute(select(blocks.parent).where(blocks.number == first)).scalar_one()
    return Place(first - 1, parent)


def undo(connection: Connection, last: int) -> None:
    """Takes away all blocks behind one."""
    change_balances(connection, _taken_back(connection, last))
    reopened = _closed_behind(connection, last)
    for table in schema.tables.sorted_tables:
        if "block" in table.c:
            connection.execute(delete(table).where(table.c.block > last))
    connection.execute(delete(schema.blocks).where(schema.blocks.c.number > last))
    for program, partner in reopened:
        _reopen(connection, program, partner)


def _taken_back(connection: Connection, last: int) -> Changes:
    moved = schema.movements.c
    key = (moved.token, moved.member, moved.purse, moved.generation)
    sums = select(*key, func.sum(moved.amount)).where(moved.block > last).group_by(*key)
    changes: Changes = defaultdict(int)
    for token, member, purse, generation, amount in connection.execute(sums):
        changes[token, member, purse, generation] = -int(amount)
    return changes


def _closed_behind(connection: Connection, last: int) -> set[tuple[str, str | None]]:
    """Whose prices ended behind a block, by program and partner."""
    events = schema.events.c
    found = select(events.arguments).where(
        events.block > last, events.name.in_(("PricesSet", "TermsSet"))
    )
    return {(told["program"], told.get("partner")) for (told,) in connection.execute(found)}


def _reopen(connection: Connection, program: str, partner: str | None) -> None:
    """Gives the newest prices that are left the end that they had when they were made."""
    events, prices = schema.events.c, schema.prices.c
    name = "PricesSet" if partner is None else "TermsSet"
    told = connection.execute(
        select(events.block, events.log, events.arguments)
        .where(events.name == name)
        .order_by(events.block.desc(), events.log.desc())
    )
    for block, log, arguments in told:
        if (arguments["program"], arguments.get("partner")) == (program, partner):
            until = None if partner is None else int(arguments["newTerms"]["validUntil"])
            connection.execute(
                update(schema.prices)
                .where(prices.block == block, prices.log == log)
                .values(until=until)
            )
            return

"""The index: follow the chain, say how far it is, check it."""

from typing import TYPE_CHECKING, Annotated

import typer

from zegel.cli.settings import AsJson

if TYPE_CHECKING:
    from zegel.index.fetching import Place


def run(
    context: typer.Context,
    once: Annotated[
        bool, typer.Option("--once", help="Stop at the newest block, and do not follow.")
    ] = False,
) -> None:
    """Follow the chain into the database; it may be stopped and started at any moment."""
    from zegel.cli.output import tell
    from zegel.cli.session import session
    from zegel.index.database import Database
    from zegel.index.following import catch_up, follow
    from zegel.index.network import about

    here = session(context)
    database = Database(here.settings.index)
    network = about(here.suite)
    tell(f"index of chain {network.chain_id} in {database.name}")

    def told(place: "Place") -> None:
        tell(f"[ok] up to block {place.number}")

    if once:
        told(catch_up(here.settings.rpc, network, database))
        return
    try:
        follow(here.settings.rpc, network, database, caught_up=told)
    except KeyboardInterrupt:
        tell("[ok] stopped: it goes on from there")


def status(context: typer.Context, as_json: AsJson = False) -> None:
    """Say what the index has: its network, its last block, its events."""
    from sqlalchemy import func, select

    from zegel.cli.output import show
    from zegel.index import schema
    from zegel.index.database import Database
    from zegel.report.sheet import Column, Moment, Sheet

    database = Database(context.obj.index)
    network = database.about()
    with database.reading() as connection:
        blocks = schema.blocks.c
        last = connection.execute(
            select(blocks.number, blocks.hash, blocks.timestamp)
            .order_by(blocks.number.desc())
            .limit(1)
        ).one_or_none()
        events = connection.scalar(select(func.count()).select_from(schema.events))
        members = connection.scalar(select(func.count(schema.balances.c.member.distinct())))
    number, block_hash, timestamp = last or (None, None, None)
    row = (
        database.name,
        network.chain_id,
        number,
        block_hash,
        None if timestamp is None else Moment(timestamp),
        events,
        members,
    )
    columns = (
        Column("database"),
        Column("chain"),
        Column("block", "number"),
        Column("hash"),
        Column("time", "time"),
        Column("events", "number"),
        Column("members", "number"),
    )
    show(Sheet("Index", columns, [row]), as_json)


def check(context: typer.Context, as_json: AsJson = False) -> None:
    """Hold the index against the chain, and against another one made afresh; 1 if they differ."""
    from zegel.cli.output import show
    from zegel.cli.session import session
    from zegel.index import checking
    from zegel.index.database import Database
    from zegel.index.network import about
    from zegel.report.sheet import Amount, Column, Sheet

    here = session(context)
    found = checking.check(here.settings.rpc, about(here.suite), Database(here.settings.index))
    rows = [
        (
            each.subject,
            each.claim,
            Amount(each.left, each.decimals),
            Amount(each.right, each.decimals),
            "ok" if each.ok else "differs",
        )
        for each in found
    ]
    columns = (
        Column("of"),
        Column("claim"),
        Column("left", "number"),
        Column("right", "number"),
        Column("result"),
    )
    show(Sheet("Checks of the index", columns, rows), as_json)
    if not all(each.ok for each in found):
        raise typer.Exit(1)

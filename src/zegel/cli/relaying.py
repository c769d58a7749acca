"""The relay: send what members signed, and say how that goes."""

from typing import TYPE_CHECKING, Annotated

import typer

from zegel.cli.settings import AsJson

if TYPE_CHECKING:
    from zegel.cli.session import Session
    from zegel.outbox.box import Signer
    from zegel.outbox.journal import Journal

Queue = Annotated[
    str,
    typer.Option(
        "--queue",
        envvar="ZEGEL_QUEUE",
        help="The database of the queue: a file, or postgresql://…; beside the address books if "
        "left out.",
        metavar="DATABASE",
    ),
]


def run(
    context: typer.Context,
    key: Annotated[
        list[str] | None,
        typer.Option(
            "--key",
            help="An account that sends, as for --account; say it again for several. --account "
            "if left out.",
        ),
    ] = None,
    queue: Queue = "",
    price: Annotated[
        float | None, typer.Option(help="The most to pay for a unit of gas, in gwei.", min=0)
    ] = None,
    depth: Annotated[
        int | None,
        typer.Option(
            help="Blocks under so many others are final; the node says which if left out.", min=0
        ),
    ] = None,
) -> None:
    """Send what was accepted, until it is stopped; several workers may use one queue."""
    from zegel.cli.output import tell
    from zegel.cli.session import session
    from zegel.relay.limits import Limits
    from zegel.relay.working import Worker

    here = session(context)
    senders = _senders(here, key or [])
    journal = _queue(here, queue)
    limits = Limits(price=None if price is None else round(price * 10**9))
    worker = Worker(here.suite, journal, senders, limits, depth)
    names = ", ".join(sender.address for sender in senders)
    tell(f"relay of chain {here.connection.chain_id}, as {names}: {journal.database.name}")
    try:
        worker.run(lambda: False, tell)
    except KeyboardInterrupt:
        tell("[ok] stopped: what was accepted is in the queue")


def status(context: typer.Context, queue: Queue = "", as_json: AsJson = False) -> None:
    """Say how many messages are where, and which accounts send."""
    import time

    from zegel.cli.output import show
    from zegel.cli.session import session
    from zegel.relay import states
    from zegel.relay.status import status
    from zegel.report.sheet import Column, Sheet

    now = int(time.time())
    found = status(_queue(session(context), queue), now)
    rows: list[tuple[str, int, str]] = []
    for state, count in found.messages.items():
        waits = state == states.ACCEPTED and found.waiting_since is not None
        note = f"the oldest for {now - (found.waiting_since or 0)} s" if waits else ""
        rows.append((state, count, note))
    for account in found.accounts:
        who = f"held by {account.holder}" if account.holder else "nobody sends from it"
        rows.append((account.address, account.on_their_way, account.trouble or who))
    columns = Column("messages"), Column("count", "number"), Column("note")
    show(Sheet("Relay", columns, rows), as_json)


def _senders(here: "Session", keys: list[str]) -> "list[Signer]":
    """The accounts that send. Their keys are unlocked here, and go nowhere."""
    from zegel.chain.sending import chosen_sender
    from zegel.cli.session import unlocked

    remedy = "name a keystore, or one of Brownie's, by --key"
    chosen = [chosen_sender(here.connection, key, unlocked, remedy) for key in keys]
    return list(chosen) or [here.sender]


def _queue(here: "Session", url: str) -> "Journal":
    from zegel.relay.queue import open_queue, own_queue

    return open_queue(url or own_queue(here.connection, here.settings.deployments), here.connection)

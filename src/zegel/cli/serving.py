"""Serve the API and the pages: beside an index that runs, or all of it with a chain of its own."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zegel.cli.relaying import Queue

if TYPE_CHECKING:
    from zegel.api.awarding import Awards
    from zegel.cli.session import Session

Host = Annotated[str, typer.Option(help="Where to listen.")]
Port = Annotated[int, typer.Option(help="At which port.", min=1, max=65_535)]


def serve(
    context: typer.Context,
    host: Host = "127.0.0.1",
    port: Port = 8080,
    origin: Annotated[
        str,
        typer.Option(
            envvar="ZEGEL_ORIGIN", help="How browsers name it, as https://points.example."
        ),
    ] = "",
    allow: Annotated[
        list[str] | None, typer.Option(help="Another origin whose pages may call the API.")
    ] = None,
    proxies: Annotated[
        str, typer.Option(help="Proxies in front, which say for whom they ask.")
    ] = "127.0.0.1",
    public_rpc: Annotated[
        str, typer.Option("--public-rpc", help="A node that browsers ask themselves.")
    ] = "/rpc",
    explorer: Annotated[str, typer.Option(help="Where people look transactions up.")] = "",
    relay: Annotated[
        bool, typer.Option(help="Accept signed messages into the queue of `zegel relay run`.")
    ] = True,
    queue: Queue = "",
    gas_per_signer: Annotated[
        int | None,
        typer.Option(help="Gas that the messages of one signer may use in a day.", min=0),
    ] = None,
    gas_per_program: Annotated[
        int | None,
        typer.Option(help="Gas that the messages of one program may use in a day.", min=0),
    ] = None,
    most_waiting: Annotated[
        int | None,
        typer.Option(help="Messages that may wait to be sent; more are told to come later.", min=1),
    ] = None,
    limits: Annotated[
        bool, typer.Option(help="Bound what one caller may ask; off behind a proxy that does.")
    ] = True,
    database: Annotated[
        str,
        typer.Option(
            envvar="ZEGEL_API_DATABASE",
            help="The API's own: sign-ins and webhooks; beside the address books if left out.",
        ),
    ] = "",
) -> None:
    """Serve the API and the pages; `zegel index run` and `zegel relay run` work beside it."""
    from zegel.api.service import Service
    from zegel.api.serving import Address
    from zegel.api.serving import serve as run
    from zegel.api.settings import UNLIMITED, Limits, Settings
    from zegel.api.store import Store
    from zegel.cli.output import tell
    from zegel.cli.session import session
    from zegel.index.database import Database
    from zegel.relay import limits as relay_limits
    from zegel.relay.queue import open_queue, own_queue
    from zegel.relay.relay import Relay

    here = session(context)
    address = Address(host, port, proxies)
    settings = Settings(
        origin=origin or address.origin,
        other_origins=() if origin else address.other_origins,
        allowed_origins=tuple(allow or ()),
        rpc=public_rpc,
        explorer=explorer or None,
        limits=Limits() if limits else UNLIMITED,
    )
    index = Database(here.settings.index)
    index.about()
    taking = None
    if relay:
        url = queue or own_queue(here.connection, here.settings.deployments)
        named = {
            "signer": gas_per_signer,
            "program": gas_per_program,
            "waiting": most_waiting,
        }
        given = {name: bound for name, bound in named.items() if bound is not None}
        bounds = relay_limits.Limits(**given)
        taking = Relay(here.suite, open_queue(url, here.connection), bounds)
    kept = Store(database or f"sqlite:///{here.settings.deployments / 'api.db'}")
    service = Service(settings, here.suite, index, kept, taking, _awards(here))
    run(service, address, ready=lambda: tell(f"[ok] {settings.origin}"))


def _awards(here: "Session") -> "Awards | None":
    """Award files are sent by --account; without one, none are taken."""
    from zegel.api.awarding import Awards
    from zegel.award.journal import open_journal, own_journal
    from zegel.wallet.assets import programs

    if not here.settings.account:
        return None
    folder = here.settings.deployments
    journal = open_journal(own_journal(here.connection, folder), here.connection)
    senders = {token.lower(): here.sender for token in programs(here.suite)}
    return Awards(here.suite, journal, senders, folder / "awards", here.sender)


def up(
    folder: Annotated[Path, typer.Option(help="What is kept of it.")] = Path("zegel-up"),
    host: Host = "127.0.0.1",
    port: Port = 8080,
    one_in: Annotated[
        int, typer.Option(help="Every so many customers of the record shop are there.", min=1)
    ] = 10,
) -> None:
    """Run it all at one address: a local chain with a demo on it, index, API and pages."""
    from zegel.api.serving import Address
    from zegel.cli.output import tell
    from zegel.up.running import Place
    from zegel.up.running import up as run

    try:
        run(Place(folder.absolute(), Address(host, port), one_in), tell)
    except KeyboardInterrupt:
        tell("stopped before it was up; the next start begins again where it must")

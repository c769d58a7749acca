"""The `zegel` command: parses, calls the library, prints.

Modules of the library are imported by the command that needs them, so that `zegel --help` is there
at once.
"""

import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from dotenv import load_dotenv

from zegel.cli import demo, issuers, members, settings
from zegel.errors import ZegelError

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Loyalty points on Ethereum.",
)


def main() -> None:
    """Runs the command line: 0 if all is well, 1 if not, 2 if it was not understood."""
    signal.signal(signal.SIGTERM, _stop)
    load_dotenv(".env")
    try:
        app()
    except ZegelError as error:
        print(error, file=sys.stderr)
        sys.exit(1)


def _stop(*_: object) -> NoReturn:
    """Ends as Ctrl-C does, so that what was started is stopped."""
    raise KeyboardInterrupt


def _show_version(wanted: bool) -> None:
    if wanted:
        from zegel import __version__

        print(f"zegel {__version__}")
        raise typer.Exit


@app.callback()
def root(
    context: typer.Context,
    rpc: settings.Rpc = "http://127.0.0.1:8545",
    deployments: settings.Deployments = Path("deployments"),
    index: settings.Index = "zegel.db",
    account: settings.Account = "",
    yes: settings.Yes = False,
    _: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    """Loyalty points on Ethereum."""
    context.obj = settings.Settings(rpc, deployments, index, account, yes)


def _add(group: typer.Typer, command: Callable[..., Any], example: str) -> None:
    group.command(epilog=f"Example: zegel {example}")(command)


_add(app, demo.demo, "demo --months 6 --out reports/half-year")
_add(app, members.programs, "programs --json")
_add(app, members.balance, "balance 0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045")
_add(app, members.quote, "quote SHOP AIR 100")
_add(app, members.send, "send SHOP 0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045 12.50")
_add(app, members.redeem, "redeem SHOP 50 order-1042")
_add(app, members.convert, "convert SHOP AIR 100 --slippage 1")
_add(app, issuers.prices, "prices SHOP --bid 0.009 --ask 0.01")
_add(app, issuers.fund, "fund SHOP 5000")
_add(app, issuers.withdraw, "withdraw SHOP 1000 0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045")

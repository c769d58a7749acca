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

from zegel.cli import (
    awards,
    books,
    demo,
    evidence,
    indexing,
    issuers,
    members,
    relaying,
    reports,
    serving,
    settings,
    tills,
)
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
    except Exception as error:
        # web3 takes a second to import, so its errors are told by where they come from.
        if not type(error).__module__.startswith("web3."):
            raise
        print(f"the node did not do as asked: {error}", file=sys.stderr)
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


def _group(name: str, about: str) -> typer.Typer:
    group = typer.Typer(no_args_is_help=True, help=about, rich_markup_mode=None)
    app.add_typer(group, name=name)
    return group


def _add(group: typer.Typer, command: Callable[..., Any], example: str) -> None:
    """Adds a command, named after its function, whose help ends with an example."""
    group.command(epilog=f"Example: zegel {example}")(command)


_SOMEBODY = "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045"

_add(app, demo.demo, "demo --months 6 --out reports/half-year")

_add(app, members.programs, "programs --json")
_add(app, members.balance, f"balance {_SOMEBODY}")
_add(app, members.quote, "quote SHOP AIR 100")
_add(app, members.send, f"send SHOP {_SOMEBODY} 12.50 --relay https://points.example")
_add(app, members.redeem, "redeem SHOP 50 order-1042")
_add(app, members.convert, "convert SHOP AIR 100 --slippage 1")

_add(app, issuers.prices, "prices SHOP --bid 0.009 --ask 0.01")
_add(app, issuers.fund, "fund SHOP 5000")
_add(app, issuers.withdraw, f"withdraw SHOP 1000 {_SOMEBODY}")

_award = _group("award", "Award points: one award, or files of them, each row once.")
_add(_award, awards.one, f"award one SHOP {_SOMEBODY} 12.50 receipt-2041 purchase")
_add(_award, awards.plan, "award plan SHOP awards.csv")
_add(_award, awards.run, "award run SHOP awards.xlsx --members members.csv")
_add(_award, awards.status, "award status SHOP")
_add(_award, awards.rows, "award rows SHOP awards.xlsx")
_add(_award, awards.cancel, "award cancel SHOP receipt-2041 receipt-2042")
_add(_award, awards.add_member, f"award add-member 4711 {_SOMEBODY}")
_add(_award, awards.list_members, "award list-members --members members.csv")

_index = _group("index", "Follow the chain into a database.")
_add(_index, indexing.run, "index run --once")
_add(_index, indexing.status, "index status --json")

_add(_index, indexing.check, "index check")

_relay = _group("relay", "Send what members signed, and pay the gas.")
_add(_relay, relaying.run, "relay run --key sponsor.json --price 5")
_add(_relay, relaying.status, "relay status --json")

_report = _group("report", "Ask the index, and get tables, files, charts, books.")
_add(_report, reports.statement, f"report statement {_SOMEBODY} --out statement.pdf")
_add(_report, reports.liability, "report liability SHOP --cost 0.008 --breakage 15")
_add(_report, reports.history, "report history SHOP --out shop.html")
_add(_report, reports.settlement, "report settlement SHOP --from 2026-01-01 --until 2026-02-01")
_add(_report, reports.flows, "report flows --out flows.xlsx")
_add(_report, reports.directory, "report directory --until 2027-01-01")
_add(_report, reports.tax, "report tax 2026 --program SHOP --out gifts.csv")
_add(_report, reports.campaigns, "report campaigns --program SHOP")
_add(_report, reports.charters, "report charters --json")
_add(_report, reports.expiring, "report expiring SHOP --before 2027-01-01")
_add(_report, books.beancount, "report beancount --out points.beancount")
_add(_report, books.hledger, "report hledger SHOP --out shop.journal")
_add(
    _report,
    books.audit_file,
    "report audit-file SHOP --company 'Corner Shop B.V.' --tax-number 123456789 --out shop.xaf",
)

_till = _group("till", "Take points at a till, with or without a network.")
_add(_till, tills.open, "till open --limit SHOP=20/500")
_add(_till, tills.run, "till run --port 8787")
_add(_till, tills.page, "till page")
_add(_till, tills.request, "till request SHOP 12.50 --ref order-1042")
_add(_till, tills.accept, "till accept ZEGELVOUCHER:AAAA")
_add(_till, tills.cancel, "till cancel 17")
_add(_till, tills.sync, f"till sync {_SOMEBODY}")
_add(_till, tills.settle, "till settle")
_add(_till, tills.refund, "till refund 17 12.50")
_add(_till, tills.repay, "till repay")
_add(_till, tills.status, "till status --json")
_add(_till, tills.receipt, "till receipt 17 --out receipt.pdf")
_add(_till, tills.report, "till report losses --from 2026-01-01 --out losses.pdf")

_add(app, serving.serve, "serve --port 8080 --origin https://points.example")
_add(app, serving.up, "up --folder my-network")

_add(app, evidence.evidence, "evidence 2026.zip")
_add(app, evidence.verify, f"verify 2026.zip --signer {_SOMEBODY}")

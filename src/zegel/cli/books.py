"""Books for accountants and tax offices: journals and audit files."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from zegel.cli.settings import Since, Until

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from zegel.report.bookkeeping.entries import Books

Programs = Annotated[
    list[str] | None,
    typer.Argument(help="The programs, by their symbols; all if left out.", metavar="PROGRAM"),
]
Target = Annotated[Path, typer.Option("--out", help="The file to write.")]


def beancount(
    context: typer.Context,
    out: Target,
    programs: Programs = None,
    since: Since = "",
    until: Until = "",
) -> None:
    """Write a journal for Beancount, with balances that bean-check proves."""
    from zegel.report.bookkeeping import beancount

    _write(context, beancount.write, programs, since, until, out)


def hledger(
    context: typer.Context,
    out: Target,
    programs: Programs = None,
    since: Since = "",
    until: Until = "",
) -> None:
    """Write a journal for hledger, with balances that `hledger check` proves."""
    from zegel.report.bookkeeping import hledger

    _write(context, hledger.write, programs, since, until, out)


def audit_file(
    context: typer.Context,
    out: Target,
    company: Annotated[str, typer.Option(help="The company's name.")],
    tax_number: Annotated[str, typer.Option(help="Its tax number.")],
    country: Annotated[str, typer.Option(help="Its country, in two letters.")] = "NL",
    currency: Annotated[str, typer.Option(help="The money's currency, in three letters.")] = "EUR",
    programs: Programs = None,
    since: Since = "",
    until: Until = "",
) -> None:
    """Write the audit file of the Dutch tax authority (XAF 3.2)."""
    from zegel.report.bookkeeping import audit_file

    who = audit_file.Company(company, country, tax_number, currency)

    def write(database: "Connection", books: "Books", stream: BinaryIO) -> None:
        audit_file.write(database, books, who, {}, stream)

    _write(context, write, programs, since, until, out)


def _write(
    context: typer.Context,
    write: "Callable[[Connection, Books, BinaryIO], None]",
    programs: list[str] | None,
    since: str,
    until: str,
    out: Path,
) -> None:
    from zegel.cli.reports import chosen
    from zegel.files import replacing
    from zegel.index.reading import opened
    from zegel.report.bookkeeping.entries import open_books

    with opened(context.obj.index) as database:
        books = open_books(database, chosen(database, since, until), programs or ())
        with replacing(out) as stream:
            write(database, books, stream)

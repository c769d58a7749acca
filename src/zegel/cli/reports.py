"""What issuers, partners, members and auditors ask of the index, in any format."""

from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zegel.cli.settings import AsJson, Program, Since, Until

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from zegel.report.periods import Period
    from zegel.report.sheet import Sheet

    Ask = Callable[[Connection, Period], Sheet]

Out = Annotated[
    Path | None,
    typer.Option(help="A file; its ending says how: .csv, .xlsx, .json, .pdf or .html."),
]

_EVER = "9999-01-01"
_PPM_OF_A_PERCENT = 10_000


def statement(
    context: typer.Context,
    member: Annotated[str, typer.Argument(help="The member's address.")],
    since: Since = "",
    until: Until = "",
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """A member's points: opening, every movement, closing, and what expires when."""
    from zegel.admin.inputs import address
    from zegel.report.statement import statement as ask

    who = address(member, "member").lower()
    _report(context, lambda db, of: ask(db, who, of).sheet(), since, until, out, as_json)


def liability(
    context: typer.Context,
    program: Program,
    since: Since = "",
    until: Until = "",
    cost: Annotated[str, typer.Option(help="What a point costs you, in money.")] = "",
    breakage: Annotated[
        float, typer.Option(help="Percent of points that nobody will redeem.", min=0, max=100)
    ] = 0,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """An issuer's liability: from the opening to the closing, by date of expiry, and its value."""
    from zegel.admin.inputs import price
    from zegel.report.liability import Estimate
    from zegel.report.liability import liability as ask

    share = round(breakage * _PPM_OF_A_PERCENT)
    estimate = Estimate(price(cost, "cost"), share) if cost else None
    _report(
        context, lambda db, of: ask(db, program, of, estimate).sheet(), since, until, out, as_json
    )


def history(
    context: typer.Context,
    program: Program,
    since: Since = "",
    until: Until = "",
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """A program month by month: awarded, redeemed, expired, converted, and what is left."""
    from zegel.report.history import history as ask

    _report(context, lambda db, of: ask(db, program, of).sheet(), since, until, out, as_json)


class Part(str, Enum):
    """The sheets of a settlement statement."""

    PARTNERS = "partners"
    ACCOUNT = "account"
    PRICES = "prices"


def settlement(
    context: typer.Context,
    program: Program,
    since: Since = "",
    until: Until = "",
    part: Annotated[
        Part, typer.Option(help="With whom, the account's movements, or the prices used.")
    ] = Part.PARTNERS,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """A program's settlement with its partners: conversions, its account, the prices used."""
    from zegel.report.settlement import Settlement
    from zegel.report.settlement import settlement as ask

    sheets: dict[Part, Callable[[Settlement], Sheet]] = {
        Part.PARTNERS: Settlement.sheet,
        Part.ACCOUNT: Settlement.account,
        Part.PRICES: Settlement.prices,
    }
    _report(context, lambda db, of: sheets[part](ask(db, program, of)), since, until, out, as_json)


def directory(
    context: typer.Context,
    until: Until = "",
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """All programs as the index has them: issuer, life of points, what they owe, their prices."""
    from zegel.report.directory import directory as ask

    _report(context, lambda db, of: ask(db, of).sheet(), "", until, out, as_json)


def flows(
    context: typer.Context,
    since: Since = "",
    until: Until = "",
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """All conversions between programs, pair by pair, and what is settled between their issuers."""
    from zegel.report.settlement import flows as ask

    _report(context, lambda db, of: ask(db, of).sheet(), since, until, out, as_json)


def tax(
    context: typer.Context,
    year: Annotated[int, typer.Argument(help="The calendar year, in UTC.")],
    member: Annotated[str, typer.Option(help="What one member was given.")] = "",
    program: Annotated[str, typer.Option(help="What one program gave, member by member.")] = "",
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """What members were given in a year, at its value when it was given."""
    from zegel.admin.inputs import address
    from zegel.errors import ConfigError
    from zegel.report.taxes import member_year, program_year

    if bool(member) == bool(program):
        raise ConfigError("tax: whose? give either --member or --program")
    if member:
        who = address(member, "member").lower()
        _write(context, lambda db: member_year(db, who, year).sheet(), out, as_json)
    else:
        _write(context, lambda db: program_year(db, program, year).sheet(), out, as_json)


def campaigns(
    context: typer.Context,
    program: Annotated[str, typer.Option(help="Only this program.")] = "",
    since: Since = "",
    until: Until = "",
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Awards by campaign: what was given for what, and to how many."""
    from zegel.report.campaigns import campaigns as ask

    _report(
        context, lambda db, of: ask(db, of, program or None).sheet(), since, until, out, as_json
    )


def charters(
    context: typer.Context,
    since: Since = "",
    until: Until = "",
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Rewards by the rules of charters."""
    from zegel.report.campaigns import charter_rewards as ask

    _report(context, lambda db, of: ask(db, of).sheet(), since, until, out, as_json)


def expiring(
    context: typer.Context,
    program: Program,
    before: Annotated[str, typer.Option(help="What expires before this day.")],
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Whose points expire soon, so that somebody can tell them."""
    from zegel.report.expiring import expiring as ask
    from zegel.report.periods import second

    end = second(before)
    _report(context, lambda db, now: ask(db, program, now, end).sheet(), "", "", out, as_json)


def _report(
    context: typer.Context, ask: "Ask", since: str, until: str, out: Path | None, as_json: bool
) -> None:
    """Writes a report on a period; on all the index has if no days are given."""
    _write(context, lambda db: ask(db, chosen(db, since, until)), out, as_json)


def chosen(database: "Connection", since: str, until: str) -> "Period":
    """The period from one day up to, and without, another; all that the index has by default."""
    from zegel.report.periods import beginning, period, second

    first = second(since) if since else beginning(database)
    return period(database, first, second(until or _EVER))


def _write(
    context: typer.Context,
    sheet: Callable[[Any], "Sheet"],
    out: Path | None,
    as_json: bool,
) -> None:
    from zegel.cli.output import show
    from zegel.index.reading import opened
    from zegel.report.render import form_of, render

    with opened(context.obj.index) as database:
        if out is None:
            show(sheet(database), as_json)
        else:
            render(sheet(database), form_of(out), out)

"""Award points: one award, or files through the journal; members by the issuer's own numbers."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zegel.cli.settings import AsJson, Program

if TYPE_CHECKING:
    from zegel.award.journal import Journal
    from zegel.award.office import Office
    from zegel.cli.session import Session

File = Annotated[Path, typer.Argument(help="Awards as .csv, .xlsx or .jsonl.")]
Members = Annotated[
    Path | None, typer.Option(help="The directory of members, if the file has their numbers.")
]
JournalUrl = Annotated[
    str,
    typer.Option(
        "--journal",
        envvar="ZEGEL_JOURNAL",
        help="The database of the journal; a file beside the address books by default.",
        metavar="DATABASE",
    ),
]


def one(
    context: typer.Context,
    program: Program,
    member: Annotated[str, typer.Argument(help="The member's address.")],
    amount: Annotated[str, typer.Argument(help="How many points, with a decimal point: 12.50.")],
    ref: Annotated[str, typer.Argument(help="Your own number for what is rewarded.")],
    reason: Annotated[str, typer.Argument(help="Why: short text or a hash.")],
) -> None:
    """Award points to one member; the same words again award nothing."""
    from zegel.admin import inputs
    from zegel.admin.awards import award
    from zegel.award.rows import Award
    from zegel.cli.session import session
    from zegel.wallet.assets import points

    here = session(context)
    held = points(here.suite, here.suite.token(program).address)
    row = Award(
        member=bytes.fromhex(inputs.address(member, "member")[2:]),
        amount=held.units(amount),
        ref=inputs.word(ref, "ref"),
        reason=inputs.word(reason, "reason"),
    )
    here.carry_out(award(here.suite, here.sender, program, row))


def plan(
    context: typer.Context,
    program: Program,
    file: File,
    members: Members = None,
    journal: JournalUrl = "",
) -> None:
    """Show what awarding a file would do; a faulty file is refused with all its faults."""
    from zegel.admin.awards import told_plan
    from zegel.award import awarding
    from zegel.cli.session import session

    office = _office(session(context), program, journal, members)
    found = awarding.plan(office, file)
    for line in told_plan(found, program, office.decimals):
        print(line)
    if found.refusals:
        raise typer.Exit(1)


def run(
    context: typer.Context,
    program: Program,
    file: Annotated[
        Path | None, typer.Argument(help="Awards; without a file, all that is due of earlier ones.")
    ] = None,
    members: Members = None,
    journal: JournalUrl = "",
) -> None:
    """Award a file, each row once; run it again if it was interrupted."""
    from rich.console import Console
    from rich.progress import Progress

    from zegel.admin.awards import told_plan, told_status
    from zegel.award import awarding, states
    from zegel.cli.output import tell
    from zegel.cli.session import session
    from zegel.errors import PlanRefused

    here = session(context)
    office = _office(here, program, journal, members)
    tell(f"chain {here.connection.chain_id}, as {here.sender.address}:")
    if file is not None:
        found = awarding.plan(office, file)
        for line in told_plan(found, program, office.decimals):
            tell(f"  {line}")
        if found.refusals:
            raise PlanRefused("; ".join(found.refusals))
    here.confirm()
    with Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task(program, total=None)
        status = awarding.run(
            office,
            file,
            lambda now: progress.update(
                bar,
                total=sum(now.rows.values()),
                completed=sum(now.rows.get(state, 0) for state in states.ON_CHAIN),
            ),
        )
    for line in told_status(status, program):
        print(line)
    if not status.is_done:
        raise PlanRefused("not all was awarded: see above, then run it again")


def status(
    context: typer.Context,
    program: Program,
    file: Annotated[str, typer.Argument(help="Only a file, by its name.")] = "",
    journal: JournalUrl = "",
    as_json: AsJson = False,
) -> None:
    """Say how far awards are: waiting, sent, in a block, final."""
    from zegel.award import awarding
    from zegel.cli.output import show, tell
    from zegel.cli.session import session
    from zegel.report.sheet import Column, Sheet

    found = awarding.status(*_chosen(session(context), program, file, journal))
    for trouble in found.troubles:
        tell(trouble)
    columns = Column("state"), Column("rows", "number")
    show(Sheet(f"Awards of {program}", columns, list(found.rows.items())), as_json)


def rows(
    context: typer.Context,
    program: Program,
    file: Annotated[str, typer.Argument(help="Only a file, by its name.")] = "",
    journal: JournalUrl = "",
    as_json: AsJson = False,
) -> None:
    """Write what became of every row, as CSV or as JSON lines, with its transaction."""
    import sys

    from zegel.award.reporting import report
    from zegel.cli.session import session

    kept, token, number = _chosen(session(context), program, file, journal)
    report(kept, token, sys.stdout, "json" if as_json else "csv", number)


def cancel(
    context: typer.Context,
    program: Program,
    refs: Annotated[list[str], typer.Argument(help="The awards, by their refs.", metavar="REF")],
    journal: JournalUrl = "",
) -> None:
    """Cancel awards that still wait; all of them, or none."""
    from zegel.award import awarding
    from zegel.cli.session import session

    here = session(context)
    awarding.cancel(_journal(here, journal), here.suite.token(program).address, refs)
    print(f"[ok] {len(refs)} cancelled")


def add_member(
    number: Annotated[str, typer.Argument(help="The issuer's own number.")],
    address: Annotated[str, typer.Argument(help="The member's address.")],
    members: Annotated[Path, typer.Option(help="The directory's file.")] = Path("members.csv"),
    change: Annotated[bool, typer.Option("--change", help="The number has another one.")] = False,
) -> None:
    """Write a member's number and address into the directory."""
    from zegel.award.directory import FileDirectory

    directory = FileDirectory(members)
    (directory.change if change else directory.add)(number, address)
    print(f"[ok] {number} is {address}")


def list_members(
    members: Annotated[Path, typer.Option(help="The directory's file.")] = Path("members.csv"),
    as_json: AsJson = False,
) -> None:
    """List the directory of members."""
    from zegel.award.directory import FileDirectory
    from zegel.cli.output import show
    from zegel.report.sheet import Column, Sheet

    known = FileDirectory(members).members()
    rows = [(number, f"0x{known[number].hex()}") for number in sorted(known)]
    show(Sheet("Members", (Column("number"), Column("address")), rows), as_json)


def _office(here: "Session", program: str, journal: str, members: Path | None) -> "Office":
    from zegel.award.directory import FileDirectory
    from zegel.award.office import Office

    directory = FileDirectory(members) if members else None
    return Office(here.suite, here.sender, program, _journal(here, journal), directory)


def _chosen(
    here: "Session", program: str, file: str, journal: str
) -> "tuple[Journal, str, int | None]":
    """The journal, a program's token, and the number of a file in it, if one is named."""
    from zegel.award.awarding import file_number

    kept = _journal(here, journal)
    token = here.suite.token(program).address
    return kept, token, file_number(kept, token, file) if file else None


def _journal(here: "Session", url: str) -> "Journal":
    from zegel.award.journal import open_journal, own_journal

    return open_journal(
        url or own_journal(here.connection, here.settings.deployments), here.connection
    )

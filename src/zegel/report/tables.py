"""A report as tables for the terminal."""

from collections.abc import Iterator

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from zegel.report import text
from zegel.report.compile import Report
from zegel.report.figures import ProgramFigures

# The rows of the roll-forward, with the sign that each has in it.
MOVEMENTS = (
    ("awarded", "awarded"),
    ("refunded", "refunded"),
    ("guaranteed", "guaranteed"),
    ("converted in", "converted_in"),
    ("redeemed", "redeemed"),
    ("converted out", "converted_out"),
    ("corrected", "corrected"),
    ("expired", "expired"),
)
# What moved without changing the total.
ASIDE = (
    ("sent to members", "sent"),
    ("claimed of drops", "claimed"),
    ("set aside", "held"),
    ("taken back", "returned"),
    ("paid at tills", "paid"),
)
ACCOUNT = ("funded", "received", "paid", "withdrawn", "balance")


def show(report: Report, console: Console) -> None:
    """Prints all tables."""
    for table in (
        _points(report),
        _outstanding(report),
        _accounts(report),
        _flows(report),
        _checks(report),
    ):
        console.print()
        console.print(table)


def _points(report: Report) -> Table:
    table = _table("Points", "", *_symbols(report))
    programs = list(_programs(report))
    for label, name in MOVEMENTS:
        table.add_row(label, *(_points_of(p, getattr(p.total, name)) for p in programs))
    table.add_section()
    table.add_row("outstanding", *(_points_of(p, p.closing) for p in programs), style="bold")
    table.add_section()
    table.add_row("awards", *(f"{p.awards:,}" for p in programs))
    table.add_row("redemptions", *(f"{p.redemptions:,}" for p in programs))
    for label, name in ASIDE:
        table.add_row(label, *(_points_of(p, getattr(p, name)) for p in programs))
    return table


def _outstanding(report: Report) -> Table:
    table = _table("Outstanding points by expiry", "program", "expires", "points")
    table.columns[1].justify = "left"
    for program in _programs(report):
        for expires, amount in program.outstanding.items():
            symbol = Text(program.program.symbol)
            table.add_row(symbol, text.expiry(expires), _points_of(program, amount))
        table.add_section()
    return table


def _accounts(report: Report) -> Table:
    money = report.figures.money
    table = _table(f"Issuers' accounts, {money.symbol}", "", *_symbols(report))
    for name in ACCOUNT:
        if name == "balance":
            table.add_section()
        amounts = (getattr(program.account, name) for program in _programs(report))
        table.add_row(name, *(text.amount(amount, money.decimals) for amount in amounts))
    return table


def _flows(report: Report) -> Table:
    money = report.figures.money
    table = _table(
        "Conversions", "from", "to", "times", "given", "received", money.symbol, "of it fee"
    )
    table.columns[1].justify = "left"
    tokens = {p.token: p for p in report.programs}
    for (source, target), flow in sorted(
        report.figures.flows.items(), key=lambda item: -item[1].value
    ):
        given, received = (
            tokens[token].decimals if token in tokens else money.decimals
            for token in (source, target)
        )
        table.add_row(
            *(
                Text(tokens[token].symbol if token in tokens else "money")
                for token in (source, target)
            ),
            f"{flow.count:,}",
            text.amount(flow.amount, given),
            text.amount(flow.out, received),
            text.amount(flow.value, money.decimals),
            text.amount(flow.fee, money.decimals),
        )
    return table


def _checks(report: Report) -> Table:
    table = _table("Checks", "of", "claim", "left", "right", "")
    table.columns[1].justify = "left"
    before = ""
    for check in report.checks:
        if before not in ("", check.subject):
            table.add_section()
        before = check.subject
        verdict = Text("ok", "green") if check.ok else Text("DIFFERS", "bold red")
        table.add_row(
            Text(check.subject),
            Text(check.claim),
            text.amount(check.left, check.decimals),
            text.amount(check.right, check.decimals),
            verdict,
        )
    return table


def _table(title: str, first: str, *others: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
    table.add_column(first)
    for other in others:
        table.add_column(Text(other), justify="right")
    return table


def _programs(report: Report) -> Iterator[ProgramFigures]:
    yield from report.figures.programs.values()


def _symbols(report: Report) -> Iterator[str]:
    return (program.symbol for program in report.programs)


def _points_of(program: ProgramFigures, amount: int) -> RenderableType:
    return text.amount(amount, program.program.decimals)

"""A report as one HTML page that needs nothing else: no script, no picture, no font from elsewhere.

It follows the reader's light or dark setting and prints well. Names of programs come from the
chain, where anyone may have put anything, so all text is escaped.
"""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from importlib.resources import files

from zegel.ledger.epochs import NEVER
from zegel.report import text
from zegel.report.charts import (
    Node,
    expiries_of,
    flows_chart,
    generation_colour,
    generations_chart,
)
from zegel.report.checks import Check, failed
from zegel.report.compile import Report
from zegel.report.figures import ProgramFigures
from zegel.report.tables import ACCOUNT, MOVEMENTS

_WIDTH = 1070
_TALL = 340
_SMALL_WIDTH, _SMALL = 330, 190

# As many colours as the style has for programs, the last one for money.
_COLOURS = ("p0", "p1", "p2", "p3")
_MONEY_COLOUR = "p4"


def as_page(report: Report, title: str, notes: Sequence[str] = ()) -> str:
    """The whole page. `notes` are sentences about where the figures come from."""
    return "".join(_page(report, title, notes))


def _page(report: Report, title: str, notes: Sequence[str]) -> Iterator[str]:
    style = (files("zegel.report") / "page.css").read_text()
    yield (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{style}</style></head><body><main>"
    )
    yield from _header(report, title)
    yield from _tiles(report)
    yield from (f'<p class="soft note">{escape(note)}</p>' for note in notes)
    yield from _generations(report)
    yield from _flows(report)
    yield from _points(report)
    yield from _outstanding(report)
    yield from _accounts(report)
    yield from _conversions(report)
    yield from _checks(report)
    yield from _footer(report)
    yield "</main></body></html>\n"


def _header(report: Report, title: str) -> Iterator[str]:
    count, wrong = len(report.checks), len(failed(report.checks))
    verdict = f"{wrong} of {count} checks differ" if wrong else f"All {count} checks agree"
    start = min((p.epochs.created for p in report.programs), default=report.figures.end)
    yield (
        f"<header><div><h1>{escape(title)}</h1>"
        f'<p class="soft">{text.day(start)} to {text.day(report.figures.end)}, '
        f"block {report.block:,} of chain {report.chain_id}</p></div>"
        f'<p class="badge{" bad" if wrong else ""}">{verdict}</p></header>'
    )


def _tiles(report: Report) -> Iterator[str]:
    figures, money = report.figures, report.figures.money
    members = {m for p in figures.programs.values() for m in p.ledger.members}
    moved = sum(flow.value for flow in figures.flows.values())
    tiles = (
        (f"{sum(p.awards for p in figures.programs.values()):,}", "awards"),
        (f"{len(members):,}", "members"),
        (f"{sum(p.redemptions for p in figures.programs.values()):,}", "redemptions"),
        (f"{figures.conversions:,}", "conversions"),
        (text.rounded(moved, money.decimals), f"{money.symbol} moved by them"),
        (text.rounded(report.state.held, money.decimals), f"{money.symbol} held by the exchange"),
    )
    yield '<div class="tiles">'
    for value, label in tiles:
        yield f'<div class="tile"><b>{value}</b><span class="soft">{escape(label)}</span></div>'
    yield "</div>"


def _generations(report: Report) -> Iterator[str]:
    programs = list(report.figures.programs.values())
    if not programs:
        return
    largest = max(programs, key=lambda program: program.minted)
    yield (
        "<section><h2>Points outstanding, by generation</h2>"
        f'<p class="soft">{escape(largest.program.name)}: what members held at the end of each '
        "month, by the day on which it expires. Below the line: what expired in that month.</p>"
    )
    yield f'<div class="scroll wide">{generations_chart(largest, _WIDTH, _TALL)}</div>'
    yield from _legend(largest)
    yield '<div class="three">'
    for program in (other for other in programs if other is not largest):
        yield (
            f"<div><h3>{escape(program.program.name)}</h3>"
            f'<p class="soft">{_life(program)}</p>'
            f"{generations_chart(program, _SMALL_WIDTH, _SMALL)}</div>"
        )
    yield "</div></section>"


def _legend(program: ProgramFigures) -> Iterator[str]:
    expiries = expiries_of(program)
    yield '<ul class="legend">'
    for expires in expiries:
        colour = generation_colour(expires, expiries)
        when = "never expire" if expires == NEVER else f"expire on {text.day(expires)}"
        yield f"<li>{_swatch(colour)}{when}</li>"
    yield f"<li>{_swatch('expired')}expired</li></ul>"


def _swatch(colour: str) -> str:
    return (
        f'<svg viewBox="0 0 12 12" aria-hidden="true">'
        f'<rect class="{colour}" width="12" height="12" rx="3"/></svg>'
    )


def _life(program: ProgramFigures) -> str:
    epochs = program.program.epochs
    if not epochs.months:
        return "points never expire"
    length = {1: "month", 3: "quarter", 6: "half-year", 12: "year"}.get(
        epochs.months, f"{epochs.months} months"
    )
    return f"a generation each {length}, which lives for {epochs.lifetime}"


def _flows(report: Report) -> Iterator[str]:
    money = report.figures.money
    nodes = {
        program.token: Node(program.name, _COLOURS[number % len(_COLOURS)])
        for number, program in enumerate(report.programs)
    } | {money.token: Node("Money", _MONEY_COLOUR)}
    flows = {pair: flow.value for pair, flow in report.figures.flows.items()}
    if not flows:
        return
    yield (
        "<section><h2>Flows between programs</h2>"
        f'<p class="soft">The {escape(money.symbol)} that conversions moved, from the program '
        "whose points were given up (left) to the one whose points were received (right).</p>"
        f'<div class="scroll wide">{flows_chart(flows, nodes, money.decimals, _WIDTH)}</div>'
        "</section>"
    )


def _points(report: Report) -> Iterator[str]:
    programs = list(report.figures.programs.values())
    rows = [
        [label, *(_amount(p, getattr(p.total, name)) for p in programs)]
        for label, name in MOVEMENTS
    ]
    rows.append(["outstanding", *(_amount(p, p.closing) for p in programs)])
    yield "<section><h2>Points</h2>"
    yield from _table(["", *(p.program.name for p in programs)], rows, sum_last=True)
    yield "</section>"


def _outstanding(report: Report) -> Iterator[str]:
    rows = [
        [p.program.name, text.expiry(expires), _amount(p, amount)]
        for p in report.figures.programs.values()
        for expires, amount in p.outstanding.items()
    ]
    yield "<section><h2>Outstanding points by expiry</h2>"
    yield from _table(["program", "expires", "points"], rows, texts=1)
    yield "</section>"


def _accounts(report: Report) -> Iterator[str]:
    money, programs = report.figures.money, list(report.figures.programs.values())
    rows = [
        [name, *(text.amount(getattr(p.account, name), money.decimals) for p in programs)]
        for name in ACCOUNT
    ]
    yield (
        "<section><h2>Issuers&rsquo; accounts in the exchange</h2>"
        f'<p class="soft">In {escape(money.symbol)}, exact to the last unit.</p>'
    )
    yield from _table(["", *(p.program.name for p in programs)], rows, sum_last=True)
    yield "</section>"


def _conversions(report: Report) -> Iterator[str]:
    money = report.figures.money
    programs = {p.token: p for p in report.programs}

    def name(token: str) -> str:
        return programs[token].name if token in programs else "Money"

    def decimals(token: str) -> int:
        return programs[token].decimals if token in programs else money.decimals

    ordered = sorted(report.figures.flows.items(), key=lambda item: -item[1].value)
    rows = [
        [
            name(source),
            name(target),
            f"{flow.count:,}",
            text.amount(flow.amount, decimals(source)),
            text.amount(flow.out, decimals(target)),
            text.amount(flow.value, money.decimals),
            text.amount(flow.fee, money.decimals),
        ]
        for (source, target), flow in ordered
    ]
    head = ["from", "to", "times", "given up", "received", money.symbol, "of it fee"]
    yield "<section><h2>Conversions</h2>"
    yield from _table(head, rows, texts=1)
    yield "</section>"


def _checks(report: Report) -> Iterator[str]:
    yield (
        '<section class="checks"><h2>Checks</h2>'
        '<p class="soft">Each figure against another one that was found in another way: the '
        "input, the events, a ledger rebuilt from the events, and the contracts&rsquo; own answers."
        '</p><div class="scroll"><table><thead><tr><th>left = right</th><th>left</th>'
        "<th>right</th><th></th></tr></thead><tbody>"
    )
    subject = None
    for check in report.checks:
        if check.subject != subject:
            subject = check.subject
            yield f'<tr class="group"><th colspan="4">{escape(subject)}</th></tr>'
        yield _check(check)
    yield "</tbody></table></div></section>"


def _check(check: Check) -> str:
    left, right = (text.amount(side, check.decimals) for side in (check.left, check.right))
    verdict = '<td class="ok">✓ ok</td>' if check.ok else '<td class="differs">✗ differs</td>'
    return (
        f'<tr{"" if check.ok else " class=bad"}><td class="text">{escape(check.claim)}</td>'
        f"<td>{left}</td><td>{right}</td>{verdict}</tr>"
    )


def _footer(report: Report) -> Iterator[str]:
    yield "<footer><p>Programs: "
    yield ", ".join(
        f"{escape(p.name)} ({escape(p.symbol)}) at <code>{escape(p.token)}</code>"
        for p in report.programs
    )
    yield ". Every figure follows from the chain&rsquo;s events; see the checks.</p></footer>"


def _table(
    head: Sequence[str], rows: Iterable[Sequence[str]], *, texts: int = 0, sum_last: bool = False
) -> Iterator[str]:
    """A table of text. The first column and `texts` more are words, the others are figures."""
    yield '<div class="scroll"><table><thead><tr>'
    for number, cell in enumerate(head):
        yield f"<th{_word_class(number, texts)}>{escape(cell)}</th>"
    yield "</tr></thead><tbody>"
    listed = list(rows)
    for place, row in enumerate(listed, 1):
        yield '<tr class="sum">' if sum_last and place == len(listed) else "<tr>"
        for number, cell in enumerate(row):
            yield f"<td{_word_class(number, texts)}>{escape(cell)}</td>"
        yield "</tr>"
    yield "</tbody></table></div>"


def _word_class(column: int, texts: int) -> str:
    return ' class="text"' if 0 < column <= texts else ""


def _amount(program: ProgramFigures, amount: int) -> str:
    return text.amount(amount, program.program.decimals)

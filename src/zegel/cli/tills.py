"""A till: set it up, run its service, take points, be paid for them, report."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zegel.cli.settings import AsJson, Program

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

    from eth_typing import ChecksumAddress

    from zegel.chain.sending import Sender
    from zegel.cli.session import Session
    from zegel.report.sheet import Sheet
    from zegel.till.counter import Counter, Line
    from zegel.till.opening import Till
    from zegel.till.sales import Place

    Limits = dict[ChecksumAddress, int]

Folder = Annotated[
    Path,
    typer.Option("--till", envvar="ZEGEL_TILL", help="The till's folder.", metavar="FOLDER"),
]
_FOLDER = Path("till")
_PORT = 8787

Serial = Annotated[int, typer.Argument(help="The till's number for the sale.", min=0)]
Out = Annotated[Path | None, typer.Option(help="Write it to a file: .pdf, .csv, .xlsx, .html …")]


def open(  # noqa: A001 -- as its command is called
    context: typer.Context,
    limit: Annotated[
        list[str],
        typer.Option(
            help="Most for one payment, and most that is not settled, by program.",
            metavar="PROGRAM=FLOOR/TOTAL",
        ),
    ],
    share: Annotated[
        str, typer.Option(help="Its part of the merchant's purses; all tills' sum to 1 at most.")
    ] = "1",
    max_age: Annotated[
        int | None, typer.Option(help="Most seconds since the last sync.", min=1)
    ] = None,
    depth: Annotated[
        int, typer.Option(help="Blocks on top of a settlement before it counts.", min=0)
    ] = 0,
    relay: Annotated[
        str,
        typer.Option(help="Who sends settlements, if the till has no gas money.", metavar="URL"),
    ] = "",
    till: Folder = _FOLDER,
) -> None:
    """Set up the till whose account is --account, or change its limits."""
    from zegel.cli.session import session
    from zegel.till.opening import Rules, open_till
    from zegel.till.settings import Settings, save
    from zegel.till.syncing import sync

    here = session(context)
    floors, totals = _limits(here, limit)
    settings = Settings(
        _place(here), Rules(floors, totals, _fraction(share), max_age), depth, relay
    )
    till.mkdir(parents=True, exist_ok=True)
    with open_till(till, settings.place, settings.rules) as opened:
        save(till, settings)
        sync(opened, here.suite, depth=depth)
        print(f"[ok] till {settings.place.till} of {settings.place.merchant} in {till}")


def run(
    context: typer.Context,
    port: Annotated[
        int, typer.Option(help="Where it listens; 0: anywhere.", min=0, max=65535)
    ] = _PORT,
    origin: Annotated[
        list[str] | None,
        typer.Option(help="A web page elsewhere that may drive the till.", metavar="URL"),
    ] = None,
    sync_every: Annotated[int, typer.Option(help="Seconds between syncs.", min=1)] = 60,
    settle_after: Annotated[
        int, typer.Option(help="Seconds after which a sale is settled.", min=0)
    ] = 900,
    till: Folder = _FOLDER,
) -> None:
    """Run the till's service on this device, with or without a network, until Ctrl-C."""
    from zegel.cli.output import tell
    from zegel.till.counter import Counter
    from zegel.till.opening import open_till
    from zegel.till.rounds import Rounds
    from zegel.till.serving import serve
    from zegel.till.settings import load

    settings, line = load(till), _line(context, till)
    with open_till(till, settings.place, settings.rules) as opened:
        counter = Counter(opened, line)

        def ready(url: str) -> None:
            tell(f"till {settings.place.till} at {url}; the token is in {till / 'token'}")
            tell("`zegel till page` prints the link to its page; Ctrl-C stops it")

        rounds = Rounds(counter, sync_every, settle_after)
        # Who stops it is not told of an error.
        with suppress(KeyboardInterrupt):
            serve(counter, rounds, port, tuple(origin or ()), ready)


def page(till: Folder = _FOLDER) -> None:
    """Print the link to the page of the till that runs. Whoever has it can drive the till."""
    from zegel.till.serving import page_of

    print(page_of(till))


def request(
    program: Program,
    amount: Annotated[str, typer.Argument(help="How many points, with a decimal point: 12.50.")],
    ref: Annotated[str, typer.Option(help="Your own number for the sale.")] = "",
    shared: Annotated[bool, typer.Option("--shared", help="Out of the shared purse.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write the QR code to a file: .svg")] = None,
    till: Folder = _FOLDER,
) -> None:
    """Ask a member for points: prints the text that the phone scans."""
    from zegel.admin.inputs import units
    from zegel.errors import ConfigError
    from zegel.files import replace_text
    from zegel.till.asking import ask
    from zegel.till.receipts import svg
    from zegel.till.shown import token_of

    with _opened(till) as opened:
        token = token_of(opened, program)
        if token is None:
            raise ConfigError(f"{till}: no program {program}: open the till with a limit for it")
        wanted = units(amount, opened.books.program(token).decimals)
        asked = ask(opened, token, wanted, shared=shared, reference=ref)
    if out is not None:
        replace_text(out, svg(asked.text()))
    print(asked.text())


def accept(
    context: typer.Context,
    text: Annotated[str, typer.Argument(help="What the member's phone shows.")],
    till: Folder = _FOLDER,
) -> None:
    """Take what a member's phone shows: prints the receipt, or why it is declined."""
    from zegel.errors import ConfigError
    from zegel.till.receipts import slip
    from zegel.till.vouchers import answer_of

    try:
        answer = answer_of(text)
    except ValueError as error:
        raise ConfigError(f"the code {error}: scan the member's phone again") from None
    with _opened(till) as opened:
        print(slip(opened, _counter(context, opened, till).take(answer)), end="")


def cancel(serial: Serial, till: Folder = _FOLDER) -> None:
    """Give up a sale that nobody has paid."""
    from zegel.till.asking import cancel as give_up

    with _opened(till) as opened:
        give_up(opened, serial)
    print(f"[ok] serial {serial} is cancelled")


def sync(
    context: typer.Context,
    members: Annotated[
        list[str] | None,
        typer.Argument(help="Members whom the till has not met.", metavar="[MEMBER]…"),
    ] = None,
    till: Folder = _FOLDER,
) -> None:
    """Read purses, limits and prices from the chain."""
    from zegel.admin.inputs import address

    asking = [address(one, "member") for one in members or ()]
    with _opened(till) as opened:
        _counter(context, opened, till).sync(asking)
        known, block = len(opened.books.members), _block(opened)
    print(f"[ok] {known} purses known as of block {block}")


def settle(context: typer.Context, till: Folder = _FOLDER) -> None:
    """Be paid for everything that was taken; run it again if it was interrupted."""
    from collections import Counter as Count

    from zegel.cli.output import tell
    from zegel.cli.session import session
    from zegel.errors import PlanRefused

    with _opened(till) as opened:
        waiting = sum(1 for _ in opened.sales.open())
        if waiting:
            session(context).confirm()
        outcome = _counter(context, opened, till).settle()
    for trouble in outcome.troubles:
        tell(trouble)
    states = Count(sale.state for sale in outcome.done)
    told = ", ".join(f"{count} {state}" for state, count in sorted(states.items())) or "nothing"
    print(f"[ok] of {waiting} open sales: {told}; {len(outcome.open)} are left")
    if outcome.troubles:
        raise PlanRefused("not all was settled: see above, then run it again")


def refund(
    context: typer.Context,
    serial: Serial,
    amount: Annotated[str, typer.Argument(help="How many points, with a decimal point: 12.50.")],
    till: Folder = _FOLDER,
) -> None:
    """Pay a settled sale back, or a part. --account is the merchant's, whose points they are."""
    from zegel.admin.inputs import units
    from zegel.cli.output import tell
    from zegel.cli.session import session
    from zegel.errors import ConfigError, PlanRefused
    from zegel.till.refunding import refund as promise

    with _opened(till) as opened:
        sale = opened.sales.taken.get(serial)
        wanted = units(amount, sale.decimals if sale else 0)
        counter = _counter(context, opened, till)
        if counter.line.sender().address != opened.place.merchant:
            raise ConfigError(
                f"{counter.line.sender().address} is not the merchant {opened.place.merchant}, "
                "whose points are paid back: name the merchant's account by --account"
            )
        session(context).confirm()
        promise(opened, serial, wanted)
        repaid = counter.pay_back()
        for trouble in repaid.troubles:
            tell(trouble)
        for one in repaid.done:
            paid = opened.sales.taken[one.serial].points(one.amount)
            print(f"[ok] serial {one.serial}: {paid} paid back in {one.transaction}")
    if repaid.troubles:
        raise PlanRefused("not all was paid back: see above, then run `zegel till repay`")


def repay(context: typer.Context, till: Folder = _FOLDER) -> None:
    """Make the transfers of refunds that have none yet. --account is the merchant's."""
    from zegel.cli.output import tell
    from zegel.cli.session import session
    from zegel.errors import PlanRefused

    with _opened(till) as opened:
        if any(not one.transaction for one in opened.sales.refunds.values()):
            session(context).confirm()
        repaid = _counter(context, opened, till).pay_back()
    for trouble in repaid.troubles:
        tell(trouble)
    print(f"[ok] {len(repaid.done)} refunds made")
    if repaid.troubles:
        raise PlanRefused("not all was paid back: see above, then run it again")


def status(till: Folder = _FOLDER, as_json: AsJson = False) -> None:
    """Say what the till may still take, how old its knowledge is, and what is not settled."""
    from zegel.cli.output import show
    from zegel.till.status import status as standing

    show(standing(_looked_at(till)).sheet(), as_json)


def receipt(
    serial: Serial, out: Out = None, till: Folder = _FOLDER, as_json: AsJson = False
) -> None:
    """Print the receipt of a sale, for a receipt printer or to a file."""
    from zegel.errors import Declined
    from zegel.till.receipts import slip
    from zegel.till.reporting import receipt as sheet

    seen = _looked_at(till)
    sale = seen.sales.taken.get(serial)
    if sale is None:
        raise Declined(f"serial {serial} was not paid here: see `zegel till report`")
    if out is None and not as_json:
        print(slip(seen, sale), end="")
    else:
        _write(sheet(sale), out, as_json)


def report(
    what: Annotated[str, typer.Argument(help="`day` or `losses`.")] = "day",
    since: Annotated[str, typer.Option("--from", help="The first day; all if left out.")] = "",
    until: Annotated[str, typer.Option("--until", help="The day after the last.")] = "",
    out: Out = None,
    till: Folder = _FOLDER,
    as_json: AsJson = False,
) -> None:
    """Report what was taken, settled and lost, program by program, or each loss."""
    from zegel.admin.inputs import moment
    from zegel.errors import ConfigError
    from zegel.till.reporting import day, losses

    reports: dict[str, Callable[[Till, int, int], Sheet]] = {"day": day, "losses": losses}
    if what not in reports:
        raise ConfigError(f"no report {what!r}: choose one of {', '.join(reports)}")
    first = moment(since, "from") if since else 0
    end = moment(until, "until") if until else 2**40
    _write(reports[what](_looked_at(till), first, end), out, as_json)


def _limits(here: "Session", given: list[str]) -> "tuple[Limits, Limits]":
    """Floors and totals by program."""
    import re

    from zegel.errors import ConfigError
    from zegel.wallet.assets import points

    floors: Limits = {}
    totals: Limits = {}
    for text in given:
        parts = re.fullmatch(r"(.+)=([^/]+)/([^/]+)", text)
        if parts is None:
            raise ConfigError(f"limit: {text!r} is none: write it like SHOP=20/500")
        program = points(here.suite, here.suite.token(parts[1]).address)
        floors[program.address] = program.units(parts[2], "limit")
        totals[program.address] = program.units(parts[3], "limit")
    return floors, totals


def _place(here: "Session") -> "Place":
    """Whose till the account is, as the registry says."""
    from zegel.deploy.suite import NOBODY
    from zegel.errors import ConfigError
    from zegel.till.sales import Place

    if not here.settings.account:
        raise ConfigError("no account: name the till's by --account")
    device = here.sender.address
    merchant = here.suite.registry.functions.merchantOf(device).call()
    if merchant == NOBODY:
        raise ConfigError(f"{device} is no merchant's till: have the merchant register it")
    return Place(here.connection.chain_id, here.suite.desk.address, merchant, device)


def _fraction(text: str) -> "Fraction":
    from fractions import Fraction

    from zegel.errors import ConfigError

    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise ConfigError(f"share: {text!r} is no part: write it like 1/2") from None


def _line(context: typer.Context, folder: Path) -> "Line":
    """The way to the chain. Keys are unlocked now; the network may come later."""
    from zegel.cli.session import session
    from zegel.till.counter import Line
    from zegel.till.settings import load

    here, settings = session(context), load(folder)
    account = _account(here) if here.settings.account else None
    return Line(lambda: here.suite, account, settings.relay, settings.depth)


def _account(here: "Session") -> "Callable[[], Sender]":
    """Who signs: an account of a local node, or a key that is unlocked now."""
    from zegel.admin.inputs import address
    from zegel.chain.sending import KeySender, UnlockedSender
    from zegel.cli.session import unlocked

    if here.settings.account.startswith("0x"):
        held = address(here.settings.account, "account")
        return lambda: UnlockedSender(here.connection, held)
    key = unlocked(here.settings.account)
    return lambda: KeySender(here.connection, key)


@contextmanager
def _opened(folder: Path) -> Iterator["Till"]:
    """The till in a folder, for this command alone."""
    from zegel.till.opening import open_till
    from zegel.till.settings import load

    settings = load(folder)
    with open_till(folder, settings.place, settings.rules) as till:
        yield till


def _looked_at(folder: Path) -> "Till":
    """The till in a folder, whoever works with it."""
    from zegel.till.opening import read_till
    from zegel.till.settings import load

    settings = load(folder)
    return read_till(folder, settings.place, settings.rules)


def _counter(context: typer.Context, till: "Till", folder: Path) -> "Counter":
    """The till at work; the chain is asked where that may help."""
    from zegel.till.counter import Counter

    return Counter(till, _line(context, folder), trouble="")


def _block(till: "Till") -> int:
    return max((one.reading.block for one in till.books.programs.values()), default=0)


def _write(sheet: "Sheet", out: Path | None, as_json: bool) -> None:
    from zegel.cli.output import show
    from zegel.report.render import form_of, render

    if out is None:
        show(sheet, as_json)
    else:
        render(sheet, form_of(out), out)

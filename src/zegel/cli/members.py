"""What members do: look, ask for a quote, send, redeem, convert."""

from typing import TYPE_CHECKING, Annotated

import typer

from zegel.cli.settings import AsJson, Program

if TYPE_CHECKING:
    from web3.types import TxReceipt

    from zegel.cli.session import Session
    from zegel.wallet.assets import Asset

Amount = Annotated[str, typer.Argument(help="How many, with a decimal point: 12.50.")]

Relay = Annotated[
    str,
    typer.Option(
        "--relay",
        envvar="ZEGEL_RELAY",
        help="Only sign it, and let the relay at this address pay the gas.",
        metavar="URL",
    ),
]

_MILLION = 1_000_000


def programs(context: typer.Context, as_json: AsJson = False) -> None:
    """List all programs: who issues them, what they pay and charge, what they owe."""
    from zegel.admin.inputs import shown_price
    from zegel.cli.output import show
    from zegel.cli.session import session
    from zegel.report.sheet import Amount, Column, Sheet
    from zegel.wallet.assets import money
    from zegel.wallet.directory import listings

    suite = session(context).suite
    cash = money(suite)
    rows = [
        (
            each.asset.symbol,
            each.asset.name,
            each.legal_name or "not accredited",
            shown_price(each.bid),
            shown_price(each.ask),
            Amount(each.account, cash.decimals),
            Amount(each.supply, each.asset.decimals),
            each.state,
            each.asset.address,
        )
        for each in listings(suite)
    ]
    columns = (
        Column("program"),
        Column("name"),
        Column("issuer"),
        Column("bid", "number", cash.symbol),
        Column("ask", "number", cash.symbol),
        Column("account", "number", cash.symbol),
        Column("points", "number"),
        Column("state"),
        Column("token"),
    )
    show(Sheet("Programs", columns, rows), as_json)


def balance(
    context: typer.Context,
    member: Annotated[str, typer.Argument(help="The member's address; yours if left out.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show a member's points of all programs, and what expires when."""
    from zegel.admin.inputs import address
    from zegel.cli.output import show
    from zegel.cli.session import session
    from zegel.report.sheet import Amount, Column, Day, Sheet
    from zegel.wallet.assets import money
    from zegel.wallet.holdings import holdings

    here = session(context)
    who = address(member, "member") if member else here.sender.address
    cash = money(here.suite)
    rows = [
        (
            held.asset.symbol,
            Amount(amount, held.asset.decimals),
            Day(expiry),
            Amount(held.value * amount // held.balance, cash.decimals),
            "frozen" if held.is_frozen else "",
        )
        for held in holdings(here.suite, who)
        for expiry, amount in held.expiries
    ]
    columns = (
        Column("program"),
        Column("points", "number"),
        Column("gone from", "time"),
        Column("worth", "number", cash.symbol),
        Column("note"),
    )
    show(Sheet(f"Points of {who}", columns, rows), as_json)


def quote(
    context: typer.Context,
    source: Annotated[str, typer.Argument(help="What is given: a program, or the money.")],
    target: Annotated[str, typer.Argument(help="What is received: a program, or the money.")],
    amount: Amount,
    exact_out: Annotated[
        bool, typer.Option("--exact-out", help="The amount is what shall be received.")
    ] = False,
    member: Annotated[str, typer.Option(help="Count in what concerns this member.")] = "",
    as_json: AsJson = False,
) -> None:
    """Ask what a conversion gives, or why it would be refused; 1 if it would."""
    from zegel.admin.inputs import address
    from zegel.cli.output import show
    from zegel.cli.session import session
    from zegel.deploy.suite import NOBODY
    from zegel.report.sheet import Amount, Column, Sheet
    from zegel.wallet import quotes
    from zegel.wallet.assets import asset

    suite = session(context).suite
    given, received = asset(suite, source), asset(suite, target)
    who = address(member, "member") if member else NOBODY
    if exact_out:
        found = quotes.quote_exact_out(suite, given, received, received.units(amount), who)
    else:
        found = quotes.quote(suite, given, received, given.units(amount), who)
    row = (
        given.symbol,
        Amount(found.amount, given.decimals),
        received.symbol,
        Amount(found.out, received.decimals),
        found.refusal,
    )
    columns = (
        Column("give"),
        Column("amount", "number"),
        Column("receive"),
        Column("out", "number"),
        Column("refused"),
    )
    show(Sheet(f"{given.symbol} to {received.symbol}", columns, [row]), as_json)
    if found.refusal:
        raise typer.Exit(1)


def send(
    context: typer.Context,
    program: Program,
    recipient: Annotated[str, typer.Argument(help="Who gets them.")],
    amount: Amount,
    relay: Relay = "",
    as_json: AsJson = False,
) -> None:
    """Send points to someone else; they expire when they would have."""
    from zegel.admin.inputs import address
    from zegel.cli.session import session
    from zegel.wallet import relayed, spending
    from zegel.wallet.assets import asset

    here = session(context)
    held = asset(here.suite, program)
    to, units = address(recipient, "recipient"), held.units(amount)
    _announce(here, f"send {held.shown(units)} to {to}")
    if relay:
        message = relayed.send(here.suite, here.sender.address, held, to, units)
        receipt = relayed.carry_out(here.suite, here.sender, relay, message)
    else:
        receipt = spending.send(here.suite, here.sender, held, to, units)
    _done(receipt, held, units, as_json)


def redeem(
    context: typer.Context,
    program: Program,
    amount: Amount,
    ref: Annotated[str, typer.Argument(help="The shop's order: short text or a hash.")],
    relay: Relay = "",
    as_json: AsJson = False,
) -> None:
    """Redeem points for what the issuer gives for them."""
    from zegel.admin.inputs import word
    from zegel.cli.session import session
    from zegel.wallet import relayed, spending
    from zegel.wallet.assets import asset

    here = session(context)
    held = asset(here.suite, program)
    units, order = held.units(amount), word(ref, "ref")
    _announce(here, f"redeem {held.shown(units)} for {ref}")
    if relay:
        message = relayed.redeem(here.suite, here.sender.address, held, units, order)
        receipt = relayed.carry_out(here.suite, here.sender, relay, message)
    else:
        receipt = spending.redeem(here.suite, here.sender, held, units, order)
    _done(receipt, held, units, as_json)


def convert(
    context: typer.Context,
    source: Annotated[str, typer.Argument(help="What is given: a program, or the money.")],
    target: Annotated[str, typer.Argument(help="What is received: a program, or the money.")],
    amount: Amount,
    slippage: Annotated[
        float, typer.Option(help="Most that the rate may worsen meanwhile, in percent.", min=0)
    ] = 0,
    relay: Relay = "",
    as_json: AsJson = False,
) -> None:
    """Convert points into points of another program, or into or from money."""
    from zegel.cli.session import session
    from zegel.wallet import quotes, relayed, spending
    from zegel.wallet.assets import asset

    here = session(context)
    given, received = asset(here.suite, source), asset(here.suite, target)
    units = given.units(amount)
    found = quotes.quote(here.suite, given, received, units, here.sender.address)
    found.check()
    _announce(here, f"convert {given.shown(units)} to {received.shown(found.out)}")
    worse = round(slippage / 100 * _MILLION)
    if relay:
        message = relayed.convert(here.suite, here.sender.address, found, worse)
        receipt = relayed.carry_out(here.suite, here.sender, relay, message)
    else:
        receipt = spending.convert(here.suite, here.sender, found, worse)
    _done(receipt, given, units, as_json)


def _announce(here: "Session", act: str) -> None:
    from zegel.cli.output import tell

    tell(f"chain {here.connection.chain_id}, as {here.sender.address}: {act}")
    here.confirm()


def _done(receipt: "TxReceipt", held: "Asset", amount: int, as_json: bool) -> None:
    from zegel.cli.output import show
    from zegel.report.sheet import Amount, Column, Sheet

    row = (
        held.symbol,
        Amount(amount, held.decimals),
        receipt["transactionHash"].to_0x_hex(),
        receipt["blockNumber"],
        receipt["gasUsed"],
    )
    columns = (
        Column("program"),
        Column("amount", "number"),
        Column("transaction"),
        Column("block", "number"),
        Column("gas", "number"),
    )
    show(Sheet("Done", columns, [row]), as_json)

"""What issuers set: prices, money in the account."""

from typing import Annotated

import typer

from zegel.cli.settings import AsJson, Program


def prices(
    context: typer.Context,
    program: Program,
    bid: Annotated[str, typer.Option(help="What a point is retired for, in money.")] = "",
    ask: Annotated[str, typer.Option(help="What a point is issued for, in money.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show what a program pays and charges, or post new prices."""
    from zegel.admin import prices as posting
    from zegel.admin.inputs import price, shown_price
    from zegel.cli.output import show
    from zegel.cli.session import session
    from zegel.errors import ConfigError
    from zegel.report.sheet import Column, Moment, Row, Sheet
    from zegel.wallet.assets import money

    here = session(context)
    if bool(bid) != bool(ask):
        raise ConfigError("prices: one of the two is missing: give --bid and --ask")
    if bid:
        pair = price(bid, "bid"), price(ask, "ask")
        here.carry_out(posting.set_prices(here.suite, here.sender, program, *pair))

    token = here.suite.token(program).address
    now_bid, now_ask, _, version, _ = here.suite.exchange.functions.programOf(token).call()
    next_bid, next_ask, since = here.suite.exchange.functions.scheduledPricesOf(token).call()
    rows: list[Row] = [("in force", shown_price(now_bid), shown_price(now_ask), version, None)]
    if since:
        announced = shown_price(next_bid), shown_price(next_ask)
        rows.append(("announced", *announced, version + 1, Moment(since)))
    unit = money(here.suite).symbol
    columns = (
        Column("prices"),
        Column("bid", "number", unit),
        Column("ask", "number", unit),
        Column("version", "number"),
        Column("from", "time"),
    )
    show(Sheet(f"Prices of {program}", columns, rows), as_json)


def fund(
    context: typer.Context,
    program: Program,
    target: Annotated[str, typer.Argument(help="What the account shall hold, in money.")],
) -> None:
    """Top a program's account in the exchange up, from the sender's own money."""
    from zegel.admin import funds
    from zegel.admin.inputs import units
    from zegel.cli.session import session

    here = session(context)
    wanted = units(target, here.suite.money_decimals, "target")
    here.carry_out(funds.fund(here.suite, here.sender, program, wanted))


def withdraw(
    context: typer.Context,
    program: Program,
    keep: Annotated[str, typer.Argument(help="What the account shall keep, in money.")],
    recipient: Annotated[str, typer.Argument(help="Who gets the rest.")],
) -> None:
    """Take money out of a program's account in the exchange."""
    from zegel.admin import funds
    from zegel.admin.inputs import address, units
    from zegel.cli.session import session

    here = session(context)
    kept = units(keep, here.suite.money_decimals, "keep")
    to = address(recipient, "recipient")
    here.carry_out(funds.withdraw(here.suite, here.sender, program, kept, to))

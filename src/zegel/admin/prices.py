"""What a program pays and charges: its two prices, their guards, and terms for single partners."""

from dataclasses import dataclass

from zegel.admin.acts import Act, Program, plan
from zegel.admin.inputs import shown_price
from zegel.chain import roles
from zegel.chain.sending import Sender
from zegel.deploy.plan import Plan
from zegel.deploy.suite import Suite


@dataclass(frozen=True)
class Guards:
    """How far and fast prices may move: millionths of the old price, and seconds of notice."""

    max_step: int = 0
    max_daily_move: int = 0
    notice: int = 0


@dataclass(frozen=True)
class Terms:
    """What holds for points of one partner. `ask` 0 keeps the common one; times in Unix seconds."""

    ask: int = 0
    valid_from: int = 0
    valid_until: int = 0
    closed: bool = False


def set_prices(suite: Suite, sender: Sender, symbol: str, bid: int, ask: int) -> Plan:
    """Posts what the issuer pays and charges for one point, in trillionths of money.

    If the program gives notice, prices that are announced count as set.
    """
    program = Program(suite, symbol)

    def differs() -> str | None:
        token = program.token().address
        scheduled = tuple(suite.exchange.functions.scheduledPricesOf(token).call())
        current = tuple(suite.exchange.functions.programOf(token).call())[:2]
        found = scheduled[:2] if scheduled[2] else current
        if found == (bid, ask):
            return None
        return "now " + _pair(*found) if found != (0, 0) else "none yet"

    return plan(
        sender,
        Act(
            name=f"prices {symbol}",
            description=f"{symbol}: {_pair(bid, ask)}",
            differs=differs,
            call=lambda: suite.exchange.functions.setPrices(program.token().address, bid, ask),
            role=roles.PRICER,
            keeper=program.token,
        ),
    )


def set_guards(suite: Suite, sender: Sender, symbol: str, guards: Guards) -> Plan:
    """Sets how far and how fast the prices may move."""
    program = Program(suite, symbol)
    wanted = (guards.max_step, guards.max_daily_move, guards.notice)

    def differs() -> str | None:
        token = program.token().address
        found = tuple(suite.exchange.functions.priceGuardsOf(token).call())
        # A shorter notice waits until the old one has passed: only the event shows it till then.
        if found[:2] == wanted[:2] and found[2] > wanted[2]:
            found = _last_guards(suite, token) or found
        return None if found == wanted else "now " + _guards(*found)

    return plan(
        sender,
        Act(
            name=f"guards {symbol}",
            description=f"{symbol}: {_guards(*wanted)}",
            differs=differs,
            call=lambda: suite.exchange.functions.setPriceGuards(program.token().address, wanted),
            role=roles.DEFAULT_ADMIN,
            keeper=program.token,
        ),
    )


def set_terms(suite: Suite, sender: Sender, symbol: str, partner: str, terms: Terms) -> Plan:
    """Sets what holds for the points of one partner instead of the common price."""
    program, other = Program(suite, symbol), Program(suite, partner)
    wanted = (terms.ask, terms.valid_from, terms.valid_until, terms.closed)

    def differs() -> str | None:
        found = tuple(suite.exchange.functions.termsOf(*_addresses(program, other)).call())
        return None if found == wanted else "now " + _terms(*found)

    return plan(
        sender,
        Act(
            name=f"terms {symbol} {partner}",
            description=f"{symbol}: {_terms(*wanted)} for points of {partner}",
            differs=differs,
            call=lambda: suite.exchange.functions.setTerms(*_addresses(program, other), wanted),
            role=roles.PRICER,
            keeper=program.token,
        ),
    )


def _addresses(program: Program, partner: Program) -> tuple[str, str]:
    return program.token().address, partner.token().address


def _last_guards(suite: Suite, token: str) -> tuple[int, ...] | None:
    event = suite.exchange.events.PriceGuardsSet
    logs = event.get_logs(from_block=suite.first_block, argument_filters={"program": token})
    return tuple(logs[-1]["args"]["newGuards"].values()) if logs else None


def _pair(bid: int, ask: int) -> str:
    return f"bid {shown_price(bid)}, ask {shown_price(ask)}"


def _guards(max_step: int, max_daily_move: int, notice: int) -> str:
    return f"price step {max_step} ppm, daily move {max_daily_move} ppm, notice {notice} s"


def _terms(ask: int, valid_from: int, valid_until: int, closed: bool) -> str:
    if not valid_until:
        return "no terms"
    what = "closed" if closed else f"ask {shown_price(ask)}" if ask else "the common ask"
    return f"{what} from {valid_from} to {valid_until}"

"""How much may happen: money per day, cash-out and top-up, and awarders' budgets."""

from typing import NamedTuple

from zegel.admin.acts import Act, Program, plan
from zegel.admin.inputs import shown
from zegel.chain import roles
from zegel.chain.sending import Sender
from zegel.deploy.plan import Plan
from zegel.deploy.suite import Suite

_DAY = 24 * 3600


class DailyLimits(NamedTuple):
    """What conversions may move in a day; 0 for no limit.

    `out` and `into` are money of the issuer's account, `per_member` the points that one member may
    convert into others, all in base units.
    """

    out: int
    into: int
    per_member: int = 0


def set_daily_limits(suite: Suite, sender: Sender, symbol: str, daily: DailyLimits) -> Plan:
    """Sets what conversions may move in a day."""
    program = Program(suite, symbol)

    def differs() -> str | None:
        found = suite.exchange.functions.dailyLimitsOf(program.token().address).call()
        return None if tuple(found) == daily else f"now {_flows(suite, DailyLimits(*found))}"

    return plan(
        sender,
        Act(
            name=f"daily limits {symbol}",
            description=f"{symbol}: {_flows(suite, daily)}",
            differs=differs,
            call=lambda: suite.exchange.functions.setDailyLimits(program.token().address, daily),
            role=roles.DEFAULT_ADMIN,
            keeper=program.token,
        ),
    )


def switch_cash(suite: Suite, sender: Sender, symbol: str, top_up: bool, cash_out: bool) -> Plan:
    """Opens or closes the sale of points for money, and their buying back."""
    program = Program(suite, symbol)

    def differs() -> str | None:
        found = tuple(suite.exchange.functions.cashSwitchesOf(program.token().address).call())
        return None if found == (top_up, cash_out) else "now " + _switches(*found)

    return plan(
        sender,
        Act(
            name=f"cash {symbol}",
            description=f"{symbol}: {_switches(top_up, cash_out)}",
            differs=differs,
            call=lambda: suite.exchange.functions.switchCash(
                program.token().address, (top_up, cash_out)
            ),
            role=roles.DEFAULT_ADMIN,
            keeper=program.token,
        ),
    )


def set_budget(
    suite: Suite, sender: Sender, symbol: str, awarder: str, limit: int, period: int = _DAY
) -> Plan:
    """Sets the base units that an awarder may award in each `period` seconds."""
    program = Program(suite, symbol)

    def differs() -> str | None:
        found, _, length, _ = program.token().functions.budgetOf(awarder).call()
        if (found, length) == (limit, period):
            return None
        return f"now {found} in {length} s"

    return plan(
        sender,
        Act(
            name=f"budget {symbol} {awarder}",
            description=f"{symbol}: {awarder} may award {limit} base units in {period} s",
            differs=differs,
            call=lambda: program.token().functions.setBudget(awarder, limit, period),
            role=roles.DEFAULT_ADMIN,
            keeper=program.token,
        ),
    )


def revoke_budget(suite: Suite, sender: Sender, symbol: str, awarder: str) -> Plan:
    """Takes the power to award away, at once. Guardians do it."""
    program = Program(suite, symbol)

    def differs() -> str | None:
        limit = program.token().functions.budgetOf(awarder).call()[0]
        return f"now {limit} a period" if limit else None

    return plan(
        sender,
        Act(
            name=f"revoke budget {symbol} {awarder}",
            description=f"{symbol}: {awarder} may award nothing",
            differs=differs,
            call=lambda: program.token().functions.revokeBudget(awarder),
            role=roles.GUARDIAN,
            keeper=program.token,
        ),
    )


def _flows(suite: Suite, daily: DailyLimits) -> str:
    """Limits for people: money in settlement tokens, points in base units."""
    money = (shown(limit, suite.money_decimals) if limit else "any" for limit in daily[:2])
    return "{} money out and {} in a day, {} base units a member".format(
        *money, daily.per_member or "any"
    )


def _switches(top_up: bool, cash_out: bool) -> str:
    return f"top-up {_open(top_up)}, cash-out {_open(cash_out)}"


def _open(is_open: bool) -> str:
    return "open" if is_open else "closed"

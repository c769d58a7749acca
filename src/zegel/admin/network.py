"""The plans that a settings file asks for: one per aspect, or all of a program."""

from zegel.admin import limits, powers, prices
from zegel.admin.acts import Program, after_creation
from zegel.admin.credentials import Registry, accredit
from zegel.admin.inputs import units
from zegel.admin.programs import create_program
from zegel.admin.state import ProgramState, State
from zegel.chain.sending import Sender
from zegel.deploy.book import Book
from zegel.deploy.plan import Plan
from zegel.deploy.suite import Suite, plan_suite


def plan_network(suite: Suite, sender: Sender, state: State, book: Book) -> Plan:
    """All that the file says, in the order in which it can be done."""
    whole = plan_suite(suite.connection, sender, state.suite, book) if state.suite else Plan(())
    whole += plan_issuers(sender, lambda: suite.registry, state)
    for program in state.programs.values():
        whole += create_program(suite, sender, program.settings, book)
    for program in state.programs.values():
        whole += plan_program(suite, sender, program)
    return whole


def plan_issuers(sender: Sender, registry: Registry, state: State) -> Plan:
    """The credentials of all issuers. A verifier does it."""
    plan = Plan(())
    for issuer, identity in state.issuers.items():
        plan += accredit(sender, registry, issuer, identity)
    return plan


def plan_program(suite: Suite, sender: Sender, state: ProgramState) -> Plan:
    """All that the file says of a program that stands, or is about to."""
    return after_creation(
        Program(suite, state.settings.symbol),
        plan_powers(suite, sender, state)
        + plan_prices(suite, sender, state)
        + plan_limits(suite, sender, state),
    )


def plan_powers(suite: Suite, sender: Sender, state: ProgramState) -> Plan:
    """Roles and budgets."""
    symbol = state.settings.symbol
    plan = Plan(())
    for role, accounts in state.roles.items():
        for account in accounts:
            plan += powers.grant(suite, sender, symbol, role, account)
    for awarder, budget in state.budgets.items():
        limit = units(budget.limit, state.settings.decimals)
        plan += limits.set_budget(suite, sender, symbol, awarder, limit, budget.period)
    return plan


def plan_prices(suite: Suite, sender: Sender, state: ProgramState) -> Plan:
    """Prices and terms. Guards come with the limits: they bind every later price."""
    symbol = state.settings.symbol
    plan = Plan(())
    if state.prices:
        plan += prices.set_prices(suite, sender, symbol, *state.prices)
    for partner, terms in state.terms.items():
        plan += prices.set_terms(suite, sender, symbol, partner, terms)
    return plan


def plan_limits(suite: Suite, sender: Sender, state: ProgramState) -> Plan:
    """Price guards, daily limits, cash-out and top-up."""
    symbol = state.settings.symbol
    plan = Plan(())
    if state.guards:
        plan += prices.set_guards(suite, sender, symbol, state.guards)
    if state.limits:
        money, points = suite.money_decimals, state.settings.decimals
        daily = limits.DailyLimits(
            *(
                units(text, decimals, f"limits of {symbol}")
                for text, decimals in zip(state.limits, (money, money, points), strict=True)
            )
        )
        plan += limits.set_daily_limits(suite, sender, symbol, daily)
    if state.cash:
        plan += limits.switch_cash(suite, sender, symbol, *state.cash)
    return plan

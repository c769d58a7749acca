"""Stops all conversions of a program in the network, and lets them go on after a delay."""

from zegel.admin.acts import Program, of_registry
from zegel.chain import roles
from zegel.chain.sending import Sender
from zegel.deploy.plan import Plan
from zegel.deploy.suite import Suite

# In the flags of an exchange's program.
SUSPENDED = 1 << 3


def suspend(suite: Suite, sender: Sender, symbol: str, reason: bytes) -> Plan:
    """Stops all conversions of a program, and calls its return off. An operator does it."""
    token = Program(suite, symbol).token
    return of_registry(
        suite,
        sender,
        f"{symbol}: suspended",
        lambda: _is_suspended(suite, symbol) and not _is_announced(suite, symbol),
        lambda: suite.registry.functions.suspend(token().address, reason),
        roles.OPERATOR,
    )


def schedule_reinstatement(suite: Suite, sender: Sender, symbol: str, reason: bytes) -> Plan:
    """Announces the return of a program. The admin of the registry does it."""
    token = Program(suite, symbol).token
    return of_registry(
        suite,
        sender,
        f"{symbol}: its return is announced",
        lambda: not _is_suspended(suite, symbol) or _is_announced(suite, symbol),
        lambda: suite.registry.functions.scheduleReinstatement(token().address, reason),
        roles.DEFAULT_ADMIN,
    )


def reinstate(suite: Suite, sender: Sender, symbol: str) -> Plan:
    """Lets a program be converted again when its return is due. Anyone may do it."""
    token = Program(suite, symbol).token
    return of_registry(
        suite,
        sender,
        f"{symbol}: not suspended",
        lambda: not _is_suspended(suite, symbol),
        lambda: suite.registry.functions.reinstate(token().address),
    )


def _is_suspended(suite: Suite, symbol: str) -> bool:
    flags = suite.exchange.functions.programOf(Program(suite, symbol).token().address).call()[4]
    return bool(flags & SUSPENDED)


def _is_announced(suite: Suite, symbol: str) -> bool:
    token = Program(suite, symbol).token().address
    return bool(suite.registry.functions.reinstatementDueAt(token).call())

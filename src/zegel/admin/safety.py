"""When something went wrong: freeze, recover, pause, shut the exchange out, suspend."""

from collections.abc import Callable

from eth_typing import ChecksumAddress
from web3.contract.contract import ContractFunction

from zegel.admin.acts import Act, Program, plan
from zegel.chain import roles
from zegel.chain.sending import Sender
from zegel.deploy.plan import Plan
from zegel.deploy.suite import Suite

# In the flags of an exchange's program.
_SUSPENDED = 1 << 3


def freeze(
    suite: Suite, sender: Sender, symbol: str, member: ChecksumAddress, reason: bytes
) -> Plan:
    """Stops a member's points from moving."""
    token = Program(suite, symbol).token
    return _switch(
        suite,
        sender,
        symbol,
        f"{member} is frozen",
        lambda: token().functions.isFrozen(member).call(),
        lambda: token().functions.freeze(member, reason),
        roles.FREEZER,
    )


def unfreeze(
    suite: Suite, sender: Sender, symbol: str, member: ChecksumAddress, reason: bytes
) -> Plan:
    """Lets a member's points move again."""
    token = Program(suite, symbol).token
    return _switch(
        suite,
        sender,
        symbol,
        f"{member} is not frozen",
        lambda: not token().functions.isFrozen(member).call(),
        lambda: token().functions.unfreeze(member, reason),
        roles.FREEZER,
    )


def recover(
    suite: Suite,
    sender: Sender,
    symbol: str,
    old: ChecksumAddress,
    new: ChecksumAddress,
    reason: bytes,
) -> Plan:
    """Moves the points of a frozen member to another account of theirs."""
    token = Program(suite, symbol).token

    def is_recovered() -> bool:
        frozen = token().functions.isFrozen(old).call()
        return bool(frozen and token().functions.balanceOf(old).call() == 0)

    return _switch(
        suite,
        sender,
        symbol,
        f"the points of {old}, frozen, are with {new}",
        is_recovered,
        lambda: token().functions.recover(old, new, reason),
        roles.RECOVERER,
    )


def pause(suite: Suite, sender: Sender, symbol: str) -> Plan:
    """Stops awarding, redeeming and converting."""
    token = Program(suite, symbol).token
    return _switch(
        suite,
        sender,
        symbol,
        "paused",
        lambda: token().functions.isPaused().call(),
        lambda: token().functions.pause(),
        roles.GUARDIAN,
    )


def unpause(suite: Suite, sender: Sender, symbol: str) -> Plan:
    """Lets awarding, redeeming and converting go on."""
    token = Program(suite, symbol).token
    return _switch(
        suite,
        sender,
        symbol,
        "not paused",
        lambda: not token().functions.isPaused().call(),
        lambda: token().functions.unpause(),
        roles.DEFAULT_ADMIN,
    )


def switch_exchange(suite: Suite, sender: Sender, symbol: str, on: bool) -> Plan:
    """Lets the exchange convert a program's points, or shuts it out."""
    token = Program(suite, symbol).token
    return _switch(
        suite,
        sender,
        symbol,
        f"the exchange is {'let in' if on else 'shut out'}",
        lambda: token().functions.isExchangeOn().call() is on,
        lambda: token().functions.switchExchange(on),
        roles.DEFAULT_ADMIN if on else roles.GUARDIAN,
    )


def suspend(suite: Suite, sender: Sender, symbol: str, reason: bytes) -> Plan:
    """Stops all conversions of a program. The operator of the registry does it."""
    registry = suite.registry.functions
    return _suspension(
        suite, sender, symbol, True, lambda token: registry.suspend(token, reason), roles.OPERATOR
    )


def reinstate(suite: Suite, sender: Sender, symbol: str, reason: bytes) -> Plan:
    """Lifts a suspension. The admin of the registry does it."""
    registry = suite.registry.functions
    return _suspension(
        suite,
        sender,
        symbol,
        False,
        lambda token: registry.reinstate(token, reason),
        roles.DEFAULT_ADMIN,
    )


def _suspension(
    suite: Suite,
    sender: Sender,
    symbol: str,
    wanted: bool,
    call: Callable[[ChecksumAddress], ContractFunction],
    role: bytes,
) -> Plan:
    program = Program(suite, symbol)

    def differs() -> str | None:
        flags = suite.exchange.functions.programOf(program.token().address).call()[4]
        return None if bool(flags & _SUSPENDED) is wanted else ""

    word = "suspended" if wanted else "not suspended"
    return plan(
        sender,
        Act(
            name=f"{symbol} {word}",
            description=f"{symbol}: {word}",
            differs=differs,
            call=lambda: call(program.token().address),
            role=role,
            keeper=lambda: suite.registry,
        ),
    )


def _switch(
    suite: Suite,
    sender: Sender,
    symbol: str,
    wanted: str,
    is_so: Callable[[], bool],
    call: Callable[[], ContractFunction],
    role: bytes,
) -> Plan:
    return plan(
        sender,
        Act(
            name=f"{symbol} {wanted}",
            description=f"{symbol}: {wanted}",
            differs=lambda: None if is_so() else "",
            call=call,
            role=role,
            keeper=Program(suite, symbol).token,
        ),
    )

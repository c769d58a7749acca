"""When something went wrong: freeze, recover, pause, or shut the exchange out."""

from collections.abc import Callable

from eth_typing import ChecksumAddress
from web3.contract.contract import ContractFunction

from zegel.admin.acts import Act, Program, plan
from zegel.chain import roles
from zegel.chain.sending import Sender
from zegel.deploy.plan import Plan
from zegel.deploy.suite import Suite


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

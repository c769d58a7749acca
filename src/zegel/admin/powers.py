"""Who may do what: grants and takes roles, and hands all power over to another account.

`symbol` names a program; without one, the registry is meant.
"""

from collections.abc import Callable

from eth_typing import ChecksumAddress
from web3.contract import Contract
from web3.contract.contract import ContractFunction

from zegel.admin.acts import Act, Program, plan
from zegel.chain import roles
from zegel.chain.sending import Sender
from zegel.deploy.plan import Plan
from zegel.deploy.suite import Suite
from zegel.errors import ConfigError

_DAY = 24 * 3600


def role_named(name: str, symbol: str | None) -> bytes:
    """The role with a name, of a program or of the registry."""
    known = roles.OF_PROGRAMS if symbol else roles.OF_REGISTRY
    if name not in known:
        raise ConfigError(f"role: {name!r} is none of {', '.join(known)}")
    return known[name]


def grant(
    suite: Suite, sender: Sender, symbol: str | None, role: bytes, account: ChecksumAddress
) -> Plan:
    """Gives an account a role."""
    keeper = _keeper(suite, symbol)
    return plan(
        sender,
        Act(
            name=f"grant {_where(symbol)} {roles.NAMES[role]} {account}",
            description=f"{_where(symbol)}: {account} is {roles.NAMES[role]}",
            differs=lambda: None if _has(keeper, role, account) else "",
            call=lambda: keeper().functions.grantRole(role, account),
            role=roles.DEFAULT_ADMIN,
            keeper=keeper,
        ),
    )


def revoke(
    suite: Suite, sender: Sender, symbol: str | None, role: bytes, account: ChecksumAddress
) -> Plan:
    """Takes a role from an account."""
    keeper = _keeper(suite, symbol)
    return plan(
        sender,
        Act(
            name=f"revoke {_where(symbol)} {roles.NAMES[role]} {account}",
            description=f"{_where(symbol)}: {account} is not {roles.NAMES[role]}",
            differs=lambda: "" if _has(keeper, role, account) else None,
            call=lambda: keeper().functions.revokeRole(role, account),
            role=roles.DEFAULT_ADMIN,
            keeper=keeper,
        ),
    )


def hand_over(suite: Suite, sender: Sender, symbol: str | None, new_admin: ChecksumAddress) -> Plan:
    """Gives all that the sender may do to another account.

    Its roles and its budget move at once. The default admin's power moves when the other account
    accepts it, after the delay that the contract was created with.
    """
    keeper, where = _keeper(suite, symbol), _where(symbol)
    own = sender.address
    if new_admin == own:
        raise ConfigError(f"new admin: {own} has the power already: name another account")
    moves = [act for role in _roles(symbol) for act in _moves(keeper, where, role, own, new_admin)]
    if symbol:
        moves += _budget_moves(keeper, where, own, new_admin)

    def differs() -> str | None:
        functions = keeper().functions
        admin, pending = functions.defaultAdmin().call(), functions.pendingDefaultAdmin().call()[0]
        return None if new_admin in (admin, pending) else f"now {admin}"

    begin = Act(
        name=f"offer {where} {new_admin}",
        description=f"{where}: {new_admin} may become default admin",
        differs=differs,
        call=lambda: keeper().functions.beginDefaultAdminTransfer(new_admin),
        role=roles.DEFAULT_ADMIN,
        keeper=keeper,
    )
    return plan(sender, *moves, begin)


def accept(suite: Suite, sender: Sender, symbol: str | None) -> Plan:
    """Takes the default admin's power that was offered to the sender."""
    keeper, where = _keeper(suite, symbol), _where(symbol)

    def differs() -> str | None:
        admin = keeper().functions.defaultAdmin().call()
        return None if admin == sender.address else f"now {admin}"

    return plan(
        sender,
        Act(
            name=f"accept {where}",
            description=f"{where}: {sender.address} is default admin",
            differs=differs,
            call=lambda: keeper().functions.acceptDefaultAdminTransfer(),
        ),
    )


def _moves(
    keeper: Callable[[], Contract],
    where: str,
    role: bytes,
    old: ChecksumAddress,
    new: ChecksumAddress,
) -> list[Act]:
    """Moves one role, if the old account has it."""
    name = roles.NAMES[role]
    return [
        Act(
            name=f"move {where} {name} {new}",
            description=f"{where}: {new} is {name} in the place of {old}",
            differs=lambda: "" if _has(keeper, role, old) and not _has(keeper, role, new) else None,
            call=lambda: keeper().functions.grantRole(role, new),
            role=roles.DEFAULT_ADMIN,
            keeper=keeper,
        ),
        Act(
            name=f"renounce {where} {name} {old}",
            description=f"{where}: {old} is not {name} any more",
            differs=lambda: "" if _has(keeper, role, old) else None,
            call=lambda: keeper().functions.renounceRole(role, old),
        ),
    ]


def _budget_moves(
    keeper: Callable[[], Contract], where: str, old: ChecksumAddress, new: ChecksumAddress
) -> list[Act]:
    """Moves the power to award. A budget that the new account has already stays."""

    def limit(account: ChecksumAddress) -> int:
        found: int = keeper().functions.budgetOf(account).call()[0]
        return found

    def give() -> ContractFunction:
        amount, _, period, _ = keeper().functions.budgetOf(old).call()
        return keeper().functions.setBudget(new, amount, period)

    return [
        Act(
            name=f"move {where} budget {new}",
            description=f"{where}: {new} has the budget of {old}",
            differs=lambda: "" if limit(old) and not limit(new) else None,
            call=give,
            role=roles.DEFAULT_ADMIN,
            keeper=keeper,
        ),
        Act(
            name=f"end {where} budget {old}",
            description=f"{where}: {old} may award nothing",
            differs=lambda: "" if limit(old) else None,
            call=lambda: keeper().functions.setBudget(old, 0, _DAY),
            role=roles.DEFAULT_ADMIN,
            keeper=keeper,
        ),
    ]


def _keeper(suite: Suite, symbol: str | None) -> Callable[[], Contract]:
    return Program(suite, symbol).token if symbol else lambda: suite.registry


def _has(keeper: Callable[[], Contract], role: bytes, account: ChecksumAddress) -> bool:
    return bool(keeper().functions.hasRole(role, account).call())


def _roles(symbol: str | None) -> tuple[bytes, ...]:
    return tuple((roles.OF_PROGRAMS if symbol else roles.OF_REGISTRY).values())


def _where(symbol: str | None) -> str:
    return symbol or "registry"

"""Who may do what for a program, as the chain has it this second."""

from collections.abc import Sequence
from dataclasses import dataclass

from zegel.api.service import Service
from zegel.api.views import View
from zegel.chain import roles
from zegel.web.problems import Problem


@dataclass(frozen=True)
class Powers:
    """The roles of an account in a program, by name, and its budget: limit, used, seconds."""

    roles: tuple[str, ...]
    limit: int
    used: int
    period: int

    @property
    def any(self) -> bool:
        return bool(self.roles or self.limit)

    @property
    def awards(self) -> bool:
        """Whether it may have points awarded: by itself, or because it can give that power."""
        return bool(self.limit) or roles.NAMES[roles.DEFAULT_ADMIN] in self.roles


_ROLES = (roles.DEFAULT_ADMIN, *roles.OF_PROGRAMS.values())


def powers(here: Service, account: str, tokens: Sequence[str]) -> dict[str, Powers]:
    """The powers of an account in some programs."""
    views: list[View] = []
    for token in tokens:
        contract = here.connection.contract("PointToken", token)
        views += [View(contract, "hasRole", (role, account)) for role in _ROLES]
        views.append(View(contract, "budgetOf", (account,)))
    told = iter(here.nodes.ask(views))
    found: dict[str, Powers] = {}
    for token in tokens:
        held = tuple(roles.NAMES[role] for role in _ROLES if next(told))
        limit, used, period, _ = next(told)
        found[token] = Powers(held, limit, used, period)
    return found


def check_power(here: Service, account: str, token: str, *, awards: bool = False) -> Powers:
    """The powers of an account in a program; a problem if it has none, or not the one needed."""
    found = powers(here, account, [token])[token]
    if not (found.awards if awards else found.any):
        needed = "may award points" if awards else "has a role"
        raise Problem(
            403, "no-role", f"{account} is none who {needed} in {token}: sign in as one who is"
        )
    return found

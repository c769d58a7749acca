"""Programs that let the drop contract distribute, and short ways to their drops."""

from collections.abc import Callable
from typing import Any

import pytest
from brownie.network.account import LocalAccount
from support import roles
from support.drops import EPOCH_END, Opened, tree


@pytest.fixture(scope="module")
def distributing(drop: Any, create_program: Callable[..., Any], issuer: LocalAccount) -> Any:
    """Creates programs that the drop contract may award for."""

    def create(symbol: str, **settings: Any) -> Any:
        token = create_program(symbol, **settings)
        token.grantRole(roles.DISTRIBUTOR, drop, {"from": issuer})
        return token

    return create


@pytest.fixture(scope="module")
def points(distributing: Callable[..., Any]) -> Any:
    """The points of a program with 2 decimals; they live four quarters."""
    return distributing("AIR")


@pytest.fixture
def open_drop(drop: Any, points: Any, awarder: LocalAccount) -> Callable[..., Opened]:
    """Opens drops of `points`, which end with the epoch unless the test says otherwise."""

    def opening(
        *awards: tuple[object, int],
        until: int = EPOCH_END,
        token: Any = points,
        total: int | None = None,
        label: str = "receipt",
    ) -> Opened:
        rows = tree(*awards, label=label)
        whole = rows.total if total is None else total
        drop.openDrop(token, rows.root, whole, until, {"from": awarder})
        return Opened(drop, rows.id(token), rows)

    return opening

"""Short ways to the situations that tests of the registry begin with."""

from collections.abc import Callable
from typing import Any

import pytest
from support.words import bytes32


@pytest.fixture
def give_points(token: Any, awarder: Any) -> Callable[..., None]:
    """Awards points of `token`."""

    def awarding(member: object, amount: int) -> None:
        token.award(member, amount, bytes32("a gift"), {"from": awarder})

    return awarding

"""Short ways to the situations that most tests of the token begin with."""

from collections.abc import Callable
from typing import Any

import pytest
from support.passkeys import Passkey
from support.signing import Signer, with_key, with_passkey
from support.words import bytes32


@pytest.fixture
def give(token: Any, awarder: Any) -> Callable[..., None]:
    """Awards points of `token`."""

    def awarding(member: object, amount: int) -> None:
        token.award(member, amount, bytes32("a gift"), {"from": awarder})

    return awarding


@pytest.fixture(params=["key", "contract", "passkey"])
def signer(request: Any, member: Any, ContractWallet: Any) -> Signer:
    """A member of each kind."""
    if request.param == "passkey":
        return with_passkey(Passkey(1))
    if request.param == "contract":
        return with_key(member, ContractWallet.deploy(member, {"from": member}))
    return with_key(member)

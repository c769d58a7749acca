"""A charter between the issuer and a merchant, with one rule, and a budget to keep it."""

from collections.abc import Callable
from typing import Any

import pytest
from brownie.network.account import LocalAccount
from support.charters import Draft, rule
from support.clock import DAY

BUDGET = 1_000


@pytest.fixture(scope="module")
def points(create_program: Callable[..., Any], charter: Any, issuer: LocalAccount) -> Any:
    """The points of a program that lets the charter contract award 1,000 base units a day."""
    token = create_program("AIR")
    token.setBudget(charter, BUDGET, DAY, {"from": issuer})
    return token


@pytest.fixture
def draft(points: Any, issuer: LocalAccount, merchant: LocalAccount, attester: Any) -> Draft:
    """Two parties, and one rule: 100 base units, at most twice a month."""
    return Draft(str(points), (str(issuer), str(merchant)), (rule(attester),))


@pytest.fixture
def propose(charter: Any, issuer: LocalAccount) -> Callable[[Draft], str]:
    """Proposes a charter; returns its name."""

    def proposing(draft: Draft) -> str:
        charter.propose(*draft.arguments, {"from": issuer})
        return draft.id

    return proposing


@pytest.fixture
def enforce(
    charter: Any,
    propose: Callable[[Draft], str],
    issuer: LocalAccount,
    merchant: LocalAccount,
    other_member: LocalAccount,
) -> Callable[[Draft], str]:
    """Proposes a charter and has all its parties sign it."""
    signers = {str(party): party for party in (issuer, merchant, other_member)}

    def enforcing(draft: Draft) -> str:
        name = propose(draft)
        for party in draft.parties:
            charter.sign(name, {"from": signers[party]})
        return name

    return enforcing

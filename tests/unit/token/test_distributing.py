"""Contracts through which the issuer awards: they charge the awarder who asked them to.

awardFor
  given a caller with the distributor role
    it awards as the awarder would, and charges the awarder's budget
  given the awarder has no budget, or too small a one
    it is refused by the awarder's name
  given the caller has not the role, or not any more
    it is refused, also to awarders and the issuer
transfer
  given members may not send points
    a distributor sends its own all the same, and nobody else does

Spec: T14, T15, T43
"""

import pytest
from support import roles
from support.deploying import BUDGET
from support.errors import refused
from support.events import ZERO, assert_events
from support.words import bytes32, lots

REF = bytes32("receipt 4711")


@pytest.fixture
def distributor(token, issuer, relayer):
    """A stand-in for a contract that hands out awards."""
    token.grantRole(roles.DISTRIBUTOR, relayer, {"from": issuer})
    return relayer


def test_distributor_awards_out_of_the_awarders_budget(token, distributor, awarder, member):
    tx = token.awardFor(awarder, member, 500, REF, {"from": distributor})

    assert tx.return_value is None
    assert token.accountWord(member) == lots(1, 500)
    assert token.totalSupply() == 500
    assert token.budgetOf(awarder)["used"] == 500
    assert token.budgetOf(distributor)["used"] == 0
    assert_events(
        tx,
        (token, "Transfer", ZERO, member, 500),
        (token, "Awarded", awarder, member, REF, 500),
    )


def test_awarders_budget_bounds_all_that_is_awarded_for_it(token, distributor, awarder, member):
    token.award(member, BUDGET - 5, REF, {"from": awarder})

    with refused("BudgetExceeded", awarder, 6, 5):
        token.awardFor(awarder, member, 6, REF, {"from": distributor})

    token.awardFor(awarder, member, 5, REF, {"from": distributor})
    assert token.totalSupply() == BUDGET


def test_distributor_awards_for_awarders_only(token, distributor, issuer, member):
    for nobody in (distributor, issuer, member):
        with refused("NotAwarder", nobody):
            token.awardFor(nobody, member, 1, REF, {"from": distributor})


def test_distributor_awards_nothing_while_paused(token, distributor, guardian, awarder, member):
    token.pause({"from": guardian})

    with refused("ProgramPaused"):
        token.awardFor(awarder, member, 1, REF, {"from": distributor})


def test_distributor_awards_nothing_to_the_zero_address(token, distributor, awarder):
    with refused("ERC20InvalidReceiver", ZERO):
        token.awardFor(awarder, ZERO, 1, REF, {"from": distributor})


def test_only_a_distributor_awards_for_someone(token, distributor, issuer, awarder, member):
    for stranger in (issuer, awarder, member):
        with refused("AccessControlUnauthorizedAccount", stranger, roles.DISTRIBUTOR):
            token.awardFor(awarder, member, 1, REF, {"from": stranger})

    token.revokeRole(roles.DISTRIBUTOR, distributor, {"from": issuer})
    with refused("AccessControlUnauthorizedAccount", distributor, roles.DISTRIBUTOR):
        token.awardFor(awarder, member, 1, REF, {"from": distributor})


def test_distributor_sends_where_members_may_not(
    create_program, issuer, awarder, member, other_member, relayer
):
    token = create_program("SHOP", transferable=False)
    token.grantRole(roles.DISTRIBUTOR, relayer, {"from": issuer})
    token.awardFor(awarder, relayer, 500, REF, {"from": relayer})

    tx = token.transfer(member, 500, {"from": relayer})

    assert token.balanceOf(member) == token.totalSupply() == 500
    assert_events(tx, (token, "Transfer", relayer, member, 500))
    # Neither back, nor on, nor out of the distributor's hands by someone else.
    for receiver in (relayer, other_member):
        with refused("TransfersDisabled"):
            token.transfer(receiver, 1, {"from": member})
    token.approve(relayer, 1, {"from": member})
    with refused("TransfersDisabled"):
        token.transferFrom(member, other_member, 1, {"from": relayer})

"""Members send points to each other (ERC-20).

transfer
  given the sender has enough
    it moves the points and leaves the supply alone
    when all points are sent, it leaves the sender nothing
    when the receiver is the sender, it changes nothing but says so
    when nothing is sent, it says so, also for someone who never had points
    when the receiver is the token, it is an account like any other
  given the sender has too little
    it is refused
  given the receiver is the zero address
    it is refused
  given members may not send points
    it is refused, and redeeming is not
approve
  it sets the allowance and does not add to it
  given an allowance
    when zero is approved, it ends
  given the spender is the zero address
    it is refused
transferFrom
  given an allowance
    it moves the points and lowers the allowance, without an Approval
    when the allowance is the largest number, it stays
    when it is one less, it is lowered
    when the owner is the spender, it needs the allowance too
    when the owner has too little, it is refused and the allowance stays
    when more is sent, it is refused
  given no allowance
    it is refused
    when nothing is sent, it says so
  given the owner is the zero address
    it is refused
  given members may not send points
    it is refused

Spec: T12, T13, T14
"""

import pytest
from support.errors import refused
from support.events import ZERO, assert_events
from support.words import bytes32

INFINITE = 2**256 - 1


@pytest.fixture
def points(token, give, member):
    """What `member` has."""
    give(member, 1_000)
    return 1_000


# transfer


def test_transfer_moves_points(token, give, points, member, other_member):
    give(other_member, 5)

    tx = token.transfer(other_member, 400, {"from": member})

    assert tx.return_value is True
    assert token.balanceOf(member) == points - 400
    assert token.balanceOf(other_member) == 405
    assert token.totalSupply() == points + 5
    assert_events(tx, (token, "Transfer", member, other_member, 400))


def test_transfer_of_all_points_leaves_nothing(token, points, member, other_member):
    tx = token.transfer(other_member, points, {"from": member})

    assert tx.return_value is True
    assert token.balanceOf(member) == 0
    assert token.balanceOf(other_member) == points
    assert token.totalSupply() == points
    assert_events(tx, (token, "Transfer", member, other_member, points))


@pytest.mark.parametrize("amount", [0, 1, 1_000])
def test_transfer_to_oneself_changes_nothing(token, points, member, amount):
    word = token.accountWord(member)

    tx = token.transfer(member, amount, {"from": member})

    assert tx.return_value is True
    assert token.accountWord(member) == word
    assert token.totalSupply() == points
    assert_events(tx, (token, "Transfer", member, member, amount))


def test_transfer_to_oneself_needs_the_points(token, points, member):
    with refused("ERC20InsufficientBalance", member, points, points + 1):
        token.transfer(member, points + 1, {"from": member})


def test_transfer_of_nothing_is_told(token, points, outsider, other_member):
    tx = token.transfer(other_member, 0, {"from": outsider})

    assert tx.return_value is True
    assert token.balanceOf(outsider) == token.balanceOf(other_member) == 0
    assert token.totalSupply() == points
    assert_events(tx, (token, "Transfer", outsider, other_member, 0))


def test_transfer_to_the_token_is_like_any_other(token, points, member):
    token.transfer(token, 1, {"from": member})

    assert token.balanceOf(token) == 1
    assert token.totalSupply() == points


@pytest.mark.parametrize("excess", [1, 2**48, 2**256 - 1_001])
def test_transfer_of_too_much_is_refused(token, points, member, other_member, excess):
    with refused("ERC20InsufficientBalance", member, points, points + excess):
        token.transfer(other_member, points + excess, {"from": member})


def test_transfer_to_the_zero_address_is_refused(token, points, member):
    with refused("ERC20InvalidReceiver", ZERO):
        token.transfer(ZERO, 1, {"from": member})

    assert token.balanceOf(member) == points


def test_transfer_is_refused_where_members_may_not_send(
    create_program, member, other_member, awarder
):
    token = create_program("SHOP", transferable=False)
    token.award(member, 100, bytes32("a gift"), {"from": awarder})
    token.approve(other_member, 100, {"from": member})

    with refused("TransfersDisabled"):
        token.transfer(other_member, 1, {"from": member})
    with refused("TransfersDisabled"):
        token.transferFrom(member, other_member, 1, {"from": other_member})

    assert token.transferable() is False
    token.redeem(100, bytes32("a sale"), {"from": member})
    assert token.balanceOf(member) == 0


# approve


def test_approve_sets_the_allowance(token, member, other_member):
    token.approve(other_member, 700, {"from": member})
    tx = token.approve(other_member, 300, {"from": member})

    assert tx.return_value is True
    assert token.allowance(member, other_member) == 300
    assert token.allowance(other_member, member) == 0
    assert_events(tx, (token, "Approval", member, other_member, 300))


def test_approve_of_zero_ends_an_allowance(token, points, member, other_member):
    token.approve(other_member, INFINITE, {"from": member})
    tx = token.approve(other_member, 0, {"from": member})

    assert token.allowance(member, other_member) == 0
    assert_events(tx, (token, "Approval", member, other_member, 0))
    with refused("ERC20InsufficientAllowance", other_member, 0, 1):
        token.transferFrom(member, other_member, 1, {"from": other_member})


def test_approve_of_the_zero_address_is_refused(token, member):
    with refused("ERC20InvalidSpender", ZERO):
        token.approve(ZERO, 1, {"from": member})


def test_zero_address_approves_nobody(token, other_member):
    # Nobody signs for it; a node asks for it when it is told to.
    with refused("ERC20InvalidApprover", ZERO):
        token.approve.call(other_member, 1, {"from": ZERO})


# transferFrom


def test_transfer_from_lowers_the_allowance(token, points, member, other_member, merchant):
    token.approve(merchant, 500, {"from": member})

    tx = token.transferFrom(member, other_member, 200, {"from": merchant})

    assert tx.return_value is True
    assert token.allowance(member, merchant) == 300
    assert token.balanceOf(member) == points - 200
    assert token.balanceOf(other_member) == 200
    assert token.balanceOf(merchant) == 0
    assert token.totalSupply() == points
    assert_events(tx, (token, "Transfer", member, other_member, 200))


@pytest.mark.parametrize(("allowed", "left"), [(INFINITE, INFINITE), (INFINITE - 1, INFINITE - 2)])
def test_only_the_largest_allowance_stays(token, points, member, merchant, allowed, left):
    token.approve(merchant, allowed, {"from": member})

    token.transferFrom(member, merchant, 1, {"from": merchant})

    assert token.allowance(member, merchant) == left
    assert token.balanceOf(merchant) == 1


def test_transfer_from_oneself_needs_an_allowance(token, points, member, other_member):
    with refused("ERC20InsufficientAllowance", member, 0, 1):
        token.transferFrom(member, other_member, 1, {"from": member})


def test_transfer_from_with_too_few_points_keeps_the_allowance(token, points, member, merchant):
    token.approve(merchant, points + 1, {"from": member})

    with refused("ERC20InsufficientBalance", member, points, points + 1):
        token.transferFrom(member, merchant, points + 1, {"from": merchant})

    assert token.allowance(member, merchant) == points + 1


def test_transfer_from_beyond_the_allowance_is_refused(token, points, member, merchant):
    token.approve(merchant, 10, {"from": member})

    with refused("ERC20InsufficientAllowance", merchant, 10, 11):
        token.transferFrom(member, merchant, 11, {"from": merchant})


def test_transfer_from_of_nothing_needs_no_allowance(token, points, member, merchant):
    tx = token.transferFrom(member, merchant, 0, {"from": merchant})

    assert tx.return_value is True
    assert token.balanceOf(member) == points
    assert_events(tx, (token, "Transfer", member, merchant, 0))


def test_transfer_from_the_zero_address_is_refused(token, merchant):
    with refused("ERC20InvalidSender", ZERO):
        token.transferFrom(ZERO, merchant, 0, {"from": merchant})


def test_transfer_from_to_the_zero_address_is_refused(token, points, member, merchant):
    token.approve(merchant, points, {"from": member})

    with refused("ERC20InvalidReceiver", ZERO):
        token.transferFrom(member, ZERO, 1, {"from": merchant})

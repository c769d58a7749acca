"""Members pay with points, and issuers undo sales and awards.

redeem
  it destroys the oldest points and says which
  when nothing is redeemed, it says so
  given the member has too little
    it is refused
redeemFrom
  given an allowance
    it destroys the member's points and lowers the allowance
    when the allowance is the largest number, it stays
    when the member redeems its own points, it needs the allowance too
  given no allowance, or too small a one
    it is refused
refund
  given the lots of a redemption
    it restores them exactly, in their generations
    when time has passed, it restores them at their new age
    when some have expired since, those do not come back
    when all have expired since, nothing comes back
    when the member's own points have expired, it announces those
  given lots that cannot be
    it is refused: other bits set, no epoch, one in the future
  given lots older than the program
    it restores them, as far as they have not expired
  given lots with points older than their lifetime
    those do not come back
  given a generation is full
    it is refused
  given the budget does not cover what comes back
    it is refused; what has expired costs nothing
  given the member is the zero address
    it is refused
correct
  it destroys the oldest points and says why
  given the member has too little, or the caller has no budget
    it is refused

Spec: T11, T21, T22, T23, T24, T25
"""

import pytest
from support.clock import DAY, travel_to, utc
from support.deploying import BUDGET
from support.errors import refused
from support.events import ZERO, assert_events, plain
from support.words import LANE_MAX, award_word, bytes32, lots, stored_lots

SALE = bytes32("sale 42")
REF = bytes32("receipt 4711")
REASON = bytes32("typing error")
INFINITE = 2**256 - 1


@pytest.fixture
def three_generations(token, give, member, other_member):
    """`member` has 300, 20 and 1 of the first, second and fourth quarter; another has 5 of each."""
    for start, amount in ((None, 300), (utc(2026, 4, 1), 20), (utc(2026, 10, 1), 1)):
        if start:
            travel_to(start)
        give(member, amount)
        give(other_member, 5)
    assert token.accountWord(member) == lots(4, 1, 0, 20, 300)
    return 321


# redeem


def test_redeem_destroys_the_oldest_points(token, three_generations, member):
    tx = token.redeem(310, SALE, {"from": member})

    assert tx.return_value is None
    assert token.accountWord(member) == lots(4, 1, 0, 10)
    assert token.balanceOf(member) == 11
    assert token.totalSupply() == 26
    assert_events(
        tx,
        (token, "Transfer", member, ZERO, 310),
        (token, "Redeemed", member, SALE, 310, lots(4, 0, 0, 10, 300)),
    )


def test_redeem_of_nothing_is_told(token, outsider):
    tx = token.redeem(0, SALE, {"from": outsider})

    assert token.totalSupply() == 0
    assert_events(
        tx,
        (token, "Transfer", outsider, ZERO, 0),
        (token, "Redeemed", outsider, SALE, 0, lots(1)),
    )


@pytest.mark.parametrize("excess", [1, 2**48, 2**255])
def test_redeem_of_too_much_is_refused(token, three_generations, member, excess):
    with refused("ERC20InsufficientBalance", member, 321, 321 + excess):
        token.redeem(321 + excess, SALE, {"from": member})


# redeemFrom


def test_redeem_from_destroys_a_members_points(token, give, member, merchant):
    give(member, 500)
    token.approve(merchant, 120, {"from": member})

    tx = token.redeemFrom(member, 100, SALE, {"from": merchant})

    assert tx.return_value is None
    assert token.balanceOf(member) == token.totalSupply() == 400
    assert token.allowance(member, merchant) == 20
    assert_events(
        tx,
        (token, "Transfer", member, ZERO, 100),
        (token, "Redeemed", member, SALE, 100, lots(1, 100)),
    )
    with refused("ERC20InsufficientAllowance", merchant, 20, 21):
        token.redeemFrom(member, 21, SALE, {"from": merchant})


def test_redeem_from_keeps_the_largest_allowance(token, give, member, merchant):
    give(member, 500)
    token.approve(merchant, INFINITE, {"from": member})

    token.redeemFrom(member, 100, SALE, {"from": merchant})

    assert token.allowance(member, merchant) == INFINITE


def test_redeem_from_needs_an_allowance(token, give, member, merchant):
    give(member, 500)

    for caller in (merchant, member):
        with refused("ERC20InsufficientAllowance", caller, 0, 1):
            token.redeemFrom(member, 1, SALE, {"from": caller})


def test_redeem_from_of_too_much_is_refused(token, give, member, merchant):
    give(member, 500)
    token.approve(merchant, 501, {"from": member})

    with refused("ERC20InsufficientBalance", member, 500, 501):
        token.redeemFrom(member, 501, SALE, {"from": merchant})
    assert token.allowance(member, merchant) == 501


# refund


def redeemed_lots(tx):
    return tx.events["Redeemed"]["lots"]


def test_refund_restores_the_lots_exactly(token, three_generations, member, corrector):
    before = token.accountWord(member), token.supplyWord()
    redeemed = redeemed_lots(token.redeem(310, SALE, {"from": member}))

    tx = token.refund(member, redeemed, SALE, {"from": corrector})

    assert tx.return_value is None
    assert (token.accountWord(member), token.supplyWord()) == before
    assert token.budgetOf(corrector)["used"] == 310
    assert_events(
        tx,
        (token, "Transfer", ZERO, member, 310),
        (token, "Refunded", corrector, member, SALE, 310, redeemed),
    )


def test_refund_does_not_make_points_younger(token, give, member, corrector):
    give(member, 40)
    redeemed = redeemed_lots(token.redeem(40, SALE, {"from": member}))
    travel_to(utc(2026, 7, 1))

    token.refund(member, redeemed, SALE, {"from": corrector})

    assert token.accountWord(member) == stored_lots(token.supplyWord()) == lots(3, 0, 0, 40)
    assert plain(token.expiries(member)) == ((utc(2027, 1, 1), 40),)


def test_refund_leaves_out_what_has_expired(token, three_generations, member, corrector):
    redeemed = redeemed_lots(token.redeem(310, SALE, {"from": member}))
    travel_to(utc(2027, 1, 1))

    tx = token.refund(member, redeemed, SALE, {"from": corrector})

    assert token.accountWord(member) == lots(5, 0, 1, 0, 20)
    assert token.totalSupply() == 21 + 10
    assert_events(
        tx,
        (token, "Transfer", ZERO, member, 10),
        (token, "Refunded", corrector, member, SALE, 10, redeemed),
    )


@pytest.mark.parametrize("year", [2027, 2040, 2400])
def test_refund_of_expired_points_gives_nothing(token, give, issuer, member, corrector, year):
    give(member, 40)
    redeemed = redeemed_lots(token.redeem(30, SALE, {"from": member}))
    token.setBudget(corrector, 1, DAY, {"from": issuer})
    travel_to(utc(year))

    tx = token.refund(member, redeemed, SALE, {"from": corrector})

    assert token.balanceOf(member) == token.totalSupply() == 0
    assert_events(
        tx,
        (token, "Transfer", member, ZERO, 10),
        (token, "Expired", member, 10),
        (token, "Transfer", ZERO, member, 0),
        (token, "Refunded", corrector, member, SALE, 0, redeemed),
    )


@pytest.mark.parametrize("bit", [208, 209, 215, 216, 255])
def test_refund_of_lots_with_other_bits_is_refused(token, member, corrector, bit):
    malformed = lots(1, 5) | 1 << bit

    with refused("InvalidLots", malformed):
        token.refund(member, malformed, SALE, {"from": corrector})


@pytest.mark.parametrize("epoch", [0, 2, 65_535])
def test_refund_of_lots_of_another_time_is_refused(token, member, corrector, epoch):
    with refused("InvalidLots", lots(epoch, 5)):
        token.refund(member, lots(epoch, 5), SALE, {"from": corrector})


@pytest.mark.parametrize(
    ("epoch", "lanes", "restored"),
    [(1, (0, 5), (0, 0, 0, 5)), (1, (7, 0, 0, 5), (0, 0, 7)), (3, (1, 2, 3, 4), (1, 2, 3, 4))],
    ids=str,
)
def test_refund_restores_points_that_are_older_than_the_program(
    token, member, corrector, epoch, lanes, restored
):
    """Such as were converted with their expiry."""
    travel_to(utc(2026, 7, 1))
    assert token.currentEpoch() == 3

    token.refund(member, lots(epoch, *lanes), SALE, {"from": corrector})

    assert token.accountWord(member) == stored_lots(token.supplyWord()) == lots(3, *restored)


@pytest.mark.parametrize(
    ("lifetime", "lanes", "alive"), [(1, (7, 5), 7), (2, (3, 2, 1), 5), (3, (0, 0, 0, 1), 0)]
)
def test_refund_leaves_out_lots_beyond_their_lifetime(
    create_program, corrector, member, lifetime, lanes, alive
):
    token = create_program("SHORT", months=1, lifetime=lifetime)
    travel_to(utc(2027, 1, 1))
    epoch = token.currentEpoch()
    assert epoch == 12

    tx = token.refund(member, lots(epoch, *lanes), SALE, {"from": corrector})

    assert token.accountWord(member) == lots(epoch, *lanes[:lifetime])
    assert token.balanceOf(member) == token.totalSupply() == alive
    assert_events(
        tx,
        (token, "Transfer", ZERO, member, alive),
        (token, "Refunded", corrector, member, SALE, alive, lots(epoch, *lanes)),
    )


def test_refund_into_a_full_generation_is_refused(
    token, issuer, awarder, corrector, member, other_member
):
    for holder in (awarder, corrector):
        token.setBudget(holder, 2**64 - 1, DAY, {"from": issuer})
    token.award(other_member, LANE_MAX - 10, REF, {"from": awarder})
    travel_to(utc(2026, 4, 1))
    token.award(other_member, LANE_MAX, REF, {"from": awarder})

    with refused("GenerationFull", 1, 11, 10):
        token.refund(member, lots(1, 11), SALE, {"from": corrector})
    with refused("GenerationFull", 2, 1, 0):
        token.refund(member, lots(2, 1, 11), SALE, {"from": corrector})

    token.refund(member, lots(2, 0, 10), SALE, {"from": corrector})
    assert token.totalSupply() == 2 * LANE_MAX
    assert plain(token.expiries(member)) == ((utc(2027, 1, 1), 10),)


def test_refund_beyond_the_budget_is_refused(token, three_generations, issuer, member, corrector):
    redeemed = redeemed_lots(token.redeem(310, SALE, {"from": member}))
    token.setBudget(corrector, 309, DAY, {"from": issuer})

    with refused("BudgetExceeded", corrector, 310, 309):
        token.refund(member, redeemed, SALE, {"from": corrector})


def test_refund_without_budget_is_refused(token, guardian, member, corrector):
    token.revokeBudget(corrector, {"from": guardian})

    with refused("NotAwarder", corrector):
        token.refund(member, lots(1, 1), SALE, {"from": corrector})


def test_refund_to_the_zero_address_is_refused(token, corrector):
    with refused("ERC20InvalidReceiver", ZERO):
        token.refund(ZERO, lots(1, 1), SALE, {"from": corrector})


# correct


def test_correct_takes_an_award_back(token, three_generations, member, corrector):
    tx = token.correct(member, 310, REF, REASON, {"from": corrector})

    assert tx.return_value is None
    assert token.accountWord(member) == lots(4, 1, 0, 10)
    assert token.totalSupply() == 26
    assert token.budgetOf(corrector)["used"] == 310
    assert_events(
        tx,
        (token, "Transfer", member, ZERO, 310),
        (token, "Corrected", corrector, member, REF, 310, REASON),
    )


def test_correct_of_too_much_is_refused(token, give, member, corrector):
    give(member, 500)

    with refused("ERC20InsufficientBalance", member, 500, 501):
        token.correct(member, 501, REF, REASON, {"from": corrector})


def test_correct_without_budget_is_refused(token, give, guardian, member, corrector):
    give(member, 500)
    token.revokeBudget(corrector, {"from": guardian})

    with refused("NotAwarder", corrector):
        token.correct(member, 1, REF, REASON, {"from": corrector})


def test_correct_beyond_the_budget_is_refused(token, awarder, member, corrector):
    token.awardBatch(REF, [award_word(member, BUDGET)], {"from": awarder})
    token.correct(member, 1, REF, REASON, {"from": corrector})

    with refused("BudgetExceeded", corrector, BUDGET, BUDGET - 1):
        token.correct(member, BUDGET, REF, REASON, {"from": corrector})

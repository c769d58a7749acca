"""Awarders create points, one award at a time or a batch at once.

award
  given a budget that covers it
    it creates points of this epoch's generation
    when the member has older points, it leaves those in their generation
    when nothing is awarded, it says so
    when the member is frozen, it is awarded all the same
  given the generation is full
    it is refused, to the last base unit
    when the next epoch has begun, there is room again
  given the caller has no budget
    it is refused
  given the member is the zero address
    it is refused
awardBatch
  given a new batch
    it makes every award, in order, and one account of it
    it leaves the same as single awards would
    when a member occurs twice, both awards count
    when points of a member have expired, it announces them
  given the batch was awarded before
    it is refused, whatever it holds
  given it is empty
    it is refused
  given the zero address among the members
    it is refused, and can be sent again without
  given more than the generation can take, in all or in one award
    it is refused
  given the caller's budget is too small, or none
    it is refused
isInBatch
  given an awarded batch
    it tells its rows from others
  given a batch that was not awarded
    it knows no row

Spec: T11, T15, T17, T18, T19, T20
"""

import pytest
from eth_abi import encode
from eth_utils import keccak
from support.clock import DAY, travel_to, utc
from support.deploying import BUDGET
from support.errors import refused
from support.events import ZERO, assert_events
from support.words import LANE_MAX, award_word, bytes32, lots, stored_lots

REF = bytes32("receipt 4711")
BATCH = bytes32("a Merkle root")


@pytest.fixture
def boundless(token, issuer, awarder):
    """A budget that no generation can hold."""
    token.setBudget(awarder, 2**64 - 1, DAY, {"from": issuer})


# award


def test_award_creates_points(token, awarder, member, other_member):
    token.award(other_member, 7, REF, {"from": awarder})

    tx = token.award(member, 500, REF, {"from": awarder})

    assert tx.return_value is None
    assert token.balanceOf(member) == 500
    assert token.accountWord(member) == lots(1, 500)
    assert token.totalSupply() == 507
    assert stored_lots(token.supplyWord()) == lots(1, 507)
    assert token.budgetOf(awarder)["used"] == 507
    assert_events(
        tx,
        (token, "Transfer", ZERO, member, 500),
        (token, "Awarded", awarder, member, REF, 500),
    )


def test_award_leaves_older_points_in_their_generation(token, give, awarder, member):
    give(member, 40)
    travel_to(utc(2026, 7, 1))

    token.award(member, 2, REF, {"from": awarder})

    assert token.accountWord(member) == lots(3, 2, 0, 40)
    assert stored_lots(token.supplyWord()) == lots(3, 2, 0, 40)
    assert token.balanceOf(member) == token.totalSupply() == 42


def test_award_of_nothing_is_told(token, awarder, member):
    tx = token.award(member, 0, REF, {"from": awarder})

    assert token.balanceOf(member) == token.totalSupply() == 0
    assert_events(
        tx,
        (token, "Transfer", ZERO, member, 0),
        (token, "Awarded", awarder, member, REF, 0),
    )


def test_award_reaches_a_frozen_member(token, awarder, freezer, member):
    token.freeze(member, REF, {"from": freezer})

    tx = token.award(member, 500, REF, {"from": awarder})

    assert token.balanceOf(member) == token.totalSupply() == 500
    assert token.isFrozen(member) is True
    assert_events(
        tx,
        (token, "Transfer", ZERO, member, 500),
        (token, "Awarded", awarder, member, REF, 500),
    )


def test_award_fills_a_generation_to_the_last_unit(token, boundless, awarder, member, other_member):
    token.award(other_member, 1, REF, {"from": awarder})
    with refused("GenerationFull", 1, LANE_MAX, LANE_MAX - 1):
        token.award(member, LANE_MAX, REF, {"from": awarder})

    token.award(member, LANE_MAX - 1, REF, {"from": awarder})

    assert token.totalSupply() == LANE_MAX
    with refused("GenerationFull", 1, 1, 0):
        token.award(member, 1, REF, {"from": awarder})


def test_next_epoch_has_room_again(token, boundless, awarder, member):
    token.award(member, LANE_MAX, REF, {"from": awarder})
    travel_to(utc(2026, 4, 1))

    token.award(member, LANE_MAX, REF, {"from": awarder})

    assert token.accountWord(member) == lots(2, LANE_MAX, LANE_MAX)
    assert token.balanceOf(member) == token.totalSupply() == 2 * LANE_MAX


def test_award_without_budget_is_refused(token, outsider, member):
    with refused("NotAwarder", outsider):
        token.award(member, 1, REF, {"from": outsider})


def test_award_beyond_any_budget_is_refused(token, awarder, member):
    with refused("BudgetExceeded", awarder, 2**256 - 1, BUDGET):
        token.award(member, 2**256 - 1, REF, {"from": awarder})


def test_award_to_the_zero_address_is_refused(token, awarder):
    with refused("ERC20InvalidReceiver", ZERO):
        token.award(ZERO, 1, REF, {"from": awarder})


# awardBatch


def test_batch_makes_every_award(token, give, awarder, member, other_member, merchant):
    give(member, 1_000)
    words = [award_word(member, 500), award_word(other_member, 0), award_word(merchant, 7)]
    assert token.isAwarded(BATCH) is False

    tx = token.awardBatch(BATCH, words, {"from": awarder})

    assert token.isAwarded(BATCH) is True
    assert token.balanceOf(member) == 1_500
    assert token.balanceOf(other_member) == 0
    assert token.balanceOf(merchant) == 7
    assert token.totalSupply() == 1_507
    assert token.budgetOf(awarder)["used"] == 1_507
    assert_events(
        tx,
        (token, "Transfer", ZERO, member, 500),
        (token, "Transfer", ZERO, other_member, 0),
        (token, "Transfer", ZERO, merchant, 7),
        (token, "BatchAwarded", awarder, BATCH, 3, 507),
    )


def test_batch_leaves_what_single_awards_leave(
    create_program, awarder, freezer, member, other_member, merchant
):
    one_by_one, at_once = create_program("ONE"), create_program("BATCH")
    for token in (one_by_one, at_once):
        token.award(member, 40, REF, {"from": awarder})
        token.award(merchant, 3, REF, {"from": awarder})
        token.freeze(merchant, REF, {"from": freezer})
    travel_to(utc(2027, 1, 1))
    awards = [(member, 5), (other_member, 6), (merchant, 7), (member, 0), (member, 8)]

    for who, amount in awards:
        one_by_one.award(who, amount, REF, {"from": awarder})
    at_once.awardBatch(BATCH, [award_word(*award) for award in awards], {"from": awarder})

    assert at_once.supplyWord() == one_by_one.supplyWord()
    assert at_once.budgetOf(awarder) == one_by_one.budgetOf(awarder)
    for who in (member, other_member, merchant):
        assert at_once.accountWord(who) == one_by_one.accountWord(who)


def test_batch_may_award_a_member_twice(token, awarder, member):
    tx = token.awardBatch(
        BATCH, [award_word(member, 500), award_word(member, 11)], {"from": awarder}
    )

    assert token.balanceOf(member) == token.totalSupply() == 511
    assert_events(
        tx,
        (token, "Transfer", ZERO, member, 500),
        (token, "Transfer", ZERO, member, 11),
        (token, "BatchAwarded", awarder, BATCH, 2, 511),
    )


def test_batch_announces_expired_points(token, give, awarder, member, other_member):
    give(member, 1_000)
    give(other_member, 30)
    travel_to(utc(2027, 1, 1))

    tx = token.awardBatch(
        BATCH, [award_word(member, 500), award_word(member, 11)], {"from": awarder}
    )

    assert token.accountWord(member) == lots(5, 511)
    assert token.totalSupply() == 511
    assert_events(
        tx,
        (token, "Transfer", member, ZERO, 1_000),
        (token, "Expired", member, 1_000),
        (token, "Transfer", ZERO, member, 500),
        (token, "Transfer", ZERO, member, 11),
        (token, "BatchAwarded", awarder, BATCH, 2, 511),
    )


def test_batch_reaches_a_frozen_member(token, awarder, freezer, member, other_member):
    token.freeze(member, REF, {"from": freezer})

    token.awardBatch(BATCH, [award_word(member, 5), award_word(other_member, 6)], {"from": awarder})

    assert token.balanceOf(member) == 5
    assert token.balanceOf(other_member) == 6
    assert token.isFrozen(member) is True


def test_batch_is_awarded_once(token, awarder, corrector, member, other_member):
    token.awardBatch(BATCH, [award_word(member, 500)], {"from": awarder})

    with refused("BatchAlreadyAwarded", BATCH):
        token.awardBatch(BATCH, [award_word(member, 500)], {"from": awarder})
    # Another awarder and other rows make no difference.
    with refused("BatchAlreadyAwarded", BATCH):
        token.awardBatch(BATCH, [award_word(other_member, 1)], {"from": corrector})

    assert token.totalSupply() == 500


def test_empty_batch_is_refused(token, awarder):
    with refused("BatchEmpty"):
        token.awardBatch(BATCH, [], {"from": awarder})

    assert token.isAwarded(BATCH) is False


@pytest.mark.parametrize("place", [0, 1, 2])
def test_batch_with_the_zero_address_is_refused(token, awarder, member, place):
    words = [award_word(member, 1), award_word(member, 2)]
    with refused("ERC20InvalidReceiver", ZERO):
        token.awardBatch(
            BATCH, [*words[:place], award_word(ZERO, 3), *words[place:]], {"from": awarder}
        )

    assert token.isAwarded(BATCH) is False
    token.awardBatch(BATCH, words, {"from": awarder})
    assert token.totalSupply() == 3


@pytest.mark.parametrize(
    "amounts",
    [
        (LANE_MAX, 1),
        (1, LANE_MAX),
        (LANE_MAX + 1,),
        (2**96 - 1, 2**96 - 1),
        (1, 2**64),
    ],
    ids=str,
)
def test_batch_beyond_a_generation_is_refused(token, boundless, awarder, member, amounts):
    words = [award_word(member, amount) for amount in amounts]

    with refused("GenerationFull", 1, sum(amounts), LANE_MAX):
        token.awardBatch(BATCH, words, {"from": awarder})

    assert token.isAwarded(BATCH) is False
    assert token.balanceOf(member) == token.totalSupply() == 0


def test_batch_fills_a_generation_to_the_last_unit(token, boundless, awarder, member, other_member):
    words = [award_word(member, LANE_MAX - 5), award_word(other_member, 5)]

    token.awardBatch(BATCH, words, {"from": awarder})

    assert token.totalSupply() == LANE_MAX
    with refused("GenerationFull", 1, 1, 0):
        token.awardBatch(REF, [award_word(member, 1)], {"from": awarder})


def test_batch_beyond_the_budget_is_refused(token, give, awarder, member):
    give(member, 1)

    with refused("BudgetExceeded", awarder, BUDGET, BUDGET - 1):
        token.awardBatch(BATCH, [award_word(member, BUDGET)], {"from": awarder})

    assert token.isAwarded(BATCH) is False


def test_batch_without_budget_is_refused(token, outsider, member):
    with refused("NotAwarder", outsider):
        token.awardBatch(BATCH, [award_word(member, 1)], {"from": outsider})


# isInBatch


def leaf(member, amount, ref, reason):
    row = encode(
        ["address", "uint256", "bytes32", "bytes32"],
        [str(member), amount, bytes.fromhex(ref[2:]), bytes.fromhex(reason[2:])],
    )
    return keccak(keccak(row))


def parent(left, right):
    return keccak(min(left, right) + max(left, right))


def test_rows_of_a_batch_can_be_proved(token, awarder, member, other_member):
    reason = bytes32("survey of March")
    rows = [(member, 500, REF, reason), (other_member, 7, REF, reason), (member, 1, REF, reason)]
    first, second, third = (leaf(*row) for row in rows)
    pair = parent(first, second)
    root = "0x" + parent(pair, third).hex()
    proofs = [[second, third], [first, third], [pair]]

    assert not token.isInBatch(root, *rows[0], proofs[0])
    token.awardBatch(root, [award_word(row[0], row[1]) for row in rows], {"from": awarder})

    for row, proof in zip(rows, proofs, strict=True):
        who, amount, ref, why = row
        assert token.isInBatch(root, *row, proof)
        assert not token.isInBatch(root, other_member if who == member else member, *row[1:], proof)
        assert not token.isInBatch(root, who, amount + 1, ref, why, proof)
        assert not token.isInBatch(root, who, amount, bytes32("another"), why, proof)
        assert not token.isInBatch(root, who, amount, ref, bytes32("another"), proof)
        assert not token.isInBatch(root, *row, proof[:-1])


def test_batch_of_one_row_needs_no_proof(token, awarder, member):
    root = "0x" + leaf(member, 500, REF, REF).hex()
    token.awardBatch(root, [award_word(member, 500)], {"from": awarder})

    assert token.isInBatch(root, member, 500, REF, REF, [])
    assert not token.isInBatch(root, member, 501, REF, REF, [])

"""Members claim their awards, or somebody does it for them.

claim
  given a row of the drop and its proof
    it sends the points to the member, in the generation of the drop, whoever calls it
    a member may have several rows
    the budget was charged when the drop was opened, and is not charged again
    where members cannot send each other points, it works all the same
  given the row was claimed before
    it is refused
  given the row is changed in any value, the proof is another, or the row stands in another drop
    it is refused
  given the rows sum to more than the drop's total
    the claim that would exceed it is refused, and other drops stay whole
  given the drop is over, or there is none
    it is refused, from its second on
  given the member is frozen
    it is refused, and can be claimed when the member is not any more
  given the program is paused
    it works: the points were awarded before
  given the contract's account is frozen
    it is refused
isClaimed
  it tells the claimed rows, across words

Spec: D5, D6, D7, D8, D12
"""

import pytest
from support import roles
from support.clock import travel_to
from support.drops import EPOCH_END, tree
from support.errors import refused
from support.events import assert_events
from support.words import bytes32, lots

WHY = bytes32("stolen phone")


@pytest.fixture
def opened(open_drop, member, other_member, merchant):
    """A drop of three awards; the member has two of them."""
    return open_drop((member, 500), (other_member, 70), (member, 9))


def test_claim_sends_the_award_to_the_member(points, drop, opened, awarder, member, relayer):
    assert drop.isClaimed(opened.id, 0) is False

    tx = opened.claim(0, relayer)

    assert tx.return_value is None
    assert drop.isClaimed(opened.id, 0) is True
    assert points.accountWord(member) == lots(1, 500)
    assert points.accountWord(drop) == lots(1, 79)
    assert opened.remaining == 79
    assert points.totalSupply() == points.budgetOf(awarder)["used"] == 579
    assert_events(
        tx,
        (drop, "Claimed", opened.id, member, bytes32("receipt 0"), 0, member, 500),
        (points, "Transfer", drop, member, 500),
    )


def test_every_row_is_claimed_and_nothing_is_left(
    points, drop, opened, member, other_member, relayer
):
    for index in (2, 0, 1):
        opened.claim(index, relayer)

    assert points.balanceOf(member) == 509
    assert points.balanceOf(other_member) == 70
    assert points.balanceOf(drop) == opened.remaining == 0


def test_claim_works_where_members_cannot_send_points(
    drop, distributing, open_drop, member, outsider
):
    token = distributing("STAY", transferable=False)
    opened = open_drop((member, 500), token=token)

    opened.claim(0, outsider)

    assert token.balanceOf(member) == 500
    with refused("TransfersDisabled"):
        token.transfer(outsider, 1, {"from": member})


def test_claim_without_the_role_fails_where_members_cannot_send_points(
    drop, distributing, open_drop, issuer, member
):
    token = distributing("STAY", transferable=False)
    opened = open_drop((member, 500), token=token)
    token.revokeRole(roles.DISTRIBUTOR, drop, {"from": issuer})

    with refused("TransfersDisabled"):
        opened.claim(0, member)


def test_award_is_claimed_once(points, opened, member, relayer):
    opened.claim(0, relayer)

    with refused("AlreadyClaimed", opened.id, 0):
        opened.claim(0, member)

    assert points.balanceOf(member) == 500


@pytest.mark.parametrize(
    ("field", "value"),
    [(0, 1), (0, 256), (2, 501), (3, bytes32("receipt 1")), (4, bytes32("another reason"))],
)
def test_changed_row_is_refused(drop, opened, member, field, value):
    row = list(opened.tree.rows[0])
    row[field] = value

    with refused("InvalidProof", opened.id, row[0]):
        drop.claim(opened.id, row, opened.tree.proof(0), {"from": member})


def test_row_of_another_member_is_refused(drop, opened, outsider):
    row = list(opened.tree.rows[0])
    row[1] = outsider

    with refused("InvalidProof", opened.id, 0):
        drop.claim(opened.id, row, opened.tree.proof(0), {"from": outsider})


def test_other_proofs_are_refused(drop, opened, member):
    _, row, proof = opened.row(0)

    for wrong in ([], proof[:-1], [*proof, WHY], proof[::-1], opened.tree.proof(1)):
        with refused("InvalidProof", opened.id, 0):
            drop.claim(opened.id, row, wrong, {"from": member})


def test_row_of_another_drop_is_refused(drop, opened, open_drop, member, other_member):
    other = open_drop((member, 4), (other_member, 5), label="refund")

    with refused("InvalidProof", opened.id, 0):
        drop.claim(opened.id, *other.row(0)[1:], {"from": member})


def test_total_bounds_what_is_claimed(
    points, drop, open_drop, member, other_member, merchant, relayer
):
    whole = open_drop((merchant, 300))
    short = open_drop((member, 500), (other_member, 70), total=569, label="short")
    short.claim(0, relayer)

    with refused("DropExhausted", short.id, 70, 69):
        short.claim(1, relayer)

    whole.claim(0, relayer)
    assert points.balanceOf(merchant) == 300
    assert points.balanceOf(drop) == short.remaining == 69


def test_amounts_of_any_size_are_bounded(drop, open_drop, member):
    opened = open_drop((member, 2**256 - 1), total=1_000)

    with refused("DropExhausted", opened.id, 2**256 - 1, 1_000):
        opened.claim(0, member)


def test_drop_is_claimed_to_its_last_second(points, opened, member, other_member):
    travel_to(EPOCH_END - 1)
    opened.claim(0, member)
    travel_to(EPOCH_END)

    with refused("DropOver", opened.id, EPOCH_END):
        opened.claim(1, other_member)

    assert points.balanceOf(member) == 500
    assert points.balanceOf(other_member) == 0


def test_unknown_drop_is_refused(drop, points, member):
    rows = tree((member, 500))

    with refused("DropUnknown", rows.id(points)):
        drop.claim(rows.id(points), rows.rows[0], rows.proof(0), {"from": member})


def test_frozen_member_claims_after_the_frost(points, opened, freezer, member, relayer):
    points.freeze(member, WHY, {"from": freezer})
    with refused("MemberFrozen", member):
        opened.claim(0, relayer)

    points.unfreeze(member, WHY, {"from": freezer})
    opened.claim(0, relayer)

    assert points.balanceOf(member) == 500


def test_pause_does_not_stop_claims(points, opened, guardian, member):
    points.pause({"from": guardian})

    opened.claim(0, member)

    assert points.balanceOf(member) == 500


def test_freezing_the_contract_stops_all_claims(points, drop, opened, freezer, member):
    points.freeze(drop, WHY, {"from": freezer})

    with refused("MemberFrozen", drop):
        opened.claim(0, member)


def test_claims_are_kept_a_bit_each(drop, open_drop, member, relayer):
    opened = open_drop(*((member, 1) for _ in range(258)))

    for index in (0, 255, 256, 257):
        opened.claim(index, relayer)

    claimed = {index for index in range(520) if drop.isClaimed(opened.id, index)}
    assert claimed == {0, 255, 256, 257}
    for index in (255, 256):
        with refused("AlreadyClaimed", opened.id, index):
            opened.claim(index, relayer)


def test_indices_far_apart_are_different_rows(drop, points, awarder, member, relayer):
    # Whoever makes a tree may number its rows at will: no number reaches another one's bit.
    rows = tree((member, 1), (member, 2))
    far = type(rows)(
        tuple((index, *row[1:]) for index, row in zip((7, 2**256 - 249), rows.rows, strict=True))
    )
    drop.openDrop(points, far.root, 3, EPOCH_END, {"from": awarder})
    for place in (0, 1):
        drop.claim(far.id(points), far.rows[place], far.proof(place), {"from": relayer})

    assert points.balanceOf(member) == 3
    assert drop.isClaimed(far.id(points), 7)
    assert drop.isClaimed(far.id(points), 2**256 - 249)
    assert not drop.isClaimed(far.id(points), 2**256 - 1)

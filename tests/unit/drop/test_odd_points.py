"""Tokens of another make harm their own drops and no others.

given a token that says yes to everything and does nothing
  its drops are opened and claimed, and move nobody's points
given it calls back in the middle, with all that it can do itself
  a row is claimed once, a drop opened and closed once
  it reaches no drop of another token
given it is no awarder of a program
  it opens no drop of that program's points

Spec: D12
"""

import pytest
from eth_utils import keccak
from support.clock import now, travel_to
from support.drops import EPOCH_END, tree
from support.errors import refused
from support.words import LANE_MAX


def error(signature):
    """How the answer of a refused call begins."""
    return "0x" + keccak(text=signature)[:4].hex()


@pytest.fixture(scope="module")
def odd(OddPoints, deployer):
    return OddPoints.deploy({"from": deployer})


@pytest.fixture
def honest(open_drop, member):
    """A drop of points that are worth something."""
    return open_drop((member, 500))


@pytest.fixture
def rows(member, other_member):
    return tree((member, 500), (other_member, 70))


@pytest.fixture
def opened(drop, odd, rows, outsider):
    """A drop of the odd token, which is over in a minute."""
    drop.openDrop(odd, rows.root, LANE_MAX, now() + 60, {"from": outsider})
    return rows.id(odd)


def test_odd_drop_moves_nothing(points, drop, odd, honest, opened, rows, member, outsider):
    drop.claim(opened, rows.rows[0], rows.proof(0), {"from": outsider})
    travel_to(now() + 60)
    drop.closeDrop(opened, {"from": outsider})

    assert points.balanceOf(drop) == points.totalSupply() == honest.remaining == 500
    honest.claim(0, member)
    assert points.balanceOf(member) == 500


def test_odd_token_claims_no_row_twice(drop, odd, opened, rows, outsider):
    again = drop.claim.encode_input(opened, rows.rows[0], rows.proof(0))
    odd.callNext(drop, again, {"from": outsider})

    drop.claim(opened, rows.rows[0], rows.proof(0), {"from": outsider})

    assert odd.succeeded() is False
    assert str(odd.reply()).startswith(error("AlreadyClaimed(bytes32,uint256)"))
    assert drop.dropOf(opened)["remaining"] == LANE_MAX - 500


def test_odd_token_counts_two_rows_at_once(drop, odd, opened, rows, outsider):
    other = drop.claim.encode_input(opened, rows.rows[1], rows.proof(1))
    odd.callNext(drop, other, {"from": outsider})

    drop.claim(opened, rows.rows[0], rows.proof(0), {"from": outsider})

    assert odd.succeeded() is True
    assert drop.isClaimed(opened, 0)
    assert drop.isClaimed(opened, 1)
    assert drop.dropOf(opened)["remaining"] == LANE_MAX - 570


def test_odd_token_opens_no_drop_twice(drop, odd, rows, outsider):
    again = drop.openDrop.encode_input(odd, rows.root, 7, EPOCH_END)
    odd.callNext(drop, again, {"from": outsider})

    drop.openDrop(odd, rows.root, 570, EPOCH_END, {"from": outsider})

    assert odd.succeeded() is False
    assert str(odd.reply()).startswith(error("DropAlreadyOpened(bytes32)"))
    assert drop.dropOf(rows.id(odd))["remaining"] == 570


def test_odd_token_closes_no_drop_twice(drop, odd, opened, outsider):
    odd.callNext(drop, drop.closeDrop.encode_input(opened), {"from": outsider})
    travel_to(now() + 60)

    drop.closeDrop(opened, {"from": outsider})

    assert odd.succeeded() is False
    assert str(odd.reply()).startswith(error("NothingUnclaimed(bytes32)"))


def test_odd_token_opens_no_drop_of_a_program(points, drop, odd, honest, rows, outsider):
    theft = drop.openDrop.encode_input(points, rows.root, 500, EPOCH_END)

    with refused("NotAwarder", odd):
        odd.act(drop, theft, {"from": outsider})

    assert points.balanceOf(drop) == 500

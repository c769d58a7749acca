"""why points moved
├── an event that follows explains the transfers before it: award, batch, redemption, refund …
├── an event that announces explains the transfers behind it: conversion, claim, release, vouchers
├── an expiry explains the transfer just before it, and a carried life says more than a conversion
├── a fee goes with its conversion, a shortfall with its voucher
├── what another token, member or amount is about explains nothing
└── nothing is explained across transactions, and a plain transfer has no reason
"""

from itertools import count

import pytest
from support.story import AIR, EXCHANGE, FRIEND, MEMBER, REF, SHOP

from zegel.chain import events as e
from zegel.ledger.explaining import explained

DESK, TILL, MERCHANT, DROP = ("0x" + digit * 40 for digit in "5678")
CREATED = (e.ZERO, MEMBER)
GONE = (MEMBER, e.ZERO)


def _moved(token: str, sender: str, receiver: str, amount: int) -> e.Transfer:
    return e.Transfer(token, 1, 0, "0x1", sender, receiver, amount)


def _told(kind: type[e.Event], contract: str, *values: object) -> e.Event:
    return kind(contract, 1, 0, "0x1", *values)


def _reasons(*events: e.Event) -> list[str | None]:
    """The number of the event that explains each, or nothing."""
    numbers = {id(event): str(number) for number, event in zip(count(), events, strict=False)}
    found = list(explained(events))
    assert [event for event, _ in found] == list(events)
    return [numbers[id(why)] if why is not None else None for _, why in found]


AWARDED = _told(e.Awarded, SHOP, FRIEND, MEMBER, REF, 5)
REDEEMED = _told(e.Redeemed, SHOP, MEMBER, REF, 5, 5)
EXPIRED = _told(e.Expired, SHOP, MEMBER, 7)
CONVERTED = _told(e.Converted, EXCHANGE, MEMBER, SHOP, AIR, FRIEND, 5, 3, 400, 1, 1)
CARRIED = _told(e.ExpiryCarried, EXCHANGE, SHOP, AIR, 3)
FEE = _told(e.FeeTaken, EXCHANGE, SHOP, AIR, 1)
CLAIMED = _told(e.Claimed, DROP, REF, MEMBER, REF, 0, MEMBER, 5)
HELD = _told(e.Held, DESK, SHOP, MEMBER, MERCHANT, 5)
RELEASED = _told(e.Released, DESK, SHOP, MEMBER, MERCHANT, MEMBER, 5)
VOUCHER = _told(e.VoucherSettled, DESK, SHOP, MEMBER, MERCHANT, TILL, 1, 5, 0)
OVERSPENT = _told(e.Overspent, DESK, SHOP, MEMBER, MERCHANT, 1, 2, 3)


@pytest.mark.parametrize(
    ("sides", "why"),
    [
        (CREATED, AWARDED),
        (CREATED, _told(e.Refunded, SHOP, FRIEND, MEMBER, REF, 5, 5)),
        (CREATED, _told(e.Guaranteed, SHOP, FRIEND, MERCHANT, 5)),
        (GONE, REDEEMED),
        (GONE, _told(e.Corrected, SHOP, FRIEND, MEMBER, REF, 5, REF)),
        ((MEMBER, FRIEND), _told(e.Recovered, SHOP, MERCHANT, MEMBER, FRIEND, 5, REF)),
        ((MEMBER, DESK), HELD),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_follows_explains(sides, why):
    assert _reasons(_moved(SHOP, *sides, 5), why) == ["1", None]
    # Another token's, and another amount's, as far as the event tells one.
    assert _reasons(_moved(AIR, *sides, 5), why) == [None, None]
    if not isinstance(why, e.Held):
        assert _reasons(_moved(SHOP, *sides, 6), why) == [None, None]


def test_a_batch_explains_as_many_as_it_counts():
    batch = _told(e.BatchAwarded, SHOP, FRIEND, REF, 2, 11)
    awards = [_moved(SHOP, e.ZERO, member, 5) for member in (MEMBER, FRIEND, MERCHANT)]

    assert _reasons(*awards, batch) == [None, "3", "3", None]


def test_two_of_a_kind_have_a_reason_each():
    moved = _moved(SHOP, *CREATED, 5)
    other = _told(e.Awarded, SHOP, FRIEND, MEMBER, bytes(32), 5)

    assert _reasons(moved, AWARDED, _moved(SHOP, *CREATED, 5), other) == ["1", None, "3", None]


def test_an_expiry_explains_the_transfer_just_before_it():
    dead, moved = _moved(SHOP, *GONE, 7), _moved(SHOP, *GONE, 5)

    assert _reasons(dead, EXPIRED, moved, REDEEMED) == ["1", None, "3", None]
    assert _reasons(dead, moved, EXPIRED, REDEEMED) == [None, "3", None, None]


def test_a_conversion_explains_both_sides_behind_it():
    out, into = _moved(SHOP, *GONE, 5), _moved(AIR, e.ZERO, FRIEND, 3)

    assert _reasons(CONVERTED, out, into) == [None, "0", "0"]
    assert _reasons(FEE, CONVERTED, out, into) == [None, "0", "1", "1"]
    assert _reasons(out, into, CONVERTED) == [None, None, None]


def test_a_carried_life_says_more_than_its_conversion():
    out, into = _moved(SHOP, *GONE, 5), _moved(AIR, e.ZERO, FRIEND, 3)

    assert _reasons(CONVERTED, out, CARRIED, into) == [None, "0", None, "2"]


def test_points_that_expire_in_a_conversion_are_not_converted():
    dead, out = _moved(SHOP, *GONE, 7), _moved(SHOP, *GONE, 5)
    into = _moved(AIR, e.ZERO, FRIEND, 3)

    assert _reasons(CONVERTED, dead, EXPIRED, out, into) == [None, "2", None, "0", "0"]


def test_a_claim_and_a_release_come_before_their_transfers():
    assert _reasons(CLAIMED, _moved(SHOP, DROP, MEMBER, 5)) == [None, "0"]
    assert _reasons(CLAIMED, _moved(SHOP, DROP, FRIEND, 5)) == [None, None]
    assert _reasons(RELEASED, _moved(SHOP, DESK, MEMBER, 5)) == [None, "0"]


def test_vouchers_share_the_transfer_that_pays_them():
    second = _told(e.VoucherSettled, DESK, SHOP, FRIEND, MERCHANT, TILL, 2, 6, 0)
    paid = _moved(SHOP, DESK, MERCHANT, 11)

    assert _reasons(VOUCHER, second, paid) == [None, None, "0"]


def test_a_shortfall_goes_with_its_voucher():
    assert _reasons(VOUCHER, OVERSPENT) == ["1", None]
    assert _reasons(OVERSPENT, VOUCHER) == [None, None]


def test_nothing_is_explained_across_transactions():
    moved = e.Transfer(SHOP, 1, 0, "0x0", *CREATED, 5)

    assert _reasons(moved, AWARDED) == [None, None]


def test_a_plain_transfer_has_no_reason():
    assert _reasons(_moved(SHOP, MEMBER, FRIEND, 5)) == [None]
    assert _reasons(_moved(SHOP, MEMBER, FRIEND, 5), AWARDED) == [None, None]

"""Refunds
├── no more than was paid is paid back, and nothing of a sale that is not settled
├── the transfer names its sale on the chain, and is made once, whenever the till is killed
├── a transfer that somebody else sent for the merchant is found
├── only the merchant pays back
└── what the token refuses waits, and is paid back later
"""

import pytest
from package.till.shops import killed_at, pay

from zegel.admin import safety
from zegel.admin.inputs import word
from zegel.errors import Declined
from zegel.till.carrying import Own
from zegel.till.refunding import nonce_of, pay_back, refund
from zegel.till.reporting import day
from zegel.till.settling import settle
from zegel.till.syncing import sync


@pytest.fixture
def sold(shops, shop, member):
    """Two sales of 1.00 were settled."""
    with shop.open() as till:
        sync(till, shops.suite, [member.address])
        for _ in range(2):
            pay(till, member, 100, shops.token())
        settle(till, shops.suite, Own(shop.device))


def test_no_more_is_paid_back_than_was_paid(shops, shop, sold):
    with shop.open() as till:
        with pytest.raises(Declined, match="serial 2 was not paid here"):
            refund(till, 2, 10)
        refund(till, 0, 60)
        for amount in (41, 0, -1):
            with pytest.raises(Declined, match=r"0\.40 SHOP of it are left, pay back no more"):
                refund(till, 0, amount)
    with shop.open() as till:
        assert refund(till, 0, 40).part == 1
        assert till.sales.taken[0].refunded == 100
        (row,) = day(till, 0, 2**40).rows
        assert row[0] == "SHOP"
        assert [getattr(cell, "units", cell) for cell in row[1:]] == [2, 200, 200, 0, 0, 0, 100]


def test_what_is_not_settled_is_not_paid_back(shops, shop, member):
    with shop.open() as till:
        sync(till, shops.suite, [member.address])
        pay(till, member, 100, shops.token())
        with pytest.raises(Declined, match="serial 0 is not settled yet: settle it"):
            refund(till, 0, 10)


def test_a_transfer_names_its_sale_on_the_chain(shops, shop, member, sold):
    with shop.open() as till:
        for serial, amount in ((0, 60), (1, 100), (0, 40)):
            refund(till, serial, amount)
        repaid = pay_back(till, shops.suite, shop.merchant)

        assert repaid.troubles == ()
        assert [(one.serial, one.part, one.amount) for one in repaid.done] == [
            (0, 0, 60),
            (1, 0, 100),
            (0, 1, 40),
        ]
        assert pay_back(till, shops.suite, shop.merchant).done == ()
    assert (shops.balance(shop.merchant), shops.balance(member)) == (0, 200)
    token = shops.suite.token("SHOP")
    used = token.events.AuthorizationUsed().get_logs(from_block=shops.suite.first_block)
    place = shop.place
    nonces = {
        nonce_of(place.till, serial, part): event["transactionHash"].to_0x_hex()
        for (serial, part), event in zip(((0, 0), (1, 0), (0, 1)), used, strict=True)
    }
    assert {event["args"]["nonce"] for event in used} == set(nonces)
    assert [one.transaction for one in repaid.done] == list(nonces.values())
    # Those of a till share a storage word.
    assert len({nonce[:31] for nonce in list(nonces)[:2]}) == 1


@pytest.mark.parametrize("point", ["till.refunding", "till.refund sent", "till.refunded"])
def test_a_till_that_is_killed_pays_back_once(shops, shop, member, sold, point):
    def refunds():
        again = shops.again()
        with shop.open() as till:
            refund(till, 0, 100)
            pay_back(till, again.suite, type(shop.merchant)(again.suite.connection, merchant))

    merchant = shop.merchant.address
    assert killed_at(point, refunds)

    with shop.open() as till:
        with pytest.raises(Declined, match=r"0\.00 SHOP of it are left"):
            refund(till, 0, 1)
        pay_back(till, shops.suite, shop.merchant)
        assert till.sales.refunds[0, 0].transaction
    assert (shops.balance(shop.merchant), shops.balance(member)) == (100, 100)


def test_only_the_merchant_pays_back(shops, shop, sold):
    with shop.open() as till:
        refund(till, 0, 100)
        with pytest.raises(Declined, match=r"is not the merchant .*: run it with the merchant's"):
            pay_back(till, shops.suite, shop.device)


def test_what_the_token_refuses_is_paid_back_later(shops, shop, member, issuer, sold):
    safety.freeze(shops.suite, issuer, "SHOP", member.address, word("a test")).apply()
    with shop.open() as till:
        refund(till, 0, 100)
        (trouble,) = pay_back(till, shops.suite, shop.merchant).troubles
        assert trouble.startswith("serial 0 is not paid back: PointToken refused: MemberFrozen(")
        safety.unfreeze(shops.suite, issuer, "SHOP", member.address, word("a test")).apply()
        (done,) = pay_back(till, shops.suite, shop.merchant).done
    assert done.amount == shops.balance(member) == 100

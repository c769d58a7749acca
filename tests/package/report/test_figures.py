"""Figures of the story, told by hand."""

from itertools import pairwise

import pytest
from support.story import (
    AIR,
    END,
    EXPIRED,
    FRIEND,
    MEMBER,
    OUTSTANDING,
    SHOP,
    START,
    Told,
    second,
)

from zegel.chain import events as e
from zegel.ledger.epochs import NEVER, Epochs
from zegel.ledger.points import PointLedger
from zegel.report.state import generations


def test_movements_are_counted_by_kind(told: Told):
    shop, air = told.figures().programs.values()

    assert vars(shop.total) == {
        "awarded": 15_300,
        "refunded": 2_500,
        "guaranteed": 0,
        "converted_in": 0,
        "redeemed": 2_500,
        "converted_out": 2_000,
        "corrected": 500,
        "expired": EXPIRED,
    }
    assert (air.total.converted_in, air.total.net) == (21, 21)
    assert (shop.awards, shop.redemptions, shop.sent, shop.sendings) == (3, 1, 1_000, 1)


def test_outstanding_points_are_split_by_expiry(told: Told):
    shop, air = told.figures().programs.values()

    assert shop.outstanding == OUTSTANDING
    assert air.outstanding == {second(1999, 1): 21}


def test_months_follow_from_each_other(told: Told):
    months = told.figures().programs[SHOP].months

    assert [month.start for month in months] == [
        *(second(1997, month) for month in range(1, 13)),
        second(1998, 1),
        second(1998, 2),
    ]
    for before, month in pairwise(months):
        assert month.opening == before.closing
        assert month.closing == month.opening + month.movements.net
    assert (months[0].closing, months[1].closing, months[3].closing) == (15_000, 12_500, 12_800)
    # Points expire when their time comes, two months before anyone announces it.
    assert months[12].movements.expired == EXPIRED
    assert months[13].movements.expired == 0
    assert months[-1].end == END


def test_money_follows_the_points(told: Told):
    figures = told.figures()

    shop, air = (figures.accounts.accounts[token] for token in (SHOP, AIR))
    assert (shop.funded, shop.paid, shop.balance) == (100_000_000, 160_000, 99_840_000)
    assert (air.received, air.withdrawn, air.balance) == (159_840, 1_000_000, 49_159_840)
    assert (figures.accounts.fees, figures.accounts.fees_paid_out) == (160, 100)
    assert vars(figures.flows[SHOP, AIR]) == {
        "count": 1,
        "amount": 2_000,
        "out": 21,
        "value": 160_000,
        "fee": 160,
    }


@pytest.fixture
def ledger() -> PointLedger:
    return PointLedger(Epochs(3, 2, START))


def _transfer(sender: str, receiver: str, amount: int, time: int) -> e.Transfer:
    return e.Transfer(SHOP, 1, time, "0x1", sender, receiver, amount)


def test_the_ledger_takes_the_oldest_points_first(ledger: PointLedger):
    winter, spring = second(1997, 2), second(1997, 5)
    ledger.apply(_transfer(e.ZERO, MEMBER, 10, winter), None)
    ledger.apply(_transfer(e.ZERO, MEMBER, 5, spring), None)
    ledger.apply(_transfer(MEMBER, FRIEND, 12, spring), None)

    assert ledger.alive(MEMBER, spring) == {2: 3}
    assert ledger.alive(FRIEND, spring) == {1: 10, 2: 2}
    assert ledger.balance(FRIEND, second(1997, 7)) == 2
    assert ledger.outstanding(second(1997, 7)) == {second(1997, 10): 5}
    assert ledger.lapsed(second(1997, 7)) == 10
    assert ledger.unannounced(second(1997, 7)) == [FRIEND]


def test_sending_to_oneself_changes_nothing(ledger: PointLedger):
    ledger.apply(_transfer(e.ZERO, MEMBER, 10, START), None)
    ledger.apply(_transfer(MEMBER, MEMBER, 7, START), None)

    assert ledger.alive(MEMBER, START) == {1: 10}
    assert ledger.contradictions == []


def test_the_ledger_keeps_what_cannot_be(ledger: PointLedger):
    ledger.apply(_transfer(e.ZERO, MEMBER, 10, START), None)
    ledger.apply(_transfer(MEMBER, FRIEND, 11, START), None)

    assert ledger.alive(MEMBER, START) == {1: 10}
    assert ledger.contradictions == ["Transfer in block 1 takes 11 of 10"]


def test_a_refund_restores_the_generations_that_live(ledger: PointLedger):
    # Redeemed in the second quarter: 6 of the first, 4 of the second.
    lots = 4 | 6 << 48 | 2 << 192
    time = second(1997, 7)
    refund = e.Refunded(SHOP, 1, time, "0x1", FRIEND, MEMBER, bytes(32), 4, lots)

    ledger.apply(_transfer(e.ZERO, MEMBER, 4, time), refund)

    assert ledger.alive(MEMBER, time) == {2: 4}
    assert ledger.contradictions == []


@pytest.mark.parametrize(
    ("months", "lifetime", "created", "moment", "epoch", "expiry"),
    [
        (3, 4, second(1997, 1), second(1997, 1), 1, second(1998, 1)),
        (3, 4, second(1997, 1), second(1997, 4) - 1, 1, second(1998, 1)),
        (3, 4, second(1997, 1), second(1997, 4), 2, second(1998, 4)),
        # The first epoch is the one in which the program was created, however far it has gone.
        (3, 4, second(1997, 3, 31), second(1997, 4), 2, second(1998, 4)),
        (12, 2, second(2024, 2, 29), second(2024, 12, 31), 1, second(2026, 1)),
        (1, 1, second(2024, 1, 31), second(2024, 2, 29), 2, second(2024, 3)),
        (24, 1, second(1997, 1), second(1998, 1), 2, second(2000, 1)),
        (0, 1, second(1997, 1), second(2030, 1), 1, NEVER),
    ],
)
def test_epochs_follow_the_calendar(months, lifetime, created, moment, epoch, expiry):
    epochs = Epochs(months, lifetime, created)

    assert epochs.at(moment) == epoch
    assert epochs.expiry(epoch) == expiry


def test_a_word_is_read_by_generation():
    assert generations(7 << 208 | 5 << 192 | 300 << 144 | 2) == {5: 2, 2: 300}

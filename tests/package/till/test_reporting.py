"""Reports of a till
├── a receipt says what was paid, to whom, and what has become of it
├── the end of the day, program by program: what was taken is settled, open and lost together
├── losses, sale by sale, with the reason
└── all of them exist in every format
"""

import io

import pytest
from package.till.conftest import FRIEND, MEMBER, OTHER_TOKEN, READ_AT, TOKEN, answer

from zegel.report.render import FORMATS, render
from zegel.report.sheet import exact
from zegel.till.accepting import accept
from zegel.till.asking import ask
from zegel.till.refunding import refund
from zegel.till.reporting import day, losses, receipt


@pytest.fixture
def busy(till, clock):
    """A till that has sold six times, a second apart, and settled four."""
    sales = [
        (MEMBER, 100, TOKEN),
        (FRIEND, 200, TOKEN),
        (MEMBER, 50, TOKEN),
        (MEMBER, 40, OTHER_TOKEN),
        (FRIEND, 30, TOKEN),
        (FRIEND, 20, TOKEN),
    ]
    for phone, amount, token in sales:
        accept(till, answer(phone, ask(till, token, amount, shared=False)))
        clock.now += 1
    now = till.now()
    till.record("paid", now, serial=0, paid=100, guaranteed=0, transaction="0xaa", block=9)
    till.record("overspent", now, serial=1, paid=150, guaranteed=90, transaction="0xbb", block=9)
    till.record("refused", now, serial=2, reason="it ended", block=9)
    till.record("paid", now, serial=3, paid=40, guaranteed=0, transaction="0xcc", block=9)
    refund(till, 0, 60)
    return till


def rows(sheet):
    return [[exact(cell) for cell in row] for row in sheet.rows]


def test_a_receipt_says_what_was_paid(busy):
    sale = busy.sales.taken[0]

    assert rows(receipt(sale)) == [
        ["points", "1.00"],
        ["program", "SHOP"],
        ["time", "2026-01-01T00:00:00Z"],
        ["member", MEMBER.address],
        ["merchant", busy.place.merchant],
        ["till", busy.place.till],
        ["serial", "0"],
        ["purse", "of this merchant"],
        ["state", "paid"],
        ["paid back", "0.60"],
        ["receipt", sale.receipt],
    ]
    assert ["state", "taken offline, not settled yet"] in rows(receipt(busy.sales.taken[4]))


def test_the_end_of_the_day_adds_up(busy):
    sheet = day(busy, READ_AT, READ_AT + 60)

    assert rows(sheet) == [
        ["AIR", "1", "0.40", "0.40", "0.00", "0.00", "0.00", "0.00"],
        ["SHOP", "5", "4.00", "2.50", "0.90", "0.50", "1.00", "0.60"],
    ]
    assert busy.queue.records[-1].hash in sheet.notes[-1]


def test_a_day_begins_and_ends(busy):
    assert rows(day(busy, READ_AT + 1, READ_AT + 3)) == [
        ["SHOP", "2", "2.50", "1.50", "0.90", "0.00", "1.00", "0.00"],
    ]
    assert rows(day(busy, READ_AT + 60, READ_AT + 61)) == []


def test_losses_are_listed_with_the_reason(busy):
    short = "the purse was short; the member is frozen"
    at = "2026-01-01T00:00:0{}Z"
    assert rows(losses(busy, READ_AT, READ_AT + 60)) == [
        ["1", at.format(1), "SHOP", FRIEND.address, "2.00", "1.50", "0.90", "0.50", short, "0xbb"],
        ["2", at.format(2), "SHOP", MEMBER.address, "0.50", "0.00", "0.00", "0.50", "it ended", ""],
    ]


@pytest.mark.parametrize("form", FORMATS)
def test_reports_exist_in_every_format(busy, form):
    for sheet in (receipt(busy.sales.taken[0]), day(busy, 0, 2**40), losses(busy, 0, 2**40)):
        stream = io.BytesIO()
        render(sheet, form, stream)
        assert stream.getvalue()

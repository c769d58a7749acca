"""A member's statement
├── tells every movement with its counterparty, reference and transaction
├── tells of an expiry once, on its day, whatever was announced
├── counts what is set aside for tills as the member's
├── opens with what the one before it closed with
└── of somebody unknown is empty
"""

from itertools import pairwise

import pytest
from support.ledger_rows import member
from support.ledger_town import ANN, BAKER, BOB, Town

from zegel.report.periods import Period, second
from zegel.report.statement import statement


def told(account) -> list[tuple]:
    return [(e.kind, e.amount, e.balance) for e in account.entries]


def test_movements_are_told_one_by_one(town: Town):
    shop, air, work = sorted(
        town.ask(statement, ANN, Period, until="2026-04-01").accounts,
        key=lambda a: ("SHOP", "AIR", "WORK").index(a.program.symbol),
    )

    assert told(shop) == [
        ("awarded", 10_000, 10_000),
        ("awarded", 500, 10_500),
        ("sent", -1_000, 9_500),
        ("redeemed", -2_500, 7_000),
        ("converted out", -4_000, 3_000),
        ("claimed", 900, 3_900),
    ]
    assert (shop.opening, shop.closing, shop.expires) == (0, 3_900, {second("2026-07-01"): 3_900})
    assert [e.ref for e in shop.entries][:1] == ["spring-0001"]
    assert [e.other for e in shop.entries][2:5] == [BOB, "", "AIR"]
    assert all(e.transaction.startswith("0x") for e in shop.entries)
    assert told(air) == [("converted in", 42, 42)]
    assert told(work) == [("awarded", 400, 400)]


def test_an_expiry_is_told_on_its_day_and_once(town: Town):
    shop = town.ask(statement, ANN, Period).accounts[-2]

    assert shop.program.symbol == "SHOP"
    gone = [e for e in shop.entries if e.kind == "expired"]
    assert [(e.timestamp, e.amount, e.balance) for e in gone] == [
        (second("2026-07-01"), -3_900, 3_000),
        (second("2026-10-01"), -3_000, 0),
    ]
    assert shop.closing == 0


def test_points_set_aside_are_still_the_members(town: Town):
    (shop,) = town.ask(statement, BOB, Period, until="2026-03-15").accounts

    held, paid = shop.entries[-2:]
    assert (held.kind, held.amount, held.aside, held.balance) == ("held", 0, 2_000, 7_700)
    assert (paid.kind, paid.amount, paid.aside, paid.balance) == ("paid", -1_500, -1_500, 6_200)
    assert held.other == paid.other == "The Baker"


def test_a_merchant_is_paid_and_guaranteed(town: Town):
    (shop,) = town.ask(statement, BAKER, Period, until="2026-03-15").accounts

    assert told(shop) == [("paid", 1_500, 1_500), ("guaranteed", 250, 1_750)]
    assert shop.entries[0].other == BOB


@pytest.mark.parametrize("who", [ANN, BOB, BAKER])
def test_statements_follow_from_each_other(town: Town, who: str):
    days = [f"2026-{month:02}-{day:02}" for month in range(1, 13) for day in (1, 2, 15)]
    before: dict[str, int] = {}
    seen = 0
    for since, until in pairwise(days):
        found = town.ask(statement, who, Period, since=since, until=until)
        for account in found.accounts:
            assert account.opening == before.get(account.program.symbol, 0)
            moved = sum(e.amount for e in account.entries)
            assert account.closing == account.opening + moved == sum(account.expires.values())
        before = {a.program.symbol: a.closing for a in found.accounts}
        seen += sum(len(a.entries) for a in found.accounts)
    assert seen > 2


def test_a_statement_of_nobody_is_empty(town: Town):
    found = town.ask(statement, member(77), Period)

    assert found.accounts == ()
    assert list(found.sheet().rows) == []


def test_the_sheet_begins_and_ends_with_the_balance(town: Town):
    sheet = town.ask(statement, BAKER, Period, until="2026-03-15").sheet()

    rows = list(sheet.rows)
    assert [row[2] for row in rows] == ["opening", "paid", "guaranteed", "closing", "of it expires"]
    assert all(len(row) == len(sheet.columns) for row in rows)

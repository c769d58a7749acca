"""A partner's settlement
├── says what was paid to and earned from each partner
├── carries the account from its opening to its closing
├── names the version of the prices of each conversion
└── fits those of all other partners
"""

from support.ledger_rows import EURO
from support.ledger_town import CENT, Town

from zegel.ledger.prices import Prices
from zegel.report.periods import Period
from zegel.report.settlement import flows, settlement


def test_the_matrix_has_both_ends_of_every_conversion(town: Town):
    found = town.ask(flows, Period)

    assert {pair: vars(side) for pair, side in found.sides.items()} == {
        (town.shop, town.air): {
            "count": 1,
            "amount": 4_000,
            "out": 42,
            "value": 320_000,
            "fee": 320,
        },
        (town.shop, EURO): {
            "count": 1,
            "amount": 2_000,
            "out": 140_000,
            "value": 140_000,
            "fee": 0,
        },
    }
    assert found.net(town.air, town.shop) == 319_680
    assert found.net(town.shop, town.air) == -320_000
    assert "<svg" in found.sheet().chart


def test_a_partner_sees_what_was_paid_and_earned(town: Town):
    rows = list(town.ask(settlement, "AIR", Period).sheet().rows)

    ((partner, out, _, paid, into, received, earned, fee, net),) = rows
    assert (partner, out, into) == ("SHOP", 0, 1)
    assert (paid.units, received.units, earned.units, fee.units) == (0, 42, 319_680, 320)
    assert net.units == 319_680


def test_the_account_goes_from_its_opening_to_its_closing(town: Town):
    found = town.ask(settlement, "SHOP", Period, since="2026-02-01")

    assert found.opening == 100_000_000
    assert [(p.kind, p.amount, p.other) for p in found.postings] == [
        ("paid", -320_000, "AIR"),
        ("paid", -140_000, "EURC"),
    ]
    assert found.closing == found.postings[-1].balance == 99_540_000
    assert [row[1] for row in found.account().rows] == ["opening", "paid", "paid", "closing"]


def test_accounts_and_fees_are_all_the_money(town: Town):
    closings = [town.ask(settlement, name, Period).closing for name in ("SHOP", "AIR", "WORK")]

    # Funded, less withdrawn, less paid out in money.
    assert sum(closings) + 320 == 150_000_000 - 10_000_000 - 140_000


def test_each_conversion_names_the_prices_that_it_used(town: Town):
    found = town.ask(settlement, "SHOP", Period)

    assert {key: used.prices for key, used in found.versions.items()} == {
        (town.air, 1, "out"): Prices(CENT * 8 // 10, CENT),
        (EURO, 2, "out"): Prices(CENT * 7 // 10, CENT),
    }
    assert [row[3].units for row in found.prices().rows] == [CENT * 8 // 10, CENT * 7 // 10]


def test_a_period_without_conversions_is_empty(town: Town):
    found = town.ask(settlement, "SHOP", Period, since="2026-08-01")

    assert (found.flows.sides, found.postings, found.versions) == ({}, (), {})
    assert list(found.sheet().rows) == []

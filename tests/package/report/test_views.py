"""The other reports: taxes, campaigns, charters, what expires soon, programs, months."""

from support.ledger_town import ANN, BATCH, BOB, CENT, CHARTER_ID, DROP, UNION, Town

from zegel.report.campaigns import campaigns, charter_rewards
from zegel.report.directory import directory
from zegel.report.expiring import expiring
from zegel.report.history import history
from zegel.report.liability import liability
from zegel.report.periods import Period, second
from zegel.report.taxes import member_year, program_year


def test_awards_are_worth_the_bid_of_their_day(town: Town):
    found = town.ask(member_year, ANN, 2026)

    assert [(g.kind, g.points, g.value) for g in found.gifts if g.program.symbol == "SHOP"] == [
        ("awarded", 10_000, 800_000),
        ("awarded", 500, 40_000),
        ("claimed", 900, 72_000),
        ("awarded", 3_000, 240_000),
    ]
    assert found.value == 1_152_000 + 400 * 5_000 + 500 * 5_000
    assert [row[5].units for row in found.sheet().rows][-1] == found.value


def test_the_price_of_a_later_day_does_not_count(town: Town):
    """The award of April was made a day before the price fell, this one after it."""
    town.book.now = second("2026-05-01")
    town.book.award(town.shop, ANN, 3_000)

    april, may = (g for g in town.ask(member_year, ANN, 2026).gifts if g.points == 3_000)
    assert (april.value, may.value) == (240_000, 210_000)


def test_a_program_reports_all_its_members(town: Town):
    work = town.ask(program_year, "WORK", 2026)
    shop = town.ask(program_year, "SHOP", 2026)

    assert [(r.member, r.awards, r.points) for r in work.receivers] == [
        (ANN, 2, 900),
        (BOB, 1, 500),
    ]
    assert DROP not in {r.member for r in shop.receivers}
    assert [r.value for r in shop.receivers] == [1_152_000, 6_700 * 80]
    assert [row[0] for row in work.sheet().rows] == [ANN, BOB]


def test_another_year_has_no_awards(town: Town):
    assert town.ask(member_year, ANN, 2027).gifts == ()


def test_awards_belong_to_their_batch_or_their_word(town: Town):
    found = town.ask(campaigns, Period, "SHOP")

    assert [(c.kind, c.name, c.awards, len(c.members), c.points) for c in found.campaigns] == [
        ("awards", "drop", 1, 1, 900),
        ("awards", "spring", 2, 2, 16_000),
        ("awards", "summer", 1, 1, 3_000),
        ("batch", BATCH, 2, 2, 1_200),
    ]
    assert len(list(found.sheet().rows)) == 4


def test_rewards_are_counted_by_rule(town: Town):
    (rule,) = town.ask(charter_rewards, Period).rules

    assert (rule.charter, rule.program.symbol, rule.rule) == (CHARTER_ID, "WORK", 0)
    assert (rule.rewards, rule.members, rule.points, rule.attesters) == (2, 2, 1_000, (UNION,))


def test_rewards_of_another_period_are_left_out(town: Town):
    assert town.ask(charter_rewards, Period, since="2026-05-01").rules == ()


def test_points_that_expire_soon_are_listed_by_member(town: Town):
    found = town.ask(expiring, "SHOP", Period, second("2026-08-01"), until="2026-06-01")

    assert [(h.member, h.expires, h.points) for h in found.holdings[:2]] == [
        (BOB, second("2026-07-01"), 4_200),
        (ANN, second("2026-07-01"), 3_900),
    ]
    assert found.points == 4_200 + 3_900 + 1_750


def test_points_that_expired_do_not_expire_soon(town: Town):
    found = town.ask(expiring, "SHOP", Period, second("2026-08-01"), until="2026-07-02")

    assert found.holdings == ()


def test_the_directory_shows_what_is_outstanding_and_its_price(town: Town):
    found = town.ask(directory, Period, until="2026-06-01")

    listed = {each.program.symbol: each for each in found.listings}
    assert listed["AIR"].outstanding == 42
    assert listed["SHOP"].prices.bid == CENT * 7 // 10
    assert [row[0] for row in found.sheet().rows] == ["AIR", "SHOP", "WORK"]


def test_months_add_up_to_the_roll_forward(town: Town):
    whole = town.ask(liability, "SHOP", Period)
    found = town.ask(history, "SHOP", Period)

    assert len(found.months) == 12
    assert sum(m.movements.expired for m in found.months) == whole.total.movements.expired
    assert sum(m.movements.awarded for m in found.months) == whole.total.movements.awarded
    assert found.months[-1].closing == whole.total.closing
    for month in found.months:
        assert month.closing == month.opening + month.movements.net
    assert "<svg" in found.sheet().chart


def test_later_months_open_with_what_was_there(town: Town):
    found = town.ask(history, "SHOP", Period, since="2026-04-01")

    assert found.months[0].start == second("2026-04-01")
    assert (
        found.months[0].opening
        == town.ask(liability, "SHOP", Period, until="2026-04-01").total.closing
    )

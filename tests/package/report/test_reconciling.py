"""A report of a chain on which everything happened that moves points, as `support.life` tells."""

from pathlib import Path

import pytest
from support.life import live

from zegel.chain import events as e
from zegel.chain.logs import read_events
from zegel.report.checks import Evidence, checks, failed
from zegel.report.compile import Report, compile_report
from zegel.report.figures import collect


@pytest.fixture
def report(suite, anvil, actor, tmp_path: Path) -> Report:
    """Everything happens, and a report is made of it."""
    live(suite, anvil, actor, tmp_path)
    return compile_report(suite, suite.connection.web3.eth.block_number, Evidence(), {}, 0)


def test_everything_agrees_to_the_unit(report: Report):
    shop = report.figures.programs[_token_of(report, "SHOP")]

    assert report.figures.contradictions == []
    assert failed(report.checks) == []
    assert vars(shop.total) == {
        "awarded": 300 + 50 + 1_000 + 600 + 100,
        "refunded": 0,
        "guaranteed": 100,
        "converted_in": 0,
        # What nobody claimed.
        "redeemed": 100,
        "converted_out": 200,
        "corrected": 0,
        # All of the first quarter but that: 1,210 in purses, 40 with the merchant.
        "expired": 1_250,
    }
    assert (shop.claimed, shop.held, shop.returned) == (200, 300 + 500 + 1_000, 50)
    assert shop.paid == 150 + 40 + 200 + 300 - 50
    assert (shop.sent, shop.sendings, shop.closing) == (0, 0, 600)


def test_events_of_the_desk_that_are_missing_are_noticed(suite, report: Report):
    tokens = [program.token for program in report.programs]
    contracts = [suite.exchange.address, suite.desk.address, suite.drop.address, *tokens]
    told = list(read_events(suite.connection, contracts, 0, report.block))

    for kind in (e.Held, e.VoucherSettled, e.Overspent, e.Guaranteed):
        kept = [event for event in told if not isinstance(event, kind)]
        figures = collect(kept, report.programs, report.figures.money, report.figures.end)
        assert failed(checks(figures, report.state, Evidence())), kind


def _token_of(report: Report, symbol: str) -> str:
    return next(program.token for program in report.programs if program.symbol == symbol)

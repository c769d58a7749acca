"""Checks
├── of a story that is true: all right
└── of a story with one figure falsified: exactly those that look at it fail
"""

from collections.abc import Callable
from dataclasses import replace

import pytest
from support.story import AIR, END, EURO, FRIEND, MEMBER, SHOP, Told, second

from zegel.chain import events as e
from zegel.report.checks import Source, failed
from zegel.report.proofs import Proofs

AWARDED = "points awarded = sum of the input"
ROWS = "awards + empty rows = rows of the input"
CREATED = "awarded + refunded + guaranteed + converted in = points created"
DESTROYED = "redeemed + converted out + corrected = points destroyed"
MOVEMENTS = "all movements = closing total"
SUPPLY = "closing total = totalSupply"
LEDGER = "sum of the ledger's balances = totalSupply"
BALANCES = "sum of balanceOf over all members = totalSupply"
SAME_BALANCES = "members whose balance is the ledger's = members"
SAME_GENERATIONS = "members whose generations are the ledger's = members"
EXPIRY = "ledger until 1998-04-01 = supplyByExpiry"
EXPIRED = "expired by the calendar = expiries announced"
HISTORY = "month-ends whose total is what totalSupply was = months"
ACCOUNT = "funded + received - paid - withdrawn = account"
HELD = "issuers' accounts + fees = settlement tokens held"
FEES = "fees charged - fees paid out = fees on the chain"
MONEY = "paid by issuers + topped up = received + cashed out + fees"
PRICES = "conversions that the posted prices give = conversions"
REFUNDS = "refunds of a redemption that was made = refunds"
CONTRADICTIONS = "events that contradict earlier ones = none"
ANNOUNCED = "batches on the chain = batches meant"
PROVED = "batches that prove a row = batches meant"
DENIED = "batches that deny a false row = all"


def test_a_true_story_passes_every_check(told: Told):
    assert failed(told.checks()) == []
    assert {check.claim for check in told.checks()} >= {
        value for name, value in globals().items() if name.isupper() and " = " in str(value)
    }


def _sources(**changes: int) -> Callable[[Told], None]:
    def falsify(told: Told) -> None:
        source = replace(Source(rows=4, empty=1, total=15_300), **changes)
        told.evidence = replace(told.evidence, sources={SHOP: source})

    return falsify


def _proofs(*numbers: int) -> Callable[[Told], None]:
    def falsify(told: Told) -> None:
        told.evidence = replace(told.evidence, proofs={SHOP: Proofs(*numbers)})

    return falsify


def _program(token: str, **changes: object) -> Callable[[Told], None]:
    return lambda told: told.set_program(token, **changes)


def _event(kind: type[e.Event], number: int = 0, **changes: object) -> Callable[[Told], None]:
    return lambda told: told.change(kind, number, **changes)


def _state(**changes: int) -> Callable[[Told], None]:
    def falsify(told: Told) -> None:
        told.state = replace(told.state, **changes)

    return falsify


def _history(told: Told) -> None:
    observed = dict(told.evidence.observed[SHOP])
    observed[END] += 1
    told.evidence = replace(told.evidence, observed={SHOP: observed})


def _missing_month(told: Told) -> None:
    observed = dict(told.evidence.observed[SHOP])
    del observed[END]
    told.evidence = replace(told.evidence, observed={SHOP: observed})


def _added(event: e.Event) -> Callable[[Told], None]:
    return lambda told: told.events.append(event)


@pytest.mark.parametrize(
    ("falsify", "claims"),
    [
        (_sources(total=15_301), {AWARDED}),
        (_sources(rows=5), {ROWS}),
        (_sources(empty=0), {ROWS}),
        (_proofs(2, 1, 2, 2), {ANNOUNCED}),
        (_proofs(2, 2, 1, 2), {PROVED}),
        (_proofs(2, 2, 2, 1), {DENIED}),
        (_event(e.BatchAwarded, total=15_001), {AWARDED, CREATED, MOVEMENTS}),
        (_event(e.BatchAwarded, count=3), {ROWS}),
        (_event(e.Awarded, amount=299), {AWARDED, CREATED, MOVEMENTS}),
        (_event(e.Redeemed, amount=2_501), {DESTROYED, MOVEMENTS}),
        (_event(e.Corrected, amount=499), {DESTROYED, MOVEMENTS}),
        # The refund falls apart from its transfer, which then is new points.
        (_event(e.Refunded, amount=2_499), {CREATED, MOVEMENTS}),
        (_event(e.Refunded, member=FRIEND), {REFUNDS}),
        (
            _event(e.Refunded, lots=2_499 | 1 << 192),
            {REFUNDS, CONTRADICTIONS, MOVEMENTS, EXPIRED, HISTORY},
        ),
        (_event(e.Redeemed, ref=bytes(32)), {REFUNDS}),
        (_program(SHOP, total_supply=301), {SUPPLY, LEDGER, BALANCES}),
        (_program(SHOP, balances={MEMBER: 299, FRIEND: 0}), {BALANCES, SAME_BALANCES}),
        (_program(SHOP, balances={MEMBER: 299, FRIEND: 1}), {SAME_BALANCES}),
        (_program(SHOP, words={MEMBER: 5 << 192 | 300 << 96, FRIEND: 0}), {SAME_GENERATIONS}),
        (_program(SHOP, by_expiry={second(1998, 4): 301}), {EXPIRY}),
        (
            _program(SHOP, by_expiry={second(1998, 4): 300, second(1998, 7): 1}),
            {"ledger until 1998-07-01 = supplyByExpiry"},
        ),
        (_event(e.Expired, 1, amount=5_499), {EXPIRED, CONTRADICTIONS, DESTROYED}),
        (_history, {HISTORY}),
        (_missing_month, {HISTORY}),
        (_program(SHOP, account=99_840_001), {ACCOUNT, HELD}),
        (_program(AIR, account=49_159_839), {ACCOUNT, HELD}),
        (_event(e.Funded, amount=100_000_001), {ACCOUNT}),
        (_event(e.Withdrawn, amount=1), {ACCOUNT}),
        (_event(e.FeesWithdrawn, amount=101), {FEES}),
        (_event(e.FeeTaken, amount=161), {ACCOUNT, FEES, PRICES}),
        (_event(e.FeeTaken, target=EURO), {ACCOUNT, MONEY, PRICES}),
        (_event(e.Converted, value=160_001), {ACCOUNT, PRICES}),
        (_event(e.Converted, out=22), {PRICES, CREATED, MOVEMENTS}),
        (_event(e.Converted, amount=2_001), {DESTROYED, MOVEMENTS, PRICES}),
        (_event(e.Converted, source_version=2), {PRICES}),
        (_event(e.Converted, target_version=0), {PRICES}),
        (_event(e.PricesSet, 0, new_bid=8 * 10**9 + 10**6), {PRICES}),
        (_event(e.PricesSet, 1, new_ask=10**9), {PRICES}),
        (_state(fees=61), {FEES, HELD}),
        (_state(held=149_000_001), {HELD}),
        (
            _added(e.Transfer(SHOP, 99, END, "0x1", FRIEND, MEMBER, 1)),
            {CONTRADICTIONS},
        ),
        (
            _event(e.Transfer, 1, amount=4_999),
            {
                CREATED,
                MOVEMENTS,
                CONTRADICTIONS,
                EXPIRED,
                HISTORY,
            },
        ),
    ],
)
def test_a_falsified_figure_is_found(told: Told, falsify, claims):
    falsify(told)

    assert {check.claim for check in failed(told.checks())} == claims


def test_checks_differ_by_a_single_unit(told: Told):
    told.set_program(SHOP, total_supply=301)

    check = next(check for check in failed(told.checks()) if check.claim == SUPPLY)

    assert (check.subject, check.left, check.right, check.decimals) == ("SHOP", 300, 301, 2)

"""Merchants have their proceeds converted.

AIR has two decimals and a bid of 0.008 euro; FUEL has none and asks 0.625 euro. So 12,500 base
units of AIR are worth 1 euro, and give 1 FUEL.

settle
  the merchant converts into whatever the exchange takes: another program, or money
  what the guarantee paid is converted as well
  points that someone sent to the desk or its counter stay where they are
  a till converts into what its merchant has chosen, and so does whoever brings a till's signature
  given less than the least that was asked for, a pair that the exchange refuses, a frozen merchant
    it is refused whole, and no serial is used
  given nothing was paid
    nothing is converted
setPayout
  a merchant chooses, for itself only, and chooses nothing again
the counter
  nobody but the desk lets it convert

Spec: O2, O16, O24, O25
"""

import pytest
from brownie import accounts
from support.clock import now
from support.desk import settlement_message, signed
from support.errors import refused
from support.events import ZERO, assert_events, events_of, plain
from support.market import EURO, PRICE
from support.words import bytes32, lots

WHY = bytes32("a reason")
AIR_BID, FUEL_ASK = 8 * PRICE // 1000, 5 * PRICE // 8


@pytest.fixture(scope="module")
def fuel(points, exchange, settlement, create_program, awarder, deployer, issuer, pricer, member):
    """A program to convert into; AIR has money and buys its points back."""
    program = create_program("FUEL", decimals=0)
    exchange.setPrices(points, AIR_BID, AIR_BID, {"from": pricer})
    exchange.setPrices(program, FUEL_ASK, FUEL_ASK, {"from": pricer})
    settlement.mint(deployer, 100 * EURO, {"from": deployer})
    settlement.approve(exchange, 100 * EURO, {"from": deployer})
    exchange.fund(points, 100 * EURO, {"from": deployer})
    exchange.switchCash(points, (False, True), {"from": issuer})
    points.award(member, 99_000, WHY, {"from": awarder})
    return program


@pytest.fixture
def purse(fuel, hold, merchant):
    hold(50_000, merchant)


@pytest.fixture
def counter(desk, purse, shop, fuel, member, merchant):
    """Where the desk lays proceeds: the account that the exchange says has converted."""
    tx = shop.settle(shop.promise(member, 12_500, serial=99), by=merchant, to=fuel)
    return accounts.at(tx.events["Converted"]["member"], force=True)


def test_merchant_converts_into_another_program(
    points, desk, exchange, purse, shop, fuel, member, merchant, till
):
    tx = shop.settle(shop.promise(member, 12_500), by=merchant, to=fuel, min_out=1)

    assert plain(tx.return_value) == (12_500, 1)
    assert fuel.balanceOf(merchant) == 1
    assert points.balanceOf(merchant) == 0
    assert points.balanceOf(desk) == 37_500
    converted = next(event for event in events_of(tx) if event[1] == "Converted")
    by_counter = converted[2]
    assert points.balanceOf(by_counter) == 0
    assert_events(
        tx,
        (desk, "VoucherSettled", points, member, merchant, till, 0, 12_500, False),
        (points, "Transfer", desk, by_counter, 12_500),
        converted,
        (points, "Transfer", by_counter, ZERO, 12_500),
        (fuel, "Transfer", ZERO, merchant, 1),
        (desk, "SettlementMade", points, merchant, merchant, 12_500, fuel, 1),
    )


def test_merchant_is_paid_in_money(points, settlement, purse, shop, member, merchant):
    tx = shop.settle(shop.promise(member, 12_500), by=merchant, to=settlement)

    assert plain(tx.return_value) == (12_500, EURO)
    assert settlement.balanceOf(merchant) == EURO
    assert points.totalSupply() == 100_000 - 12_500


def test_what_the_guarantee_paid_is_converted_as_well(
    guaranteed, desk, fuel, settlement, hold, shop, issuer, member, merchant
):
    desk.setGuarantee(guaranteed, 5_000, 2, {"from": issuer})
    desk.setLimit(guaranteed, merchant, 4_900, {"from": issuer})
    hold(10_000)

    tx = shop.settle(shop.promise(member, 12_500, shared=True), by=merchant, to=settlement)

    assert plain(tx.return_value) == (12_500, EURO)
    assert settlement.balanceOf(merchant) == EURO
    assert desk.debtOf(guaranteed, member) == 2_500


def test_donated_points_stay_where_they_are(
    points,
    desk,
    exchange,
    purse,
    counter,
    shop,
    settlement,
    member,
    merchant,
    awarder,
    other_member,
):
    points.award(other_member, 70, WHY, {"from": awarder})
    points.transfer(counter, 70, {"from": other_member})

    tx = shop.settle(shop.promise(member, 12_500), by=merchant, to=settlement)

    assert plain(tx.return_value) == (12_500, EURO)
    assert points.balanceOf(counter) == 70


def test_points_sent_to_the_desk_stay_there(
    create_program, desk, shop, hold, awarder, member, other_member, merchant
):
    rail = create_program("RAIL")
    for who in (member, other_member):
        rail.award(who, 100, WHY, {"from": awarder})
    rail.transfer(desk, 70, {"from": other_member})
    hold(100, merchant, token=rail)
    stand = type(shop)(desk, rail, merchant, shop.till)

    stand.settle(stand.promise(member, 101))

    assert rail.balanceOf(desk) == 70
    assert rail.balanceOf(merchant) == 100
    assert rail.isFrozen(member)


def test_till_converts_into_what_its_merchant_chose(
    points, desk, settlement, purse, shop, fuel, member, merchant, till
):
    vouchers = [shop.promise(member, 12_500, serial=n) for n in (0, 1)]
    with refused("PayoutNotChosen", merchant, settlement):
        shop.settle(vouchers[0], to=settlement)
    desk.setPayout(settlement, {"from": merchant})

    with refused("PayoutNotChosen", merchant, fuel):
        shop.settle(vouchers[0], to=fuel)
    shop.settle(vouchers[0], to=settlement)
    shop.settle(vouchers[1])

    assert settlement.balanceOf(merchant) == EURO
    assert points.balanceOf(merchant) == 12_500


def test_signed_settlement_converts_into_what_was_chosen_and_signed(
    points, desk, settlement, purse, shop, fuel, member, merchant, till, relayer
):
    desk.setPayout(settlement, {"from": merchant})
    voucher = shop.promise(member, 12_500)
    message = settlement_message(desk, points, merchant, [voucher], settlement, EURO)
    given = {"by": relayer, "operator": till, "signature": signed(message, till)}

    with refused("InvalidSignature", till):
        shop.settle(voucher, min_out=EURO, **given)
    with refused("PayoutNotChosen", merchant, fuel):
        shop.settle(voucher, to=fuel, min_out=EURO, **given)
    shop.settle(voucher, to=settlement, min_out=EURO, **given)

    assert settlement.balanceOf(merchant) == EURO


def test_merchants_signature_chooses_by_itself(
    points, desk, settlement, purse, shop, member, merchant, relayer
):
    voucher = shop.promise(member, 12_500)
    message = settlement_message(desk, points, merchant, [voucher], settlement)

    shop.settle(
        voucher, by=relayer, to=settlement, operator=merchant, signature=signed(message, merchant)
    )

    assert settlement.balanceOf(merchant) == EURO


def test_merchant_chooses_and_chooses_nothing_again(desk, settlement, merchant, other_merchant):
    chosen = desk.setPayout(settlement, {"from": merchant})
    assert (desk.payoutOf(merchant), desk.payoutOf(other_merchant)) == (settlement, ZERO)
    dropped = desk.setPayout(ZERO, {"from": merchant})

    assert desk.payoutOf(merchant) == ZERO
    assert chosen.return_value is dropped.return_value is None
    assert_events(chosen, (desk, "PayoutSet", merchant, settlement))
    assert_events(dropped, (desk, "PayoutSet", merchant, ZERO))


def test_too_little_is_refused_whole(points, desk, settlement, purse, shop, member, merchant, till):
    voucher = shop.promise(member, 12_500)

    with refused("OutputTooLow", EURO, EURO + 1):
        shop.settle(voucher, by=merchant, to=settlement, min_out=EURO + 1)

    assert not desk.isSettled(merchant, till, 0)
    assert desk.purseWord(points, member, merchant) == lots(1, 50_000)


def test_what_the_exchange_refuses_is_refused(
    points, registry, purse, shop, fuel, settlement, guardian, operator, member, merchant
):
    voucher = shop.promise(member, 12_500)

    with refused("SameProgram", points):
        shop.settle(voucher, by=merchant, to=points)
    with refused("ZeroOutput", 100):
        shop.settle(shop.promise(member, 100), by=merchant, to=fuel)
    points.switchExchange(False, {"from": guardian})
    with refused("ExchangeOff"):
        shop.settle(voucher, by=merchant, to=fuel)
    registry.suspend(points, WHY, {"from": operator})
    with refused("ProgramSuspended", points):
        shop.settle(voucher, by=merchant, to=settlement)
    shop.settle(voucher, by=merchant)

    assert points.balanceOf(merchant) == 12_500


def test_limit_of_a_member_counts_all_merchants_as_one(
    points, desk, exchange, purse, counter, shop, bakery, hold, settlement, issuer, member, merchant
):
    exchange.setDailyLimits(points, (0, 0, 20_000), {"from": issuer})
    hold(12_500, bakery.merchant)
    vouchers = shop.promise(member, 12_500), bakery.promise(member, 12_500)
    shop.settle(vouchers[0], by=merchant, to=settlement)

    with refused("DailyLimitMemberReached", points, counter, 12_500, 7_500):
        bakery.settle(vouchers[1], to=settlement)
    bakery.settle(vouchers[1])

    assert points.balanceOf(bakery.merchant) == 12_500


def test_frozen_merchant_converts_nothing(
    points, purse, shop, settlement, freezer, member, merchant
):
    points.freeze(merchant, WHY, {"from": freezer})

    with refused("MemberFrozen", merchant):
        shop.settle(shop.promise(member, 12_500), by=merchant, to=settlement)


def test_nothing_is_not_converted(points, desk, purse, shop, fuel, member, merchant, till):
    voucher = shop.promise(member, 12_500, until=now())

    tx = shop.settle(voucher, by=merchant, to=fuel, min_out=1)

    assert plain(tx.return_value) == (0, 0)
    assert events_of(tx)[-1] == plain(
        (desk, "SettlementMade", points, merchant, merchant, 0, fuel, 0)
    )


def test_counter_converts_for_the_desk_only(
    points, exchange, counter, settlement, merchant, outsider, Counter
):
    with refused("NotDesk", outsider):
        Counter.at(counter.address).convert(
            exchange, points, settlement, 1, 0, merchant, {"from": outsider}
        )

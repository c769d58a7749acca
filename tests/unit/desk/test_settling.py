"""Merchants and their tills settle the vouchers that they took.

settle
  it pays each voucher out of the purse that it names, oldest points first, all in one transfer
  a batch may hold vouchers of many members and purses
  a voucher is settled once: in a batch, later, by whomever
  serials are counted by merchant and till, whatever their size
  given a voucher that has ended, was settled, or was not signed as it stands
    an event says so, and the others are settled
who settles
  the merchant settles all of its vouchers, registered or not
  a till settles those that it asked for, until it is revoked or its merchant struck off
  anyone settles what one of them signed, as it stands
  given anyone else, the zero address, vouchers without signatures, an unknown token
    it is refused
frozen and paused
  a frozen member's vouchers are paid, a frozen merchant's are not
  a pause does not stop settling

Spec: O2, O11, O12, O13, O14, O15, O16
"""

import pytest
from support.clock import now, utc
from support.desk import ENDED, SETTLED, UNSIGNED, WINDOW, settlement_message, signed
from support.errors import refused
from support.events import ZERO, assert_events, events_of, plain
from support.words import bytes32, lots, stored_lots

EVER = 2**256 - 1
WHY = bytes32("stolen phone")


@pytest.fixture
def purse(hold, merchant):
    """A purse of `member` for `merchant`."""
    hold(300, merchant)


def refusal(shop, desk, promise, reason):
    """The event that tells why a voucher was left alone."""
    values = promise.message.values
    who = values["member"], values["merchant"], values["till"], values["serial"]
    return (desk, "VoucherRefused", shop.token, *who, reason)


def test_settle_pays_out_of_the_purse(points, desk, purse, shop, member, merchant, till):
    tx = shop.settle(shop.promise(member, 100, serial=7))

    assert plain(tx.return_value) == (100, 0)
    assert points.balanceOf(merchant) == 100
    assert desk.purseWord(points, member, merchant) == lots(1, 200)
    assert desk.isSettled(merchant, till, 7) is True
    assert not points.isFrozen(member)
    assert_events(
        tx,
        (desk, "VoucherSettled", points, member, merchant, till, 7, 100, False),
        (points, "Transfer", desk, merchant, 100),
        (desk, "SettlementMade", points, merchant, till, 100, ZERO, 0),
    )


def test_oldest_points_are_paid_first(
    points, desk, shop, hold, clock, awarder, member, other_member, merchant
):
    clock(utc(2026, 5))
    points.award(member, 50, WHY, {"from": awarder})
    points.award(other_member, 70, WHY, {"from": awarder})
    hold(1_050, merchant)
    hold(70, merchant, by=other_member)

    shop.settle(shop.promise(member, 1_010), shop.promise(other_member, 1, serial=1))

    assert stored_lots(points.accountWord(merchant)) == lots(2, 11, 1_000)
    assert desk.purseWord(points, member, merchant) == lots(2, 40)
    assert desk.purseWord(points, other_member, merchant) == lots(2, 69)


def test_voucher_names_the_purse_that_pays(guaranteed, desk, shop, hold, member, merchant, till):
    hold(300)
    hold(40, merchant)

    tx = shop.settle(shop.promise(member, 100, shared=True), shop.promise(member, 1, serial=1))

    assert stored_lots(desk.purseWord(guaranteed, member, ZERO)) == lots(1, 200)
    assert desk.purseWord(guaranteed, member, merchant) == lots(1, 39)
    assert_events(
        tx,
        (desk, "VoucherSettled", guaranteed, member, merchant, till, 0, 100, True),
        (desk, "VoucherSettled", guaranteed, member, merchant, till, 1, 1, False),
        (guaranteed, "Transfer", desk, merchant, 101),
        (desk, "SettlementMade", guaranteed, merchant, till, 101, ZERO, 0),
    )


def test_voucher_over_nothing_is_settled(points, desk, purse, shop, member, merchant, till):
    tx = shop.settle(shop.promise(member, 0))

    assert_events(
        tx,
        (desk, "VoucherSettled", points, member, merchant, till, 0, 0, False),
        (desk, "SettlementMade", points, merchant, till, 0, ZERO, 0),
    )
    assert not points.isFrozen(member)


def test_settlement_without_vouchers_pays_nothing(points, desk, shop, merchant, till):
    tx = shop.settle()

    assert plain(tx.return_value) == (0, 0)
    assert_events(tx, (desk, "SettlementMade", points, merchant, till, 0, ZERO, 0))


def test_voucher_is_settled_once(points, desk, purse, shop, member, merchant, till):
    voucher = shop.promise(member, 100)

    twice = shop.settle(voucher, voucher)
    later = shop.settle(voucher, by=merchant)

    assert points.balanceOf(merchant) == 100
    assert_events(
        twice,
        (desk, "VoucherSettled", points, member, merchant, till, 0, 100, False),
        refusal(shop, desk, voucher, SETTLED),
        (points, "Transfer", desk, merchant, 100),
        (desk, "SettlementMade", points, merchant, till, 100, ZERO, 0),
    )
    assert_events(
        later,
        refusal(shop, desk, voucher, SETTLED),
        (desk, "SettlementMade", points, merchant, merchant, 0, ZERO, 0),
    )


def test_serial_counts_once_whoever_signed(points, purse, shop, member, other_member, merchant):
    shop.settle(shop.promise(member, 100))
    shop.settle(shop.promise(member, 50, until=now() + 1), shop.promise(other_member, 1))

    assert points.balanceOf(merchant) == 100
    assert not points.isFrozen(other_member)


def test_serials_are_counted_by_merchant_and_till(
    guaranteed, hold, shop, bakery, member, merchant, other_merchant, till, other_till
):
    hold(300)
    shop.settle(shop.promise(member, 1, shared=True))
    shop.settle(shop.promise(member, 2, shared=True, till=other_till), by=other_till)
    shop.settle(shop.promise(member, 4, shared=True, till=merchant), by=merchant)
    bakery.settle(bakery.promise(member, 8, shared=True, till=till), by=other_merchant)

    assert guaranteed.balanceOf(merchant) == 7
    assert guaranteed.balanceOf(other_merchant) == 8


def test_every_serial_has_a_bit_of_its_own(points, desk, purse, shop, member, merchant, till):
    serials = (0, 255, 256, 2**256 - 1)

    shop.settle(*(shop.promise(member, 1, serial=serial) for serial in serials))

    near = {serial for serial in range(520) if desk.isSettled(merchant, till, serial)}
    assert near == {0, 255, 256}
    assert desk.isSettled(merchant, till, 2**256 - 1)
    assert not desk.isSettled(merchant, till, 2**256 - 256)
    assert points.balanceOf(merchant) == 4


def test_voucher_ends(points, desk, purse, shop, clock, member, merchant, till):
    vouchers = [shop.promise(member, 100, serial=n, until=now() + 60 + n) for n in (0, 1)]
    clock(now() + 60)

    tx = shop.settle(*vouchers)

    assert points.balanceOf(merchant) == 100
    assert_events(
        tx,
        refusal(shop, desk, vouchers[0], ENDED),
        (desk, "VoucherSettled", points, member, merchant, till, 1, 100, False),
        (points, "Transfer", desk, merchant, 100),
        (desk, "SettlementMade", points, merchant, till, 100, ZERO, 0),
    )


@pytest.mark.parametrize(
    "change",
    [{"serial": 1}, {"amount": 101}, {"shared": True}, {"validBefore": EVER}],
    ids=lambda change: next(iter(change)),
)
def test_changed_voucher_is_refused(points, desk, purse, shop, member, merchant, change):
    right = shop.promise(member, 100)
    wrong = type(right)(right.message.but(**change), right.signature)

    tx = shop.settle(wrong)

    assert events_of(tx)[0] == plain(refusal(shop, desk, wrong, UNSIGNED))
    assert points.balanceOf(merchant) == 0
    shop.settle(right)
    assert points.balanceOf(merchant) == 100


def test_voucher_counts_for_its_till_merchant_token_and_member(
    points, desk, purse, shop, bakery, create_program, member, other_member, merchant, other_till
):
    right = shop.promise(member, 100)
    other_token = create_program("RAIL")
    settlements = [
        (points, merchant, right.message.but(till=str(other_till)).values),
        (points, bakery.merchant, right.message.values),
        (other_token, merchant, right.message.values),
        (points, merchant, right.message.but(member=str(other_member)).values),
    ]

    for token, payee, values in settlements:
        voucher = tuple(
            values[name] for name in ("member", "till", "serial", "amount", "shared", "validBefore")
        )
        tx = desk.settle(
            (token, payee, ZERO, 0), [voucher], [right.signature], payee, b"", {"from": payee}
        )
        who = values["member"], payee, values["till"], 0
        assert_events(
            tx,
            (desk, "VoucherRefused", token, *who, UNSIGNED),
            (desk, "SettlementMade", token, payee, payee, 0, ZERO, 0),
        )


def test_voucher_counts_for_one_desk(
    points, desk, purse, shop, registry, exchange, passkeys, deployer, member, merchant, OfflineDesk
):
    other = OfflineDesk.deploy(registry, exchange, passkeys, WINDOW, {"from": deployer})
    foreign = type(shop)(other, points, merchant, shop.till).promise(member, 100)

    tx = shop.settle(foreign)

    assert events_of(tx)[0] == plain(refusal(shop, desk, foreign, UNSIGNED))


def test_merchant_settles_what_its_tills_asked_for(
    points, purse, shop, member, merchant, till, other_till
):
    vouchers = [
        shop.promise(member, 1, serial=n, till=who)
        for n, who in enumerate((till, other_till, merchant))
    ]

    shop.settle(*vouchers, by=merchant)

    assert points.balanceOf(merchant) == 3


def test_till_settles_what_it_asked_for_only(
    points, purse, shop, member, merchant, till, other_till
):
    mine, other = shop.promise(member, 1), shop.promise(member, 1, till=other_till)

    with refused("OtherTill", till, other_till):
        shop.settle(mine, other)
    with refused("OtherTill", other_till, till):
        shop.settle(mine, by=other_till)
    assert points.balanceOf(merchant) == 0


def test_merchant_needs_no_register(points, desk, hold, shop, member, outsider):
    hold(300, outsider)
    stall = type(shop)(desk, points, outsider, outsider)

    stall.settle(stall.promise(member, 100))

    assert points.balanceOf(outsider) == 100


def test_strangers_settle_nothing(purse, shop, member, relayer, outsider, merchant, other_merchant):
    voucher = shop.promise(member, 100)

    for stranger in (relayer, outsider, member, other_merchant):
        with refused("NotTill", stranger, merchant):
            shop.settle(voucher, by=stranger)


def test_revoked_till_settles_nothing(points, registry, purse, shop, member, merchant, till):
    voucher = shop.promise(member, 100)
    registry.revokeTill(till, {"from": merchant})

    with refused("NotTill", till, merchant):
        shop.settle(voucher)
    shop.settle(voucher, by=merchant)

    assert points.balanceOf(merchant) == 100


def test_merchant_that_was_struck_off_settles_by_itself(
    points, registry, purse, shop, operator, member, merchant, till
):
    voucher = shop.promise(member, 100)
    registry.removeMerchant(merchant, WHY, {"from": operator})

    with refused("NotTill", till, merchant):
        shop.settle(voucher)
    shop.settle(voucher, by=merchant)

    assert points.balanceOf(merchant) == 100


def test_nobody_settles_for_the_zero_address(desk, points, purse, member, outsider):
    with refused("ZeroAddress"):
        desk.settle((points, ZERO, ZERO, 0), [], [], outsider, b"", {"from": outsider})


def test_unknown_token_is_refused(desk, settlement, merchant):
    with refused("ProgramUnknown", settlement):
        desk.settle((settlement, merchant, ZERO, 0), [], [], merchant, b"", {"from": merchant})


def test_every_voucher_needs_a_signature(desk, points, shop, member, merchant):
    voucher = shop.promise(member, 1)

    for vouchers, signatures in (([voucher.voucher], []), ([], [voucher.signature])):
        with refused("SignaturesMissing", len(vouchers), len(signatures)):
            desk.settle(
                (points, merchant, ZERO, 0),
                vouchers,
                signatures,
                merchant,
                b"",
                {"from": merchant},
            )


def test_anyone_settles_what_a_till_signed(
    points, desk, purse, shop, member, merchant, till, relayer
):
    vouchers = [shop.promise(member, 100, serial=n) for n in (0, 1)]
    signature = signed(settlement_message(desk, points, merchant, vouchers), till)

    tx = shop.settle(*vouchers, by=relayer, operator=till, signature=signature)

    assert points.balanceOf(merchant) == 200
    assert events_of(tx)[-1] == plain(
        (desk, "SettlementMade", points, merchant, till, 200, ZERO, 0)
    )
    # A second time, nothing is left of it.
    shop.settle(*vouchers, by=relayer, operator=till, signature=signature)
    assert points.balanceOf(merchant) == 200


def test_anyone_settles_what_a_merchant_signed(
    points, desk, purse, shop, member, merchant, relayer
):
    voucher = shop.promise(member, 100)
    signature = signed(settlement_message(desk, points, merchant, [voucher]), merchant)

    shop.settle(voucher, by=relayer, operator=merchant, signature=signature)

    assert points.balanceOf(merchant) == 100


def test_signed_settlement_is_settled_as_it_stands(
    points, desk, purse, shop, settlement, member, merchant, till, other_till, relayer
):
    first, second = (shop.promise(member, 100, serial=n) for n in (0, 1))
    right = settlement_message(desk, points, merchant, [first, second])
    signature = signed(right, till)
    given = {"by": relayer, "operator": till, "signature": signature}

    for vouchers in ([first], [second, first], [first, first], [first, second, second]):
        with refused("InvalidSignature", till):
            shop.settle(*vouchers, **given)
    with refused("InvalidSignature", till):
        shop.settle(first, second, min_out=1, **given)
    with refused("InvalidSignature", merchant):
        shop.settle(first, second, **{**given, "operator": merchant})
    for operator, signer in ((till, other_till), (till, relayer)):
        with refused("InvalidSignature", operator):
            shop.settle(first, second, **{**given, "signature": signed(right, signer)})
    with refused("InvalidSignature", merchant):
        shop.settle(first, second, to=settlement, **{**given, "operator": merchant})


def test_signed_settlement_needs_a_till_of_the_merchant(
    points, desk, purse, shop, registry, member, merchant, till, outsider, relayer
):
    voucher = shop.promise(member, 100)
    message = settlement_message(desk, points, merchant, [voucher])

    with refused("NotTill", outsider, merchant):
        shop.settle(voucher, by=relayer, operator=outsider, signature=signed(message, outsider))
    registry.revokeTill(till, {"from": merchant})
    with refused("NotTill", till, merchant):
        shop.settle(voucher, by=relayer, operator=till, signature=signed(message, till))


def test_frozen_members_vouchers_are_paid(points, purse, shop, freezer, member, merchant):
    voucher = shop.promise(member, 100)
    points.freeze(member, WHY, {"from": freezer})

    shop.settle(voucher)

    assert points.balanceOf(merchant) == 100


def test_frozen_merchant_is_paid_later(points, purse, shop, freezer, member, merchant):
    voucher = shop.promise(member, 100)
    points.freeze(merchant, WHY, {"from": freezer})

    with refused("MemberFrozen", merchant):
        shop.settle(voucher)
    points.unfreeze(merchant, WHY, {"from": freezer})
    shop.settle(voucher)

    assert points.balanceOf(merchant) == 100


def test_pause_does_not_stop_settling(points, purse, shop, guardian, member, merchant):
    points.pause({"from": guardian})

    shop.settle(shop.promise(member, 100))

    assert points.balanceOf(merchant) == 100


@pytest.mark.parametrize(("decimals", "months"), [(0, 0), (1, 12), (3, 1), (4, 0)])
def test_vouchers_of_any_program_are_settled(
    create_program, desk, shop, hold, clock, awarder, member, merchant, till, decimals, months
):
    token = create_program("ANY", decimals=decimals, months=months, lifetime=1)
    token.award(member, 500, WHY, {"from": awarder})
    hold(200, merchant, token=token)
    stand = type(shop)(desk, token, merchant, till)
    voucher = stand.promise(member, 150, until=EVER)
    clock(utc(2026, 2, 28, 23, 59, 59))

    stand.settle(voucher)

    assert token.balanceOf(merchant) == 150
    assert token.balanceOf(desk) == 50

"""A coin that calls back in the middle of a transfer, with all powers of an issuer.

while any action moves money, the coin calls every function of the exchange and of the desk
  functions that move money are locked, also through the desk
  what it has no right to is refused as ever
  what it may do has happened
  accounts and fees are what the exchange holds, less what it had to spare
  purses sum to what the desk holds
  the coin is not richer by more than it was given

Spec: X16
"""

import pytest
from eth_utils import keccak
from support.desk import promise
from support.events import ZERO
from support.market import EURO, EVER, PRICE
from support.signing import message, packed
from support.words import EPOCH_SHIFT, LANE_BITS, LANE_MAX, bytes32

from .conftest import ACCOUNT, ACTIONS, HELD, order

LOCKED = "ReentrancyGuardReentrantCall()"
MISSING_ROLE = "MissingRole(address,address,bytes32)"
NOT_ADMIN = "NotAdmin(address,address)"
DONE = None


@pytest.fixture(scope="module")
def calls(scene, odd, member, other_member, merchant, issuer):
    """Every function, called by the coin to its own good, and what must come of it."""
    exchange, desk, (first, second) = scene.market.exchange, scene.desk, scene.pair
    scene.market.give(first, other_member, HELD)
    desk.hold(first, odd, 10, {"from": other_member})
    no_permit = (0, 0, bytes(32), bytes(32))
    cash_out = order(exchange, first, other_member, first, odd, 10)
    conversion = order(exchange, first, other_member, first, second, 10)
    to_money, to_points = (
        promise(desk, first, other_member, odd, odd, 5, serial=serial, until=EVER)
        for serial in range(2)
    )
    hold = desk_order(desk, first, "Hold", other_member, merchant, amount=5)
    release = desk_order(desk, first, "Release", other_member, merchant)

    def settle(paid, to):
        settlement = (first, odd, to, 0)
        return desk.settle.encode_input(settlement, [paid.voucher], [paid.signature], odd, b"")

    of_exchange = (
        (exchange.fund.encode_input(first, EURO), LOCKED),
        (exchange.fundWithPermit.encode_input(first, EURO, *no_permit), LOCKED),
        (exchange.withdraw.encode_input(first, odd, ACCOUNT // 2), LOCKED),
        (exchange.withdrawFees.encode_input(), LOCKED),
        (exchange.convert.encode_input(first, odd, 10, 1, odd, EVER), LOCKED),
        (exchange.convert.encode_input(odd, first, EURO, 0, odd, EVER), LOCKED),
        (exchange.convertWithAuthorization.encode_input(*cash_out), LOCKED),
        (exchange.setPriceGuards.encode_input(first, (1, 1, 1)), MISSING_ROLE),
        (exchange.setDailyLimits.encode_input(first, (1, 1, 1)), MISSING_ROLE),
        (exchange.switchCash.encode_input(first, (False, False)), MISSING_ROLE),
        (exchange.setCarryExpiry.encode_input(first, True), MISSING_ROLE),
        (exchange.list.encode_input(odd), "NotRegistry(address)"),
        (exchange.setSuspension.encode_input(first, True), "NotRegistry(address)"),
        (exchange.convert.encode_input(first, second, 10, 1, odd, EVER), DONE),
        (exchange.convert.encode_input(second, first, 10, 1, odd, EVER), DONE),
        (exchange.convertWithAuthorization.encode_input(*conversion), DONE),
        (exchange.setTerms.encode_input(first, second, (0, 0, 0, False)), DONE),
        (exchange.setPrices.encode_input(first, 2 * PRICE, 2 * PRICE), DONE),
        (exchange.cancelScheduledPrices.encode_input(first), DONE),
    )
    of_desk = (
        (settle(to_money, odd), LOCKED),
        (settle(to_points, ZERO), DONE),
        (desk.hold.encode_input(first, merchant, 5), DONE),
        (desk.holdWithAuthorization.encode_input(first, *hold), DONE),
        (desk.release.encode_input(first, merchant), DONE),
        (desk.releaseWithAuthorization.encode_input(first, *release), DONE),
        (
            desk.returnPurse.encode_input(first, odd, merchant),
            "NotReleasable(address,address,address,uint256)",
        ),
        (
            desk.recoverPurse.encode_input(first, member, merchant, odd),
            "NotRecoverer(address,address)",
        ),
        (desk.setPayout.encode_input(odd), DONE),
        (desk.setGuarantee.encode_input(first, 1, 1), NOT_ADMIN),
        (desk.setLimit.encode_input(first, odd, 1), NOT_ADMIN),
        (desk.writeOff.encode_input(first, member), NOT_ADMIN),
        (
            desk.repay.encode_input(first, member, 1),
            "DebtExceeded(address,address,uint256,uint256)",
        ),
    )
    return [(exchange, *each) for each in of_exchange] + [(desk, *each) for each in of_desk]


def desk_order(desk, program, what, member, merchant, **values):
    """A hold or a release that a member signed, as the desk takes it."""
    signed = message(
        program,
        f"{what}WithAuthorization",
        desk=desk.address,
        member=member,
        merchant=merchant,
        **values,
        validAfter=0,
        validBefore=EVER,
        nonce=bytes32(what),
    )
    given = [value for name, value in signed.values.items() if name != "desk"]
    return tuple(given), packed(signed.signed_by(member))


def test_every_function_is_called_back(scene, calls):
    for contract in (scene.market.exchange, scene.desk):
        changing = {
            contract.signatures[entry["name"]]
            for entry in contract.abi
            if entry["type"] == "function" and entry["stateMutability"] == "nonpayable"
        }
        called = {data[:10] for callee, data, _ in calls if callee == contract}
        assert called == changing


@pytest.mark.parametrize("name", ACTIONS)
def test_calling_back_does_no_harm(scene, odd, actions, calls, purses, issuer, name):
    action = actions[name]
    owed, surplus, wealth = scene.owed(), scene.surplus(), fortune(scene, odd)
    callees, messages, expected = zip(*calls, strict=True)
    odd.callDuringTransfer(callees, messages, {"from": issuer})

    action.act()

    found = [(done, str(fault)) for done, fault in odd.outcomes()]
    assert found == [(error is DONE, selector(error)) for error in expected]
    assert (scene.owed(), scene.surplus()) == (owed + action.owed, surplus)
    assert purses() == scene.pair[0].balanceOf(scene.desk)
    # Two vouchers of five points were promised to it, and one of them is in its hands.
    assert fortune(scene, odd) <= wealth + 5 * EURO


def selector(error):
    return "0x" + (keccak(text=error)[:4] if error else bytes(4)).hex()


def fortune(scene, odd):
    """What the coin has, in money: its points were worth one euro each, whatever it did since."""
    points = sum(program.balanceOf(odd) for program in scene.pair)
    return points * EURO + odd.balanceOf(odd)


@pytest.fixture
def purses(scene, odd, member, other_member, merchant):
    """What stands in all purses that anyone opened."""
    opened = ((member, merchant), (other_member, odd), (odd, merchant), (other_member, merchant))
    return lambda: sum(points(scene.desk.purseWord(scene.pair[0], *pair)) for pair in opened)


def points(word):
    lanes = word & (1 << EPOCH_SHIFT) - 1
    return sum(lanes >> LANE_BITS * lane & LANE_MAX for lane in range(4))

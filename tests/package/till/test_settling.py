"""Settling
├── what was taken is paid, once, and written behind it; afterwards the till syncs
├── keys and passkeys are paid alike, by the till or by its merchant, program by program
├── a phone that was copied: both merchants are paid, and the member is frozen
├── two tills that do not share the merchant's purse lose, and the report says how much
├── what ended before it was settled is lost; so is what a thief settled under its serial
├── what the desk refuses as a whole stays open, with the reason
├── what does not fit one transaction, or fails as a whole, goes in halves; one alone stays open
├── a merchant's payout is converted into, and left out where the exchange refuses
├── results wait until their block is deep enough
└── a till that is killed at any point settles the rest, and doubles nothing
"""

import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from package.till.shops import answered, killed_at, pay
from support.passkeys import Passkey

import zegel.till
from zegel.admin import funds, merchants, offline
from zegel.chain.sending import UnlockedSender
from zegel.deploy.suite import NOBODY
from zegel.errors import Declined, Refused
from zegel.till import accepting, settling
from zegel.till.accepting import accept
from zegel.till.asking import ask
from zegel.till.carrying import Own
from zegel.till.queue import read_queue
from zegel.till.reporting import losses
from zegel.till.requests import Request
from zegel.till.settling import settle
from zegel.till.syncing import sync

POINTS = sorted(
    name
    for path in Path(zegel.till.__file__).parent.glob("*.py")
    for name in re.findall(r'crash_point\("([^"]+)"\)', path.read_text())
)


def results(till):
    return [(sale.serial, sale.state, sale.paid) for sale in till.sales.taken.values()]


def settled_events(shops):
    since = shops.suite.first_block
    return shops.suite.desk.events.VoucherSettled().get_logs(from_block=since)


def travel(shops, seconds):
    shops.anvil.move_to(shops.suite.connection.timestamp() + seconds)


def test_what_was_taken_is_paid_once(shops, shop, member):
    token = shops.token()
    with shop.open() as till:
        sync(till, shops.suite, [member.address])
        for amount in (100, 50):
            pay(till, member, amount, token)
        outcome = settle(till, shops.suite, Own(shop.device))

        assert [(sale.serial, sale.state, sale.paid) for sale in outcome.done] == [
            (0, "paid", 100),
            (1, "paid", 50),
        ]
        assert (outcome.open, outcome.troubles) == ((), ())
        assert shops.balance(shop.merchant) == 150
        (first, second) = settled_events(shops)
        assert {sale.transaction for sale in outcome.done} == {
            first["transactionHash"].to_0x_hex(),
            second["transactionHash"].to_0x_hex(),
        }
        with pytest.raises(Declined, match="the till has settled since its sync"):
            pay(till, member, 50, token)
        sync(till, shops.suite)
        pay(till, member, 150, token)
        with pytest.raises(Declined, match=r"0\.01 SHOP is more than the 0\.00 SHOP that are left"):
            pay(till, member, 1, token)
        blocks = shops.suite.connection.web3.eth.block_number
        settle(till, shops.suite, Own(shop.device))
        assert settle(till, shops.suite, Own(shop.device)).done == ()
        assert shops.suite.connection.web3.eth.block_number == blocks + 1
    assert shops.balance(shop.merchant) == 300
    with shop.open() as till:
        # Serial 2 was asked for, and not taken.
        assert results(till) == [(0, "paid", 100), (1, "paid", 50), (3, "paid", 150)]


def test_keys_and_passkeys_are_paid_program_by_program(shops, shop, member, monkeypatch):
    monkeypatch.setattr(settling, "_TOGETHER", 2)
    phone = Passkey(3)
    shops.set_aside(phone, 200, shop.merchant.address)
    with shop.open() as till:
        sync(till, shops.suite, [member.address, phone.address])
        for who in (member, phone, member, phone, phone):
            pay(till, who, 40, shops.token())
        settle(till, shops.suite, Own(shop.merchant))

        assert [state for _, state, _ in results(till)] == ["paid"] * 5
    assert shops.balance(shop.merchant) == 200
    assert len({event["transactionHash"] for event in settled_events(shops)}) == 3


def test_a_copied_phone_pays_both_merchants_and_is_frozen(shops, shop, actor):
    other = shops.shop("verifier", "new_admin")
    copied, token = actor("member"), shops.token()
    shops.guarantee(500, shop, other, limit=200)
    shops.set_aside(copied, 150)
    with shop.open() as till, other.open() as other_till:
        for one in (till, other_till):
            sync(one, shops.suite, [copied.address])
        # Neither till can know of the other.
        pay(till, copied, 150, token, shared=True)
        pay(other_till, copied, 150, token, shared=True)
        settle(till, shops.suite, Own(shop.device))
        settle(other_till, shops.suite, Own(other.device))

        assert results(till) == [(0, "paid", 150)]
        assert results(other_till) == [(0, "overspent", 150)]
        (sale,) = other_till.sales.taken.values()
        assert (sale.guaranteed, sale.lost) == (150, 0)
        assert shops.balance(shop.merchant) == shops.balance(other.merchant) == 150
        assert shops.suite.token("SHOP").functions.isFrozen(copied.address).call()
        for one in (till, other_till):
            sync(one, shops.suite)
            with pytest.raises(Declined, match=f"{copied.address} is frozen in SHOP"):
                pay(one, copied, 1, token, shared=True)


def test_tills_that_do_not_share_a_purse_lose(shops, shop, member):
    other = shops.shop("outsider", "new_admin")
    with shop.open() as till, other.open() as other_till:
        for one in (till, other_till):
            sync(one, shops.suite, [member.address])
            pay(one, member, 200, shops.token())
        settle(till, shops.suite, Own(shop.device))
        settle(other_till, shops.suite, Own(other.device))

        assert results(other_till) == [(0, "overspent", 100)]
        (loss,) = losses(other_till, 0, 2**40).rows
        assert (loss[0], loss[4].units, loss[5].units, loss[7].units) == (0, 200, 100, 100)
        assert list(losses(till, 0, 2**40).rows) == []
    assert shops.balance(shop.merchant) == 300


def test_tills_that_share_a_purse_do_not(shops, shop, member):
    other, half = shops.shop("outsider", "new_admin"), Fraction(1, 2)
    with shop.open(share=half) as till, other.open(share=half) as other_till:
        for one in (till, other_till):
            sync(one, shops.suite, [member.address])
            with pytest.raises(Declined, match=r"the 1\.50 SHOP that are left of the purse"):
                pay(one, member, 151, shops.token())
            pay(one, member, 150, shops.token())
        for one, device in ((till, shop.device), (other_till, other.device)):
            settle(one, shops.suite, Own(device))
            assert results(one)[0][1:] == ("paid", 150)


def test_what_ended_is_lost(shops, shop, member):
    with shop.open() as till:
        sync(till, shops.suite, [member.address])
        sale = pay(till, member, 100, shops.token())
        travel(shops, 2 * shops.window)
        (lost,) = settle(till, shops.suite, Own(shop.device)).done

        until = sale.request.valid_before
        assert (lost.state, lost.lost) == ("refused", 100)
        assert lost.reason == f"it ended at {until}, before it was settled"
    assert shops.balance(shop.merchant) == 0


def robbed(shops, shop, member, serial, amount):
    """A thief has the till's key, and settles a voucher of its own under one of its serials."""
    until = shops.suite.connection.timestamp() + 3_600
    place = shop.place
    request = Request(
        place.chain_id,
        place.desk,
        shops.token(),
        place.merchant,
        place.till,
        serial,
        amount,
        False,
        until,
    )
    signature = member.sign(request.message(member.address))
    stolen = offline.Voucher(member.address, place.till, serial, amount, False, until, signature)
    offline.settle(shops.suite, shop.device, "SHOP", place.merchant, [stolen]).apply()


def test_what_a_thief_settled_is_lost(shops, shop, member):
    with shop.open() as till:
        sync(till, shops.suite, [member.address])
        robbed(shops, shop, member, 1, 5)
        for _ in range(2):
            pay(till, member, 100, shops.token())
        robbed_before = settle(till, shops.suite, Own(shop.device)).done

        assert [sale.state for sale in robbed_before] == ["paid", "refused"]
        assert robbed_before[1].reason.endswith("over 5: revoke the till's key")
    assert shops.balance(shop.merchant) == 105


def test_what_was_settled_before_it_was_asked_for_is_lost(shops, shop, member):
    with shop.open() as till:
        robbed(shops, shop, member, 1, 5)
        shops.anvil.mine()
        sync(till, shops.suite, [member.address])
        for _ in range(2):
            pay(till, member, 100, shops.token())
        _, lost = settle(till, shops.suite, Own(shop.device)).done

        assert lost.reason.startswith("its serial was settled before it was asked for")


def test_what_the_merchant_settled_is_found(shops, shop, member):
    other = shops.shop("outsider", "new_admin")
    with shop.open() as till, other.open() as other_till:
        for one, amount in ((till, 100), (other_till, 60)):
            sync(one, shops.suite, [member.address])
            sale = pay(one, member, amount, shops.token())
            merchant = shop.merchant
            offline.settle(shops.suite, merchant, "SHOP", merchant.address, [sale.voucher]).apply()
        # Both tills count from 0.
        for one, device, amount in ((till, shop.device, 100), (other_till, other.device, 60)):
            settle(one, shops.suite, Own(device))
            assert results(one) == [(0, "paid", amount)]


def test_what_somebody_settled_meanwhile_is_found(shops, shop, member, monkeypatch):
    with shop.open() as till:
        sync(till, shops.suite, [member.address])
        sale = pay(till, member, 100, shops.token())
        send, merchant = UnlockedSender.send, shop.merchant

        def too_late(device, call, **how):
            monkeypatch.undo()
            offline.settle(shops.suite, merchant, "SHOP", merchant.address, [sale.voucher]).apply()
            return send(device, call, **how)

        monkeypatch.setattr(UnlockedSender, "send", too_late)
        settle(till, shops.suite, Own(shop.device))
        assert results(till) == [(0, "paid", 100)]
    assert shops.balance(shop.merchant) == 100


def test_what_the_desk_refuses_stays_open(shops, shop, member):
    with shop.open() as till:
        sync(till, shops.suite, [member.address])
        pay(till, member, 100, shops.token())
        merchants.revoke_till(shops.suite, shop.merchant, shop.device.address).apply()
        outcome = settle(till, shops.suite, Own(shop.device))

        (trouble,) = outcome.troubles
        assert trouble.startswith("serials 0 are not settled: OfflineDesk refused: NotTill(")
        assert [sale.serial for sale in outcome.open] == [0]
        # The merchant may.
        assert settle(till, shops.suite, Own(shop.merchant)).done[0].state == "paid"
        sync(till, shops.suite)
        with pytest.raises(Declined, match="the registry has"):
            pay(till, member, 1, shops.token())


def sold(shops, till, member, count, amount=20):
    sync(till, shops.suite, [member.address])
    for _ in range(count):
        pay(till, member, amount, shops.token())


def transactions(shops):
    return len({event["transactionHash"] for event in settled_events(shops)})


def test_what_takes_too_much_gas_goes_in_halves(shops, shop, member, monkeypatch):
    with shop.open() as till:
        sold(shops, till, member, 7)
        monkeypatch.setattr(settling, "_MOST_GAS", 200_000)
        outcome = settle(till, shops.suite, Own(shop.device))
        assert (outcome.troubles, outcome.open) == ((), ())
        assert results(till) == [(serial, "paid", 20) for serial in range(7)]
    assert transactions(shops) == 2


def test_one_that_takes_too_much_gas_stays_open(shops, shop, member, monkeypatch):
    with shop.open() as till:
        sold(shops, till, member, 1)
        monkeypatch.setattr(settling, "_MOST_GAS", 50_000)
        (trouble,) = settle(till, shops.suite, Own(shop.device)).troubles
        assert trouble.startswith("serials 0 are not settled: ")
        assert trouble.endswith(" gas are more than a transaction may take")


def test_one_that_fails_with_all_does_not_hold_up_the_others(shops, shop, member, monkeypatch):
    fitting = settling._Work._fitting

    def refuses(work, settlement, vouchers):
        if 2 in {voucher.serial for voucher in vouchers}:
            raise Refused("OfflineDesk", "GasTooLow", {"gas": 1, "needed": 2})
        return fitting(work, settlement, vouchers)

    with shop.open() as till:
        sold(shops, till, member, 5)
        monkeypatch.setattr(settling._Work, "_fitting", refuses)
        (trouble,) = settle(till, shops.suite, Own(shop.device)).troubles
        assert trouble == (
            "serials 2 are not settled: OfflineDesk refused: GasTooLow(gas=1, needed=2)"
        )
        assert [state for _, state, _ in results(till)] == ["paid"] * 2 + ["open"] + ["paid"] * 2


def test_what_the_desk_refuses_to_a_till_is_not_tried_in_halves(shops, shop, member, monkeypatch):
    tried, fitting = [], settling._Work._fitting

    def counted(work, settlement, vouchers):
        tried.append(len(vouchers))
        return fitting(work, settlement, vouchers)

    with shop.open() as till:
        sold(shops, till, member, 4)
        merchants.revoke_till(shops.suite, shop.merchant, shop.device.address).apply()
        monkeypatch.setattr(settling._Work, "_fitting", counted)
        (trouble,) = settle(till, shops.suite, Own(shop.device)).troubles
    assert trouble.startswith("serials 0, 1, 2, 3 are not settled: OfflineDesk refused: NotTill(")
    assert tried == [4]


def test_a_transaction_has_no_more_bytes_than_nodes_take(shops, shop, member, monkeypatch):
    monkeypatch.setattr(settling, "_MOST_BYTES", 1_000)
    with shop.open() as till:
        sold(shops, till, member, 5)
        settle(till, shops.suite, Own(shop.device))
        assert [state for _, state, _ in results(till)] == ["paid"] * 5
    assert transactions(shops) == 3


def test_a_signature_that_the_desk_does_not_take_is_lost(shops, shop, member, monkeypatch):
    with shop.open() as till:
        sync(till, shops.suite, [member.address])
        request = ask(till, shops.token(), 100, shared=False)
        other = answered(member, replace(request, amount=1))
        monkeypatch.setattr(accepting, "check_signature", lambda *_: None)
        accept(till, other)
        pay(till, member, 50, shops.token())
        lost, paid = settle(till, shops.suite, Own(shop.device)).done

        assert (lost.state, lost.reason) == ("refused", "the desk does not take the signature")
        assert paid.state == "paid"
        assert settle(till, shops.suite, Own(shop.device)).done == ()


def test_proceeds_are_converted_into_the_payout(shops, shop, member):
    air, token = shops.token("AIR"), shops.token()
    funds.fund(shops.suite, shops.actor("operator"), "SHOP", 10**8).apply()
    offline.set_payout(shops.suite, shop.merchant, air).apply()
    with shop.open(floor_limits={token: 2_000}) as till:
        books = sync(till, shops.suite, [member.address])
        payout = books.programs[token].payout
        assert (payout.to, payout.symbol) == (air, "AIR")
        pay(till, member, 200, token)
        settle(till, shops.suite, Own(shop.device))

        assert results(till) == [(0, "paid", 200)]
        assert shops.balance(shop.merchant) == 0
        got = shops.balance(shop.merchant, "AIR")
        assert got == 200 * payout.out // payout.amount > 0
        # The exchange is off: being paid in points comes first.
        off = shops.suite.token("SHOP").functions.switchExchange(False)
        shops.actor("guardian").send(off)
        sync(till, shops.suite)
        pay(till, member, 100, token)
        settle(till, shops.suite, Own(shop.device))
        assert results(till)[1] == (1, "paid", 100)
    assert (shops.balance(shop.merchant), shops.balance(shop.merchant, "AIR")) == (100, got)
    ways = [r.values["to"] for r in read_queue(till.queue.path) if r.kind == "settling"]
    assert ways == [air, NOBODY]


def test_results_wait_until_their_block_is_deep(shops, shop, member):
    with shop.open() as till:
        sync(till, shops.suite, [member.address])
        pay(till, member, 100, shops.token())
        assert settle(till, shops.suite, Own(shop.device), depth=3).done == ()
        blocks = shops.suite.connection.web3.eth.block_number
        assert settle(till, shops.suite, Own(shop.device), depth=3).done == ()
        assert shops.suite.connection.web3.eth.block_number == blocks
        # What is not sure yet is still counted against the purse.
        sync(till, shops.suite)
        with pytest.raises(Declined, match=r"more than the 1\.00 SHOP that are left"):
            pay(till, member, 101, shops.token())
        shops.anvil.mine(3)
        (sale,) = settle(till, shops.suite, Own(shop.device), depth=3).done
        assert sale.state == "paid"
    assert shops.balance(shop.merchant) == 100


def test_the_points_at_which_a_till_may_be_killed_are_known():
    assert POINTS == [
        "till.asked",
        "till.mined",
        "till.refund sent",
        "till.refunded",
        "till.refunding",
        "till.sent",
        "till.settled",
        "till.settling",
        "till.synced",
        "till.taken",
        "till.taking",
        "till.turning",
        "till.writing",
    ]


def killed(shops, shop, point):
    """Settles in a process that is killed at a point; whether it was."""

    def settles():
        suite = shops.again().suite
        with shop.open() as till:
            settle(till, suite, Own(replace(shop.device, connection=suite.connection)))

    return killed_at(point, settles)


@pytest.mark.parametrize("passes", [1, 2])
@pytest.mark.parametrize(
    "point", ["till.settling", "till.sent", "till.mined", "till.writing", "till.settled"]
)
def test_a_till_that_is_killed_settles_the_rest(shops, shop, member, point, passes, monkeypatch):
    monkeypatch.setattr(settling, "_TOGETHER", 2)
    with shop.open() as till:
        sync(till, shops.suite, [member.address])
        for _ in range(5):
            pay(till, member, 30, shops.token())

    assert killed(shops, shop, f"{point}:{passes}")

    with shop.open() as till:
        settle(till, shops.suite, Own(shop.device))
        assert results(till) == [(serial, "paid", 30) for serial in range(5)]
    kinds = [record.kind for record in read_queue(till.queue.path)]
    assert kinds.count("paid") == 5
    assert shops.balance(shop.merchant) == 150
    assert sorted(event["args"]["serial"] for event in settled_events(shops)) == list(range(5))


def test_what_was_sent_is_waited_for(shops, shop, member):
    """Otherwise the same would be sent twice, and its gas paid twice."""
    with shop.open() as till:
        sync(till, shops.suite, [member.address])
        pay(till, member, 30, shops.token())
    shops.anvil.rpc("evm_setAutomine", False)
    try:
        assert killed(shops, shop, "till.sent")
        shops.anvil.rpc("evm_setIntervalMining", 1)
        with shop.open() as till:
            settle(till, shops.suite, Own(shop.device))
            assert results(till) == [(0, "paid", 30)]
    finally:
        shops.anvil.rpc("evm_setIntervalMining", 0)
        shops.anvil.rpc("evm_setAutomine", True)
    since = shops.suite.first_block
    assert len(shops.suite.desk.events.SettlementMade().get_logs(from_block=since)) == 1


def test_a_till_that_is_killed_after_it_synced_goes_on(shops, shop, member):
    with shop.open() as till:
        sync(till, shops.suite, [member.address])
        pay(till, member, 100, shops.token())
        settle(till, shops.suite, Own(shop.device))

    def syncs():
        suite = shops.again().suite
        with shop.open() as till:
            sync(till, suite)

    assert killed_at("till.synced", syncs)
    with shop.open() as till:
        pay(till, member, 200, shops.token())

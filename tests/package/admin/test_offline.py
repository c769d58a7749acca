"""Guarantees, limits and settlements of the offline desk.

a lower limit
    is announced once, and takes a second run when what it leaves is free for others
settling
    sends the vouchers that are not settled yet, and nothing the second time
    is refused to those who are not the merchant's
"""

from collections.abc import Callable
from typing import Any

import pytest
from web3.types import RPCEndpoint

from zegel.admin import merchants, offline
from zegel.admin.inputs import word
from zegel.admin.offline import Voucher
from zegel.chain.messages import Message, desk_domain
from zegel.chain.sending import UnlockedSender
from zegel.deploy.suite import NOBODY, Suite
from zegel.errors import PlanRefused

Actor = Callable[[str], UnlockedSender]

WHY = word("a test")


def travel(suite: Suite, seconds: int) -> None:
    request = suite.connection.web3.provider.make_request
    moment = suite.connection.timestamp() + seconds
    request(RPCEndpoint("evm_setNextBlockTimestamp"), [moment])
    request(RPCEndpoint("evm_mine"), [])


def limit(suite: Suite, merchant: str) -> tuple[int, int]:
    found = offline.limit_of(suite, "SHOP", merchant)
    return found.limit, found.next


def test_lower_limit_takes_a_second_run(suite: Suite, actor: Actor) -> None:
    issuer, merchant = actor("issuer"), actor("outsider").address
    window = suite.desk.functions.offlineWindow().call()
    offline.set_guarantee(suite, issuer, "SHOP", 500, 10).apply()
    offline.set_limit(suite, issuer, "SHOP", merchant, 300).apply()
    lower = offline.set_limit(suite, issuer, "SHOP", merchant, 100)

    assert lower.apply() == [f"limit SHOP {merchant}"]
    assert limit(suite, merchant) == (300, 100)
    travel(suite, 4 * window - 10)
    assert lower.apply() == []
    travel(suite, 10)
    assert [finding.reason for _, finding in lower.findings()] == [
        "so already, and 200 can go to others"
    ]
    assert lower.apply() == [f"limit SHOP {merchant}"]

    assert limit(suite, merchant) == (100, 100)
    assert offline.guarantee_of(suite, "SHOP") == offline.Guarantee(500, 100, 10, 0)
    assert lower.apply() == []


@pytest.fixture
def vouchers(suite: Suite, actor: Actor) -> list[Voucher]:
    """Three vouchers over 100, which a till of `outsider` asked a member for."""
    member, merchant, till = actor("member"), actor("outsider"), actor("guardian")
    token = suite.token("SHOP")
    merchants.register(suite, actor("operator"), merchant.address, "Corner Shop").apply()
    merchants.register_till(suite, merchant, till.address).apply()
    actor("awarder").send(token.functions.award(member.address, 500, WHY))
    member.send(suite.desk.functions.hold(token.address, merchant.address, 300))
    return [_signed(suite, member, merchant, till, serial) for serial in range(3)]


def _signed(
    suite: Suite,
    member: UnlockedSender,
    merchant: UnlockedSender,
    till: UnlockedSender,
    serial: int,
) -> Voucher:
    values: dict[str, Any] = {
        "token": suite.token("SHOP").address,
        "member": member.address,
        "merchant": merchant.address,
        "till": till.address,
        "serial": serial,
        "amount": 100,
        "shared": False,
        "validBefore": suite.connection.timestamp() + 3600,
    }
    domain = desk_domain(suite.connection.chain_id, suite.desk.address)
    answer = suite.connection.web3.provider.make_request(
        RPCEndpoint("eth_signTypedData_v4"),
        [member.address, Message("Voucher", domain, values).typed_data()],
    )
    signature = bytes.fromhex(answer["result"][2:])
    return Voucher(
        member.address, till.address, serial, 100, False, values["validBefore"], signature
    )


def test_vouchers_are_settled_once(suite: Suite, actor: Actor, vouchers: list[Voucher]) -> None:
    merchant, till = actor("outsider"), actor("guardian")
    balance = suite.token("SHOP").functions.balanceOf(merchant.address)
    name = f"settle SHOP {merchant.address}"
    two = offline.settle(suite, till, "SHOP", merchant.address, vouchers[:2])
    all_three = offline.settle(suite, merchant, "SHOP", merchant.address, vouchers)

    assert two.apply() == [name]
    assert balance.call() == 200
    assert [finding.reason for _, finding in all_three.findings()] == ["1 of 3 left"]
    assert all_three.apply() == [name]
    assert balance.call() == 300
    assert all_three.apply() == two.apply() == []


def test_strangers_settle_nothing(suite: Suite, actor: Actor, vouchers: list[Voucher]) -> None:
    merchant = actor("outsider").address
    plan = offline.settle(suite, actor("issuer"), "SHOP", merchant, vouchers)

    with pytest.raises(PlanRefused, match=r"OfflineDesk refused: NotTill\(operator=0x"):
        plan.apply()


def test_payout_is_chosen_and_dropped(suite: Suite, actor: Actor) -> None:
    merchant, money = actor("outsider"), suite.settlement_token.address
    chosen = offline.set_payout(suite, merchant, money)

    assert chosen.apply() == [f"payout {merchant.address}"]
    assert chosen.apply() == []
    dropped = offline.set_payout(suite, merchant, NOBODY)
    assert [finding.reason for _, finding in dropped.findings()] == [f"now {money}"]
    assert dropped.apply() == [f"payout {merchant.address}"]
    assert suite.desk.functions.payoutOf(merchant.address).call() == NOBODY

"""A merchant with a till, members with points, and short ways to hold, promise and settle.

Whatever a test did, the desk's account in the token holds the purses and nothing else.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from brownie import web3
from brownie.network.account import LocalAccount
from eth_utils import keccak
from support.desk import Promise, lanes, promise
from support.events import ZERO
from support.words import bytes32

HELD = "0x" + keccak(text="Held(address,address,address,uint256)").hex()


@pytest.fixture(scope="module")
def merchants(
    registry: Any,
    operator: LocalAccount,
    merchant: LocalAccount,
    other_merchant: LocalAccount,
    till: LocalAccount,
    other_till: LocalAccount,
) -> None:
    """Two merchants; the first has two tills."""
    registry.registerMerchant(merchant, "Corner Shop", {"from": operator})
    registry.registerMerchant(other_merchant, "Bakery", {"from": operator})
    for each in (till, other_till):
        registry.registerTill(each, {"from": merchant})


@pytest.fixture(scope="module")
def points(token: Any, merchants: None, awarder: LocalAccount, member: LocalAccount) -> Any:
    """The points of a program, of which `member` has 1,000 base units; its issuer guarantees."""
    token.award(member, 1_000, bytes32("a gift"), {"from": awarder})
    return token


@pytest.fixture
def guaranteed(
    points: Any,
    desk: Any,
    issuer: LocalAccount,
    merchant: LocalAccount,
    other_merchant: LocalAccount,
) -> Any:
    """The same, whose issuer guarantees 100 a member: 60 to one merchant, 40 to the other."""
    desk.setGuarantee(points, 100, 2, {"from": issuer})
    desk.setLimit(points, merchant, 60, {"from": issuer})
    desk.setLimit(points, other_merchant, 40, {"from": issuer})
    return points


@dataclass(frozen=True)
class Shop:
    """A merchant's way to its points: vouchers that `till` asks for, and their settlement."""

    desk: Any
    token: Any
    merchant: Any
    till: Any

    def promise(self, member: Any, amount: int, serial: int = 0, **chosen: Any) -> Promise:
        return promise(
            self.desk,
            self.token,
            member,
            self.merchant,
            chosen.pop("till", self.till),
            amount,
            serial=serial,
            **chosen,
        )

    def settle(
        self,
        *promises: Promise,
        by: Any = None,
        to: Any = ZERO,
        min_out: int = 0,
        operator: Any = None,
        signature: Any = b"",
    ) -> Any:
        sender = by or self.till
        return self.desk.settle(
            (self.token, self.merchant, to, min_out),
            [each.voucher for each in promises],
            [each.signature for each in promises],
            operator or sender,
            signature,
            {"from": sender},
        )


@pytest.fixture
def shop(desk: Any, points: Any, merchant: LocalAccount, till: LocalAccount) -> Shop:
    return Shop(desk, points, merchant, till)


@pytest.fixture
def bakery(desk: Any, points: Any, other_merchant: LocalAccount) -> Shop:
    """The other merchant, which is its own till."""
    return Shop(desk, points, other_merchant, other_merchant)


@pytest.fixture
def hold(desk: Any, points: Any, member: LocalAccount) -> Callable[..., Any]:
    """Sets points of `member` aside."""

    def holding(amount: int, merchant: Any = ZERO, by: Any = member, token: Any = points) -> Any:
        return desk.hold(token, merchant, amount, {"from": by})

    return holding


@pytest.fixture(autouse=True)
def books(desk: Any, points: Any) -> Iterator[None]:
    """Compares the desk's account with all purses ever opened, generation by generation."""
    yield
    epoch, lifetime = points.currentEpoch(), points.lifetime()
    purses = [desk.purseWord(points, *purse) for purse in _opened(desk, points)]
    alive = [lanes(word, epoch, lifetime) for word in (0, *purses)]
    sums = [sum(lane) for lane in zip(*alive, strict=True)]
    assert lanes(points.accountWord(desk), epoch, lifetime) == sums


def _opened(desk: Any, token: Any) -> set[tuple[str, str]]:
    """Member and merchant of every purse of a token, from the events."""
    topics = [HELD, "0x" + token.address[2:].lower().rjust(64, "0")]
    logs = web3.eth.get_logs({"address": desk.address, "topics": topics, "fromBlock": 0})
    return {tuple("0x" + topic.hex()[-40:] for topic in log["topics"][2:]) for log in logs}

"""A market of odd money, and every way in which money moves there.

Two programs without decimals convert at one euro a point, and the exchange takes a fee of one
percent. The coin itself has an issuer's roles, points and money.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from brownie.network.account import LocalAccount
from support import roles
from support.desk import promise
from support.market import EURO, EVER, PRICE, Market
from support.signing import Message, message, packed
from support.words import bytes32

ACCOUNT = 100 * EURO
FEE = 10_000
# What every action moves, but the withdrawal of fees.
MOVED = 10 * EURO
POINTS = MOVED // EURO
# What each holder has of each program's points.
HELD = 50

# Every way in which money moves; `actions` has them.
ACTIONS = (
    "fund", "fund_with_permit", "withdraw", "withdraw_fees", "cash_out", "top_up",
    "signed_cash_out", "signed_top_up", "settle",
)  # fmt: skip


@dataclass(frozen=True)
class Action:
    """Money on its way in or out.

    Args:
        function: The function of the exchange or the desk.
        party: Who pays or is paid.
        owed: What accounts and fees together grow by.
        act: Sends the transaction.
    """

    function: str
    party: LocalAccount
    owed: int
    act: Callable[[], Any]

    @property
    def brings(self) -> bool:
        return self.owed > 0


@dataclass(frozen=True)
class Scene:
    """The market, its first two programs, and its desk."""

    market: Market
    pair: tuple[Any, Any]
    desk: Any

    def owed(self) -> int:
        accounts = sum(self.market.account(program) for program in self.pair)
        return accounts + int(self.market.exchange.fees())

    def surplus(self) -> int:
        """What the exchange holds beyond what it owes."""
        return self.market.held() - self.owed()


@pytest.fixture(scope="module")
def odd(OddToken: Any, deployer: LocalAccount) -> Any:
    return OddToken.deploy(6, {"from": deployer})


@pytest.fixture(scope="module")
def scene(
    new_market: Callable[..., Market],
    odd: Any,
    OfflineDesk: Any,
    issuer: LocalAccount,
    member: LocalAccount,
    merchant: LocalAccount,
) -> Scene:
    """Fees are there to be withdrawn; the member has a purse for the merchant."""
    market = new_market(odd, FEE, merchant)
    desk = OfflineDesk.at(market.registry.desk())
    by_issuer, by_member = {"from": issuer}, {"from": member}
    pair = tuple(market.create(s, PRICE, PRICE, account=ACCOUNT, decimals=0) for s in "AB")
    for program in pair:
        market.exchange.switchCash(program, (True, True), by_issuer)
        market.exchange.setPriceGuards(program, (0, 0, 1), by_issuer)
        market.exchange.setPrices(program, PRICE, PRICE, by_issuer)
        for role in (roles.PRICER, roles.TREASURER, roles.GUARDIAN):
            program.grantRole(role, odd, by_issuer)
        for holder in (member, odd):
            market.give(program, holder, HELD)
    for payer in (issuer, member):
        market.give_money(payer, 50 * EURO)
    odd.mint(odd, 50 * EURO, by_issuer)
    odd.act(odd, odd.approve.encode_input(market.exchange, EVER), by_issuer)
    market.exchange.convert(*pair, 20, 1, member, EVER, by_member)
    desk.hold(pair[0], merchant, POINTS, by_member)
    return Scene(market, (pair[0], pair[1]), desk)


@pytest.fixture(scope="module")
def actions(
    scene: Scene,
    odd: Any,
    issuer: LocalAccount,
    member: LocalAccount,
    merchant: LocalAccount,
    relayer: LocalAccount,
) -> dict[str, Action]:
    """Every way in which money moves, by name."""
    exchange, desk, program = scene.market.exchange, scene.desk, scene.pair[0]
    fees = int(exchange.fees())
    kept = MOVED * FEE // 1_000_000
    by_issuer, by_member = {"from": issuer}, {"from": member}
    given, nobody = (1, member, EVER, by_member), {"from": relayer}
    permit = message(
        odd, "Permit", owner=issuer, spender=exchange.address, value=MOVED, nonce=0, deadline=EVER
    ).signed_by(issuer)
    cash_out, top_up = (
        order(exchange, program, member, *pair)
        for pair in ((program, odd, POINTS), (odd, program, MOVED))
    )
    paid = promise(desk, program, member, merchant, merchant, POINTS, until=EVER)
    settlement = (program, merchant, odd, 1)
    vouchers = [paid.voucher], [paid.signature]
    return {
        "fund": Action(
            "fund", issuer, MOVED, lambda: exchange.fund(program, MOVED, by_issuer)
        ),
        "fund_with_permit": Action(
            "fundWithPermit", issuer, MOVED,
            lambda: exchange.fundWithPermit(program, MOVED, EVER, *permit, by_issuer),
        ),
        "withdraw": Action(
            "withdraw", merchant, -MOVED,
            lambda: exchange.withdraw(program, merchant, MOVED, by_issuer),
        ),
        "withdraw_fees": Action(
            "withdrawFees", merchant, -fees, lambda: exchange.withdrawFees(nobody)
        ),
        "cash_out": Action(
            "convert", member, kept - MOVED, lambda: exchange.convert(program, odd, POINTS, *given)
        ),
        "top_up": Action(
            "convert", member, MOVED, lambda: exchange.convert(odd, program, MOVED, *given)
        ),
        "signed_cash_out": Action(
            "convertWithAuthorization", member, kept - MOVED,
            lambda: exchange.convertWithAuthorization(*cash_out, nobody),
        ),
        "signed_top_up": Action(
            "convertWithAuthorization", member, MOVED,
            lambda: exchange.convertWithAuthorization(*top_up, nobody),
        ),
        "settle": Action(
            "settle", merchant, kept - MOVED,
            lambda: desk.settle(settlement, *vouchers, merchant, b"", {"from": merchant}),
        ),
    }  # fmt: skip


def order(
    exchange: Any, program: Any, member: LocalAccount, source: Any, target: Any, amount: int
) -> tuple[tuple[Any, ...], str]:
    """A conversion that the member signed for a program, as the exchange takes it."""
    signed: Message = message(
        program,
        "ConvertWithAuthorization",
        **{"from": source.address, "to": target.address},
        exchange=exchange.address,
        member=member,
        amount=amount,
        minOut=1,
        recipient=member,
        validAfter=0,
        validBefore=EVER,
        nonce=bytes32(f"{source.symbol()} to {target.symbol()}"),
    )
    fields = ("member", "from", "to", "amount", "minOut", "recipient", "validAfter", "validBefore",
              "nonce")  # fmt: skip
    return tuple(signed.values[field] for field in fields), packed(signed.signed_by(member))

"""Everything that moves points in purses, drops and charters, done once on a chain.

A drop is opened, claimed, and closed with a rest; a charter rewards; members set points of two
quarters aside, at a merchant and for all; a till is paid, also out of the guarantee and into other
points; purses expire and are returned.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from eth_utils import keccak

from zegel.admin import drops, funds, merchants, powers
from zegel.admin.charters import Agreement, Charter, Rule
from zegel.admin.limits import set_budget
from zegel.award.drops import read_claims, write_claims
from zegel.award.rows import packed_text
from zegel.chain import roles
from zegel.chain.anvil import Anvil
from zegel.chain.messages import Message, desk_domain
from zegel.chain.sending import UnlockedSender
from zegel.deploy.suite import NOBODY, Suite

# The first seconds of the second quarter of 2026, and of 2027, when points of early 2026 are gone.
SPRING, NEXT_YEAR = 1_775_001_600, 1_798_761_600

_DAY = 24 * 3600


class Members:
    """What members do at the desk."""

    def __init__(self, suite, merchant) -> None:
        self._suite, self._merchant = suite, merchant
        self._token = suite.token("SHOP").address
        self._serial = 0

    def hold(self, member, amount: int, merchant: str = NOBODY) -> None:
        member.send(self._suite.desk.functions.hold(self._token, merchant, amount))

    def promise(self, member, amount: int, *, shared: bool) -> tuple[tuple[Any, ...], bytes]:
        """A voucher, and the signature under it."""
        desk, merchant = self._suite.desk.address, self._merchant.address
        values = {
            "token": self._token,
            "member": member.address,
            "merchant": merchant,
            "till": merchant,
            "serial": self._serial,
            "amount": amount,
            "shared": shared,
            "validBefore": self._suite.connection.timestamp() + _DAY,
        }
        self._serial += 1
        domain = desk_domain(self._suite.connection.chain_id, desk)
        signature = member.sign(Message("Voucher", domain, values))
        fields = ("member", "till", "serial", "amount", "shared", "validBefore")
        return tuple(values[field] for field in fields), signature

    def settle(self, *promises: tuple[tuple[Any, ...], bytes], to: str = NOBODY) -> None:
        vouchers, signatures = zip(*promises, strict=True)
        merchant = self._merchant.address
        settlement = (self._token, merchant, to, 0)
        self._merchant.send(
            self._suite.desk.functions.settle(settlement, vouchers, signatures, merchant, b"")
        )


def live(suite: Suite, anvil: Anvil, actor: Callable[[str], UnlockedSender], folder: Path) -> None:
    """Does it all; `folder` takes the files of the drop."""
    issuer, awarder, operator, member = map(actor, ("issuer", "awarder", "operator", "member"))
    friend, merchant = actor("outsider"), actor("new_admin")
    shop = suite.token("SHOP")
    members = Members(suite, merchant)

    def award(to, amount: int) -> None:
        awarder.send(shop.functions.award(to.address, amount, bytes(32)))

    _drop(suite, issuer, awarder, member, friend, folder)
    _charter(suite, issuer, member)
    award(member, 1_000)
    merchants.register(suite, operator, merchant.address, "Bakery").apply()
    issuer.send(suite.desk.functions.setGuarantee(shop.address, 100, 2))
    issuer.send(suite.desk.functions.setLimit(shop.address, merchant.address, 100))
    funds.fund(suite, operator, "SHOP", 10**8).apply()
    members.hold(member, 300, merchant.address)

    # What the friend sets aside is younger than the rest of the desk's account.
    anvil.move_to(SPRING)
    drops.close(suite.connection, friend, *claims_in(folder)).apply()
    award(friend, 600)
    members.hold(friend, 500)
    award(member, 100)
    members.hold(member, 1_000)
    members.settle(
        members.promise(friend, 150, shared=True), members.promise(member, 40, shared=False)
    )
    members.settle(members.promise(friend, 200, shared=True), to=suite.token("AIR").address)
    members.settle(members.promise(friend, 300, shared=True))

    for owner in (merchant.address, NOBODY):
        member.send(suite.desk.functions.release(shop.address, owner))
    anvil.move_to(NEXT_YEAR)
    for owner in (merchant.address, NOBODY):
        friend.send(suite.desk.functions.returnPurse(shop.address, member.address, owner))
    accounts = [member, friend, merchant, suite.drop, suite.desk]
    operator.send(shop.functions.sweep([account.address for account in accounts]))


def claims_in(folder: Path):
    return read_claims(folder / "claims.json")


def _drop(suite, issuer, awarder, member, friend, folder: Path) -> None:
    """A drop of 3.00 points, of which 1.00 is never claimed."""
    awards = folder / "awards.csv"
    awards.write_text(f"member,amount,ref,reason\n{member.address},2,a,x\n{friend.address},1,b,x\n")
    powers.grant(suite, issuer, "SHOP", roles.DISTRIBUTOR, suite.drop.address).apply()
    opening = drops.opening(suite, awarder, "SHOP", awards)
    opening.plan().apply()
    write_claims(folder / "claims.json", opening.drop, opening.place())
    claimed = drops.claim(suite.connection, friend, *claims_in(folder), member.address)
    claimed.apply()


def _charter(suite, issuer, member) -> None:
    """A reward of 0.50 points, by a charter that the issuer alone agreed on."""
    rule = Rule(packed_text("bottle returned"), "0.50", 1, 1, issuer.address)
    charter = Charter("SHOP", keccak(text="charter"), (issuer.address,), (rule,))
    agreement = Agreement(suite, charter)
    agreement.propose(issuer).apply()
    agreement.sign(issuer).apply()
    set_budget(suite, issuer, "SHOP", suite.charter.address, 1_000).apply()
    agreement.reward(issuer, 0, member.address, keccak(text="receipt")).apply()

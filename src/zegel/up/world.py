"""The demo world of `zegel up`: the record shop and its partners, up to last month.

It is the world of `zegel demo`, of some of the customers, with the months of the file moved to the
last months of the calendar. What happens in it follows from the file and a seed. Its issuers get
pictures and budgets besides, and a merchant takes points at a till.
"""

from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from eth_typing import ChecksumAddress

from zegel.admin import merchants, offline
from zegel.admin.funds import fund
from zegel.admin.limits import set_budget
from zegel.chain.anvil import Anvil
from zegel.chain.sending import UnlockedSender
from zegel.demo import run
from zegel.demo.purchases import Purchase, find_file, read_purchases
from zegel.demo.world import DAY, EURO, FUEL, SHOP, World, build
from zegel.up.emblems import EMBLEMS, contract_uri

_SEED = 1997

# A year's budget of each issuer, in whole points: enough for whoever tries things out.
_BUDGET = 1_000_000
# What one member may overspend at tills, and how many may have shared purses, in whole points.
_GUARANTEE, _PURSES = 100, 1_000
_LIMIT = 100

MERCHANT = "Vinyl Corner"


@dataclass(frozen=True)
class Accounts:
    """Who is who among Anvil's accounts. Their keys are public: for local chains only."""

    operator: ChecksumAddress
    issuers: dict[str, ChecksumAddress]
    merchant: ChecksumAddress
    till: ChecksumAddress
    relay: ChecksumAddress


def accounts(all_of_them: list[ChecksumAddress]) -> Accounts:
    """The accounts, from those that the node has."""
    operator, _, *others = all_of_them
    issuers = dict(zip(EMBLEMS, others, strict=False))
    merchant, till, relay = others[4:7]
    return Accounts(operator, issuers, merchant, till, relay)


def seed(
    anvil: Anvil, purchases: Sequence[Purchase], folder: Path, progress: Callable[[str], None]
) -> None:
    """Makes the world on a fresh chain; `folder` takes the address book."""
    world = build(anvil, folder, progress)
    _open(anvil, world, progress)
    total = sum(bool(purchase.cents) for purchase in purchases)

    def lived(so_far: run.Progress) -> None:
        progress(f"{so_far.month:%B %Y}: {so_far.awards:,} of {total:,} purchases")

    run.live(anvil, world, purchases, _SEED, lived)
    anvil.rpc("anvil_autoImpersonateAccount", False)
    anvil.rpc("evm_setAutomine", True)
    top_up(world, progress)


def begin(purchases: Sequence[Purchase]) -> int:
    """The second at which the chain begins: before the first purchase, so that all is deployed."""
    return run.start_of(purchases) - DAY


def recent(today: date, one_in: int) -> tuple[Purchase, ...]:
    """The purchases of some customers, as if they ended with the month before today's."""
    kept = [p for p in read_purchases(find_file()) if p.customer % one_in == 0]
    last = max(_month(purchase.day) for purchase in kept)
    shift = _month(today) - 1 - last
    return tuple(replace(purchase, day=_moved(purchase.day, shift)) for purchase in kept)


def _moved(day: date, months: int) -> date:
    year, month = divmod(_month(day) + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _month(day: date) -> int:
    return 12 * day.year + day.month - 1


def _open(anvil: Anvil, world: World, progress: Callable[[str], None]) -> None:
    """Pictures, budgets, a merchant with a till, and what issuers guarantee it."""
    suite = world.suite
    who = accounts(list(anvil.connection.web3.eth.accounts))
    merchant = UnlockedSender(suite.connection, who.merchant)
    merchants.register(suite, world.operator, who.merchant, MERCHANT).apply(progress)
    merchants.register_till(suite, merchant, who.till).apply(progress)
    for symbol, issuer in world.issuers.items():
        plan, sender = issuer.plan, issuer.issuer
        uri = contract_uri(plan.name, EMBLEMS[symbol])
        sender.send(issuer.token.functions.setContractURI(uri))
        if not plan.budget:
            limit = _BUDGET * plan.point
            set_budget(suite, sender, symbol, sender.address, limit, 366 * DAY).apply(progress)
        if symbol in (SHOP, FUEL):
            guaranteed = _GUARANTEE * plan.point
            offline.set_guarantee(suite, sender, symbol, guaranteed, _PURSES).apply(progress)
            limit = _LIMIT * plan.point
            offline.set_limit(suite, sender, symbol, who.merchant, limit).apply(progress)


def top_up(world: World, progress: Callable[[str], None]) -> None:
    """Fills the issuers' accounts again, so that there is money for conversions."""
    for symbol, issuer in world.issuers.items():
        fund(world.suite, issuer.issuer, symbol, issuer.plan.funds * EURO).apply(progress)

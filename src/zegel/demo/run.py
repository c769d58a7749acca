"""Lives through the months: awards, members, issuers, and the end of each month."""

import calendar
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timezone
from itertools import groupby
from random import Random

from zegel.award.batches import Batch, cut
from zegel.award.rows import Award, packed_text
from zegel.chain.anvil import Anvil
from zegel.chain.raw import call_data
from zegel.demo.blocks import GAS_LIMIT, Blocks
from zegel.demo.members import Members
from zegel.demo.purchases import Purchase
from zegel.demo.view import View
from zegel.demo.world import (
    AIRLINE,
    CENT,
    EURO,
    FUEL,
    PLANS,
    SHOP,
    STAFF,
    Issuer,
    World,
    member_address,
)
from zegel.report.checks import Evidence, Source

# Anvil's options: blocks as on the public chain, in the order of sending; and no old states, of
# which it would keep hundreds, while history is made.
BLOCKS = ("--order", "fifo", "--gas-limit", str(GAS_LIMIT))
ANVIL_OPTIONS = (*BLOCKS, "--prune-history")

_HOUR = 3600
# The last days of the shop's weeks; the last week goes on to the end of the month.
_WEEK_ENDS = (7, 14, 21, 31)
_SWEPT_AT_ONCE = 400
_SWEEP_GAS = 16_000_000

# How many quarters of a hundredth of the customers work for the employer.
_STAFF_SHARE = 200
_STAFF_AWARD = 40


@dataclass(frozen=True)
class Progress:
    """How far the demo is: the month, the awards made so far, and all transactions so far."""

    month: date
    awards: int
    transactions: int


@dataclass(frozen=True)
class Lived:
    """What the months leave to report on: the batches by token, what is known beside the chain, and
    the last block."""

    batches: dict[str, tuple[Batch, ...]]
    evidence: Evidence
    block: int
    transactions: int


def start_of(purchases: Sequence[Purchase]) -> int:
    """The first second of the month of the first purchase."""
    first = min(purchase.day for purchase in purchases)
    return _seconds(first.replace(day=1))


def first_months(purchases: Sequence[Purchase], months: int | None) -> tuple[Purchase, ...]:
    """The purchases of the first months, or all."""
    if months is None:
        return tuple(purchases)
    first = min(purchase.day for purchase in purchases)
    return tuple(p for p in purchases if _months_since(first, p.day) < months)


def live(
    anvil: Anvil,
    world: World,
    purchases: Sequence[Purchase],
    seed: int,
    progress: Callable[[Progress], None] = lambda _: None,
) -> Lived:
    """Awards every purchase in its week, and lets members and issuers act in between."""
    anvil.impersonate_all()
    anvil.rpc("evm_setAutomine", False)
    return _Life(anvil, world, purchases, seed, progress).run()


class _Life:
    def __init__(
        self,
        anvil: Anvil,
        world: World,
        purchases: Sequence[Purchase],
        seed: int,
        progress: Callable[[Progress], None],
    ) -> None:
        self._world = world
        self._purchases = purchases
        self._progress = progress
        self._chance = Random(seed)
        self._view = View(world)
        self._blocks = Blocks(anvil, world.contracts, self._view.take)
        self._members = Members(world, self._view, self._blocks, self._chance)
        self._addresses: dict[int, str] = {}
        self._batches: list[Batch] = []
        self._awarded = 0
        self._staff = self._choose_staff()
        self._staff_awards = Source(0, 0, 0)
        self._observed: dict[str, dict[int, int]] = {i.address: {} for i in self._issuers}

    @property
    def _issuers(self) -> Sequence[Issuer]:
        return tuple(self._world.issuers.values())

    def run(self) -> Lived:
        ordered = sorted(self._purchases, key=lambda p: (p.day, p.row))
        weeks = {
            week: list(bought) for week, bought in groupby(ordered, lambda p: _week_end(p.day))
        }
        months = _months(ordered[0].day, ordered[-1].day)
        self._view.take(self._blocks.past())
        for number, month in enumerate(months):
            self._begin_month(number, month)
            for week in _weeks(month):
                self._award(weeks.get(week, []), _seconds(week) + 20 * _HOUR, month)
                self._let_members_act(_seconds(week) + 21 * _HOUR)
            if month == months[-1]:
                self._sweep(_month_end(month) - _HOUR)
            self._end_month(month)
        return Lived(
            {self._world.issuers[SHOP].address: tuple(self._batches)},
            Evidence(sources=self._sources(), observed=self._observed),
            self._blocks.number,
            self._blocks.transactions,
        )

    def _award(self, purchases: Sequence[Purchase], now: int, month: date) -> None:
        """Awards a point a dollar; purchases of nothing earn nothing."""
        shop = self._world.issuers[SHOP]
        batches = cut([self._award_for(purchase) for purchase in purchases if purchase.cents])
        for batch in batches:
            self._blocks.add(shop.issuer.address, shop.token, _batch_data(shop, batch), batch.gas)
        self._blocks.mine(now)
        self._batches += batches
        self._awarded += sum(len(batch.awards) for batch in batches)
        self._progress(Progress(month, self._awarded, self._blocks.transactions))

    def _award_for(self, purchase: Purchase) -> Award:
        return Award(
            bytes.fromhex(self._address(purchase.customer)[2:]),
            purchase.cents,
            _reference(purchase),
            packed_text(f"purchase {purchase.day}"),
        )

    def _let_members_act(self, now: int) -> None:
        self._members.act(now)
        self._blocks.mine(now)

    # What issuers do in some months, at the first day's opening hour.

    def _begin_month(self, number: int, month: date) -> None:
        now = _seconds(month) + 9 * _HOUR
        if number:
            self._refill_accounts()
        if month.month % 3 == 1:
            self._award_staff(month)
        act = {
            1: self._correct_an_award,
            2: self._refund_a_redemption,
            3: self._recover_a_member,
            4: self._announce_prices,
            11: self._campaign,
            12: self._withdraw,
            13: self._set_prices,
        }.get(number)
        if act:
            act(now)
        self._blocks.mine(now)

    def _refill_accounts(self) -> None:
        money, exchange = self._world.suite.settlement_token, self._world.exchange
        for issuer in self._issuers:
            funds = issuer.plan.funds * EURO
            missing = funds - self._view.account(issuer)
            if missing > funds // 2:
                who = issuer.issuer.address
                self._blocks.add(who, money, call_data(money, "mint", who, missing))
                approve = call_data(money, "approve", exchange.address, missing)
                self._blocks.add(who, money, approve)
                fund = call_data(exchange, "fund", issuer.address, missing)
                self._blocks.add(who, exchange, fund)

    def _award_staff(self, month: date) -> None:
        employer = self._world.issuers[STAFF]
        amount = _STAFF_AWARD * employer.plan.point
        quarter = packed_text(f"bonus {month.year}-Q{month.month // 3 + 1}")
        for customer in self._staff:
            self._issue(employer, "award", self._address(customer), amount, quarter)
        before = self._staff_awards
        count = len(self._staff)
        self._staff_awards = Source(before.rows + count, 0, before.total + count * amount)

    def _correct_an_award(self, now: int) -> None:
        """A customer sends CDs back: their points go."""
        shop = self._world.issuers[SHOP]
        ledger = self._view.ledger(shop)
        returned = next(
            purchase
            for purchase in self._purchases
            if purchase.cents
            and _seconds(purchase.day) < now
            and ledger.balance(self._address(purchase.customer), now) >= purchase.cents
        )
        member = self._address(returned.customer)
        reason = packed_text("returned")
        self._issue(shop, "correct", member, returned.cents, _reference(returned), reason)

    def _refund_a_redemption(self, _: int) -> None:
        """A reward was out of stock: its points come back, as old as they were."""
        shop = self._world.issuers[SHOP]
        last = next(
            (r for r in reversed(self._view.redemptions) if r.contract == shop.address), None
        )
        if last is not None:
            self._issue(shop, "refund", last.member, last.lots, last.ref)

    def _recover_a_member(self, now: int) -> None:
        """The member with the most points has lost a phone."""
        shop = self._world.issuers[SHOP]
        ledger = self._view.ledger(shop)
        customers = {self._address(p.customer): p.customer for p in self._purchases}
        member = max(customers, key=lambda member: ledger.balance(member, now))
        new = member_address(customers[member], phone=2)

        self._issue(shop, "freeze", member, packed_text("lost phone"))
        self._blocks.mine(now - _HOUR)
        recover = call_data(shop.token, "recover", member, new, packed_text("new phone"))
        self._blocks.add(shop.desk.address, shop.token, recover)
        self._addresses[customers[member]] = new
        self._members.frozen.add(member)

    def _announce_prices(self, _: int) -> None:
        """The airline's miles become dearer; it must say so two weeks before."""
        plan = PLANS[AIRLINE]
        self._set(AIRLINE, plan.bid * 105 // 100, plan.ask * 108 // 100)

    def _set_prices(self, _: int) -> None:
        """The record shop pays a little less for its points, at once."""
        plan = PLANS[SHOP]
        self._set(SHOP, plan.bid * 95 // 100, plan.ask)

    def _set(self, symbol: str, bid: int, ask: int) -> None:
        issuer, exchange = self._world.issuers[symbol], self._world.exchange
        data = call_data(exchange, "setPrices", issuer.address, bid, ask)
        self._blocks.add(issuer.issuer.address, exchange, data)

    def _campaign(self, now: int) -> None:
        """For a month the fuel card is cheaper for the record shop's members."""
        fuel, shop, exchange = (
            self._world.issuers[FUEL],
            self._world.issuers[SHOP],
            self._world.exchange,
        )
        ask, until = 46 * CENT // 100, now + 30 * 24 * _HOUR
        data = call_data(
            exchange, "setTerms", fuel.address, shop.address, ask, now, until, int(False)
        )
        self._blocks.add(fuel.issuer.address, exchange, data)

    def _withdraw(self, _: int) -> None:
        """The airline takes out what it has earned, and the network its fees."""
        airline, exchange = self._world.issuers[AIRLINE], self._world.exchange
        earned = self._view.account(airline) - airline.plan.funds * EURO
        who = airline.issuer.address
        if earned > EURO:
            data = call_data(exchange, "withdraw", airline.address, who, earned // EURO * EURO)
            self._blocks.add(who, exchange, data)
        data = call_data(exchange, "withdrawFees")
        self._blocks.add(self._world.operator.address, exchange, data)

    def _sweep(self, now: int) -> None:
        """Announces all points that have expired, so that the events tell of them too."""
        for issuer in self._issuers:
            members = self._view.ledger(issuer).unannounced(now)
            for start in range(0, len(members), _SWEPT_AT_ONCE):
                some = members[start : start + _SWEPT_AT_ONCE]
                data = call_data(issuer.token, "sweep", 32, len(some), *some)
                self._blocks.add(self._world.operator.address, issuer.token, data, _SWEEP_GAS)
        self._blocks.mine(now)

    def _end_month(self, month: date) -> None:
        end = _month_end(month)
        self._blocks.mine_at(end)
        for token, supply in self._view.total_supplies(self._blocks.number).items():
            self._observed[token][end] = supply

    def _issue(self, issuer: Issuer, function: str, *arguments: int | str | bytes) -> None:
        data = call_data(issuer.token, function, *arguments)
        self._blocks.add(issuer.issuer.address, issuer.token, data)

    def _sources(self) -> dict[str, Source]:
        empty = sum(not purchase.cents for purchase in self._purchases)
        cents = sum(purchase.cents for purchase in self._purchases)
        own = {
            SHOP: Source(len(self._purchases), empty, cents),
            STAFF: self._staff_awards,
        }
        none = Source(0, 0, 0)
        return {i.address: own.get(i.plan.symbol, none) for i in self._issuers}

    def _choose_staff(self) -> list[int]:
        customers = sorted({purchase.customer for purchase in self._purchases})
        return sorted(self._chance.sample(customers, -(-len(customers) // _STAFF_SHARE)))

    def _address(self, customer: int) -> str:
        if customer not in self._addresses:
            self._addresses[customer] = member_address(customer)
        return self._addresses[customer]


def _batch_data(shop: Issuer, batch: Batch) -> str:
    words = batch.words
    return call_data(shop.token, "awardBatch", batch.id, 64, len(words), *words)


def _reference(purchase: Purchase) -> bytes:
    """The row's number makes equal purchases differ."""
    return packed_text(f"cdnow-{purchase.row:05d}")


def _seconds(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=timezone.utc).timestamp())


def _months_since(first: date, day: date) -> int:
    return 12 * (day.year - first.year) + day.month - first.month


def _months(first: date, last: date) -> list[date]:
    """The first days of all months from one day to another."""
    start = 12 * first.year + first.month - 1
    return [
        date(month // 12, month % 12 + 1, 1)
        for month in range(start, start + _months_since(first, last) + 1)
    ]


def _weeks(month: date) -> list[date]:
    """The last days of a month's weeks."""
    return [month.replace(day=min(end, _last_day(month))) for end in _WEEK_ENDS]


def _last_day(month: date) -> int:
    return calendar.monthrange(month.year, month.month)[1]


def _week_end(day: date) -> date:
    """The last day of a purchase's week, within its month."""
    end = next(end for end in _WEEK_ENDS if day.day <= end)
    return day.replace(day=min(end, _last_day(day)))


def _month_end(month: date) -> int:
    """The last second of a month."""
    return _seconds(month.replace(day=_last_day(month))) + 24 * _HOUR - 1

"""What members do on a day: redeem, send, convert, buy and sell points. Chosen by a seed.

Nobody does more than one thing a day or receives points on the day of doing one, so the order of a
day's transactions changes nothing. And nobody tries what must fail: members see the prices, the
issuers' accounts and the daily limits, as everyone can.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from random import Random

from zegel.award.rows import packed_text
from zegel.chain.raw import call_data
from zegel.demo.blocks import Blocks
from zegel.demo.view import View
from zegel.demo.world import AIRLINE, EURO, FUEL, SHOP, STAFF, Issuer, World

# Rewards of the shops, in whole points.
_REWARDS = {SHOP: (25, 50, 100, 200), AIRLINE: (20, 50, 150), FUEL: (20, 50, 100), STAFF: (2, 5)}

# Of ten thousand members of a program, those who consider it on a day.
_REDEEM = {SHOP: 100, AIRLINE: 120, FUEL: 300, STAFF: 250}
_SEND = {SHOP: 20, AIRLINE: 40, FUEL: 40}
_CONVERT = {
    (SHOP, AIRLINE): 40,
    (SHOP, FUEL): 30,
    (SHOP, STAFF): 10,
    (AIRLINE, SHOP): 80,
    (AIRLINE, FUEL): 40,
    (FUEL, SHOP): 100,
    (FUEL, AIRLINE): 40,
    (STAFF, SHOP): 80,
    (STAFF, AIRLINE): 60,
}
_CASH_OUT = {STAFF: 80}
_TOP_UP = {SHOP: 1, AIRLINE: 10}

# The least that a member thinks worth converting or sending, in whole points.
_LEAST = {SHOP: 20, AIRLINE: 15, FUEL: 15, STAFF: 2}

_SHARES = 10_000

_LIMITLESS = 2**96

_TOP_UPS = (1 * EURO, 2 * EURO, 5 * EURO)


@dataclass
class _Room:
    """The money that may still move out of and into an account on this day."""

    out: int
    into: int


class Members:
    """All members. `frozen` can do nothing, and nobody sends them points."""

    def __init__(self, world: World, view: View, blocks: Blocks, chance: Random) -> None:
        self._world, self._view, self._blocks, self._chance = world, view, blocks, chance
        self._rooms: dict[str, _Room] = {}
        self._busy: set[str] = set()
        self._sales = 0
        self.frozen: set[str] = set()

    def act(self, now: int) -> None:
        """Adds a day's transactions to the next blocks."""
        issuers = self._world.issuers
        self._busy = set(self.frozen)
        self._rooms = {symbol: self._room(issuer) for symbol, issuer in issuers.items()}

        for symbol, share in _REDEEM.items():
            self._some(issuers[symbol], share, now, partial(self._redeem, issuers[symbol]))
        for symbol, share in _SEND.items():
            self._some(issuers[symbol], share, now, partial(self._send, issuers[symbol]))
        for (source, target), share in _CONVERT.items():
            convert = partial(self._convert, issuers[source], issuers[target])
            self._some(issuers[source], share, now, convert)
        for symbol, share in _CASH_OUT.items():
            self._some(issuers[symbol], share, now, partial(self._convert, issuers[symbol], None))
        for symbol, share in _TOP_UP.items():
            self._some(issuers[symbol], share, now, partial(self._top_up, issuers[symbol]))

    def _some(
        self, issuer: Issuer, share: int, now: int, act: Callable[[str, int, int], bool]
    ) -> None:
        """Lets a share of a program's members act, as far as they can."""
        members = list(self._view.ledger(issuer).members)
        if not members:
            return
        count = min(len(members), max(1, len(members) * share // _SHARES))
        for member in self._chance.sample(members, count):
            if member in self._busy:
                continue
            balance = self._view.ledger(issuer).balance(member, now)
            if act(member, balance, now):
                self._busy.add(member)

    def _redeem(self, issuer: Issuer, member: str, balance: int, _: int) -> bool:
        point = issuer.plan.point
        rewards = [r for r in _REWARDS[issuer.plan.symbol] if r * point <= balance]
        if not rewards:
            return False
        self._sales += 1
        sale = packed_text(f"{issuer.plan.symbol.lower()}-sale-{self._sales:06d}")
        amount = self._chance.choice(rewards) * point
        self._call(member, issuer, "redeem", amount, sale)
        return True

    def _send(self, issuer: Issuer, member: str, balance: int, _: int) -> bool:
        amount = balance * self._chance.randint(10, 60) // 100
        friend = self._chance.choice(list(self._view.ledger(issuer).members))
        least = _LEAST[issuer.plan.symbol] * issuer.plan.point
        if amount < least or friend == member or friend in self._busy:
            return False
        self._busy.add(friend)
        self._call(member, issuer, "transfer", friend, amount)
        return True

    def _convert(
        self, source: Issuer, target: Issuer | None, member: str, balance: int, now: int
    ) -> bool:
        """Into another program's points, or into money if `target` is None."""
        point = source.plan.point
        amount = balance * self._chance.randint(30, 100) // 100 // point * point
        if amount < _LEAST[source.plan.symbol] * point:
            return False
        to = target.address if target else self._world.money
        out, value, fee = self._view.quote(source.address, to, amount, now)
        into = self._rooms[target.plan.symbol] if target else None
        room = self._rooms[source.plan.symbol]
        if out == 0 or value > room.out or (into and value - fee > into.into):
            return False
        room.out -= value
        if into:
            into.into -= value - fee
        self._exchange(member, source.address, to, amount, out, now)
        return True

    def _top_up(self, issuer: Issuer, member: str, _: int, now: int) -> bool:
        amount = self._chance.choice(_TOP_UPS)
        money = self._world.suite.settlement_token
        out, value, fee = self._view.quote(self._world.money, issuer.address, amount, now)
        room = self._rooms[issuer.plan.symbol]
        if value - fee > room.into:
            return False
        room.into -= value - fee
        exchange = self._world.exchange.address
        self._blocks.add(member, money, call_data(money, "mint", member, amount))
        self._blocks.add(member, money, call_data(money, "approve", exchange, amount))
        self._exchange(member, self._world.money, issuer.address, amount, out, now)
        return True

    def _exchange(
        self, member: str, source: str, target: str, amount: int, out: int, now: int
    ) -> None:
        exchange = self._world.exchange
        # The outcome is known to the unit, so the member accepts no less, for an hour.
        deadline = now + 3600
        data = call_data(exchange, "convert", source, target, amount, out, member, deadline)
        self._blocks.add(member, exchange, data)

    def _call(
        self, member: str, issuer: Issuer, function: str, *arguments: int | str | bytes
    ) -> None:
        self._blocks.add(member, issuer.token, call_data(issuer.token, function, *arguments))

    def _room(self, issuer: Issuer) -> _Room:
        account = self._view.account(issuer)
        out, into = (int(limit) * EURO for limit in (issuer.plan.daily_out, issuer.plan.daily_in))
        return _Room(min(account, out or account), into or _LIMITLESS)

"""Prices as they were posted, and what each conversion must have given by them.

Prices are in trillionths of one settlement token per point. A conversion of `amount` is worth
`value = amount x bid`, of which the network keeps its fee; the rest buys `out = rest / ask`. Every
division rounds down, the fee up.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from zegel.chain import events as e

# The settlement token counts as a program whose bid and ask are 1.
PAR = 10**12

_MILLION = 1_000_000


class Prices(NamedTuple):
    """What an issuer pays for one of its points, and what it charges."""

    bid: int
    ask: int


class Outcome(NamedTuple):
    """What a conversion gives, what leaves the source's account, and what the network keeps."""

    out: int
    value: int
    fee: int


_MONEY = Prices(PAR, PAR)


@dataclass
class PriceBook:
    """All posted prices, as far as the events have been taken in.

    `decimals` are those of each token, the settlement token (`money`) included.
    """

    money: str
    decimals: dict[str, int]
    fee: int
    prices: dict[str, Prices] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    terms: dict[tuple[str, str], e.Terms] = field(default_factory=dict)
    _last_fee: e.FeeTaken | None = None

    def apply(self, event: e.Event) -> None:
        """Takes in an event of the exchange."""
        if isinstance(event, e.PricesSet):
            self.prices[event.program] = Prices(event.new_bid, event.new_ask)
            self.versions[event.program] = event.version
        elif isinstance(event, e.TermsSet):
            self.terms[event.program, event.partner] = event.new_terms
            self.versions[event.program] = event.version
        elif isinstance(event, e.FeeTaken):
            self._last_fee = event

    def confirms(self, event: e.Converted) -> bool:
        """Whether a conversion used the prices in force, and came out as they say."""
        versions = (self._version(event.source), self._version(event.target))
        if versions != (event.source_version, event.target_version):
            return False
        expected = self.outcome(event.source, event.target, event.amount, event.timestamp)
        return expected == Outcome(event.out, event.value, self._fee_of(event))

    def outcome(self, source: str, target: str, amount: int, timestamp: int) -> Outcome:
        """What a conversion gives at a time."""
        unit = 10 ** self.decimals[self.money]
        value = amount * self._bid(source) * unit // (PAR * 10 ** self.decimals[source])
        fee = -(-value * self.fee // _MILLION)
        ask = self._ask(source, target, timestamp)
        out = (value - fee) * PAR * 10 ** self.decimals[target] // (ask * unit)
        return Outcome(out, value, fee)

    def _fee_of(self, event: e.Converted) -> int:
        """The fee of a conversion, from the event before it; there is none without a fee."""
        fee, self._last_fee = self._last_fee, None
        if fee is None or fee.transaction != event.transaction:
            return 0
        return fee.amount if (fee.source, fee.target) == (event.source, event.target) else -1

    def _bid(self, source: str) -> int:
        return (_MONEY if source == self.money else self.prices[source]).bid

    def _ask(self, source: str, target: str, timestamp: int) -> int:
        if target == self.money:
            return _MONEY.ask
        bid, ask = self.prices[target]
        terms = self.terms.get((target, source))
        if terms is None or not terms.valid_from <= timestamp < terms.valid_until:
            return ask
        return max(terms.ask, bid) if terms.ask else ask

    def _version(self, token: str) -> int:
        return self.versions.get(token, 0)

"""What a point was worth at any second, by the prices that its issuer had posted."""

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import Connection, select

from zegel.index import schema
from zegel.ledger.prices import PAR, Prices
from zegel.report.figures import Program

NO_PRICES = Prices(0, 0)


@dataclass(frozen=True)
class Posted:
    """The prices that hold for everyone, by program; each from a second on."""

    money_decimals: int
    since: dict[str, list[int]]
    prices: dict[str, list[Prices]]

    def at(self, token: str, timestamp: int) -> Prices:
        place = bisect_right(self.since.get(token, []), timestamp)
        return self.prices[token][place - 1] if place else NO_PRICES

    def bid(self, program: Program, points: int, timestamp: int) -> int:
        """What the issuer would have paid for points, rounded down as conversions are."""
        return valued(points, self.at(program.token, timestamp).bid, program, self.money_decimals)


def read_posted(database: Connection, money_decimals: int) -> Posted:
    prices = schema.prices
    rows = database.execute(
        select(prices.c.program, prices.c.since, prices.c.bid, prices.c.ask)
        .where(prices.c.partner.is_(None))
        .order_by(prices.c.since, prices.c.block, prices.c.log)
    )
    since: dict[str, list[int]] = defaultdict(list)
    values: dict[str, list[Prices]] = defaultdict(list)
    for program, start, bid, ask in rows:
        since[program].append(start)
        values[program].append(Prices(bid, ask))
    return Posted(money_decimals, dict(since), dict(values))


def valued(points: int, price: int, program: Program, money_decimals: int) -> int:
    """Points at a price in trillionths of a settlement token per point, rounded down."""
    return int(points * price * 10**money_decimals // (PAR * 10**program.decimals))

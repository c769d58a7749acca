"""Rows of the index, made by hand: a small network in a database, kept in double entry.

    book = Rows(engine)
    shop = book.program("SHOP", decimals=2, months=3, lifetime=4)
    book.at(second("2026-01-07"))
    book.award(shop, MEMBER, 10_000, ref=text_ref("sale-1"))
    book.write()

Every act stands in a block of its own. Spending takes the oldest points first, and points are gone
when their time comes; `announce` tells of it, as the contracts do, later or never.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from sqlalchemy import Engine, create_engine, insert
from sqlalchemy.pool import StaticPool

from zegel.award.rows import packed_text
from zegel.index import schema
from zegel.index.schema import FREE
from zegel.ledger.epochs import Epochs

START = 1_767_225_600  # 1 January 2026
DAY = 86_400
REGISTRY, EXCHANGE, DESK, EURO, ISSUER = ("0x" + digit * 40 for digit in "9abcd")
CHARTER, DROPS = "0x" + "e" * 40, "0x" + "f" * 40


def member(number: int) -> str:
    return f"0x{number:040x}"


def text_ref(text: str) -> str:
    return "0x" + packed_text(text).hex()


def in_memory() -> Engine:
    return create_engine(
        "sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False}
    )


@dataclass
class Rows:
    """The book of one network; `engine` is where its rows go."""

    engine: Engine = field(default_factory=in_memory)
    money_symbol: str = "EURC"
    money_decimals: int = 6
    now: int = START
    block: int = 0
    log: int = 0
    rows: dict[str, list[dict]] = field(default_factory=lambda: defaultdict(list))
    epochs: dict[str, Epochs] = field(default_factory=dict)
    held: dict[tuple[str, str, str], dict[int, int]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(int))
    )
    versions: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def __post_init__(self) -> None:
        schema.tables.create_all(self.engine)
        self._add(
            "about",
            version=schema.VERSION,
            chain_id=31337,
            genesis="0x" + 64 * "0",
            registry=REGISTRY,
            exchange=EXCHANGE,
            desk=DESK,
            drops=DROPS,
            charters=CHARTER,
            first_block=0,
            money=EURO,
            money_symbol=self.money_symbol,
            money_decimals=self.money_decimals,
        )
        self._block()

    def write(self) -> "Rows":
        with self.engine.begin() as database:
            for table in schema.tables.sorted_tables:
                if self.rows[table.name]:
                    database.execute(insert(table), self.rows.pop(table.name))
        return self

    # Time and places.

    def at(self, second: int) -> "Rows":
        assert second >= self.now, "time goes on"
        self.now = second
        return self

    def tick(self) -> None:
        """A block in which nothing happens."""
        self._block()

    @property
    def transaction(self) -> str:
        return f"0x{self.block:064x}"

    # Programs, names and prices.

    def program(
        self,
        symbol: str,
        *,
        decimals: int = 2,
        months: int = 3,
        lifetime: int = 4,
        issuer: str = ISSUER,
        name: str | None = None,
    ) -> str:
        token = "0x" + f"{len(self.epochs) + 1:x}" * 40
        self._block()
        self.epochs[token] = Epochs(months, lifetime, self.now)
        self._add(
            "programs",
            **self._place(),
            token=token,
            issuer=issuer,
            exchange=EXCHANGE,
            desk=DESK,
            symbol=symbol,
            name=name or f"{symbol} points",
            decimals=decimals,
            months_per_epoch=months,
            lifetime=lifetime,
            created=self.now,
        )
        return token

    def event(self, kind: str, event: str, contract: str = REGISTRY, **arguments) -> None:
        self._block()
        self._event_row(self._place(), kind, event, contract, arguments)

    def merchant(self, address: str, name: str) -> None:
        self.event(
            "IssuerRegistry", "MerchantRegistered", merchant=address, operator=ISSUER, name=name
        )

    def set_prices(self, token: str, bid: int, ask: int) -> None:
        self._block()
        self.versions[token] += 1
        self._add(
            "prices",
            **self._place(),
            program=token,
            partner=None,
            version=self.versions[token],
            bid=bid,
            ask=ask,
            closed=0,
            since=self.now,
            until=None,
        )

    # Points.

    def award(self, token: str, who: str, amount: int, ref: str | None = None) -> None:
        self._block()
        self._create(token, who, "awarded", amount, ref=ref)

    def award_batch(self, token: str, batch: str, awards: dict[str, int]) -> None:
        self._block()
        for who, amount in awards.items():
            self._create(token, who, "awarded", amount, ref=batch)
        told = {"batchId": batch, "count": len(awards), "total": sum(awards.values())}
        self._event_row(self._place(), "PointToken", "BatchAwarded", token, told)

    def guarantee(self, token: str, merchant: str, amount: int) -> None:
        self._block()
        self._create(token, merchant, "guaranteed", amount)

    def redeem(self, token: str, who: str, amount: int, ref: str | None = None) -> list:
        self._block()
        return self._take(token, who, "redeemed", amount, ref=ref)

    def correct(self, token: str, who: str, amount: int, ref: str | None = None) -> list:
        self._block()
        return self._take(token, who, "corrected", amount, ref=ref)

    def refund(self, token: str, who: str, lots: list, ref: str | None = None) -> None:
        """Gives lots back in their old generations; those that expired since are lost."""
        self._block()
        place = self._place()
        for lot, (generation, amount) in enumerate(lots):
            if self.epochs[token].expiry(generation) > self.now:
                self._move(place, lot, token, who, FREE, generation, "refunded", amount, ref=ref)

    def send(self, token: str, who: str, to: str, amount: int) -> None:
        self._block()
        self._hand_over(token, (who, FREE), (to, FREE), ("sent", "received"), amount)

    def hold(self, token: str, who: str, merchant: str, amount: int) -> None:
        self._block()
        self._hand_over(token, (who, FREE), (who, merchant), ("held", "held"), amount)

    def pay(self, token: str, who: str, merchant: str, amount: int) -> None:
        self._block()
        self._hand_over(token, (who, merchant), (merchant, FREE), ("paid", "paid"), amount)

    def claim(self, token: str, drop: str, who: str, amount: int, ref: str | None = None) -> None:
        self._block()
        self._hand_over(token, (drop, FREE), (who, FREE), ("claimed", "claimed"), amount, ref)

    def announce(self, token: str, who: str) -> int:
        """Tells of a member's points whose time has come; how many there were."""
        self._block()
        place, total = self._place(), 0
        for (its, member_, purse), lots in list(self.held.items()):
            if (its, member_) != (token, who):
                continue
            for lot, (generation, amount) in enumerate(list(lots.items())):
                if amount and self.epochs[token].expiry(generation) <= self.now:
                    number = total and lot + 1
                    self._move(place, number, token, who, purse, generation, "expired", -amount)
                    total += amount
        return total

    def balance(self, token: str, who: str, now: int | None = None) -> int:
        """What a member can spend."""
        now = self.now if now is None else now
        lots = self.held[token, who, FREE]
        return sum(n for g, n in lots.items() if self.epochs[token].expiry(g) > now)

    # Money.

    def fund(self, token: str, amount: int, payer: str = ISSUER) -> None:
        self._block()
        self._money(self._place(), 0, token, "funded", amount, payer)

    def withdraw(self, token: str, amount: int) -> None:
        self._block()
        self._money(self._place(), 0, token, "withdrawn", -amount, ISSUER)

    def convert(
        self,
        source: str,
        target: str,
        who: str,
        *,
        amount: int,
        out: int,
        value: int,
        fee: int = 0,
    ) -> None:
        """Money in or out is `EURO` on one side."""
        self._block()
        if source != EURO:
            self._take(source, who, "converted out", amount, other=target)
        if target != EURO:
            self._create(target, who, "converted in", out, other=source)
        place = self._place()
        self._add(
            "conversions",
            **place,
            timestamp=self.now,
            transaction=self.transaction,
            member=who,
            source=source,
            target=target,
            recipient=who,
            amount=amount,
            out=out,
            value=value,
            fee=fee,
            source_version=self.versions[source],
            target_version=self.versions[target],
        )
        self._event_row(place, "PointExchange", "Converted", EXCHANGE, {})
        if source != EURO:
            self._money_row(place, 0, source, "paid", -value, target)
        if target != EURO:
            self._money_row(place, 1, target, "received", value - fee, source)
        if fee:
            self._money_row(place, 2, "fees", "fee", fee, source)

    # How rows are written.

    def _block(self) -> None:
        self.block += 1
        self.log = 0
        self._add(
            "blocks",
            number=self.block,
            hash=f"0x{self.block:060x}beef",
            parent=f"0x{self.block - 1:060x}beef",
            timestamp=self.now,
        )

    def _place(self) -> dict[str, int]:
        self.log += 1
        return {"block": self.block, "log": self.log}

    def _event_row(self, place: dict, kind: str, name: str, contract: str, arguments: dict) -> None:
        self._add(
            "events",
            **place,
            transaction=self.transaction,
            contract=contract,
            kind=kind,
            name=name,
            arguments=arguments,
        )

    def _create(self, token, who, kind, amount, *, ref=None, other=None) -> None:
        place = self._place()
        generation = self.epochs[token].at(self.now)
        self._move(place, 0, token, who, FREE, generation, kind, amount, other=other, ref=ref)

    def _take(self, token, who, kind, amount, *, purse=FREE, ref=None, other=None) -> list:
        place = self._place()
        lots = self._oldest(token, who, purse, amount)
        for lot, (generation, part) in enumerate(lots):
            self._move(place, lot, token, who, purse, generation, kind, -part, other=other, ref=ref)
        return lots

    def _hand_over(self, token, giver, taker, kinds, amount, ref=None) -> None:
        place = self._place()
        for number, (generation, part) in enumerate(self._oldest(token, *giver, amount)):
            for side, (who, purse), kind, sign, other in (
                (0, giver, kinds[0], -1, taker[0]),
                (1, taker, kinds[1], 1, giver[0]),
            ):
                lot = 2 * number + side
                self._move(place, lot, token, who, purse, generation, kind, sign * part, other, ref)

    def _oldest(self, token: str, who: str, purse: str, amount: int) -> list[tuple[int, int]]:
        lots = []
        for generation, there in sorted(self.held[token, who, purse].items()):
            part = min(there, amount)
            if part and self.epochs[token].expiry(generation) > self.now:
                lots.append((generation, part))
                amount -= part
        assert not amount, f"{who} is short of {amount}"
        return lots

    def _move(
        self, place, lot, token, who, purse, generation, kind, amount, other=None, ref=None
    ) -> None:
        self.held[token, who, purse][generation] += amount
        if not lot:
            self._event_row(place, "PointToken", "Transfer", token, {})
        self._add(
            "movements",
            **place,
            lot=lot,
            timestamp=self.now,
            token=token,
            member=who,
            purse=purse,
            generation=generation,
            kind=kind,
            amount=amount,
            other=other,
            ref=ref,
        )

    def _money(self, place, entry, program, kind, amount, other) -> None:
        self._event_row(place, "PointExchange", kind.capitalize(), EXCHANGE, {})
        self._money_row(place, entry, program, kind, amount, other)

    def _money_row(self, place, entry, program, kind, amount, other) -> None:
        self._add(
            "money",
            **place,
            entry=entry,
            timestamp=self.now,
            program=program,
            kind=kind,
            amount=amount,
            other=other,
        )

    def _add(self, table: str, **row) -> None:
        self.rows[table].append(row)

"""What a writer of the index keeps in mind: programs, and what waits. All of it is in the tables.

Accounts come and go: only those whose points move are loaded, for as long as a few blocks take.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Select, literal_column, select

from zegel.index import schema
from zegel.index.fetching import contracts_of
from zegel.index.network import About
from zegel.ledger.epochs import Epochs
from zegel.ledger.points import FREE, PointLedger

# A token and a member; in place of the member, all who have purses.
Account = tuple[str, str]
EVERYONE = "everyone"

_AT_ONCE = 500

# As the index of the same name has it.
_ANNOUNCING = "name IN ('PricesScheduled', 'ScheduledPricesCancelled', 'PricesSet')"


@dataclass
class State:
    """`kinds` are the contracts that are followed; `scheduled` are the seconds from which announced
    prices count, and `bids` those in force, by program."""

    kinds: dict[str, str]
    ledgers: dict[str, PointLedger] = field(default_factory=dict)
    desks: set[str] = field(default_factory=set)
    scheduled: dict[str, int] = field(default_factory=dict)
    bids: dict[str, int] = field(default_factory=dict)
    _loaded: set[tuple[Any, ...]] = field(default_factory=set)

    @classmethod
    def loaded(cls, connection: Connection, about: About) -> "State":
        """As it is after the last block that was read."""
        state = cls(dict(about.contracts), desks={about.desk})
        for row in connection.execute(select(schema.programs).order_by(schema.programs.c.block)):
            state.add_program(
                row.token,
                row.exchange,
                row.desk,
                row.months_per_epoch,
                row.lifetime,
                row.created,
            )
        state._load_prices(connection)
        return state

    def add_program(
        self, token: str, exchange: str, desk: str, months: int, lifetime: int, created: int
    ) -> None:
        for address, kind in contracts_of(token, exchange, desk):
            self.kinds.setdefault(address, kind)
        self.desks.add(desk)
        self.ledgers[token] = PointLedger(Epochs(months, lifetime, created), desk, self.desks)

    def load(self, connection: Connection, accounts: Iterable[Account]) -> None:
        """Brings accounts to mind: what the tables hold, and what came since they were written."""
        members: dict[str, list[str]] = {}
        for token, member in sorted(accounts):
            members.setdefault(token, []).append(member)
        balances = schema.balances.c
        for token, known in members.items():
            of_token = select(schema.balances).where(balances.token == token)
            if EVERYONE in known:
                self._keep(connection, token, of_token.where(balances.purse != FREE))
            for start in range(0, len(known), _AT_ONCE):
                some = known[start : start + _AT_ONCE]
                self._keep(connection, token, of_token.where(balances.member.in_(some)))

    def forget(self) -> None:
        """Lets go of all accounts, once the tables hold all that is known of them."""
        self._loaded.clear()
        for ledger in self.ledgers.values():
            ledger.accounts.clear()

    def _keep(self, connection: Connection, token: str, query: Select[Any]) -> None:
        ledger = self.ledgers.get(token)
        if ledger is None:
            return
        for row in connection.execute(query):
            _, member, purse, generation, amount = row
            key = (token, member, purse, generation)
            if key not in self._loaded:
                self._loaded.add(key)
                account = ledger.accounts.setdefault((member, purse), {})
                account[generation] = account.get(generation, 0) + amount

    def _load_prices(self, connection: Connection) -> None:
        events, prices = schema.events.c, schema.prices.c
        announcing = (
            select(events.name, events.arguments)
            .where(literal_column(f"({_ANNOUNCING})"))
            .order_by(events.block, events.log)
        )
        for name, told in connection.execute(announcing):
            if name == "PricesScheduled":
                self.scheduled[told["program"]] = int(told["effectiveAt"])
            else:
                self.scheduled.pop(told["program"], None)
        in_force = select(prices.program, prices.bid).where(
            prices.partner.is_(None), prices.until.is_(None)
        )
        for program, bid in connection.execute(in_force):
            self.bids[program] = bid

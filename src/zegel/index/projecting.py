"""What blocks say, as rows of all tables.

The rows follow from the logs, and from what stands in the tables already: programs, the accounts
whose points move, and prices that wait for their time.
"""

from collections.abc import Callable, Iterable
from typing import Any

from zegel.chain import events as e
from zegel.errors import Differs
from zegel.index.decoding import Decoded
from zegel.index.rows import Closing, Row, Rows
from zegel.index.state import EVERYONE, Account, State
from zegel.ledger.explaining import explained

# Fees are kept under this name among the programs' money.
FEES = "fees"


class Projector:
    """Makes rows of blocks. `state` goes along, so a projector whose rows were lost is useless."""

    def __init__(self, state: State) -> None:
        self.rows = Rows()
        self._state = state
        self._where = (0, 0)

    def project(self, blocks: Iterable[Decoded], load: Callable[[set[Account]], None]) -> None:
        """Adds the rows of some blocks. `load` brings accounts into the state."""
        tables = self.rows.tables
        places: list[int] = []
        events: list[e.Event] = []
        for block in blocks:
            tables["blocks"].append((block.number, block.hash, block.parent, block.timestamp))
            tables["events"] += block.events
            for program in block.programs:
                self._found(program)
            for name, place, *values in block.followed:
                places.append(place)
                events.append(e.BY_NAME[name](*values))
        if accounts := self._spending(events):
            load(accounts)
        for place, (event, why) in zip(places, explained(events), strict=True):
            self._take(place, event, why)
        self._check()

    def written(self) -> None:
        """Begins with new rows, once those that were there are in the tables."""
        self.rows = Rows()
        self._state.forget()

    def _found(self, program: Row) -> None:
        """Takes in a new program."""
        _, _, token, _, exchange, desk, _, _, _, months, lifetime, created = program
        self.rows.tables["programs"].append(program)
        self._state.add_program(token, exchange, desk, months, lifetime, created)

    def _spending(self, events: Iterable[e.Event]) -> set[Account]:
        """The accounts of which something may be taken, by token and member."""
        found: set[Account] = set()
        for event in events:
            if isinstance(event, e.Transfer):
                if event.sender != e.ZERO:
                    found.add((event.contract, event.sender))
            elif isinstance(event, e.Expired):
                # A desk's account is what all its purses hold.
                if event.member in self._state.desks:
                    found.add((event.contract, EVERYONE))
            elif isinstance(event, e.OF_DESK):
                found.add((event.token, event.member))
        return found

    def _take(self, place: int, event: e.Event, why: e.Event | None) -> None:
        self._where = event.block, place
        token = event.token if isinstance(event, e.OF_DESK) else event.contract
        ledger = self._state.ledgers.get(token)
        if ledger is not None:
            for lot, moved in enumerate(ledger.apply(event, why)):
                member, purse, generation, kind, amount, other, ref = moved
                self.rows.changes[token, member, purse, generation] += amount
                self.rows.tables["movements"].append(
                    (
                        event.block,
                        place,
                        lot,
                        event.timestamp,
                        token,
                        member,
                        purse,
                        generation,
                        kind,
                        amount,
                        other,
                        None if ref is None else "0x" + ref.hex(),
                    )
                )
        handler = _HANDLERS.get(type(event))
        if handler is not None:
            handler(self, event, why)

    def _convert(self, event: e.Converted, why: e.Event | None) -> None:
        fee = why.amount if isinstance(why, e.FeeTaken) else 0
        self._add(
            "conversions",
            event.timestamp,
            event.transaction,
            event.member,
            event.source,
            event.target,
            event.recipient,
            event.amount,
            event.out,
            event.value,
            fee,
            event.source_version,
            event.target_version,
        )
        entries = (
            (event.source, "paid", -event.value, event.target),
            (event.target, "received", event.value - fee, event.source),
        )
        # Money itself has no account.
        programs = self._state.ledgers
        self._enter(event, *(entry for entry in entries if entry[0] in programs))

    def _charge(self, event: e.FeeTaken, _: e.Event | None) -> None:
        self._enter(event, (FEES, "fee", event.amount, event.source))

    def _fund(self, event: e.Funded, _: e.Event | None) -> None:
        self._enter(event, (event.program, "funded", event.amount, event.payer))

    def _withdraw(self, event: e.Withdrawn, _: e.Event | None) -> None:
        self._enter(event, (event.program, "withdrawn", -event.amount, event.recipient))

    def _pay_fees(self, event: e.FeesWithdrawn, _: e.Event | None) -> None:
        self._enter(event, (FEES, "withdrawn", -event.amount, event.recipient))

    def _schedule(self, event: e.PricesScheduled, _: e.Event | None) -> None:
        self._state.scheduled[event.program] = event.effective_at

    def _cancel(self, event: e.ScheduledPricesCancelled, _: e.Event | None) -> None:
        self._state.scheduled.pop(event.program, None)

    def _price(self, event: e.PricesSet, _: e.Event | None) -> None:
        # Prices that were announced count from their second on; the chain writes them down later.
        since = min(self._state.scheduled.pop(event.program, event.timestamp), event.timestamp)
        self._state.bids[event.program] = event.new_bid
        self._close(event.program, None, since)
        self._add(
            "prices",
            event.program,
            None,
            event.version,
            event.new_bid,
            event.new_ask,
            0,
            since,
            None,
        )

    def _agree(self, event: e.TermsSet, _: e.Event | None) -> None:
        terms = event.new_terms
        self._close(event.program, event.partner, event.timestamp)
        if terms.valid_until > event.timestamp:
            self._add(
                "prices",
                event.program,
                event.partner,
                event.version,
                self._state.bids.get(event.program, 0),
                terms.ask,
                terms.closed,
                max(terms.valid_from, event.timestamp),
                terms.valid_until,
            )

    def _settle(self, event: e.VoucherSettled, why: e.Event | None) -> None:
        short = why if isinstance(why, e.Overspent) else None
        self._add(
            "vouchers",
            event.contract,
            event.token,
            event.member,
            event.merchant,
            event.till,
            event.serial,
            event.amount,
            short.guaranteed if short else 0,
            short.unpaid if short else 0,
        )

    def _enter(self, event: e.Event, *entries: tuple[str, str, int, str]) -> None:
        """Money that moves with an event."""
        for number, entry in enumerate(entries):
            self._add("money", number, event.timestamp, *entry)

    def _close(self, program: str, partner: str | None, since: int) -> None:
        self.rows.closing.append(Closing(*self._where, program, partner, since))

    def _add(self, table: str, *values: Any) -> None:
        row: Row = (*self._where, *values)
        self.rows.tables[table].append(row)

    def _check(self) -> None:
        """Events that contradict those before them cannot be all that the contracts told."""
        for ledger in self._state.ledgers.values():
            if ledger.contradictions:
                raise Differs(
                    f"an event contradicts those before it: {ledger.contradictions[0]}. "
                    "Name another node, or begin a new database"
                )


_HANDLERS: dict[type[e.Event], Callable[[Projector, Any, e.Event | None], None]] = {
    e.Converted: Projector._convert,
    e.FeeTaken: Projector._charge,
    e.Funded: Projector._fund,
    e.Withdrawn: Projector._withdraw,
    e.FeesWithdrawn: Projector._pay_fees,
    e.PricesScheduled: Projector._schedule,
    e.ScheduledPricesCancelled: Projector._cancel,
    e.PricesSet: Projector._price,
    e.TermsSet: Projector._agree,
    e.VoucherSettled: Projector._settle,
}

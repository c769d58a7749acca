"""A short story of two programs, as events, and the chain as it stands at its end.

A record shop (2 decimals, quarters, four of them) and an airline (0 decimals, years, two of them):
awards, a redemption and its refund, a sending, a conversion, a correction, an expiry.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timezone

from zegel.chain import events as e
from zegel.ledger.epochs import Epochs
from zegel.report.checks import Check, Evidence, Source, checks
from zegel.report.compile import Report
from zegel.report.figures import Figures, Money, Program, collect
from zegel.report.proofs import Proofs
from zegel.report.state import ChainState, ProgramState

SHOP, AIR, EURO, EXCHANGE = ("0x" + digit * 40 for digit in "abcd")
MEMBER, FRIEND, ISSUER = ("0x" + digit * 40 for digit in "123")
REF = b"sale-1".ljust(32, b"\0")
BATCH = bytes(31) + b"\x01"


def second(year: int, month: int, day: int = 1) -> int:
    return int(datetime(year, month, day, tzinfo=timezone.utc).timestamp())


START, END = second(1997, 1), second(1998, 2, 28)
PROGRAMS = (
    Program(SHOP, "SHOP", "Record Shop", 2, Epochs(3, 4, START)),
    Program(AIR, "AIR", "Air Miles", 0, Epochs(12, 2, START)),
)
MONEY = Money(EURO, "EUR", 6, 1000)

# 7,000 and 5,500 hundredths of a point of the first quarter, which are gone after a year; 300 of
# the second.
OUTSTANDING = {second(1998, 4): 300}
EXPIRED = 12_500


class Teller:
    """Tells events one transaction after another, each in a block of its own."""

    def __init__(self) -> None:
        self.events: list[e.Event] = []

    def tell(self, time: int, *events: tuple[type[e.Event], str, tuple]) -> None:
        block = self.events[-1].block + 1 if self.events else 1
        for kind, contract, values in events:
            self.events.append(kind(contract, block, time, f"0x{block:064x}", *values))


def story() -> list[e.Event]:
    teller = Teller()
    tell = teller.tell
    lots = 2_500 | 1 << 192
    tell(START, (e.PricesSet, EXCHANGE, (SHOP, 0, 0, 8 * 10**9, 10**10, 1)))
    tell(START, (e.PricesSet, EXCHANGE, (AIR, 0, 0, 6 * 10**9, 75 * 10**8, 1)))
    tell(START, (e.Funded, EXCHANGE, (SHOP, ISSUER, 100_000_000)))
    tell(START, (e.Funded, EXCHANGE, (AIR, ISSUER, 50_000_000)))
    tell(
        second(1997, 1, 7),
        (e.Transfer, SHOP, (e.ZERO, MEMBER, 10_000)),
        (e.Transfer, SHOP, (e.ZERO, FRIEND, 5_000)),
        (e.BatchAwarded, SHOP, (ISSUER, BATCH, 2, 15_000)),
    )
    tell(
        second(1997, 2, 1),
        (e.Transfer, SHOP, (MEMBER, e.ZERO, 2_500)),
        (e.Redeemed, SHOP, (MEMBER, REF, 2_500, lots)),
    )
    tell(second(1997, 2, 2), (e.Transfer, SHOP, (MEMBER, FRIEND, 1_000)))
    tell(
        second(1997, 2, 3),
        (e.FeeTaken, EXCHANGE, (SHOP, AIR, 160)),
        (e.Converted, EXCHANGE, (MEMBER, SHOP, AIR, MEMBER, 2_000, 21, 160_000, 1, 1)),
        (e.Transfer, SHOP, (MEMBER, e.ZERO, 2_000)),
        (e.Transfer, AIR, (e.ZERO, MEMBER, 21)),
    )
    tell(
        second(1997, 2, 4),
        (e.Transfer, SHOP, (e.ZERO, MEMBER, 2_500)),
        (e.Refunded, SHOP, (ISSUER, MEMBER, REF, 2_500, lots)),
    )
    tell(
        second(1997, 2, 5),
        (e.Transfer, SHOP, (FRIEND, e.ZERO, 500)),
        (e.Corrected, SHOP, (ISSUER, FRIEND, REF, 500, REF)),
    )
    tell(
        second(1997, 4, 7),
        (e.Transfer, SHOP, (e.ZERO, MEMBER, 300)),
        (e.Awarded, SHOP, (ISSUER, MEMBER, REF, 300)),
    )
    tell(second(1997, 6, 1), (e.Withdrawn, EXCHANGE, (AIR, ISSUER, ISSUER, 1_000_000)))
    tell(second(1997, 6, 2), (e.FeesWithdrawn, EXCHANGE, (ISSUER, 100)))
    tell(
        second(1998, 2, 27),
        (e.Transfer, SHOP, (MEMBER, e.ZERO, 7_000)),
        (e.Expired, SHOP, (MEMBER, 7_000)),
        (e.Transfer, SHOP, (FRIEND, e.ZERO, 5_500)),
        (e.Expired, SHOP, (FRIEND, 5_500)),
    )
    return teller.events


def chain_state() -> ChainState:
    """The chain's own answers, written down by hand."""
    fifth, second_year = 5 << 192, 2 << 192
    return ChainState(
        99,
        {
            SHOP: ProgramState(
                300,
                OUTSTANDING,
                100_000_000 - 160_000,
                {MEMBER: 300, FRIEND: 0},
                {MEMBER: fifth | 300 << 144, FRIEND: fifth},
            ),
            AIR: ProgramState(
                21,
                {second(1999, 1): 21},
                50_000_000 + 159_840 - 1_000_000,
                {MEMBER: 21},
                {MEMBER: second_year | 21 << 48},
            ),
        },
        60,
        149_000_000 - 100,
    )


@dataclass
class Told:
    """The story with all that is said about it. A test falsifies one thing and looks again."""

    events: list[e.Event]
    state: ChainState
    evidence: Evidence

    def figures(self) -> Figures:
        return collect(self.events, PROGRAMS, MONEY, END)

    def checks(self) -> tuple[Check, ...]:
        return checks(self.figures(), self.state, self.evidence)

    def report(self) -> Report:
        return Report(31337, 99, self.figures(), self.state, self.checks())

    def set_program(self, token: str, **changes: object) -> None:
        programs = dict(self.state.programs)
        programs[token] = replace(programs[token], **changes)
        self.state = replace(self.state, programs=programs)

    def change(self, kind: type[e.Event], number: int = 0, **changes: object) -> None:
        """Falsifies the event of a kind that comes as the given number."""
        places = [n for n, event in enumerate(self.events) if type(event) is kind]
        place = places[number]
        self.events[place] = replace(self.events[place], **changes)


def tell_story() -> Told:
    """The story as it is, with everything in agreement."""
    closings = {
        month.end: month.closing
        for month in collect(story(), PROGRAMS, MONEY, END).programs[SHOP].months
    }
    return Told(
        story(),
        chain_state(),
        Evidence(
            sources={SHOP: Source(rows=4, empty=1, total=15_300), AIR: Source(0, 0, 0)},
            proofs={SHOP: Proofs(1, 1, 1, 1)},
            observed={SHOP: closings},
        ),
    )

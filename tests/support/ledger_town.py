"""A town in the index: a shop, an airline and an employer, with a little of everything.

The shop's points (2 decimals) live for two quarters, the airline's miles (none) never expire, the
employer's bonus (1) lives for the year in which it was given.
"""

from dataclasses import dataclass

from support.ledger_rows import CHARTER, EURO, Rows, member, text_ref
from zegel.report.periods import Period, period, second

ANN, BOB, BAKER, DROP, UNION = (member(n) for n in (1, 2, 3, 4, 5))
BATCH = "0x" + "ba7c" * 16
CHARTER_ID = "0x" + "c4a7" * 16
AIRLINE, EMPLOYER = (member(n) for n in (91, 92))
# Held in front of the decimal point of a trillionth.
CENT = 10**10


@dataclass(frozen=True)
class Town:
    book: Rows
    shop: str
    air: str
    work: str

    def ask(self, report, *arguments, since: str = "2026-01-01", until: str = "2027-01-01"):
        """A report of a period, whose arguments say where the period goes: None stands for it."""
        self.book.write()
        with self.book.engine.connect() as database:
            span = period(database, second(since), second(until))
            return report(database, *(span if a is Period else a for a in arguments))


def tell_town(book: Rows | None = None) -> Town:
    """The story, told into an empty book."""
    book = book or Rows()
    shop = book.program("SHOP", decimals=2, months=3, lifetime=2, name="Corner Shop")
    air = book.program("AIR", decimals=0, months=0, lifetime=1, issuer=AIRLINE, name="Air Miles")
    work = book.program("WORK", decimals=1, months=12, lifetime=1, issuer=EMPLOYER, name="Bonus")
    book.merchant(BAKER, "The Baker")
    book.set_prices(shop, CENT * 8 // 10, CENT)
    book.set_prices(air, CENT * 6 // 10, CENT * 75 // 100)
    book.set_prices(work, CENT * 5, CENT * 5)
    book.fund(shop, 100_000_000)
    book.fund(air, 50_000_000)

    book.at(second("2026-01-10"))
    book.award(shop, ANN, 10_000, text_ref("spring-0001"))
    book.award(shop, BOB, 6_000, text_ref("spring-0002"))
    book.award_batch(shop, BATCH, {ANN: 500, BOB: 700})
    book.award(work, ANN, 400, text_ref("bonus 2026-Q1"))
    book.at(second("2026-02-01"))
    book.send(shop, ANN, BOB, 1_000)
    book.redeem(shop, ANN, 2_500, text_ref("order-1"))
    # 40.00 points at 0.008 are 0.32, less 0.00032, and buy 42 miles at 0.0075.
    book.convert(shop, air, ANN, amount=4_000, out=42, value=320_000, fee=320)
    book.at(second("2026-03-01"))
    book.hold(shop, BOB, BAKER, 2_000)
    book.pay(shop, BOB, BAKER, 1_500)
    book.guarantee(shop, BAKER, 250)
    book.award(shop, DROP, 900, text_ref("drop-1"))
    book.claim(shop, DROP, ANN, 900, text_ref("drop-1"))
    book.at(second("2026-04-15"))
    book.award(shop, ANN, 3_000, text_ref("summer-0001"))
    book.at(second("2026-04-16"))
    book.set_prices(shop, CENT * 7 // 10, CENT)
    # 2,000 points at 0.007 are 0.14, paid out in money.
    book.convert(shop, EURO, BOB, amount=2_000, out=140_000, value=140_000)
    book.event("RewardCharter", "CharterProposed", CHARTER, charterId=CHARTER_ID, token=work)
    for who, evidence in ((ANN, "colleague-1"), (BOB, "colleague-2")):
        book.award(work, who, 500, text_ref(evidence))
        book.event(
            "RewardCharter",
            "Rewarded",
            CHARTER,
            charterId=CHARTER_ID,
            member=who,
            evidence=text_ref(evidence),
            rule=0,
            attester=UNION,
            amount=500,
        )
    book.at(second("2026-07-20"))
    book.announce(shop, ANN)
    book.withdraw(air, 10_000_000)
    book.at(second("2027-02-01")).tick()
    return Town(book, shop, air, work)

"""The Dutch audit file (XML Auditfile Financieel 3.2): the books of an issuer for the tax office.

Everything is in money with two decimals. Points are valued at the issuer's own cost, less what
nobody will redeem. What an account holds is rounded as a whole, so that many small entries lose
nothing; the entry takes the difference, and where its lines would not balance, by a cent, a line
on the account for rounding says so.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import BinaryIO, NamedTuple
from xml.etree import ElementTree
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from sqlalchemy import Connection

from zegel.errors import ConfigError
from zegel.ledger.epochs import months_between
from zegel.report.bookkeeping.entries import (
    NETWORK,
    Account,
    Books,
    Entry,
    Posting,
    accounts,
    entries,
)
from zegel.report.bookkeeping.naming import account_name, commodity_names
from zegel.report.bookkeeping.quotes import day
from zegel.report.cells import plain
from zegel.report.liability import Estimate
from zegel.report.sheet import Amount, exact

NAMESPACE = "http://www.auditfiles.nl/XAF/3.2"
SCHEMA = "XmlAuditfileFinancieel3.2.xsd"

_IN_CHECKOUT = Path(__file__).parents[4] / "data" / "xaf" / SCHEMA
_XSD = "{http://www.w3.org/2001/XMLSchema}"
_LONGEST = {"name": 999, "tax_id": 30}
_DIGITS = {"Equity": "0", "Assets": "1", "Liabilities": "2", "Expenses": "4", "Income": "8"}
_ROUNDING = Account("Expenses", NETWORK, "Rounding")


@dataclass(frozen=True)
class Company:
    """Whose books they are; `country` and `currency` are ISO codes, as NL and EUR."""

    name: str
    country: str
    tax_id: str
    currency: str

    def __post_init__(self) -> None:
        for part in fields(self):
            if not getattr(self, part.name).strip():
                raise ConfigError(f"company: {part.name} is empty: an audit file needs it")
        for name, longest in _LONGEST.items():
            value = getattr(self, name)
            if len(value) > longest:
                raise ConfigError(f"company: {name} {value[:20]!r}… is longer than {longest}")
        for name, kind in (("country", "CountrycodeIso3166"), ("currency", "CurrencycodeIso4217")):
            if getattr(self, name) not in _codes(kind):
                raise ConfigError(f"company: {name} {getattr(self, name)!r} is no ISO code")


class Line(NamedTuple):
    """A posting in cents; below nothing it is a credit."""

    account: Account
    cents: int


@dataclass(frozen=True)
class _Sums:
    """What stands in front of the lines that it is about."""

    lines: int = 0
    debit: int = 0
    credit: int = 0

    def plus(self, lines: tuple[Line, ...]) -> "_Sums":
        return _Sums(
            self.lines + len(lines),
            self.debit + sum(line.cents for line in lines if line.cents >= 0),
            self.credit - sum(line.cents for line in lines if line.cents < 0),
        )


def write(
    database: Connection,
    books: Books,
    company: Company,
    estimates: Mapping[str, Estimate],
    stream: BinaryIO,
) -> None:
    """The whole file, dated on the day of the last block. `estimates` is by token; points of a
    program without one are worth its bid at the end.

    The totals come first, so that all entries are gone through twice; none are kept.
    """
    _Writer(database, books, company, estimates, stream).write()


class _Writer:
    def __init__(
        self,
        database: Connection,
        books: Books,
        company: Company,
        estimates: Mapping[str, Estimate],
        stream: BinaryIO,
    ) -> None:
        self._database, self._books, self._company = database, books, company
        self._xml = XMLGenerator(stream, encoding="utf-8", short_empty_elements=True)
        self._names = commodity_names(books.network)
        self._estimates = {
            each.program.token: estimates.get(each.program.token, Estimate(each.prices.bid))
            for each in books.liabilities
        }
        listed = [account for account, _ in accounts(books)] + [_ROUNDING]
        self._ids = {account: self._id(account, n) for n, account in enumerate(listed, 1)}

    def write(self) -> None:
        self._xml.startDocument()
        self._xml.startPrefixMapping("", NAMESPACE)
        with self._element("auditfile", xmlns=NAMESPACE):
            self._header()
            with self._element("company"):
                self._text("companyName", self._company.name)
                self._text("taxRegistrationCountry", self._company.country)
                self._text("taxRegIdent", self._company.tax_id)
                with self._element("generalLedger"):
                    for account, number in self._ids.items():
                        self._account(account, number)
                months = self._periods()
                self._opening()
                self._transactions(months)
        self._xml.endDocument()

    def _header(self) -> None:
        period = self._books.period
        with self._element("header"):
            self._text("fiscalYear", day(period.since)[:4])
            self._text("startDate", day(period.since))
            self._text("endDate", day(period.until - 1))
            self._text("curCode", self._company.currency)
            self._text("dateCreated", day(period.last.timestamp))
            self._text("softwareDesc", "Zegel")
            self._text("softwareVersion", version("zegel")[:20])

    def _account(self, account: Account, number: str) -> None:
        with self._element("ledgerAccount"):
            self._text("accID", number)
            self._text("accDesc", account_name(account, self._names))
            self._text("accTp", "P" if account.root in ("Income", "Expenses") else "B")

    def _periods(self) -> list[int]:
        """One for each calendar month; their first seconds."""
        period = self._books.period
        months = months_between(period.since, period.until - 1)
        with self._element("periods"):
            for number, start in enumerate(months, 1):
                end = months[number] if number < len(months) else period.until
                with self._element("period"):
                    self._text("periodNumber", str(number))
                    self._text("startDatePeriod", day(max(start, period.since)))
                    self._text("endDatePeriod", day(end - 1))
        return months

    def _opening(self) -> None:
        lines = _Valued(self._books, self._estimates).lines(self._books.opening)
        if not lines:
            return
        with self._element("openingBalance"):
            self._text("opBalDate", day(self._books.period.since))
            self._sums(_Sums().plus(lines))
            for number, (account, cents) in enumerate(lines, 1):
                with self._element("obLine"):
                    self._text("nr", str(number))
                    self._text("accID", self._ids[account])
                    self._cents(cents)

    def _transactions(self, months: list[int]) -> None:
        sums = _Sums()
        for _, lines in self._valued():
            sums = sums.plus(lines)
        with self._element("transactions"):
            self._sums(sums)
            with self._element("journal"):
                self._text("jrnID", "ZEGEL")
                self._text("desc", "Points and money")
                self._text("jrnTp", "M")
                month = 0
                for number, (entry, lines) in enumerate(self._valued(), 1):
                    while month < len(months) and months[month] <= entry.timestamp:
                        month += 1
                    self._transaction(number, month, entry, lines)

    def _transaction(self, number: int, month: int, entry: Entry, lines: tuple[Line, ...]) -> None:
        with self._element("transaction"):
            self._text("nr", str(number))
            self._text("desc", entry.text)
            self._text("periodNumber", str(month))
            self._text("trDt", day(entry.timestamp))
            for place, (account, cents) in enumerate(lines, 1):
                with self._element("trLine"):
                    self._text("nr", str(place))
                    self._text("accID", self._ids[account])
                    self._text("docRef", entry.transaction or entry.text)
                    self._text("effDate", day(entry.timestamp))
                    self._cents(cents)

    def _valued(self) -> Iterator[tuple[Entry, tuple[Line, ...]]]:
        """All entries but the opening, each with its lines."""
        valued = _Valued(self._books, self._estimates)
        for entry in entries(self._database, self._books):
            lines = valued.lines(entry)
            if entry is not self._books.opening:
                yield entry, lines

    def _sums(self, sums: _Sums) -> None:
        self._text("linesCount", str(sums.lines))
        self._text("totalDebit", exact(Amount(sums.debit, 2)))
        self._text("totalCredit", exact(Amount(sums.credit, 2)))

    def _cents(self, cents: int) -> None:
        self._text("amnt", exact(Amount(abs(cents), 2)))
        self._text("amntTp", "C" if cents < 0 else "D")

    def _id(self, account: Account, number: int) -> str:
        return f"{_DIGITS[account.root]}{number:04}"

    def _text(self, name: str, value: str) -> None:
        self._xml.startElement(name, AttributesImpl({}))
        self._xml.characters(plain(value))
        self._xml.endElement(name)

    @contextmanager
    def _element(self, name: str, **attributes: str) -> Iterator[None]:
        self._xml.startElement(name, AttributesImpl(attributes))
        yield
        self._xml.endElement(name)


class _Valued:
    """Turns entries into cents; remembers what every account holds."""

    def __init__(self, books: Books, estimates: Mapping[str, Estimate]) -> None:
        self._network, self._estimates = books.network, estimates
        self._units: dict[tuple[Account, str], int] = defaultdict(int)

    def lines(self, entry: Entry) -> tuple[Line, ...]:
        found: list[Line] = []
        waiting = list(entry.postings)
        while waiting:
            first = waiting.pop(0)
            found.append(Line(first.account, self._change(first)))
            # Two that stand against each other are one amount.
            if waiting and waiting[0][1:] == (first.commodity, -first.units):
                found.append(Line(waiting.pop(0).account, -found[-1].cents))
        rest = sum(line.cents for line in found)
        if rest:
            found.append(Line(_ROUNDING, -rest))
        return tuple(found)

    def _change(self, posting: Posting) -> int:
        place = posting.account, posting.commodity
        before = self._cents(posting.commodity, self._units[place])
        self._units[place] += posting.units
        return self._cents(posting.commodity, self._units[place]) - before

    def _cents(self, commodity: str, units: int) -> int:
        money = self._network.money
        value = abs(units)
        if commodity != money.token:
            program = self._network.programs[commodity]
            value = self._estimates[commodity].value(value, program, money)
        whole: int = 10**money.decimals
        cents = (200 * value + whole) // (2 * whole)
        return cents if units >= 0 else -cents


def find_schema() -> Path:
    """The schema that comes with Zegel."""
    for path in (_IN_CHECKOUT, Path(str(files("zegel.report.bookkeeping") / SCHEMA))):
        if path.is_file():
            return path
    raise ConfigError(f"{SCHEMA} is not here: install Zegel again")


def _codes(kind: str) -> frozenset[str]:
    """The values that the schema allows for a kind of code."""
    root = ElementTree.parse(find_schema()).getroot()
    found = root.iterfind(f"{_XSD}simpleType[@name='{kind}']//{_XSD}enumeration")
    return frozenset(each.attrib["value"] for each in found)

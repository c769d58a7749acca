"""The books of the town
├── balance in every commodity, and lead to what the reports say
├── are in order for Beancount and hledger
│   ├── whatever a program calls itself
│   └── and are not when an amount is changed
└── are an audit file by the published schema
    ├── whose totals are those of its lines
    └── and are not when an element is out of place
"""

import io
import re
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree
from support.ledger_rows import EURO, Rows, member, text_ref
from support.ledger_town import CENT, Town, tell_town

from zegel.errors import ConfigError
from zegel.ledger.epochs import NEVER
from zegel.report.bookkeeping import audit_file, beancount, hledger
from zegel.report.bookkeeping.audit_file import NAMESPACE, Company, find_schema
from zegel.report.bookkeeping.entries import entries, open_books
from zegel.report.bookkeeping.naming import commodity_names
from zegel.report.liability import Estimate
from zegel.report.periods import period, second

COMPANY = Company("Corner Shop B.V.", "NL", "NL123456789B01", "EUR")
PERIODS = (("2026-01-01", "2027-01-01"), ("2026-02-01", "2026-07-01"), ("2026-07-01", "2026-07-02"))
BOOKS = ((), ("SHOP",), ("AIR", "WORK"))

SYMBOLS = ("1UP", "A", "TRUE", "EURC", "P", "99999999999", "NULL", "x y", 'a"b;c', "\u202e", "积分")
REFS = ("=1+1", 'say "hi"', "a;b,c:d", "\\", "| pipe", "(code)", "* star", "; note", "@", "{ }")


def written(town: Town, writer, since: str, until: str, names=(), *arguments) -> str:
    town.book.write()
    stream = io.BytesIO()
    with town.book.engine.connect() as database:
        books = open_books(database, period(database, second(since), second(until)), names)
        writer(database, books, *arguments, stream)
    return stream.getvalue().decode()


def hostile() -> Town:
    """Programs with names that no journal knows, and references that look like its own signs."""
    book = Rows(money_symbol="$ <euro>\n")
    tokens = [book.program(symbol, months=3, lifetime=1, name=symbol) for symbol in SYMBOLS]
    for number, token in enumerate(tokens):
        book.set_prices(token, CENT, CENT)
        book.fund(token, 1_000_000)
        for place, ref in enumerate(REFS):
            book.award(token, member(place), 100 + number, text_ref(ref))
        book.redeem(token, member(1), 7, "0x" + bytes(range(1, 32)).hex() + "00")
    book.convert(tokens[0], tokens[1], member(2), amount=50, out=49, value=5_000, fee=5)
    book.at(second("2026-09-01")).tick()
    return Town(book, *tokens[:3])


@pytest.mark.parametrize("span", PERIODS)
@pytest.mark.parametrize("names", BOOKS)
def test_entries_balance_and_lead_to_the_closing(town: Town, span, names):
    town.book.write()
    with town.book.engine.connect() as database:
        books = open_books(database, period(database, *map(second, span)), names)
        found = list(entries(database, books))

    sums: dict = defaultdict(int)
    for entry in found:
        left: dict = defaultdict(int)
        for account, commodity, units in entry.postings:
            sums[account, commodity] += units
            left[commodity] += units
        assert set(left.values()) == {0}, entry
    assert found
    for account, commodity, units in books.closing:
        assert sums[account, commodity] == units
    assert [entry.timestamp for entry in found] == sorted(entry.timestamp for entry in found)


def test_an_expiry_stands_on_its_day_and_once(town: Town):
    town.book.write()
    with town.book.engine.connect() as database:
        books = open_books(database, period(database, *map(second, PERIODS[0])), ("SHOP",))
        gone = [entry for entry in entries(database, books) if entry.text == "expired"]

    assert [entry.timestamp for entry in gone] == [second("2026-07-01"), second("2026-10-01")]
    assert all(line.expires < NEVER for line in books.liabilities[0].lines)


def test_awards_of_one_transaction_are_one_entry(town: Town):
    journal = written(town, beancount.write, *PERIODS[0])

    assert len(re.findall(r'\* "awarded 2 times 0xba7c', journal)) == 1


# Beancount.


def bean_check(journal: str, folder: Path) -> str:
    """What `bean-check` finds wrong."""
    path = folder / "journal.beancount"
    path.write_text(journal)
    checker = shutil.which("bean-check")
    assert checker, "bean-check comes with the development packages: run `make setup`"
    done = subprocess.run([checker, str(path)], capture_output=True, text=True, check=False)
    assert bool(done.returncode) == bool(done.stderr)
    return done.stderr


@pytest.mark.parametrize("span", PERIODS)
@pytest.mark.parametrize("names", BOOKS)
def test_bean_check_finds_the_books_in_order(town: Town, tmp_path: Path, span, names):
    journal = written(town, beancount.write, *span, names)

    assert bean_check(journal, tmp_path) == ""
    assert " balance " in journal
    assert " price " in journal


def test_bean_check_finds_hostile_names_in_order(tmp_path: Path):
    journal = written(hostile(), beancount.write, "2026-01-01", "2026-06-01")

    assert bean_check(journal, tmp_path) == ""
    assert journal.count('* "awarded') == len(SYMBOLS) * len(REFS)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (r"Liabilities:SHOP:Points  -100\.00 SHOP", "Liabilities:SHOP:Points  -100.01 SHOP"),
        (r"balance Assets:SHOP:Exchange 99\.54", "balance Assets:SHOP:Exchange 99.55"),
        (r"open Income:SHOP:Redeemed SHOP", "open Income:SHOP:Redeemed EURC"),
    ],
)
def test_bean_check_finds_what_was_changed(town: Town, tmp_path: Path, old: str, new: str):
    journal = written(town, beancount.write, *PERIODS[0])
    changed, count = re.subn(old, new, journal, count=1)

    assert count == 1
    assert bean_check(changed, tmp_path)


# hledger.


def hledger_check(journal: str, folder: Path) -> str:
    """What `hledger check --strict` finds wrong."""
    checker = shutil.which("hledger")
    if not checker:
        pytest.skip("hledger is not installed here, so nobody checks its journal")
    path = folder / "journal.hledger"
    path.write_text(journal)
    done = subprocess.run(
        [checker, "-f", str(path), "check", "--strict"],
        capture_output=True,
        text=True,
        check=False,
        env={"LANG": "C.UTF-8"},
    )
    assert bool(done.returncode) == bool(done.stderr)
    return done.stderr


@pytest.mark.parametrize("span", PERIODS)
@pytest.mark.parametrize("names", BOOKS)
def test_hledger_finds_the_books_in_order(town: Town, tmp_path: Path, span, names):
    assert hledger_check(written(town, hledger.write, *span, names), tmp_path) == ""


def test_hledger_finds_hostile_names_in_order(tmp_path: Path):
    journal = written(hostile(), hledger.write, "2026-01-01", "2026-06-01")

    assert hledger_check(journal, tmp_path) == ""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (r'Liabilities:SHOP:Points  -100\.00 "', 'Liabilities:SHOP:Points  -100.01 "'),
        (r'= 99\.540000 "', '= 99.540001 "'),
    ],
)
def test_hledger_finds_what_was_changed(town: Town, tmp_path: Path, old: str, new: str):
    journal = written(town, hledger.write, *PERIODS[0])
    changed, count = re.subn(old, new, journal, count=1)

    assert count == 1
    assert hledger_check(changed, tmp_path)


# Names.


def test_names_are_legal_and_each_is_of_one_token():
    town = hostile()
    town.book.write()
    with town.book.engine.connect() as database:
        names = commodity_names(open_books(database, period(database, 0, 2**40)).network)

    assert len(set(names.values())) == len(names) == len(SYMBOLS) + 1
    for name in names.values():
        assert re.fullmatch(r"[A-Z][A-Z0-9]{1,19}(-\d+)?", name)
        assert name not in ("TRUE", "FALSE", "NULL")


def test_plain_symbols_are_kept():
    town = tell_town()
    town.book.write()
    with town.book.engine.connect() as database:
        names = commodity_names(open_books(database, period(database, 0, 2**40)).network)

    assert {names[t] for t in (town.shop, town.air, town.work, EURO)} == {
        "SHOP",
        "AIR",
        "WORK",
        "EURC",
    }


# The audit file.


def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(find_schema()))


def audit(town: Town, span=PERIODS[0], names=("SHOP",), company=COMPANY) -> bytes:
    estimates = {town.shop: Estimate(cost=CENT, breakage=150_000)}
    return written(town, audit_file.write, *span, names, company, estimates).encode()


def values(tree: etree._Element, path: str) -> Iterator[tuple[str, int]]:
    """The account and the cents of all lines, credits below nothing."""
    spaces = {"x": NAMESPACE}
    for line in tree.iterfind(path, spaces):
        account, amount, side = (
            line.findtext(f"x:{name}", namespaces=spaces) for name in ("accID", "amnt", "amntTp")
        )
        yield account, int(amount.replace(".", "")) * (1 if side == "D" else -1)


@pytest.mark.parametrize("span", PERIODS)
@pytest.mark.parametrize("names", BOOKS)
def test_an_audit_file_fits_the_schema(town: Town, span, names):
    schema().assertValid(etree.fromstring(audit(town, span, names)))


def test_hostile_names_fit_the_schema():
    company = Company("<B.V.> & \u202e \x00", "NL", "'\"", "EUR")
    tree = etree.fromstring(audit(hostile(), ("2026-01-01", "2026-06-01"), (), company))

    schema().assertValid(tree)


@pytest.mark.parametrize("span", PERIODS)
def test_totals_are_those_of_the_lines(town: Town, span):
    tree = etree.fromstring(audit(town, span))

    for block, path in (
        ("transactions", ".//x:trLine"),
        ("openingBalance", ".//x:obLine"),
    ):
        top = tree.find(f".//{{{NAMESPACE}}}{block}")
        if top is None:
            continue
        found = [cents for _, cents in values(tree, path)]
        told = [top.findtext(f"{{{NAMESPACE}}}{n}") for n in ("linesCount", "totalDebit")]
        assert told[0] == str(len(found))
        assert int(told[1].replace(".", "")) == sum(c for c in found if c > 0)
        assert sum(found) == 0
        assert top.findtext(f"{{{NAMESPACE}}}totalCredit") == told[1]


def test_the_liability_is_the_value_of_the_points(town: Town):
    """On 1 July 42.00 + 30.00 + 17.50 + 39.00 points are there, less what went that day."""
    tree = etree.fromstring(audit(town, ("2026-01-01", "2026-07-01")))
    spaces = {"x": NAMESPACE}
    ids = {
        account.findtext("x:accDesc", namespaces=spaces): account.findtext(
            "x:accID", namespaces=spaces
        )
        for account in tree.iterfind(".//x:ledgerAccount", spaces)
    }
    sums: dict = defaultdict(int)
    for account, cents in values(tree, ".//x:trLine"):
        sums[account] += cents

    with town.book.engine.connect() as database:
        books = open_books(
            database, period(database, second("2026-01-01"), second("2026-07-01")), ("SHOP",)
        )
    points = books.liabilities[0].total.closing
    assert sums[ids["Liabilities:SHOP:Points"]] == -round(points * 0.85 / 100)


def test_an_element_out_of_place_does_not_fit_the_schema(town: Town):
    content = audit(town).replace(b"<curCode>EUR", b"<curCode>EUX", 1)

    assert not schema().validate(etree.fromstring(content))


@pytest.mark.parametrize(
    ("part", "value", "said"),
    [
        ("currency", "EURC", "currency 'EURC' is no ISO code"),
        ("country", "Nederland", "country 'Nederland' is no ISO code"),
        ("tax_id", " ", "tax_id is empty"),
        ("name", "x" * 1000, "is longer than 999"),
    ],
)
def test_a_company_that_no_audit_file_knows_is_refused(part: str, value: str, said: str):
    with pytest.raises(ConfigError, match=said):
        Company(**{**vars(COMPANY), part: value})

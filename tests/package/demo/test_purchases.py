"""The purchases
├── that come with Zegel: all of them, as the shop wrote them
└── with a fault anywhere: refused whole, each fault with line, column, value, reason and remedy
"""

from datetime import date

import pytest

from zegel.award.faults import FaultyFile
from zegel.demo.purchases import Purchase, find_file, read_purchases
from zegel.errors import FileError

HEADER = " customer_id  date number_of_cds  dollar_value"
GOOD = " 00001 19970101  1   11.77"


@pytest.fixture
def purchase_file(tmp_path):
    def write(*lines, header=HEADER, end="\r\n"):
        path = tmp_path / "purchases.txt"
        path.write_bytes("".join(line + end for line in (header, *lines)).encode())
        return path

    return write


def test_the_whole_file_is_read():
    purchases = read_purchases(find_file())

    assert len(purchases) == 69_659
    assert len({p.customer for p in purchases}) == 23_570
    assert sum(p.cents for p in purchases) == 250_031_563
    assert sum(p.cents == 0 for p in purchases) == 80
    assert len(purchases) - len({(p.customer, p.day, p.discs, p.cents) for p in purchases}) == 255
    assert (min(p.day for p in purchases), max(p.day for p in purchases)) == (
        date(1997, 1, 1),
        date(1998, 6, 30),
    )
    assert purchases[0] == Purchase(1, 1, date(1997, 1, 1), 1, 1177)
    assert [p.row for p in purchases] == list(range(1, 69_660))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_both_line_ends_are_read(purchase_file, end):
    path = purchase_file(GOOD, " 23570 19980630 99 1286.01", end=end)

    assert read_purchases(path) == (
        Purchase(1, 1, date(1997, 1, 1), 1, 1177),
        Purchase(2, 23570, date(1998, 6, 30), 99, 128601),
    )


@pytest.mark.parametrize(
    ("line", "column", "value", "reason", "remedy"),
    [
        (
            " 0001 19970101  1   11.77",
            "customer_id",
            "0001",
            "is no customer_id",
            "write five digits, as 00042",
        ),
        (
            " 00000 19970101  1   11.77",
            "customer_id",
            "00000",
            "is zero",
            "write five digits, as 00042",
        ),
        (
            " 00001 19970229  1   11.77",
            "date",
            "19970229",
            "is no day of the calendar",
            "write year, month and day, as 19970131",
        ),
        (
            " 00001 1997-1-1  1   11.77",
            "date",
            "1997-1-1",
            "is no date",
            "write year, month and day, as 19970131",
        ),
        (" 00001 19970101  0   11.77", "number_of_cds", "0", "is zero", "write 1 to 99"),
        (
            " 00001 19970101 -1   11.77",
            "number_of_cds",
            "-1",
            "is no number_of_cds",
            "write 1 to 99",
        ),
        (
            " 00001 19970101 1   11.7",
            "dollar_value",
            "11.7",
            "is no dollar_value",
            "write dollars with two decimals, as 11.77",
        ),
        (
            " 00001 19970101 1   -1.00",
            "dollar_value",
            "-1.00",
            "is no dollar_value",
            "write dollars with two decimals, as 11.77",
        ),
        (
            " 00001 19970101 1 123456789.00",
            "dollar_value",
            "123456789.00",
            "is no dollar_value",
            "write dollars with two decimals, as 11.77",
        ),
        (
            " 00001 19970101 1",
            "all",
            " 00001 19970101 1",
            "has 3 values instead of 4",
            "write customer_id date number_of_cds dollar_value",
        ),
        (
            "",
            "all",
            "",
            "has 0 values instead of 4",
            "write customer_id date number_of_cds dollar_value",
        ),
        (
            " 00001\t19970101 1 11.77",
            "all",
            " 00001\t19970101 1 11.77",
            "is not separated by spaces",
            "put spaces between the values",
        ),
    ],
)
def test_a_malformed_line_is_named(purchase_file, line, column, value, reason, remedy):
    path = purchase_file(GOOD, line, GOOD)

    with pytest.raises(FaultyFile) as refused:
        read_purchases(path)

    (fault,) = refused.value.faults
    assert (fault.path, fault.line, fault.column) == (path, 3, column)
    assert (fault.value, fault.reason, fault.remedy) == (value, reason, remedy)


def test_all_faults_are_named(purchase_file):
    path = purchase_file(" 1 19970101 1 11.77", GOOD, " 00001 19971301 0 11.77")

    with pytest.raises(FaultyFile) as refused:
        read_purchases(path)

    assert [(f.line, f.column) for f in refused.value.faults] == [
        (2, "customer_id"),
        (4, "date"),
        (4, "number_of_cds"),
    ]


def test_another_header_is_refused(purchase_file):
    with pytest.raises(FaultyFile, match="line 1, column header: 'id' is not the header"):
        read_purchases(purchase_file(GOOD, header="id"))


def test_bytes_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / "purchases.txt"
    path.write_bytes(HEADER.encode() + b"\r\n\xff\r\n")

    with pytest.raises(FileError, match="line 2: byte 0xff is no ASCII: save it as plain text"):
        read_purchases(path)


def test_a_file_without_purchases_is_refused(purchase_file):
    with pytest.raises(FileError, match="has no purchases: write one a line below the header"):
        read_purchases(purchase_file())


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(FileError, match="there is no such file: check the name"):
        read_purchases(tmp_path / "nowhere.txt")

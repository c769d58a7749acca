"""An award file
├── that is right: every row becomes an award, in base units
└── that is wrong anywhere: refused whole, each fault with line, column, value, reason and remedy
"""

import pytest

from zegel.award.faults import FaultyFile
from zegel.award.files import read_awards
from zegel.award.rows import Award, packed_text, unpacked_text
from zegel.errors import FileError

HEADER = "member,amount,ref,reason"
MEMBER = "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045"
HASH = "0x" + "ab" * 32


def test_rows_become_awards_in_base_units(award_file):
    path = award_file(
        f"{MEMBER},12.5,receipt-1,purchase",
        f"{MEMBER.lower()},3,receipt-2,{HASH}",
        f'{MEMBER},0.01,"receipt, 3",a "word"',
    )

    member = bytes.fromhex(MEMBER[2:])
    assert read_awards(path, 2) == (
        Award(member, 1250, packed_text("receipt-1"), packed_text("purchase")),
        Award(member, 300, packed_text("receipt-2"), bytes.fromhex("ab" * 32)),
        Award(member, 1, packed_text("receipt, 3"), packed_text('a "word"')),
    )


def test_windows_files_are_read_alike(tmp_path):
    path = tmp_path / "awards.csv"
    path.write_bytes(f"\ufeff{HEADER}\r\n{MEMBER},1,a,b\r\n\r\n{MEMBER},2,c,d\r\n".encode())

    assert [award.amount for award in read_awards(path, 0)] == [1, 2]


@pytest.mark.parametrize(
    ("line", "column", "value", "reason", "remedy"),
    [
        ("0x12,1,a,b", "member", "0x12", "is no address", "write 0x and 40 hexadecimal digits"),
        (
            f"{MEMBER.replace('d8dA', 'd8da')},1,a,b",
            "member",
            MEMBER.replace("d8dA", "d8da"),
            "has a wrong checksum",
            "copy the address again",
        ),
        (f"0x{'0' * 40},1,a,b", "member", f"0x{'0' * 40}", "is the zero address", "name a member"),
        (
            f"{MEMBER},-1,a,b",
            "amount",
            "-1",
            "is no amount of points",
            "write digits with a decimal point, as 12.5",
        ),
        (
            f"{MEMBER},1e3,a,b",
            "amount",
            "1e3",
            "is short for a number, as spreadsheets write it",
            "write digits with a decimal point, as 12.5",
        ),
        (
            f"{MEMBER},\u0661,a,b",
            "amount",
            "\u0661",
            "is no amount of points",
            "write digits with a decimal point, as 12.5",
        ),
        (f"{MEMBER},1.234,a,b", "amount", "1.234", "has 3 decimals", "the points have 2 decimals"),
        (f"{MEMBER},0.00,a,b", "amount", "0.00", "awards nothing", "leave the line out"),
        (
            f"{MEMBER},2814749767106.56,a,b",
            "amount",
            "2814749767106.56",
            "is more than a program can hold",
            "check the amount",
        ),
        (f"{MEMBER},1,,b", "ref", "", "is empty", "write 1 to 31 characters"),
        (
            f"{MEMBER},1,{'r' * 32},b",
            "ref",
            "r" * 32,
            "has 32 characters",
            "write at most 31, or a hash",
        ),
        (
            f"{MEMBER},1,a,café",
            "reason",
            "café",
            "is not plain ASCII text",
            "write letters, digits and signs, or a hash",
        ),
        (
            f"{MEMBER},1,a",
            "all",
            f"{MEMBER},1,a",
            "has 3 values instead of 4",
            f"write {HEADER}",
        ),
        (
            f"{MEMBER},1,first,b",
            "ref",
            "first",
            "stands on line 2 too",
            "give every award its own",
        ),
    ],
)
def test_a_malformed_value_is_named(award_file, line, column, value, reason, remedy):
    path = award_file(f"{MEMBER},1,first,b", line)

    with pytest.raises(FaultyFile) as refused:
        read_awards(path, 2)

    (fault,) = refused.value.faults
    assert (fault.path, fault.line, fault.column) == (path, 3, column)
    assert (fault.value, fault.reason, fault.remedy) == (value, reason, remedy)


def test_all_faults_are_named_one_a_line(award_file):
    path = award_file(f"x,y,a,{'r' * 40}", f"{MEMBER},1,b,c", "short")

    with pytest.raises(FaultyFile) as refused:
        read_awards(path, 2)

    assert [(f.line, f.column) for f in refused.value.faults] == [
        (2, "member"),
        (2, "amount"),
        (2, "reason"),
        (4, "all"),
    ]
    first, *_ = str(refused.value).splitlines()
    assert first == (
        f"{path}, line 2, column member: 'x' is no address: write 0x and 40 hexadecimal digits"
    )


def test_a_file_full_of_faults_is_summed_up(award_file):
    path = award_file(*(f"x,1,{n},b" for n in range(50)))

    with pytest.raises(FaultyFile) as refused:
        read_awards(path, 2)

    assert len(refused.value.faults) == 50
    assert str(refused.value).splitlines()[20:] == [f"{path}: and 30 more faults"]


@pytest.mark.parametrize("header", ["member,amount,ref", "Member,amount,ref,reason", ""])
def test_another_header_is_refused(award_file, header):
    path = award_file(f"{MEMBER},1,a,b", header=header)

    with pytest.raises(FaultyFile) as refused:
        read_awards(path, 2)

    (fault,) = refused.value.faults
    assert (fault.column, fault.reason) == ("header", "is not the header")


def test_a_file_without_awards_is_refused(award_file):
    with pytest.raises(FileError, match="has no awards: write one a line below the header"):
        read_awards(award_file(), 2)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(FileError, match="there is no such file: check the name"):
        read_awards(tmp_path / "nowhere.csv", 2)


def test_a_file_in_another_encoding_is_refused(tmp_path):
    path = tmp_path / "awards.csv"
    path.write_bytes(b"\xff\xfe")

    with pytest.raises(FileError, match=r"line 1: cannot be read .*: save it as UTF-8"):
        read_awards(path, 2)


def test_an_open_quote_is_refused(award_file):
    with pytest.raises(FileError, match=r"line 2: is no CSV .*: mend the quotes"):
        read_awards(award_file(f'{MEMBER},1,"a,b'), 2)


def test_words_are_shown_as_text_or_digits():
    assert unpacked_text(packed_text("receipt-1")) == "receipt-1"
    assert unpacked_text(bytes.fromhex("ab" * 32)) == HASH
    assert unpacked_text(bytes(32)) == "0x" + "00" * 32


@pytest.mark.parametrize("text", ["", "x" * 32])
def test_text_that_does_not_fit_is_no_word(text):
    with pytest.raises(ValueError, match="has not 1 to 31 characters"):
        packed_text(text)

"""A member directory, in a file or in a table
├── knows addresses by numbers, small and capital letters apart
├── takes new members and new addresses, and nothing that is wrong
└── has award files name members by their numbers
"""

import pytest

from zegel.award import awarding
from zegel.award.directory import FileDirectory, TableDirectory
from zegel.award.faults import FaultyFile
from zegel.award.files import read_file
from zegel.errors import ConfigError

MEMBER = "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045"
OTHER = "0x" + "0b" * 20


@pytest.fixture(params=["file", "table"])
def directory(request, tmp_path, journal):
    if request.param == "file":
        return FileDirectory(tmp_path / "members.csv")
    return TableDirectory(journal)


def test_members_are_added_changed_and_listed(directory):
    assert directory.members() == {}
    directory.add("a-1", MEMBER)
    directory.add("A-1", OTHER)
    directory.change("a-1", OTHER)

    assert directory.members() == {"a-1": b"\x0b" * 20, "A-1": b"\x0b" * 20}


@pytest.mark.parametrize(
    ("number", "address", "told"),
    [
        ("", MEMBER, "number: '' is empty: write an address, or the member's number"),
        ("=1", MEMBER, "number: '=1' begins as a formula does"),
        (" 1", MEMBER, "number: ' 1' has spaces or unseen characters around or in it"),
        ("1\x00", MEMBER, "has spaces or unseen characters around or in it"),
        ("0x12", MEMBER, "looks like an address"),
        ("1" * 65, MEMBER, "has 65 characters: write at most 64"),
        ("1", "0x12", "address: '0x12' is no address"),
        ("known", MEMBER, "member known is in the directory already"),
    ],
)
def test_a_wrong_member_is_refused(directory, number, address, told):
    directory.add("known", OTHER)

    with pytest.raises(ConfigError) as refused:
        directory.add(number, address)

    assert told in str(refused.value)
    assert list(directory.members()) == ["known"]


def test_only_known_members_change(directory):
    with pytest.raises(ConfigError, match="member 1 is not in the directory: add the member"):
        directory.change("1", MEMBER)


def test_a_faulty_directory_names_every_fault(tmp_path):
    path = tmp_path / "members.csv"
    path.write_text(f"number,address\n1,{MEMBER}\n1,{MEMBER}\n2,x\n3\n")

    with pytest.raises(FaultyFile) as refused:
        FileDirectory(path).members()

    assert [(fault.line, fault.column) for fault in refused.value.faults] == [
        (3, "number"),
        (4, "address"),
        (5, "all"),
    ]


def test_numbers_lead_to_members(directory, office, award_file):
    directory.add("a-1", MEMBER)
    known = type(office)(
        office.suite, office.sender, "SHOP", office.journal, directory=directory, depth=0
    )
    awarding.run(known, award_file("a-1,1,r1,x", f"{OTHER},2,r2,x"))

    assert office.contract.functions.balanceOf(MEMBER).call() == 100


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("A-1", "is no member of the directory"),
        ("1.5E+3", "is a number that a spreadsheet has changed"),
        ("2026-01-31", "is a number that a spreadsheet has changed"),
        ("", "is empty"),
    ],
)
def test_an_unknown_number_is_a_fault(award_file, number, reason):
    path = award_file(f"{number},1,r1,x")

    with pytest.raises(FaultyFile) as refused:
        read_file(path, 2, {"a-1": b"\x0b" * 20})

    (fault,) = refused.value.faults
    assert (fault.line, fault.column, fault.value, fault.reason) == (2, "member", number, reason)

"""Awards from the command line: one, or a file through the journal.

├── a file is planned, awarded once, and asked about
├── a faulty file is refused with the place of each fault
└── members by the issuer's own numbers
"""

import pytest

from zegel.award.faults import FaultyFile
from zegel.errors import PlanRefused


@pytest.fixture
def file(tmp_path, member, outsider):
    path = tmp_path / "awards.csv"
    path.write_text(
        "member,amount,ref,reason\n"
        f"{member.address},12.50,receipt-1,purchase\n"
        f"{outsider.address},7.50,receipt-2,purchase\n"
    )
    return path


@pytest.fixture
def award(zegel, awarder):
    def call(*arguments, **options):
        return zegel("award", *arguments, account=awarder.address, **options)

    return call


def supply(suite):
    return suite.token("SHOP").functions.totalSupply().call()


def test_one_award_is_made_once(award, suite, member):
    for _ in range(2):
        award("one", "SHOP", member.address, "12.50", "receipt-1", "purchase")

    assert supply(suite) == 1_250


def test_plan_sends_nothing(award, suite, file):
    shown = award("plan", "SHOP", str(file))

    assert "20.00 points in 2 awards" in shown
    assert supply(suite) == 0


def test_file_is_awarded_once(award, suite, file):
    for _ in range(2):
        award("run", "SHOP", str(file))

    assert supply(suite) == 2_000
    (row,) = award("status", "SHOP", "--json")["rows"]
    assert row["rows"] == 2
    assert row["state"] in ("mined", "final")
    assert award("status", "SHOP", "awards.csv", "--json")["rows"] == [row]


def test_every_row_is_told_with_its_transaction(award, suite, file):
    award("run", "SHOP", str(file))

    header, first, second = award("rows", "SHOP", "awards.csv").splitlines()
    assert header.startswith("file,line,member")
    assert "receipt-1" in first
    assert "receipt-2" in second
    sent = dict(zip(header.split(","), first.split(","), strict=True))["transaction"]
    assert suite.connection.web3.eth.get_transaction_receipt(sent)["status"] == 1


def test_faulty_file_is_refused_whole(award, suite, file):
    file.write_text(file.read_text() + "nobody,1,receipt-3,purchase\n")

    with pytest.raises(FaultyFile, match=r"line 4, column member: 'nobody'"):
        award("run", "SHOP", str(file))

    assert supply(suite) == 0


def test_plan_beyond_the_budget_is_no_success(award, file, suite, member):
    file.write_text(f"member,amount,ref,reason\n{member.address},1000.01,big,gift\n")

    assert "budget" in award("plan", "SHOP", str(file), exit_code=1)
    with pytest.raises(PlanRefused, match="budget"):
        award("run", "SHOP", str(file))


def test_members_by_number(award, zegel, suite, tmp_path, member):
    directory, path = tmp_path / "members.csv", tmp_path / "numbers.csv"
    path.write_text("member,amount,ref,reason\n4711,5,receipt-9,purchase\n")

    zegel("award", "add-member", "4711", member.address, "--members", str(directory))
    award("run", "SHOP", str(path), "--members", str(directory))

    assert suite.token("SHOP").functions.balanceOf(member.address).call() == 500
    (known,) = zegel("award", "list-members", "--members", str(directory), "--json")["rows"]
    assert known == {"number": "4711", "address": member.address.lower()}


def test_waiting_award_is_cancelled(award, suite, tmp_path, member):
    path = tmp_path / "later.csv"
    header = "member,amount,ref,reason,pending_until"
    path.write_text(f"{header}\n{member.address},5,later-1,purchase,2099-01-01\n")
    award("run", "SHOP", str(path))

    award("cancel", "SHOP", "later-1")

    (row,) = award("status", "SHOP", "--json")["rows"]
    assert (row["state"], row["rows"]) == ("cancelled", 1)

"""The index, reports, books and evidence from the command line, on one network.

├── the index is brought up to the newest block, and says so
├── every report answers as a table, as JSON, and as a file of each format
├── books are written that bean-check accepts
└── an evidence pack is written and verified; a changed one is not
"""

import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from eth_account import Account

from zegel.errors import AccountLocked, ConfigError, DatabaseFailed, FileError

REPORTS = (
    "statement {member}",
    "liability SHOP",
    "liability SHOP --cost 0.008 --breakage 15",
    "history SHOP",
    "settlement SHOP",
    "settlement SHOP --part account",
    "settlement SHOP --part prices",
    "directory",
    "flows",
    "tax 2026 --program SHOP",
    "tax 2026 --member {member}",
    "campaigns",
    "campaigns --program SHOP",
    "charters",
    "expiring SHOP --before 2030-01-01",
)


@pytest.fixture
def index(zegel, points, suite, issuer, member, tmp_path):
    """An index of a network in which a member was awarded points and converted some."""
    zegel("fund", "SHOP", "10", account=issuer.address)
    zegel("convert", "SHOP", "AIR", "10")
    path = str(tmp_path / "index.db")

    def call(*arguments, **options):
        return zegel("--index", path, *arguments, **options)

    call("index", "run", "--once")
    return call


def test_index_is_up_to_the_newest_block(index, suite):
    (found,) = index("index", "status", "--json")["rows"]

    assert found["block"] == suite.connection.web3.eth.block_number
    assert found["chain"] == 31337
    assert found["members"] == 1


def test_index_is_as_the_chain_and_as_a_new_one(index):
    checks = index("index", "check", "--json")["rows"]

    assert len(checks) > 10
    assert {each["result"] for each in checks} == {"ok"}


def test_changed_index_is_no_success(index, tmp_path):
    with sqlite3.connect(tmp_path / "index.db") as database:
        database.execute("UPDATE balances SET amount = amount + 1")

    checks = index("index", "check", "--json", exit_code=1)["rows"]
    assert "differs" in {each["result"] for each in checks}


def test_reports_need_an_index(zegel, tmp_path):
    with pytest.raises(DatabaseFailed, match=r"none\.db holds no index: run one first"):
        zegel("--index", str(tmp_path / "none.db"), "report", "liability", "SHOP")


def test_every_report_answers_as_a_table_and_as_json(index, member):
    for words in REPORTS:
        arguments = ["report", *words.format(member=member.address).split()]

        title = index(*arguments, "--json")["title"]
        assert title
        assert title in index(*arguments)


def test_reports_become_files(index, tmp_path):
    answer = index("report", "liability", "SHOP", "--json")
    for ending in ("csv", "xlsx", "json", "pdf", "html"):
        path = tmp_path / f"report.{ending}"
        index("report", "liability", "SHOP", "--out", str(path))
        assert path.stat().st_size > 100
    assert json.loads((tmp_path / "report.json").read_text()) == answer


def test_statement_shows_what_happened(index, member):
    rows = index("report", "statement", member.address, "--json")["rows"]

    assert "100.00" in json.dumps(rows)
    assert "converted" in json.dumps(rows)


def test_unknown_ending_is_told(index, tmp_path):
    with pytest.raises(FileError, match=r"names no format: end it with one of \.csv"):
        index("report", "flows", "--out", str(tmp_path / "flows.doc"))


def test_tax_wants_to_know_whose(index):
    with pytest.raises(ConfigError, match="whose"):
        index("report", "tax", "2026")


def test_books_are_accepted(index, tmp_path):
    path = tmp_path / "points.beancount"
    index("report", "beancount", "--out", str(path))

    check = Path(sys.executable).parent / "bean-check"
    done = subprocess.run([check, path], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_hledger_journal_is_written(index, tmp_path):
    path = tmp_path / "points.journal"
    index("report", "hledger", "SHOP", "--out", str(path))
    hledger = shutil.which("hledger")

    assert "SHOP" in path.read_text()
    if hledger:
        subprocess.run([hledger, "-f", path, "check"], check=True)


def test_audit_file_is_written(index, tmp_path):
    path = tmp_path / "shop.xaf"
    named = ["--company", "Corner Shop B.V.", "--tax-number", "123456789"]
    index("report", "audit-file", "SHOP", *named, "--out", str(path))

    assert "Corner Shop B.V." in path.read_text()


@pytest.fixture
def keystore(tmp_path, monkeypatch):
    """The keystore of an auditor's client, and its address."""
    account = Account.create()
    path = tmp_path / "key.json"
    path.write_text(json.dumps(Account.encrypt(account.key, "x", kdf="pbkdf2", iterations=10)))
    (tmp_path / "password").write_text("x")
    monkeypatch.setenv("ZEGEL_PASSWORD_FILE", str(tmp_path / "password"))
    return str(path), account.address


def test_evidence_is_packed_and_verified(zegel, points, keystore, tmp_path):
    key, address = keystore
    pack = str(tmp_path / "2026.zip")
    zegel("evidence", pack, account=key)

    rows = zegel("verify", pack, "--signer", address, "--json")["rows"]
    assert rows
    assert {row["result"] for row in rows} == {"ok"}


def test_changed_evidence_is_no_success(zegel, points, keystore, tmp_path):
    key, _ = keystore
    pack, changed = tmp_path / "2026.zip", tmp_path / "changed.zip"
    zegel("evidence", str(pack), account=key)
    with ZipFile(pack) as old, ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'"31337"', b'"31338"') + b" ")

    rows = zegel("verify", str(changed), "--json", exit_code=1)["rows"]
    assert "wrong" in {row["result"] for row in rows}


def test_evidence_needs_a_key(zegel, member, tmp_path):
    with pytest.raises(AccountLocked):
        zegel("evidence", str(tmp_path / "2026.zip"))

"""The demo
├── on a slice of the file: lives through its months and reconciles
├── twice with the same seed: the same figures
├── with a faulty file: starts no chain
└── interrupted: leaves no chain behind
"""

import io
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree
from rich.console import Console

from zegel.chain import artifacts
from zegel.chain.anvil import Anvil
from zegel.chain.raw import call_data
from zegel.chain.sending import UnlockedSender
from zegel.demo import run, session
from zegel.demo.blocks import Blocks
from zegel.demo.purchases import find_file, read_purchases
from zegel.demo.session import Settings, run_demo
from zegel.demo.world import SHOP, STAFF, World, member_address
from zegel.errors import FileError, Refused
from zegel.report.bookkeeping.audit_file import find_schema
from zegel.report.compile import Report

CUSTOMERS, MONTHS = 300, 5


@pytest.fixture(scope="module")
def slice_of_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The purchases of the first customers."""
    path = tmp_path_factory.mktemp("data") / "purchases.txt"
    header, *lines = find_file().read_bytes().splitlines(keepends=True)
    path.write_bytes(header + b"".join(line for line in lines if int(line[:6]) <= CUSTOMERS))
    return path


@pytest.fixture(scope="module")
def demo(slice_of_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], tuple]:
    def once() -> tuple[Report, Path, str]:
        out, shown = tmp_path_factory.mktemp("reports"), io.StringIO()
        settings = Settings(out, slice_of_file, MONTHS, seed=7)
        report = run_demo(settings, Console(file=shown, width=120))
        return report, out, shown.getvalue()

    return once


@pytest.fixture(scope="module")
def first(demo: Callable[[], tuple]) -> tuple[Report, Path, str]:
    return demo()


def test_the_slice_reconciles(first, slice_of_file):
    report, _, _ = first
    purchases = run.first_months(read_purchases(slice_of_file), MONTHS)
    shop, *_, staff = report.figures.programs.values()

    assert [check.claim for check in report.checks if not check.ok] == []
    assert len(report.checks) > 60
    assert (shop.program.symbol, staff.program.symbol) == (SHOP, STAFF)
    assert shop.total.awarded == sum(purchase.cents for purchase in purchases)
    assert shop.awards == sum(purchase.cents > 0 for purchase in purchases)
    assert shop.closing == report.state.programs[shop.program.token].total_supply


def test_the_months_have_everything_in_them(first):
    report, _, _ = first
    shop, airline, fuel, staff = report.figures.programs.values()

    assert all(p.redemptions and p.total.converted_in for p in (shop, airline, fuel, staff))
    assert all((shop.sent, shop.recovered, shop.total.refunded, shop.total.corrected))
    assert fuel.total.expired == fuel.announced > 0
    assert staff.sent == 0  # its points cannot be sent
    money = report.figures.money.token
    pairs = set(report.figures.flows)
    assert (money, shop.program.token) in pairs  # a top-up
    assert (staff.program.token, money) in pairs  # a cash-out
    assert {shop.program.token, airline.program.token, fuel.program.token} <= {a for a, _ in pairs}


def test_the_report_is_shown_and_written(first, slice_of_file):
    report, out, shown = first
    data = json.loads((out / "report.json").read_text())
    page = (out / "report.html").read_text()

    assert data["ok"] is True
    assert [check["claim"] for check in data["checks"]] == [c.claim for c in report.checks]
    for note in data["notes"]:
        assert note in page
    assert slice_of_file.name in data["notes"][0]
    assert str(out / "report.html") in shown.replace("\n", "")
    assert shown.count(" ok ") == len(report.checks)
    assert page.startswith("<!doctype html>")


def test_the_books_come_from_an_index_of_the_same_chain(first):
    report, out, shown = first
    claims = [check.claim for check in report.checks]

    assert claims.count("liability in the index = totalSupply") == len(report.programs)
    assert claims.count("points owed in the journal = totalSupply") == len(report.programs)
    for name in (
        "index.sqlite",
        "liability.pdf",
        "liability.xlsx",
        "history.html",
        "flows.html",
        "settlement.pdf",
        "account.csv",
        "statement-1.pdf",
        "journal.hledger",
    ):
        assert (out / name).stat().st_size, name
        assert str(out / name) in shown.replace("\n", "")
    audit = etree.parse(out / "audit.xml")
    etree.XMLSchema(etree.parse(find_schema())).assertValid(audit)
    checker = shutil.which("bean-check")
    assert checker, "bean-check comes with the development packages: run `make setup`"
    subprocess.run([checker, str(out / "journal.beancount")], check=True)


def test_the_same_seed_gives_the_same_figures(first, demo):
    (_, out, _), (_, out_again, _) = first, demo()

    one, two = (json.loads((o / "report.json").read_text()) for o in (out, out_again))
    for report in (one, two):
        for program in report["programs"]:
            # How many seconds into the first day depends on the machine.
            assert program.pop("created") - run.start_of(read_purchases(find_file())) < 3600
    assert one == two


def test_a_faulty_file_starts_no_chain(tmp_path, monkeypatch):
    path = tmp_path / "purchases.txt"
    path.write_text(" customer_id  date number_of_cds  dollar_value\n 00001 19970132  1  1.00\n")
    monkeypatch.setattr(session, "Anvil", _never)

    with pytest.raises(FileError, match="line 2, column date: '19970132' is no day"):
        run_demo(Settings(tmp_path / "out", path), Console(file=io.StringIO()))

    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_starts_no_chain(tmp_path, slice_of_file, monkeypatch):
    (tmp_path / "out").write_text("in the way")
    monkeypatch.setattr(session, "Anvil", _never)

    with pytest.raises(FileError, match="cannot be written"):
        run_demo(Settings(tmp_path / "out", slice_of_file), Console(file=io.StringIO()))


def test_an_interrupted_demo_leaves_no_chain(tmp_path, slice_of_file, monkeypatch):
    started = []

    def interrupted(anvil: Anvil, *_: object) -> World:
        started.append(anvil.pid)
        raise KeyboardInterrupt

    monkeypatch.setattr(session, "build", interrupted)

    with pytest.raises(KeyboardInterrupt):
        run_demo(Settings(tmp_path, slice_of_file), Console(file=io.StringIO()))

    (pid,) = started
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_failed_transaction_tells_its_reason():
    member, friend = member_address(1), member_address(2)
    with Anvil(options=run.ANVIL_OPTIONS, base_fee=0) as anvil:
        connection = anvil.connection
        sender = UnlockedSender(connection, connection.web3.eth.accounts[0])
        artifact = artifacts.load("TestEuro")
        factory = connection.web3.eth.contract(abi=artifact.abi, bytecode=artifact.bytecode)
        address = sender.send(factory.constructor())["contractAddress"]
        euro = connection.contract("TestEuro", address)
        anvil.impersonate_all()
        anvil.rpc("evm_setAutomine", False)
        blocks = Blocks(anvil, [address], list)
        blocks.add(member, euro, call_data(euro, "mint", member, 5))
        blocks.add(member, euro, call_data(euro, "transfer", friend, 6))

        with pytest.raises(Refused) as refused:
            blocks.mine(connection.timestamp() + 60)

    assert (refused.value.contract, refused.value.error) == ("TestEuro", "ERC20InsufficientBalance")
    assert refused.value.arguments == {
        "sender": connection.web3.to_checksum_address(member),
        "balance": 5,
        "needed": 6,
    }


def test_members_have_addresses_that_anyone_can_derive():
    assert member_address(1) == "0xe85cb248c8afcf93c327af2318953f7cab93fd42"
    assert member_address(1, phone=2) != member_address(1)


def _never(*_: object, **__: object) -> None:
    raise AssertionError("a chain was started")

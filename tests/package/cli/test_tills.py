"""A till from the command line, on one network
├── it is set up by its own account, which its merchant registered; limits change, the queue stays
├── a sale is asked for, paid, settled and paid back, each by a command of its own
├── what is declined is one line and no success
├── reports and receipts are written in every form, also while the service runs
└── the service of a device that has no network takes points; the link to its page is told
"""

import json
import re
import time

import pytest
from eth_account import Account
from support.tills import Running

from zegel.admin import merchants
from zegel.admin.inputs import word
from zegel.errors import ConfigError, Declined, FileError, PlanRefused
from zegel.till.requests import request_of
from zegel.till.vouchers import Answer

PASSWORD = "correct horse"


@pytest.fixture
def device(tmp_path, monkeypatch, anvil):
    """The account of a till, in a keystore file."""
    account = Account.from_key("0x" + "17" * 32)
    keystore = Account.encrypt(account.key, PASSWORD, kdf="pbkdf2", iterations=10)
    (tmp_path / "device.json").write_text(json.dumps(keystore))
    (tmp_path / "password").write_text(PASSWORD + "\n")
    monkeypatch.setenv("ZEGEL_PASSWORD_FILE", str(tmp_path / "password"))
    monkeypatch.setenv("ZEGEL_TILL", str(tmp_path / "till"))
    return account


@pytest.fixture
def keystore(tmp_path, device):
    return str(tmp_path / "device.json")


@pytest.fixture
def registered(suite, device, anvil, operator, outsider):
    """`outsider` is a merchant with the till `device`; the chain's clock is the device's."""
    anvil.move_to(int(time.time()) - 60)
    merchants.register(suite, operator, outsider.address, "Corner Shop").apply()
    merchants.register_till(suite, outsider, device.address).apply()
    anvil.set_balance(device.address, 10**18)


@pytest.fixture
def aside(suite, registered, member, awarder, outsider):
    """`member` has 30.00 aside for the merchant."""
    token = suite.token("SHOP")
    awarder.send(token.functions.award(member.address, 3_000, word("a test")))
    member.send(suite.desk.functions.hold(token.address, outsider.address, 3_000))


@pytest.fixture
def at_till(zegel, keystore):
    """Runs a command of the till."""

    def call(*arguments, account=keystore, **options):
        return zegel("till", *arguments, account=account, **options)

    return call


@pytest.fixture
def opened(at_till, aside):
    at_till("open", "--limit", "SHOP=20/50")
    return at_till


def answered(member, text):
    request = request_of(text.strip())
    signature = member.sign(request.message(member.address))
    return Answer(request.serial, member.address, signature).text()


def test_a_till_is_set_up_by_its_own_account(at_till, aside, device, outsider, tmp_path):
    said = at_till("open", "--limit", "SHOP=20/50", "--limit", "AIR=5/5", "--share", "1/2")

    assert said == f"[ok] till {device.address} of {outsider.address} in {tmp_path / 'till'}\n"
    rows = {row["program"]: row for row in at_till("status", "--json")["rows"]}
    assert rows["SHOP"]["most for one"] == "20.00"
    assert (rows["AIR"]["left"], rows["AIR"]["takes it"]) == ("5", "yes")
    at_till("open", "--limit", "SHOP=30/50")
    (row,) = at_till("status", "--json")["rows"]
    assert (row["program"], row["most for one"]) == ("SHOP", "30.00")


def test_a_till_that_no_merchant_registered_is_refused(at_till, device):
    with pytest.raises(ConfigError, match=f"{device.address} is no merchant's till: have the merc"):
        at_till("open", "--limit", "SHOP=20/50")
    with pytest.raises(ConfigError, match="no account: name the till's by --account"):
        at_till("open", "--limit", "SHOP=20/50", account="")


@pytest.mark.parametrize("limit", ["SHOP", "SHOP=1", "SHOP=1/x", "SHOP=0/1", "XYZ=1/1"])
def test_limits_that_are_none_are_refused(at_till, registered, limit):
    with pytest.raises(ConfigError, match=r"limit|no program XYZ"):
        at_till("open", "--limit", limit)


def test_where_no_till_is_that_is_said(at_till, tmp_path):
    for command in (["status"], ["settle"], ["report"], ["sync"], ["run"]):
        with pytest.raises(ConfigError, match=r"no till in .*: open one, or name its folder"):
            at_till(*command)
    with pytest.raises(ConfigError, match="no service runs in"):
        at_till("page")


def test_a_sale_goes_from_the_request_to_the_refund(opened, suite, member, outsider, tmp_path):
    code = tmp_path / "code.svg"
    text = opened("request", "SHOP", "12.50", "--ref", "order-7", "--out", str(code))
    assert code.read_text().startswith("<svg")
    assert opened("request", "SHOP", "12.50", "--ref", "order-7") == text
    # The till has not met this member, and looks the purse up.
    slip = opened("accept", answered(member, text))
    assert [line.strip() for line in slip.splitlines()[:2]] == ["Corner Shop", "12.50 SHOP"]

    (row,) = opened("report", "--json")["rows"]
    assert (row["points"], row["open"]) == ("12.50", "12.50")
    assert opened("settle") == "[ok] of 1 open sales: 1 paid; 0 are left\n"
    assert opened("settle") == "[ok] of 0 open sales: nothing; 0 are left\n"
    balance = suite.token("SHOP").functions.balanceOf
    assert balance(outsider.address).call() == 1_250

    told = opened("refund", "0", "2.50", account=outsider.address)
    assert re.fullmatch(r"\[ok\] serial 0: 2\.50 SHOP paid back in 0x[0-9a-f]{64}\n", told)
    assert (balance(outsider.address).call(), balance(member.address).call()) == (1_000, 250)
    assert opened("repay", account=outsider.address) == "[ok] 0 refunds made\n"
    assert "paid back" in opened("receipt", "0")


def test_only_the_merchant_pays_back(opened, member):
    opened("accept", answered(member, opened("request", "SHOP", "1")))
    opened("settle")
    with pytest.raises(ConfigError, match=r"is not the merchant .*: name the merchant's account"):
        opened("refund", "0", "1")
    # And nothing was promised.
    (row,) = opened("report", "--json")["rows"]
    assert row["paid back"] == "0.00"


def test_what_is_declined_is_said(opened, member):
    with pytest.raises(Declined, match=r"20\.01 SHOP is more than the floor limit of 20\.00 SHOP"):
        opened("request", "SHOP", "20.01")
    with pytest.raises(ConfigError, match="no program AIR: open the till with a limit for it"):
        opened("request", "AIR", "1")
    with pytest.raises(ConfigError, match="the code begins with 'HELLO', not with"):
        opened("accept", "HELLO")
    text = opened("request", "SHOP", "1")
    assert opened("cancel", "0") == "[ok] serial 0 is cancelled\n"
    with pytest.raises(Declined, match="serial 0 was cancelled: ask again"):
        opened("accept", answered(member, text))
    with pytest.raises(Declined, match="serial 0 was not paid here"):
        opened("receipt", "0")
    with pytest.raises(ConfigError, match="no report 'night': choose one of day, losses"):
        opened("report", "night")


def test_members_whom_the_till_has_not_met_are_read(opened, member):
    assert opened("sync", member.address).startswith("[ok] 1 purses known as of block ")


def test_what_is_not_settled_is_no_success(opened, suite, member, device, outsider):
    opened("accept", answered(member, opened("request", "SHOP", "1")))
    merchants.revoke_till(suite, outsider, device.address).apply()
    with pytest.raises(PlanRefused, match="not all was settled: see above"):
        opened("settle")
    assert opened("settle", account=outsider.address).startswith("[ok] of 1 open sales: 1 paid")


def test_reports_and_receipts_are_written_in_every_form(opened, member, tmp_path):
    opened("accept", answered(member, opened("request", "SHOP", "1")))
    for form in ("pdf", "csv", "xlsx", "json", "html"):
        for command in (["report", "day"], ["report", "losses"], ["receipt", "0"]):
            out = tmp_path / f"{command[-1]}.{form}"
            opened(*command, "--out", str(out))
            assert out.stat().st_size > 50
    assert opened("report", "--from", "2020-01-01", "--until", "2020-01-02", "--json")["rows"] == []


def test_a_device_without_a_network_takes_points(
    opened, keystore, book, member, zegel, tmp_path, anvil, suite
):
    opened("sync", member.address)
    running = Running(tmp_path / "till", "http://127.0.0.1:1", book.path.parent, keystore)
    try:
        client = running.client()
        sale = client.post("/v1/sales", json={"program": "SHOP", "amount": "500"}).json()
        taken = client.post("/v1/answers", json={"text": answered(member, sale["request"])})
        assert (taken.status_code, taken.json()["state"]) == (200, "open")
        end = time.monotonic() + 60
        while not client.get("/v1/till").json()["trouble"].startswith("no node answers"):
            assert time.monotonic() < end
            time.sleep(0.1)
        standing = client.get("/v1/till").json()
        assert (standing["online"], standing["open"]) == (False, 1)

        link = opened("page").strip()
        assert link.startswith(f"{client.base_url}".rstrip("/") + "/till#token=")
        with pytest.raises(FileError, match="another process works with it: stop that one first"):
            opened("settle")
        (row,) = opened("report", "--json")["rows"]
        assert row["open"] == "5.00"
    finally:
        told = running.end()
    assert running.process.returncode == 0
    listening, how, no_network = told.splitlines()[:3]
    assert re.fullmatch(r"till 0x\w{40} at http://127\.0\.0\.1:\d+; the token is in .*", listening)
    assert how == "`zegel till page` prints the link to its page; Ctrl-C stops it"
    assert no_network.startswith("no network: no node answers at http://127.0.0.1:1: ")
    token = (tmp_path / "till" / "token").read_text().strip()
    assert token not in told
    assert not (tmp_path / "till" / "service.json").exists()


def test_a_device_with_a_network_settles_by_itself(
    opened, keystore, book, member, anvil, suite, outsider, tmp_path
):
    quickly = "--settle-after=0", "--sync-every=1"
    running = Running(tmp_path / "till", anvil.url, book.path.parent, keystore, *quickly)
    try:
        client = running.client()
        end = time.monotonic() + 60
        while not client.get("/v1/till").json()["online"]:
            assert time.monotonic() < end
            time.sleep(0.1)
        sale = client.post("/v1/sales", json={"program": "SHOP", "amount": "500"}).json()
        text = answered(member, sale["request"])
        taken = client.post("/v1/answers", json={"text": text})
        assert taken.status_code == 200, taken.text
        while client.get("/v1/sales/0").json()["state"] == "open":
            assert time.monotonic() < end
            time.sleep(0.1)
        assert client.get("/v1/sales/0").json()["state"] == "paid"
    finally:
        running.end()
    assert suite.token("SHOP").functions.balanceOf(outsider.address).call() == 500

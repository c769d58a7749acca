"""Who sends: a keystore file, one of Brownie's accounts, or an address that a local node holds."""

import json

import pytest
from eth_account import Account

from zegel.cli.session import Session, unlocked
from zegel.cli.settings import Settings
from zegel.errors import AccountLocked, ConfigError

PASSWORD = "correct horse"


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home with the keystore of one of Brownie's accounts, and the file of its password."""
    account = Account.create()
    folder = tmp_path / ".brownie" / "accounts"
    folder.mkdir(parents=True)
    keystore = Account.encrypt(account.key, PASSWORD, kdf="pbkdf2", iterations=10)
    (folder / "shop.json").write_text(json.dumps(keystore))
    (tmp_path / "password").write_text(PASSWORD + "\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("ZEGEL_PASSWORD_FILE", str(tmp_path / "password"))
    return tmp_path, account


def test_keystores_are_found_by_path_and_by_name(home):
    folder, account = home

    by_path = str(folder / ".brownie" / "accounts" / "shop.json")
    assert unlocked("shop").address == unlocked(by_path).address == account.address


def test_password_is_asked_for(home, monkeypatch):
    _, account = home
    monkeypatch.delenv("ZEGEL_PASSWORD_FILE")
    monkeypatch.setattr("zegel.cli.session.getpass", lambda _: PASSWORD)

    assert unlocked("shop").address == account.address


def test_wrong_password_is_told(home):
    folder, _ = home
    (folder / "password").write_text("wrong")

    with pytest.raises(AccountLocked, match=r"shop\.json: wrong password for it"):
        unlocked("shop")


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"crypto": 1}', '{"version": 3}'])
def test_what_is_no_keystore_is_told(home, tmp_path, content):
    path = tmp_path / "broken.json"
    path.write_text(content)

    with pytest.raises(AccountLocked, match=r"no (Ethereum )?keystore"):
        unlocked(str(path))


def test_missing_keystore_names_those_that_are_there(home):
    with pytest.raises(AccountLocked, match=r"no keystore work: .*\(shop\)"):
        unlocked("work")


def test_missing_password_file_is_told(home, monkeypatch):
    monkeypatch.setenv("ZEGEL_PASSWORD_FILE", "/nowhere")

    with pytest.raises(AccountLocked, match="ZEGEL_PASSWORD_FILE: /nowhere cannot be read"):
        unlocked("shop")


def test_nothing_is_sent_unasked_on_a_chain_that_matters(monkeypatch):
    class Live:
        is_development = False
        chain_id = 1

    here = Session(Settings("", None, "", "", yes=False))
    here.__dict__["connection"] = Live()
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)

    with pytest.raises(ConfigError, match="say --yes"):
        here.confirm()

    sure = Session(Settings("", None, "", "", yes=True))
    sure.__dict__["connection"] = Live()
    sure.confirm()

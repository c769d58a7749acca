"""The scripts, run by Brownie as people run them.

on the development network
    `deploy` deploys
on a live network
    `deploy` deploys, the second time sends nothing; `verify` finds all as it should be
    with a keystore: asks for the password and for a confirmation; sends nothing without either
every script
    does what its name says, once
what goes wrong
    is told in one line, with exit code 1
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account
from eth_utils.crypto import keccak
from zegel_env import ROOT, environment, free_port

from zegel.award.drops import read_claims
from zegel.chain import artifacts
from zegel.chain.anvil import Anvil
from zegel.chain.sending import UnlockedSender
from zegel.deploy.book import Book
from zegel.deploy.suite import NOBODY, open_suite

KEY = Account.from_key(keccak(text="a keystore of the tests"))
PASSWORD = "correct horse"

BROWNIE = "from brownie._cli.__main__ import main; main()"

MEMBER = "0x00000000000000000000000000000000000000AA"
OTHER = "0x00000000000000000000000000000000000000bb"
EVIDENCE = "0x" + "e1" * 32


@dataclass(frozen=True)
class Desk:
    """A Brownie of its own: its networks, its keystores, its address books."""

    home: Path
    books: Path

    def environment(self, **more: str) -> dict[str, str]:
        return {
            **os.environ,
            **environment(),
            "HOME": str(self.home),
            "ZEGEL_DEPLOYMENTS": str(self.books),
            **more,
        }

    def brownie(
        self, *words: str, given: str = "", **more: str
    ) -> subprocess.CompletedProcess[str]:
        # Without a terminal of its own, the password is read from what is given. The project's own
        # `brownie` would insist on the project's own home.
        return subprocess.run(
            [sys.executable, "-c", BROWNIE, *words],
            cwd=ROOT,
            env=self.environment(**more),
            input=given,
            capture_output=True,
            text=True,
            start_new_session=True,
            check=False,
        )


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    settings = tmp_path / "home" / ".brownie"
    accounts = settings / "accounts"
    accounts.mkdir(parents=True)
    networks = (ROOT / "tools" / "brownie-networks.yaml").read_text()
    own_port = networks.replace("port: 8545", f"port: {free_port()}")
    (settings / "network-config.yaml").write_text(own_port)
    keystore = Account.encrypt(KEY.key, PASSWORD, iterations=1_024)
    (accounts / "shop.json").write_text(json.dumps(keystore))
    return Desk(tmp_path / "home", tmp_path / "deployments")


@pytest.fixture
def local() -> Iterator[Anvil]:
    """A chain that scripts reach as the network `local`."""
    with Anvil() as node:
        yield node


@pytest.fixture
def public(desk: Desk) -> Iterator[Anvil]:
    """A chain that is no development chain, as the network `public`."""
    with Anvil(chain_id=4242) as node:
        added = desk.brownie(
            "networks", "add", "live", "public", f"host={node.url}", "chainid=4242"
        )
        assert added.returncode == 0
        yield node


def test_deploy_on_the_development_network(desk: Desk) -> None:
    ran = desk.brownie("run", "deploy", "--network", "development")

    assert "[ok] 11 of 11 steps taken" in ran.stdout
    assert ran.returncode == 0
    assert not desk.books.exists()


def test_deploy_twice_and_verify_on_a_live_network(desk: Desk, local: Anvil) -> None:
    first = desk.brownie("run", "deploy", "--network", "local", ZEGEL_RPC_URL=local.url)
    assert "[ok] 11 of 11 steps taken" in first.stdout
    book = (desk.books / "31337.json").read_bytes()
    height = local.connection.web3.eth.block_number

    second = desk.brownie("run", "deploy", "--network", "local", ZEGEL_RPC_URL=local.url)
    assert "[ok] nothing to do" in second.stdout
    assert (desk.books / "31337.json").read_bytes() == book
    assert local.connection.web3.eth.block_number == height

    verified = desk.brownie("run", "verify", "--network", "local", ZEGEL_RPC_URL=local.url)
    assert [run.returncode for run in (first, second, verified)] == [0, 0, 0]
    assert "[ok]      IssuerRegistry: code at " in verified.stdout
    assert "[differs]" not in verified.stdout


def test_keystore_and_confirmation_on_a_public_network(
    desk: Desk, public: Anvil, tmp_path: Path
) -> None:
    helper = UnlockedSender(public.connection, public.connection.web3.eth.accounts[0])
    euro = _deploy_euro(helper)
    settings = tmp_path / "network.toml"
    settings.write_text(f'[suite]\nsettlement_token = "{euro}"\n')
    public.set_balance(KEY.address, 10**18)

    def deploy(given: str) -> subprocess.CompletedProcess[str]:
        words = ("run", "deploy", "main", str(settings), "--network", "public")
        return desk.brownie(*words, given=given, ZEGEL_ACCOUNT="shop")

    def sent() -> int:
        return public.connection.web3.eth.get_transaction_count(KEY.address)

    wrong = deploy("wrong horse\n")
    assert wrong.stderr.splitlines()[-1] == (
        "error: wrong password for the keystore shop: try again"
    )
    doubting = deploy(f"{PASSWORD}\nn\n")
    assert "Send this on public? [y/N]" in doubting.stdout
    assert doubting.stderr.splitlines()[-1] == "error: not confirmed: nothing was sent"
    assert (wrong.returncode, doubting.returncode, sent()) == (1, 1, 0)

    sure = deploy(f"{PASSWORD}\ny\n")
    assert "[ok] 9 of 10 steps taken" in sure.stdout
    assert (sure.returncode, sent()) == (0, 9)
    assert PASSWORD not in sure.stdout + sure.stderr
    book = Book.open(public.connection, desk.books)
    registry = open_suite(public.connection, book).registry.functions
    assert registry.defaultAdmin().call() == KEY.address


def _deploy_euro(sender: UnlockedSender) -> str:
    """Money for a public chain, where no suite brings its own."""
    artifact = artifacts.load("TestEuro")
    factory = sender.connection.web3.eth.contract(abi=artifact.abi, bytecode=artifact.bytecode)
    return str(sender.send(factory.constructor())["contractAddress"])


def test_unknown_network_is_told_in_one_line() -> None:
    ran = subprocess.run(
        ["brownie", "run", "deploy", "--network", "nowhere"],
        cwd=ROOT,
        env={**os.environ, **environment()},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 1
    assert ran.stderr.startswith("error: no network nowhere: there are development, local")
    assert ran.stderr.count("\n") == 1


# Runs functions of scripts one after the other in one process, for Brownie takes long to start, and
# tells for each what it printed and how it ended. Passwords are read from what is given.
RUNNER = """
import contextlib, importlib, io, json, os, sys
from brownie import network

sys.path.insert(0, os.getcwd())
network.connect("local")
told = []
for script, function, words, account in json.loads(sys.argv[1]):
    os.environ["ZEGEL_ACCOUNT"] = account
    out, end = io.StringIO(), ""
    with contextlib.redirect_stdout(out):
        try:
            getattr(importlib.import_module(f"scripts.{script}"), function)(*words)
        except SystemExit as stop:
            end = str(stop)
    told.append([out.getvalue(), end])
json.dump(told, sys.stdout)
"""

Run = tuple[str, str, list[str], str]


@pytest.fixture
def run_all(desk: Desk, local: Anvil) -> Callable[[list[Run]], list[tuple[str, str]]]:
    """Runs functions of scripts; gives back what each printed, and its error."""

    def run(calls: list[Run]) -> list[tuple[str, str]]:
        ran = subprocess.run(
            [sys.executable, "-c", RUNNER, json.dumps(calls)],
            cwd=ROOT,
            env=desk.environment(ZEGEL_RPC_URL=local.url),
            input=f"{PASSWORD}\n",
            capture_output=True,
            text=True,
            start_new_session=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        return [(out, end) for out, end in json.loads(ran.stdout.splitlines()[-1])]

    return run


def identity(issuer: str) -> str:
    return f"""
[issuers."{issuer}"]
legal_name = "Corner Shop B.V."
lei = "9999ZEGELSHOP0000131"
domain = "shop.example"
"""


def settings_for(accounts: Any) -> str:
    admin, issuer = accounts[:2]
    return f"""
[suite]
admin_delay = 0
operators = ["{admin}"]
verifiers = ["{admin}"]

{identity(issuer)}

[programs.SHOP]
name = "Corner Shop"
decimals = 2
admin_delay = 0
bid = "0.009"
ask = "0.01"
limits = {{ out = "5000" }}
budgets = {{ "{issuer}" = {{ limit = "1000" }} }}

[programs.SHOP.roles]
pricer = ["{issuer}"]
freezer = ["{issuer}"]
recoverer = ["{issuer}"]
guardian = ["{issuer}"]
treasurer = ["{issuer}"]
"""


def charter_of(issuer: str, attester: str) -> str:
    return f"""
program = "SHOP"
document = "{EVIDENCE}"
parties = ["{issuer}", "{KEY.address}"]

[[rules]]
label = "bottle returned"
amount = "0.50"
max_per_period = 2
months_per_period = 1
attester = "{attester}"
"""


def test_every_script_does_its_work_once(
    local: Anvil,
    desk: Desk,
    tmp_path: Path,
    run_all: Callable[[list[Run]], list[tuple[str, str]]],
) -> None:
    accounts = local.connection.web3.eth.accounts
    admin, issuer, new, merchant = accounts[:4]
    settings = tmp_path / "network.toml"
    settings.write_text(settings_for(accounts))
    awards = tmp_path / "awards.csv"
    awards.write_text(f"member,amount,ref,reason\n{MEMBER},1.50,a,x\n{OTHER},2,b,x\n")
    others = tmp_path / "others.toml"
    others.write_text(identity(MEMBER) + identity(OTHER))
    more, signed = str(others), str(tmp_path / "credential.json")
    left = tmp_path / "left.csv"
    left.write_text(f"member,amount,ref,reason\n{MEMBER},3,c,x\n")
    agreement = tmp_path / "charter.toml"
    agreement.write_text(charter_of(issuer, admin))
    charter, claims, rest = str(agreement), str(tmp_path / "a.json"), str(tmp_path / "b.json")
    tomorrow = local.connection.timestamp() + 24 * 3600
    until = datetime.fromtimestamp(tomorrow, timezone.utc).isoformat()
    file, words = str(settings), [str(settings), "SHOP"]

    calls: list[Run] = [
        ("deploy", "main", [file], admin),
        ("create_program", "main", words, issuer),
        ("hand_over", "grant", words, issuer),
        ("set_prices", "from_file", words, issuer),
        ("set_limits", "main", words, issuer),
        ("verify", "main", [file], ""),
        ("set_prices", "main", ["SHOP", "0.008", "0.01"], issuer),
        ("verify", "main", [file], ""),
        ("set_limits", "budget", ["SHOP", OTHER, "5", "3600"], issuer),
        ("set_limits", "revoke_budget", ["SHOP", OTHER], issuer),
        ("fund", "main", ["SHOP", "20.5"], admin),
        ("withdraw", "main", ["SHOP", "10", OTHER], issuer),
        ("award", "main", ["SHOP", MEMBER, "12.5", "receipt-1", "purchase"], issuer),
        ("award", "main", ["SHOP", MEMBER, "12.5", "receipt-1", "purchase"], issuer),
        ("award_file", "main", ["SHOP", str(awards)], issuer),
        ("freeze", "main", ["SHOP", MEMBER, "stolen"], issuer),
        ("freeze", "recover", ["SHOP", MEMBER, OTHER, "stolen"], issuer),
        ("freeze", "unfreeze", ["SHOP", MEMBER, "found"], issuer),
        ("pause", "main", ["SHOP"], issuer),
        ("pause", "unpause", ["SHOP"], issuer),
        ("pause", "shut_exchange", ["SHOP"], issuer),
        ("pause", "open_exchange", ["SHOP"], issuer),
        ("suspend", "main", ["SHOP", "audit"], admin),
        ("suspend", "schedule", ["SHOP", "audit"], admin),
        ("suspend", "reinstate", ["SHOP"], issuer),
        ("accredit", "main", [more, MEMBER], admin),
        ("accredit", "sign", [more, OTHER, signed], admin),
        ("accredit", "submit", [signed], issuer),
        ("accredit", "submit", [signed], issuer),
        ("accredit", "revoke", [OTHER, "fraud"], admin),
        ("accredit", "main", [more, issuer], admin),
        ("verifiers", "main", [OTHER], admin),
        ("merchants", "main", [merchant, "Corner Shop"], admin),
        ("offline", "main", ["SHOP", "20", "5"], issuer),
        ("offline", "limit", ["SHOP", merchant, "2.5"], issuer),
        ("offline", "limit", ["SHOP", merchant, "1"], issuer),
        ("offline", "payout", [MEMBER], merchant),
        ("offline", "show", ["SHOP", merchant], issuer),
        ("merchants", "till", [OTHER], merchant),
        ("merchants", "revoke_till", [OTHER], merchant),
        ("merchants", "till", [MEMBER], merchant),
        ("open_drop", "main", ["SHOP", str(awards), claims, until], issuer),
        ("open_drop", "main", ["SHOP", str(left), rest, until], issuer),
        ("claim_drop", "main", [claims, MEMBER], merchant),
        ("claim_drop", "everybody", [claims], merchant),
        ("claim_drop", "everybody", [claims], merchant),
        ("open_drop", "close", [rest], merchant),
        ("charter", "main", [charter], issuer),
        ("charter", "sign", [charter], issuer),
        ("charter", "signature", [charter], issuer),
        ("charter", "signature", [charter], "shop"),
        ("hand_over", "revoke", ["freezer", issuer, "SHOP"], issuer),
        ("hand_over", "main", [new, "SHOP"], issuer),
        ("hand_over", "main", [new], admin),
        ("fund", "by_permit", ["SHOP", "30"], admin),
        ("pause", "main", ["SHOP"], issuer),
        ("pause", "main", ["NONE"], issuer),
        ("fund", "main", ["SHOP", "many"], issuer),
        ("fund", "main", ["SHOP", "30"], "nobody"),
    ]
    told = run_all(calls)

    suite = open_suite(local.connection, Book.open(local.connection, desk.books))
    token = suite.token("SHOP").address
    registry = suite.registry.functions
    due = registry.reinstatementDueAt(token).call()
    charter_contract = suite.charter.address
    drop = read_claims(Path(rest))[0].id(token).hex()
    signature = told[[call[:2] for call in calls].index(("charter", "signature")) + 1][0].strip()
    assert [end for _, end in told if end] == [
        "error: chain 31337 differs from what was written down: see a line above",
        f"error: SHOP: not suspended: IssuerRegistry refused: DelayNotOver(subject={token}, "
        f"dueAt={due})",
        f"error: no issuer {issuer} in the settings file: it has {MEMBER}, {OTHER}",
        f"error: drop 0x{drop}: closed: AwardDrop refused: DropNotOver(dropId=0x{drop}, "
        f"claimableUntil={tomorrow})",
        "error: a charter is signed here: set ZEGEL_ACCOUNT to a keystore",
        "error: a permit is signed here: set ZEGEL_ACCOUNT to a keystore",
        f"error: SHOP: paused: {issuer} is not guardian of {token}: run it with an account that is",
        "error: no program NONE on chain 31337: create it",
        "error: target: 'many' is no decimal number: write it like 12.50",
        "error: no keystore nobody: there are shop; make one with `brownie accounts new`",
    ]
    assert "[differs] SHOP: bid 0.009, ask 0.01: now bid 0.008, ask 0.01" in told[7][0]
    assert [out.splitlines()[-1] for out, end in told if "nothing to do" in out] == [
        "[ok] nothing to do"
    ] * 4

    shop = suite.token("SHOP").functions
    balances = [shop.balanceOf(who).call() for who in (MEMBER, OTHER)]
    assert balances == [150, 1250 + 150 + 200 + 200]
    program = suite.exchange.functions.programOf(token).call()
    assert program[:3] == (8_000_000_000, 10_000_000_000, 10_000_000)
    assert suite.settlement_token.functions.balanceOf(OTHER).call() == 10_500_000
    assert shop.pendingDefaultAdmin().call()[0] == new
    assert registry.pendingDefaultAdmin().call()[0] == new
    assert [registry.isAccredited(who).call() for who in (issuer, MEMBER, OTHER)] == [1, 1, 0]
    assert registry.merchantName(merchant).call() == "Corner Shop"
    assert [registry.merchantOf(till).call() for till in (MEMBER, OTHER)] == [merchant, NOBODY]

    assert suite.desk.functions.payoutOf(merchant).call() == MEMBER
    shown = next(out for out, _ in told if "points guaranteed" in out)
    assert shown.splitlines()[-4:-1] == [
        "SHOP: 20.00 points guaranteed for one member",
        "  limits: 2.50 in all",
        "  shared purses: 0 of 5 open",
    ]
    lower = suite.desk.functions.limitOf(token, merchant).call()[2]
    day = datetime.fromtimestamp(lower, timezone.utc)
    assert shown.splitlines()[-1] == f"  {merchant}: 2.50, 1.00 from {day:%Y-%m-%d %H:%M} UTC on"

    # On a slow machine the scripts' announcements are some time apart.
    local.move_to(max(due, registry.verifierDueAt(OTHER).call()))
    later: list[Run] = [
        ("suspend", "reinstate", ["SHOP"], issuer),
        ("verifiers", "add", [OTHER], issuer),
        ("verifiers", "remove", [admin], admin),
        ("open_drop", "close", [rest], merchant),
        ("charter", "deliver", [charter, KEY.address, signature], merchant),
        ("set_limits", "budget", ["SHOP", charter_contract, "5", "3600"], issuer),
        ("charter", "reward", [charter, "0", OTHER, str(settings)], admin),
        ("charter", "show", [charter], ""),
        ("merchants", "remove", [merchant, "left"], new),
    ]
    told = run_all(later)
    assert [end for _, end in told] == [""] * len(later)
    assert suite.exchange.functions.programOf(token).call()[4] & 8 == 0
    assert [registry.isVerifier(who).call() for who in (OTHER, admin)] == [True, False]
    assert registry.isMerchant(merchant).call() is False
    assert [shop.balanceOf(who).call() for who in (suite.drop.address, OTHER)] == [0, 1800 + 50]
    assert told[7][0].splitlines()[0].endswith(" of SHOP: in force")

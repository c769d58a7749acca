"""Charters, from a file to a reward.

load
  reads what the file says
  given a value that is missing, misspelt or wrong, it is refused with its place
an agreement
  is proposed, signed by transaction and by signature, shown, and rewards, each once
  refuses beforehand what the contract would refuse
the example
  is a charter
"""

from pathlib import Path

import pytest
from eth_account import Account
from eth_utils import keccak

from zegel.admin.charters import Agreement, Charter, Rule, load
from zegel.admin.limits import set_budget
from zegel.award.rows import packed_text
from zegel.chain.sending import KeySender
from zegel.errors import FileError, PlanRefused

MEMBER = "0x00000000000000000000000000000000000000AA"
KEY = Account.from_key(keccak(text="a party with a keystore"))
DOCUMENT = "0x" + "d0" * 32
EVIDENCE = keccak(text="receipt 4711")

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "charter.toml"


@pytest.fixture
def path(tmp_path: Path, issuer, member) -> Path:
    path = tmp_path / "charter.toml"
    path.write_text(f"""
program = "SHOP"
document = "{DOCUMENT}"
parties = ["{issuer.address}", "{KEY.address}"]

[[rules]]
label = "bottle returned"
amount = "0.50"
max_per_period = 2
months_per_period = 1
attester = "{member.address}"
valid_until = 2028-01-01

[[rules]]
label = "friend"
amount = "5"
max_per_period = 1
attester = "{issuer.address}"
""")
    return path


@pytest.fixture
def agreement(suite, path):
    return Agreement(suite, load(path))


def in_force(agreement, issuer, outsider):
    agreement.propose(issuer).apply()
    agreement.sign(issuer).apply()
    signature = agreement.signature(KeySender(agreement.suite.connection, KEY))
    agreement.deliver(outsider, KEY.address, signature).apply()


def test_file_is_read(path, issuer, member):
    assert load(path) == Charter(
        symbol="SHOP",
        document=bytes.fromhex(DOCUMENT[2:]),
        parties=(issuer.address, KEY.address),
        rules=(
            Rule(packed_text("bottle returned"), "0.50", 2, 1, member.address, 1_830_297_600),
            Rule(packed_text("friend"), "5", 1, 0, issuer.address),
        ),
    )


def test_document_may_be_a_file(path):
    (path.parent / "charter.md").write_text("What we reward.")
    path.write_text(path.read_text().replace(DOCUMENT, "charter.md"))

    assert load(path).document == keccak(text="What we reward.")


def test_predecessor_is_read(path):
    path.write_text(f'supersedes = "0x{"ab" * 32}"\n' + path.read_text())

    assert load(path).supersedes == bytes.fromhex("ab" * 32)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("program", "programme", "program: missing, wanted is text"),
        ("0x" + "d0" * 32, "none.md", "document: 'none.md' is neither a hash nor a file in"),
        ('"0.50"', "0.50", r"rules\[0\].amount: 0.5, wanted is text"),
        ("max_per_period = 1", "max_per_day = 1", r"rules\[1\].max_per_period: missing"),
        ("label =", "name =", r"rules\[0\].label: missing"),
        ("2028-01-01", "2028-01-01T09:00:00", r"rules\[0\].valid_until: .* has a time"),
        ("months_per_period", "months", r"rules\[0\].months: no such setting"),
    ],
)
def test_faults_are_told_with_their_place(path, old, new, told):
    path.write_text(path.read_text().replace(old, new, 1))

    with pytest.raises(FileError, match=f"^{path}: {told}"):
        load(path)


def test_charter_is_proposed_and_signed_once(suite, agreement, issuer, outsider):
    name = f"0x{agreement.id.hex()}"
    assert agreement.propose(issuer).apply() == [f"charter {name}"]
    assert agreement.propose(issuer).apply() == []
    assert agreement.sign(issuer).apply() == [f"signature of {issuer.address} under {name}"]
    assert agreement.sign(issuer).apply() == []
    signature = agreement.signature(KeySender(suite.connection, KEY))

    delivered = agreement.deliver(outsider, KEY.address, signature)

    assert delivered.apply() == [f"signature of {KEY.address} under {name}"]
    assert delivered.apply() == []
    assert suite.charter.functions.charterOf(agreement.id).call()[1] == 2


def test_charter_is_shown(agreement, issuer, member, outsider):
    name = f"0x{agreement.id.hex()}"
    rules = [
        "rule 0, bottle returned: 0.50 points, at most 2 times a month, before 2028-01-01, "
        f"by {member.address}",
        f"rule 1, friend: 5.00 points, at most 1 times ever, by {issuer.address}",
    ]
    agreement.propose(issuer).apply()
    agreement.sign(issuer).apply()
    assert list(agreement.lines()) == [
        f"charter {name} of SHOP: proposed",
        f"document {DOCUMENT}",
        f"party {issuer.address}: signed",
        f"party {KEY.address}: not signed",
        *rules,
    ]

    in_force(agreement, issuer, outsider)
    assert next(agreement.lines()) == f"charter {name} of SHOP: in force"


def test_member_is_rewarded_once(suite, agreement, issuer, member, outsider):
    in_force(agreement, issuer, outsider)
    set_budget(suite, issuer, "SHOP", suite.charter.address, 1_000).apply()

    reward = agreement.reward(member, 0, MEMBER, EVIDENCE)

    assert reward.apply() == [f"reward 0x{EVIDENCE.hex()}"]
    assert reward.apply() == []
    assert suite.token("SHOP").functions.balanceOf(MEMBER).call() == 50


def test_refusals_come_before_anything_is_sent(suite, agreement, issuer, member, outsider):
    with pytest.raises(PlanRefused, match=f"{outsider.address} is not default admin of 0x"):
        agreement.propose(outsider).apply()
    with pytest.raises(PlanRefused, match="RewardCharter refused: CharterNotProposed"):
        agreement.sign(issuer).apply()
    in_force(agreement, issuer, outsider)
    with pytest.raises(PlanRefused, match="RewardCharter refused: NotAttester"):
        agreement.reward(outsider, 0, MEMBER, EVIDENCE).apply()
    with pytest.raises(PlanRefused, match="PointToken refused: NotAwarder"):
        agreement.reward(member, 0, MEMBER, EVIDENCE).apply()


def test_successor_names_its_predecessor(suite, agreement, path, issuer, outsider):
    in_force(agreement, issuer, outsider)
    path.write_text(f'supersedes = "0x{agreement.id.hex()}"\n' + path.read_text())
    successor = Agreement(suite, load(path))

    in_force(successor, issuer, outsider)

    lines = list(successor.lines())
    assert lines[0].endswith("in force")
    assert lines[2] == f"supersedes 0x{agreement.id.hex()}"
    assert next(agreement.lines()).endswith("superseded")


def test_example_is_a_charter(suite):
    charter = load(EXAMPLE)

    assert [rule.amount for rule in charter.rules] == ["0.50", "5"]
    assert len(Agreement(suite, charter).id) == 32

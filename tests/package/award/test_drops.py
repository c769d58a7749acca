"""Drops
├── numbered rows, one tree, one name
├── the claims file: written, read and checked against the root
│   └── given a changed, incomplete or unreadable one, it is refused in one line
└── on the chain: the contract takes the rows and the proofs, and gives the drop the same name
"""

import json

import pytest
from eth_abi import encode
from eth_utils import keccak, to_checksum_address

from zegel.admin.acts import Program
from zegel.admin.drops import Opening
from zegel.award.drops import Drop, Place, read_claims, write_claims
from zegel.award.merkle import leaf_at, verify
from zegel.award.rows import Award, packed_text
from zegel.errors import FileError

TOKEN = to_checksum_address("0x" + "77" * 20)
PLACE = Place(31337, to_checksum_address("0x" + "88" * 20), TOKEN, 1_790_812_800)


def award(number: int, amount: int = 7) -> Award:
    member = keccak(text=f"member {number % 3}")[12:]
    return Award(member, amount, packed_text(f"receipt-{number}"), packed_text("purchase"))


@pytest.fixture
def drop() -> Drop:
    return Drop(tuple(map(award, range(5))))


@pytest.fixture
def claims(drop, tmp_path):
    path = tmp_path / "claims.json"
    write_claims(path, drop, PLACE)
    return path


def test_a_leaf_is_the_double_hash_of_the_numbered_row():
    one = award(2)
    types = ["uint256", "address", "uint256", "bytes32", "bytes32"]
    member = "0x" + one.member.hex()

    encoded = encode(types, [2**200, member, one.amount, one.ref, one.reason])

    assert leaf_at(2**200, one) == keccak(keccak(encoded))


def test_every_row_is_proved(drop):
    for index, one in enumerate(drop.awards):
        assert verify(drop.root, leaf_at(index, one), drop.proof(index))
        assert not verify(drop.root, leaf_at(index + 1, one), drop.proof(index))


def test_equal_awards_are_different_rows():
    twice = Drop((award(1), award(1)))

    assert twice.total == 14
    assert twice.proof(0) == (leaf_at(1, award(1)),)
    assert twice.proof(1) == (leaf_at(0, award(1)),)


def test_the_name_is_that_of_token_and_root(drop):
    assert drop.id(TOKEN) == keccak(encode(["address", "bytes32"], [TOKEN, drop.root]))


def test_awards_are_found_by_member(drop):
    member = to_checksum_address(drop.awards[1].member)

    assert drop.of(member) == (1, 4)
    assert drop.of(TOKEN) == ()


def test_a_claims_file_is_read_as_it_was_written(drop, claims):
    assert read_claims(claims) == (drop, PLACE)


def test_a_claims_file_holds_what_the_contract_takes(drop, claims):
    content = json.loads(claims.read_text())

    assert content["total"] == 35
    assert content["root"] == "0x" + drop.root.hex()
    assert content["claims"][4] == {
        "index": 4,
        "member": to_checksum_address(drop.awards[4].member),
        "amount": 7,
        "ref": "0x" + drop.awards[4].ref.hex(),
        "reason": "0x" + drop.awards[4].reason.hex(),
        "proof": ["0x" + sibling.hex() for sibling in drop.proof(4)],
    }


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("amount", 8),
        ("member", TOKEN),
        ("ref", "0x" + "11" * 32),
        ("reason", "0x" + "11" * 32),
    ],
)
def test_changed_claims_are_refused(drop, claims, key, value):
    content = json.loads(claims.read_text())
    content["claims"][0][key] = value
    claims.write_text(json.dumps(content))

    name = "0x" + drop.id(TOKEN).hex()
    with pytest.raises(FileError, match=f"its rows are not those of the drop {name}: ask for"):
        read_claims(claims)


def test_claims_for_another_token_are_refused(claims):
    content = json.loads(claims.read_text())
    claims.write_text(json.dumps({**content, "token": PLACE.contract}))

    with pytest.raises(FileError, match="its rows are not those of the drop"):
        read_claims(claims)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda content: content["claims"].pop(0), "not numbered from 0"),
        (lambda content: content["claims"].clear(), "not numbered from 0"),
        (lambda content: content.pop("token"), "'token'"),
        (lambda content: content["claims"][0].update(ref="0x11"), "0x11 has not 32 bytes"),
        (lambda content: content["claims"][0].update(member="nobody"), "nobody"),
    ],
    ids=["a row left out", "no rows", "no token", "a short reference", "no member"],
)
def test_incomplete_claims_are_refused(claims, change, reason):
    content = json.loads(claims.read_text())
    change(content)
    claims.write_text(json.dumps(content))

    with pytest.raises(FileError, match=rf"{claims}: is no claims file \(.*{reason}.*\): ask for"):
        read_claims(claims)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(FileError, match="there is no such file: check the name"):
        read_claims(tmp_path / "none.json")


def test_a_file_that_is_no_json_is_told(claims):
    claims.write_text("{")

    with pytest.raises(FileError, match="is no claims file"):
        read_claims(claims)


def test_the_contract_takes_rows_and_proofs(suite, issuer, awarder, outsider, drop):
    token, contract = suite.token("SHOP"), suite.drop
    opening = Opening(suite, issuer, Program(suite, "SHOP"), drop)
    opening.plan().steps[0].act()
    end = token.functions.expiryOf(token.functions.lifetime().call() - 1).call()

    awarder.send(contract.functions.openDrop(token.address, drop.root, drop.total, end))

    drop_id = drop.id(token.address)
    assert contract.functions.dropIdOf(token.address, drop.root).call() == drop_id
    for index in range(5):
        outsider.send(contract.functions.claim(drop_id, drop.row(index), drop.proof(index)))
    balances = [
        token.functions.balanceOf(to_checksum_address(one.member)).call() for one in drop.awards[:3]
    ]
    assert balances == [14, 14, 7]
    assert contract.functions.dropOf(drop_id).call()[1] == 0

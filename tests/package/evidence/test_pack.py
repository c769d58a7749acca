"""An evidence pack
├── is found again on the node, event by event
├── is the same whenever it is written
├── of another chain is refused
└── of which a member was changed says which, and what
"""

from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import orjson
import pytest
from eth_account import Account
from eth_hash.auto import keccak

from zegel.award.merkle import verify
from zegel.award.rows import packed_text
from zegel.chain.anvil import Anvil
from zegel.chain.connection import Connection
from zegel.chain.sending import UnlockedSender
from zegel.deploy.suite import Suite
from zegel.errors import FileError
from zegel.evidence.checking import failed, verify_pack
from zegel.evidence.pack import EVENTS, FIGURES, MANIFEST, SIGNATURE, signable, write_pack
from zegel.evidence.root import Root, leaf

AUDITOR, FORGER = (Account.from_key(keccak(name)) for name in (b"auditor", b"forger"))


@pytest.fixture
def pack(suite: Suite, awarder: UnlockedSender, member: UnlockedSender, tmp_path: Path) -> Path:
    """Two awards and a redemption, after everything that the set-up did."""
    shop = suite.token("SHOP").functions
    for number in (1, 2):
        awarder.send(shop.award(member.address, 5_000, packed_text(f"sale-{number}")))
    member.send(shop.redeem(1_500, packed_text("order-1")))
    path = tmp_path / "pack.zip"
    write_pack(path, suite, suite.connection.web3.eth.block_number, AUDITOR)
    return path


def members(pack: Path) -> dict[str, bytes]:
    with ZipFile(pack) as found:
        return {name: found.read(name) for name in found.namelist()}


def rewritten(pack: Path, content: dict[str, bytes]) -> Path:
    with ZipFile(pack, "w") as changed:
        for name, data in content.items():
            changed.writestr(name, data)
    return pack


def edited(data: bytes, **changes) -> bytes:
    return orjson.dumps({**orjson.loads(data), **changes}, option=orjson.OPT_INDENT_2) + b"\n"


def signed(content: dict[str, bytes], account=AUDITOR) -> dict[str, bytes]:
    """The content with a signature that is good for it."""
    manifest = content[MANIFEST]
    signature = account.sign_message(signable(orjson.loads(manifest), manifest)).signature
    told = {"signer": account.address, "signature": "0x" + signature.hex()}
    return {**content, SIGNATURE: orjson.dumps(told)}


def with_figures(content: dict[str, bytes], figures: bytes) -> dict[str, bytes]:
    """Other figures, in a manifest that fits them."""
    manifest = edited(content[MANIFEST], figures="0x" + keccak(figures).hex())
    return {**content, FIGURES: figures, MANIFEST: manifest}


def with_events(content: dict[str, bytes], lines: list[bytes]) -> dict[str, bytes]:
    """Other events, in a manifest that fits them."""
    root = Root()
    for line in lines:
        root.add(line)
    told = {"count": root.count, "root": "0x" + root.value.hex()}
    events = b"".join(line + b"\n" for line in lines)
    return {**content, EVENTS: events, MANIFEST: edited(content[MANIFEST], events=told)}


def test_a_pack_is_found_again_on_the_node(pack: Path, connection: Connection):
    findings = verify_pack(pack, connection, AUDITOR.address)

    assert failed(findings) == []
    subjects = [finding.subject for finding in findings]
    assert "closing total of SHOP = totalSupply" in subjects
    assert sum(subject.startswith("code of PointToken") for subject in subjects) == 4
    figures = orjson.loads(members(pack)[FIGURES])
    shop = next(each for each in figures["programs"] if each["symbol"] == "SHOP")
    assert (shop["awarded"], shop["redeemed"], shop["closing"]) == (10_000, 1_500, 8_500)


def test_a_pack_is_the_same_whenever_it_is_written(pack: Path, suite: Suite, tmp_path: Path):
    block = orjson.loads(members(pack)[MANIFEST])["block"]["number"]
    write_pack(tmp_path / "again.zip", suite, block, AUDITOR)

    assert (tmp_path / "again.zip").read_bytes() == pack.read_bytes()


def test_later_blocks_do_not_matter(pack: Path, connection: Connection, anvil: Anvil):
    anvil.rpc("anvil_mine", "0x5")

    assert failed(verify_pack(pack, connection)) == []


def test_a_pack_of_another_chain_is_refused(pack: Path):
    with Anvil(chain_id=4711, timestamp=1_767_225_600) as other:
        wrong = [finding.subject for finding in failed(verify_pack(pack, other.connection))]

    assert {"chain id"} <= set(wrong)
    assert any(subject.startswith("block ") for subject in wrong)


def test_another_signer_than_the_one_expected_is_refused(pack: Path, connection: Connection):
    (wrong,) = failed(verify_pack(pack, connection, FORGER.address))

    assert wrong.subject == SIGNATURE
    assert wrong.reason == f"{AUDITOR.address} signed, not {FORGER.address}"


Change = Callable[[dict[str, bytes]], dict[str, bytes]]

# What was changed, how, and what is said to differ. The signature is made anew where it is not
# what was changed: an honest key does not make false content true.
CHANGES: dict[str, tuple[Change, set[str]]] = {
    "an event was left out": (
        lambda c: signed(with_events(c, c[EVENTS].splitlines()[:-1])),
        {f"{EVENTS}: every event of the chain"},
    ),
    "an event was put in": (
        lambda c: signed(with_events(c, [*c[EVENTS].splitlines(), c[EVENTS].splitlines()[0]])),
        {f"{EVENTS}: every event of the chain"},
    ),
    "two events were exchanged": (
        lambda c: signed(with_events(c, c[EVENTS].splitlines()[::-1])),
        {f"{EVENTS}: every event of the chain"},
    ),
    "an amount was raised": (
        lambda c: signed(with_events(c, c[EVENTS].replace(b"1388", b"1389").splitlines())),
        {f"{EVENTS}: every event of the chain"},
    ),
    "the events do not fit the manifest": (
        lambda c: {**c, EVENTS: c[EVENTS].replace(b"1388", b"1389")},
        {f"{EVENTS}: every event of the chain", f"{MANIFEST}: root of the events"},
    ),
    "a figure was lowered": (
        lambda c: signed(with_figures(c, c[FIGURES].replace(b"8500", b"8400"))),
        {FIGURES},
    ),
    "the figures do not fit the manifest": (
        lambda c: {**c, FIGURES: c[FIGURES].replace(b"8500", b"8400")},
        {FIGURES, f"{MANIFEST}: hash of the figures"},
    ),
    "the manifest was changed behind the signature": (
        lambda c: {**c, MANIFEST: edited(c[MANIFEST], genesis="0x" + 64 * "1")},
        {SIGNATURE, "genesis"},
    ),
    "the block has another hash": (
        lambda c: signed(
            {
                **c,
                MANIFEST: edited(
                    c[MANIFEST],
                    block={**orjson.loads(c[MANIFEST])["block"], "hash": "0x" + 64 * "2"},
                ),
            }
        ),
        {"block"},
    ),
    "a contract has other code": (
        lambda c: signed(
            {
                **c,
                MANIFEST: edited(
                    c[MANIFEST],
                    contracts=[
                        {**each, "code_hash": "0x" + 64 * "3"}
                        if each["kind"] == "OfflineDesk"
                        else each
                        for each in orjson.loads(c[MANIFEST])["contracts"]
                    ],
                ),
            }
        ),
        {"code of OfflineDesk"},
    ),
    "a contract is called what it is not": (
        lambda c: signed(
            {
                **c,
                MANIFEST: edited(
                    c[MANIFEST],
                    contracts=[
                        {**each, "kind": "AwardDrop"} if each["kind"] == "RewardCharter" else each
                        for each in orjson.loads(c[MANIFEST])["contracts"]
                    ],
                ),
            }
        ),
        {"code of AwardDrop"},
    ),
    "a program was left out": (
        lambda c: signed(
            {
                **c,
                MANIFEST: edited(
                    c[MANIFEST],
                    contracts=[
                        each
                        for number, each in enumerate(orjson.loads(c[MANIFEST])["contracts"])
                        if each["kind"] != "PointToken" or number % 2
                    ],
                ),
            }
        ),
        {"contracts left out", f"{EVENTS}: every event of the chain"},
    ),
    "somebody else signed": (
        lambda c: {**c, SIGNATURE: edited(signed(c, FORGER)[SIGNATURE], signer=AUDITOR.address)},
        {SIGNATURE},
    ),
    "the signature is none": (
        lambda c: {**c, SIGNATURE: b'{"signer": "0x", "signature": "0x12"}'},
        {SIGNATURE},
    ),
    "the manifest is none": (lambda c: {**c, MANIFEST: b"{"}, {MANIFEST}),
    "a member is missing": (
        lambda c: {name: data for name, data in c.items() if name != FIGURES},
        {"members of the zip"},
    ),
    "a member was put in": (lambda c: {**c, "more.txt": b"hello"}, {"members of the zip"}),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_changed_is_named(pack: Path, connection: Connection, change: str):
    tamper, named = CHANGES[change]
    before = members(pack)
    content = tamper(before)
    assert content != before

    wrong = failed(verify_pack(rewritten(pack, content), connection))

    subjects = [finding.subject for finding in wrong]
    for name in named:
        assert any(subject.startswith(name) for subject in subjects), subjects
    assert all(finding.reason for finding in wrong)


def test_a_program_that_was_left_out_is_named(pack: Path, connection: Connection, suite: Suite):
    tamper, _ = CHANGES["a program was left out"]
    findings = verify_pack(rewritten(pack, tamper(members(pack))), connection)

    (left_out,) = (f for f in findings if f.subject == "contracts left out")
    tokens = {suite.token(name).address.lower() for name in ("SHOP", "AIR")}
    assert any(token in left_out.reason for token in tokens)


def test_a_broken_zip_is_refused(pack: Path, connection: Connection):
    pack.write_bytes(pack.read_bytes()[:-40])

    with pytest.raises(FileError, match="is no whole zip"):
        verify_pack(pack, connection)


def test_a_pack_that_is_not_there_is_named(connection: Connection, tmp_path: Path):
    with pytest.raises(FileError, match="cannot be read"):
        verify_pack(tmp_path / "none.zip", connection)


@pytest.mark.parametrize("count", [1, 2, 3, 7, 8, 100])
def test_each_line_can_be_proved_and_no_other(count: int):
    """The root over a tree of which this test keeps everything."""
    lines = [b"line %d" % number for number in range(count)]
    root = Root()
    for line in lines:
        root.add(line)

    for number, line in enumerate(lines):
        proof = _proof(lines, number)
        assert verify(root.value, leaf(line), proof)
        assert not verify(root.value, leaf(line + b"!"), proof)


def _proof(lines: list[bytes], number: int) -> list[bytes]:
    """The siblings on the way up: complete trees over powers of two, then their tops."""
    tops, sizes = [], []
    start = 0
    for bit in reversed(range(len(lines).bit_length())):
        size = 2**bit
        if len(lines) & size:
            tops.append(lines[start : start + size])
            sizes.append(start)
            start += size
    place = max(n for n, first in enumerate(sizes) if first <= number)
    proof, part, offset = [], tops[place], number - sizes[place]
    while len(part) > 1:
        half = len(part) // 2
        near, far = (part[:half], part[half:]) if offset < half else (part[half:], part[:half])
        proof.append(_top(far))
        part, offset = near, offset % half
    proof.reverse()
    later = [_top(each) for each in tops[place + 1 :]]
    if later:
        proof.append(_folded(later))
    return proof + [_top(each) for each in reversed(tops[:place])]


def _top(lines: list[bytes]) -> bytes:
    root = Root()
    for line in lines:
        root.add(line)
    return root.value


def _folded(tops: list[bytes]) -> bytes:
    value = tops[-1]
    for top in reversed(tops[:-1]):
        value = keccak(min(top, value) + max(top, value))
    return value


def test_no_lines_have_a_root_of_zeros():
    assert Root().value == bytes(32)


def test_a_pack_that_cannot_be_written_leaves_nothing(pack: Path, suite: Suite, tmp_path: Path):
    with pytest.raises(FileError, match="cannot be written"):
        write_pack(tmp_path / "none" / "pack.zip", suite, 1, AUDITOR)

    assert not list(tmp_path.glob(".*.part"))
    assert not (tmp_path / "none").exists()

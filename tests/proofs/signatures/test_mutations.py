"""No message counts that its signer has not signed as it is sent.

Every function that takes a signature, with members of every kind: a key, a contract (ERC-1271) and
a passkey. `table.py` says what is signed for each function, `mutations.py` what can be wrong.

given the right message
  it counts: what is refused below is refused for the one thing that is wrong with it
given a signature that is none, or of another message, key, name, version, contract or chain
  it is refused by the name of the member
given the same message, shown to another token, exchange, desk, drop, charter or registry, or to the
same addresses on another chain
  it is refused likewise
given it is early, late, ahead of its turn, used or cancelled
  it is refused by the error that says so
given any type of message in the sources, and any function in an ABI that takes a signature
  it stands in the table

Spec: S4, T40
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from proofs.signatures.hashing import Note, encoded_type
from proofs.signatures.mutations import attempts, refusal_of, use
from proofs.signatures.network import Network, calldata
from proofs.signatures.signers import Signer
from proofs.signatures.table import TABLE, Row
from support.evm import CHAIN_ID

from zegel.chain import artifacts
from zegel.chain.messages import TYPES

ROOT = Path(__file__).resolve().parents[3]
OTHER_CHAIN = CHAIN_ID + 1

CASES = [pytest.param(row, kind, id=f"{row}, {kind}") for row in TABLE for kind in row.kinds]

# Rejections in one round, by error. A row or a mutation less shows here.
ONE_ROUND = Counter(
    InvalidSignature=2_184,
    VoucherRefused=156,
    AuthorizationNotInForce=112,
    NonceOutOfOrder=33,
    SignatureExpired=18,
    PermitExpired=10,
    InvalidValidity=9,
)
DEEP = 100_000


@pytest.fixture(scope="module")
def network() -> Network:
    return Network()


@pytest.fixture(scope="module")
def other_chain(network: Network) -> Network:
    """The same contracts at the same addresses."""
    other = Network(OTHER_CHAIN)
    assert [getattr(other, row.place).address for row in TABLE] == [
        getattr(network, row.place).address for row in TABLE
    ]
    return other


def signer_of(network: Network, kind: str) -> Signer:
    (signer,) = (member for member in network.members if member.kind == kind)
    return signer


def right(network: Network, row: Row, signer: Signer, number: int) -> tuple[Note, bytes]:
    """The right message, and the call with it."""
    note = row.note(network, signer, number)
    return note, row.data(network, signer, note.values, signer.sign(note.digest))


def one_round(
    network: Network, row: Row, signer: Signer, number: int, chance: Random
) -> Counter[str]:
    """Tries everything that can be wrong with one message; counts refusals by error."""
    _, data = right(network, row, signer, number)
    assert refusal_of(network, row, row.place, data) is None, "the right message is refused"

    refused: Counter[str] = Counter()
    for attempt in attempts(network, row, signer, number, chance):
        refusal = refusal_of(network, row, attempt.place, attempt.data)
        assert refusal == attempt.refusal, attempt.kind
        refused[refusal[0]] += 1
    return refused


# Mutations


@pytest.fixture(scope="module")
def rejected(network: Network) -> Callable[[Row, str], Counter[str]]:
    """The refusals of a row's messages by a member of some kind; tried once."""
    known: dict[tuple[str, str], Counter[str]] = {}

    def trying(row: Row, kind: str) -> Counter[str]:
        case = str(row), kind
        if case not in known:
            known[case] = one_round(network, row, signer_of(network, kind), 0, Random(0))
        return known[case]

    return trying


@pytest.mark.parametrize(("row", "kind"), CASES)
def test_nothing_but_the_right_message_counts(
    network: Network, rejected: Callable[[Row, str], Counter[str]], row: Row, kind: str
) -> None:
    """Property: P30."""
    signer = signer_of(network, kind)
    kinds = [a.kind for a in attempts(network, row, signer, 0, Random(0))]

    assert rejected(row, kind).total() == len(kinds)
    assert len(set(kinds)) >= 24


def test_refusals_of_one_round_are_counted(
    rejected: Callable[[Row, str], Counter[str]],
) -> None:
    refused = sum((rejected(row, kind) for row in TABLE for kind in row.kinds), Counter[str]())

    print(table(refused))
    assert refused == ONE_ROUND


@pytest.mark.deep
def test_nothing_but_the_right_message_counts_in_a_hundred_thousand(network: Network) -> None:
    """Property: P30."""
    chance = Random(2)
    refused: Counter[str] = Counter()
    number = 2
    while refused.total() < DEEP:
        for row in TABLE:
            for kind in row.kinds:
                refused += one_round(network, row, signer_of(network, kind), number, chance)
        number += 1

    print(table(refused))
    rounds = number - 2
    assert refused == Counter({error: rounds * count for error, count in ONE_ROUND.items()})


def table(refused: Counter[str]) -> str:
    rows = [f"{error:28}{count:10,}" for error, count in refused.most_common()]
    return "\n".join([*rows, f"{'all':28}{refused.total():10,}"])


# Places and time


@pytest.mark.parametrize(("row", "kind"), CASES)
def test_message_for_one_chain_counts_on_no_other(
    network: Network, other_chain: Network, row: Row, kind: str
) -> None:
    """Property: P30."""
    signer = signer_of(network, kind)
    _, data = right(network, row, signer, 0)
    unsigned = ("InvalidSignature", (signer.address,))
    if row.type == "Voucher":
        unsigned = ("VoucherRefused", (3,))

    assert refusal_of(network, row, row.place, data) is None
    assert refusal_of(other_chain, row, row.place, data) == unsigned


@pytest.mark.parametrize(("row", "kind"), CASES)
def test_message_counts_once(network: Network, row: Row, kind: str) -> None:
    """Property: P30."""
    signer = signer_of(network, kind)
    note, data = right(network, row, signer, 0)

    with network.chain.undone():
        use(network, row, data)

        assert refusal_of(network, row, row.place, data) == row.used(signer, note.values)


@pytest.mark.parametrize(("row", "kind"), [case for case in CASES if case.values[0].is_sequential])
def test_cancelled_message_does_not_count(network: Network, row: Row, kind: str) -> None:
    """Property: P30."""
    signer = signer_of(network, kind)
    note, data = right(network, row, signer, 0)
    nonce = note.values["nonce"]
    values = {"authorizer": signer.address, "nonce": nonce}
    cancel = Note("CancelAuthorization", network.domain("token"), values)
    signature = signer.sign(cancel.digest)
    function = "cancelAuthorization(address,bytes32,bytes)"

    with network.chain.undone():
        network.run(
            network.boss,
            network.token.address,
            calldata("PointToken", function, signer.address, nonce, signature),
        )

        refusal = refusal_of(network, row, row.place, data)

    assert refusal == ("AuthorizationAlreadyUsed", (signer.address, nonce))


# Nothing escapes the table.

TYPE = re.compile(r'"([A-Z]\w+\((?:[\w\[\]]+ \w+,?)+\))"')


def test_every_type_in_the_sources_stands_in_the_table() -> None:
    written = {
        text
        for path in (ROOT / "contracts").rglob("*.sol")
        if "mocks" not in path.parts
        for text in TYPE.findall(path.read_text())
    }

    assert {encoded_type(name).split(")")[0] + ")" for name in TYPES} == written
    assert {row.type for row in TABLE} == set(TYPES)


# They take no message of ours: the settlement token checks the permit, and the last three are what
# the functions in the table are made of.
NOT_OURS = {
    "PointExchange.fundWithPermit(address,uint256,uint256,uint8,bytes32,bytes32)",
    "PointToken.useAuthorization(address,bytes32,uint256,uint256,bytes32,bytes)",
    "OfflineDesk.isSigned(address,bytes32,bytes)",
    "PasskeyVerifier.isValid(address,bytes32,bytes)",
}


def functions_with_signatures() -> Iterator[str]:
    """In the ABIs of all contracts of ours that are deployed."""
    for name in artifacts.names():
        artifact = artifacts.load(name)
        if not artifact.source.startswith("contracts/") or "mocks" in artifact.source:
            continue
        for entry in artifact.abi if artifact.bytecode else []:
            names = [part["name"].lower() for part in entry.get("inputs", ())]
            parts = {"v", "r", "s"} <= set(names)
            if entry["type"] == "function" and (parts or any("signature" in n for n in names)):
                yield f"{name}.{signature(entry)}"


def signature(entry: dict) -> str:
    return f"{entry['name']}({','.join(kind(part) for part in entry['inputs'])})"


def kind(part: dict) -> str:
    if not part["type"].startswith("tuple"):
        return str(part["type"])
    inner = ",".join(kind(inner) for inner in part["components"])
    return f"({inner}){part['type'].removeprefix('tuple')}"


def test_every_function_that_takes_a_signature_stands_in_the_table() -> None:
    ours = {f"{row.contract}.{row.function}" for row in TABLE}

    assert set(functions_with_signatures()) == ours | NOT_OURS
    assert not ours & NOT_OURS


def test_passkeys_sign_wherever_bytes_are_taken() -> None:
    for row in TABLE:
        assert ("passkey" in row.kinds) is not row.takes_parts
        assert {"key", "contract"} <= set(row.kinds)

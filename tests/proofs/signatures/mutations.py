"""What can be wrong with a signed message: in the signature, in the message, in time, in place."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from random import Random
from typing import Any

from eth_utils.crypto import keccak
from proofs.signatures.hashing import Note, encoded_type
from proofs.signatures.network import Network
from proofs.signatures.signers import Key, Signer
from proofs.signatures.table import SEQUENTIAL, UNSIGNED, Refusal, Row
from support.abi import Reverted

from zegel.chain.messages import TYPES

REFUSED = keccak(
    text="VoucherRefused(address,address,address,address,uint256,uint8)",
)

# Bits of what fields hold, so that a changed number still fits.
_BITS = {"bool": 1, "uint64": 64, "uint256": 256}


@dataclass(frozen=True)
class Attempt:
    """A call that must be refused.

    Args:
        kind: What is wrong.
        place: Which contract is called.
        data: With what.
        refusal: How it is refused.
    """

    kind: str
    place: str
    data: bytes
    refusal: Refusal


def attempts(
    network: Network, row: Row, signer: Signer, number: int, chance: Random
) -> Iterator[Attempt]:
    """Everything that can be wrong with one message."""
    note = row.note(network, signer, number)
    unsigned = _unsigned(row, signer)

    def sent(kind: str, signature: bytes) -> Attempt:
        data = row.data(network, signer, note.values, signature)
        return Attempt(kind, row.place, data, unsigned)

    spoilt = list(signer.spoil(note.digest, chance))
    if isinstance(signer, Key) and not row.takes_parts:
        spoilt += signer.misshape(note.digest, chance)
    for kind, signature in spoilt:
        yield sent(kind, signature)
    for kind, other in _other_notes(note, chance):
        yield sent(kind, signer.sign(other.digest))
    for values, refusal in row.timely(note.values):
        late = Note(note.type, note.domain, values)
        data = row.data(network, signer, values, signer.sign(late.digest))
        yield Attempt("out of time", row.place, data, refusal)
    if row.is_sequential:
        ahead = chance.randrange(1, 2**40)
        early = note.but(nonce=(SEQUENTIAL + ahead).to_bytes(32, "big"))
        data = row.data(network, signer, early.values, signer.sign(early.digest))
        yield Attempt("out of order", row.place, data, (
            "NonceOutOfOrder", (signer.address, ahead, 0)
        ))  # fmt: skip
    signature = signer.sign(note.digest)
    for place, arguments in row.others(network, signer, note.values):
        data = row.encoded(network, arguments, signature)
        yield Attempt("elsewhere", place, data, unsigned)


def refusal_of(network: Network, row: Row, place: str, data: bytes) -> Refusal | None:
    """How a call is refused; None if it is not. What it does is undone."""
    caller, target = row.caller(network), getattr(network, place).address
    with network.chain.undone():
        try:
            network.run(caller, target, data)
        except Reverted as reverted:
            return reverted.error, reverted.arguments
        return _refused_voucher(network)


def use(network: Network, row: Row, data: bytes) -> None:
    caller, target = row.caller(network), getattr(network, row.place).address
    network.run(caller, target, data)


def _unsigned(row: Row, signer: Signer) -> Refusal:
    # A bad voucher is passed over, so that the others of its settlement are paid.
    if row.type == "Voucher":
        return UNSIGNED
    return "InvalidSignature", (signer.address,)


def _refused_voucher(network: Network) -> Refusal | None:
    for log in network.chain.logs():
        if _raw(log.topics[0]) == REFUSED:
            data = log.data[1] if isinstance(log.data, tuple) else log.data
            return "VoucherRefused", (bytes(data)[-1],)
    return None


def _other_notes(note: Note, chance: Random) -> Iterator[tuple[str, Note]]:
    """Messages that are nearly the right one."""
    stranger = f"0x{chance.getrandbits(160):040x}"
    yield "another chain", note.within(chain_id=note.domain.chain_id + chance.randrange(1, 2**32))
    yield "another contract", note.within(contract=stranger)
    yield "another name", note.within(name=f"{note.domain.name}.")
    yield "another version", replace(note, version="2")
    text = encoded_type(note.type)
    head, tail = text.split("(", 1)
    yield "another type", replace(note, text=f"{head}2({tail}")
    yield "no type", replace(note, text="()")
    for other in TYPES:
        if other != note.type and TYPES[other] == TYPES[note.type]:
            yield f"the type {other}", replace(note, text=encoded_type(other))
    first, *rest = tail.split(",")
    if rest:
        turned = ",".join((rest[0].rstrip(")"), first, *rest[1:]))
        yield "fields of the type exchanged", replace(note, text=f"{head}({turned}")
    yield "another scheme", replace(note, prefix=chance.choice((b"\x19\x00", b"\x19\x45", b"")))
    for field, kind in TYPES[note.type].items():
        yield f"{field} changed", note.but(**{field: _changed(kind, note.values[field], chance)})
    for one, other in combinations(TYPES[note.type], 2):
        kinds = TYPES[note.type][one], TYPES[note.type][other]
        values = note.values[one], note.values[other]
        if kinds[0] == kinds[1] and values[0] != values[1]:
            yield f"{one} and {other} exchanged", note.but(**{one: values[1], other: values[0]})


def _changed(kind: str, value: Any, chance: Random) -> Any:
    """Another value of the same kind: one bit, one letter, one part of one struct."""
    if kind.endswith("[]"):
        if chance.random() < 0.25:
            return value[:-1]
        place = chance.randrange(len(value))
        fields = TYPES[kind.removesuffix("[]")]
        field = chance.choice(list(fields))
        part = {**value[place], field: _changed(fields[field], value[place][field], chance)}
        return [part if n == place else each for n, each in enumerate(value)]
    if kind == "string":
        return value + "x"
    if kind == "address":
        return f"0x{int(value, 16) ^ 1 << chance.randrange(160):040x}"
    if kind == "bytes32":
        number = int.from_bytes(value, "big") ^ 1 << chance.randrange(256)
        return number.to_bytes(32, "big")
    return int(value) ^ 1 << chance.randrange(_BITS[kind])


def _raw(topic: Any) -> bytes:
    return bytes.fromhex(topic.removeprefix("0x")) if isinstance(topic, str) else bytes(topic)

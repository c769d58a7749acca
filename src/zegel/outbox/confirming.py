"""Finds out what became of transactions: in a block, final, failed, or given up by the chain.

A block counts while its hash is on the chain. When the chain gives it up, what stood in it is on
its way again, with the same bytes. A nonce that something else has used, for good, is the only
reason to give a call back to its owner.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from eth_account.typed_transactions.typed_transaction import TypedTransaction
from hexbytes import HexBytes
from sqlalchemy import RowMapping, bindparam, select, update

from zegel.chain.node import Json
from zegel.crashing import crash_point
from zegel.outbox import states
from zegel.outbox.box import Arrival, Outbox

ByNonce = Mapping[int, Sequence[RowMapping]]


def confirm(box: Outbox) -> int:
    """Looks for everything that is on its way. Returns how much of it has arrived."""
    waiting = _open(box)
    if not waiting:
        return 0
    (used,) = box.counts("latest")
    due = {nonce: attempts for nonce, attempts in waiting.items() if nonce < used}
    receipts = _receipts(box, due.values())
    arrived, lost = [], []
    for attempts in due.values():
        found = next((one for one in attempts if one["hash"] in receipts), None)
        if found is None:
            lost.append(attempts)
        else:
            arrived.append((found, receipts[found["hash"]]))
    if arrived:
        _write_arrivals(box, arrived)
        crash_point(f"{box.crashes}.mined")
    return len(arrived) + (_give_back(box, lost) if lost else 0)


def watch(box: Outbox) -> None:
    """Makes final what the chain will keep, and sends back what it has given up."""
    outgoing = box.table.c
    with box.journal.reading() as database:
        blocks = database.execute(
            select(outgoing.block, outgoing.block_hash)
            .where(outgoing.sender == box.account, outgoing.state == states.MINED)
            .distinct()
        ).all()
    if not blocks:
        return
    final = box.final_block()
    headers = box.node.ask_all(
        [("eth_getBlockByNumber", [hex(number), False]) for number, _ in blocks]
    )
    for (number, name), header in zip(blocks, headers, strict=True):
        # A node that lags behind does not know the block: that says nothing.
        if header is None:
            continue
        if header["hash"] != name:
            _give_up(box, name)
        elif number <= final:
            _make_final(box, name)
    crash_point(f"{box.crashes}.watched")


def _open(box: Outbox) -> ByNonce:
    """What is on its way, by nonce: all attempts of each, for any of them may arrive."""
    outgoing = box.table.c
    nonces = select(outgoing.nonce).where(
        outgoing.sender == box.account, outgoing.state.in_(states.OPEN)
    )
    by_nonce: dict[int, list[RowMapping]] = defaultdict(list)
    with box.journal.reading() as database:
        found = database.execute(
            select(outgoing.hash, outgoing.job, outgoing.nonce, outgoing.gas)
            .where(outgoing.sender == box.account, outgoing.nonce.in_(nonces))
            .order_by(outgoing.nonce, outgoing.attempt)
        ).mappings()
        for one in found:
            by_nonce[one["nonce"]].append(one)
    return by_nonce


def _receipts(box: Outbox, all_: Iterable[Sequence[RowMapping]]) -> Mapping[str, Json]:
    """The receipts of transactions that are in a block, by their hashes."""
    hashes = [one["hash"] for attempts in all_ for one in attempts]
    answers = box.node.ask_all([("eth_getTransactionReceipt", [name]) for name in hashes])
    return {name: found for name, found in zip(hashes, answers, strict=True) if found}


def _write_arrivals(box: Outbox, arrived: Sequence[tuple[RowMapping, Json]]) -> None:
    """Writes down where transactions stand."""
    places = [
        {
            "name": one["hash"],
            "at": int(receipt["blockNumber"], 16),
            "in": receipt["blockHash"],
            "used": int(receipt["gasUsed"], 16),
            "well": receipt["status"] == "0x1",
        }
        for one, receipt in arrived
    ]
    arrivals = [
        Arrival(
            one["job"],
            place["name"],
            place["at"],
            place["in"],
            one["gas"],
            place["used"],
            None if place["well"] else _reason(box, one, place),
        )
        for (one, _), place in zip(arrived, places, strict=True)
        if one["job"] is not None
    ]
    outgoing = box.table.c
    with box.journal.writing() as database:
        database.execute(
            update(box.table)
            .where(outgoing.hash == bindparam("name"))
            .values(
                state=states.MINED,
                block=bindparam("at"),
                block_hash=bindparam("in"),
                gas_used=bindparam("used"),
                ok=bindparam("well"),
            ),
            places,
        )
        database.execute(
            update(box.table)
            .where(
                outgoing.sender == box.account,
                outgoing.nonce.in_([one["nonce"] for one, _ in arrived]),
                outgoing.state.in_(states.OPEN),
            )
            .values(state=states.REPLACED)
        )
        box.owner.told_arrived(database, arrivals)


def _reason(box: Outbox, one: RowMapping, place: Json) -> str:
    """Why a transaction failed, if the contract says the same after its block, or before it."""
    with box.journal.reading() as database:
        raw = database.scalar(select(box.table.c.raw).where(box.table.c.hash == one["hash"]))
    told = TypedTransaction.from_bytes(HexBytes(raw or b"")).as_dict()
    call = {
        "from": box.account,
        "to": "0x" + bytes(told["to"]).hex(),
        "data": "0x" + bytes(told["data"]).hex(),
        "gas": hex(one["gas"]),
    }
    # As far as the node still has those states.
    blocks = (hex(place["at"]), hex(place["at"] - 1))
    for answer in box.node.answers([("eth_call", [call, block]) for block in blocks]):
        if "error" in answer:
            return box.owner.reason(call["to"], answer["error"])
    return f"it used {place['used']} of {one['gas']} gas"


def _give_back(box: Outbox, lost: Sequence[Sequence[RowMapping]]) -> int:
    """Gives calls back whose nonces were used, though by no transaction of ours, for good."""
    # Of the last block some nodes know the nonces before they know the receipts.
    final = box.final_block() - (box.depth == 0)
    settled = box.counts(hex(final))[0] if final >= 0 else 0
    # Until then the chain, or a node that lags, may say something else.
    used = [attempts for attempts in lost if attempts[0]["nonce"] < settled]
    # What was not in a block when it was looked for may have come into one since.
    receipts = _receipts(box, used)
    gone = [
        one
        for attempts in used
        if not any(one["hash"] in receipts for one in attempts)
        for one in attempts
    ]
    if not gone:
        return 0
    outgoing = box.table.c
    is_gone = (
        outgoing.hash.in_([one["hash"] for one in gone]),
        outgoing.state.in_((*states.OPEN, states.REPLACED)),
    )
    with box.journal.writing() as database:
        # Another worker may have given them back already, and their jobs have other nonces now.
        jobs = set(database.scalars(select(outgoing.job).where(*is_gone)))
        database.execute(update(box.table).where(*is_gone).values(state=states.LOST))
        box.owner.told_lost(database, sorted(job for job in jobs if job is not None))
    return len(gone)


_NOWHERE: dict[str, Any] = {"block": None, "block_hash": None, "gas_used": None, "ok": None}


def _give_up(box: Outbox, block: str) -> None:
    """The chain has given a block up: its transactions are on their way again."""
    with box.journal.writing() as database:
        jobs = _jobs_in(box, database, block)
        database.execute(
            _in_block(box, block).values(state=states.SIGNED, waiting_since=box.now(), **_NOWHERE)
        )
        box.owner.told_given_up(database, jobs)


def _make_final(box: Outbox, block: str) -> None:
    with box.journal.writing() as database:
        jobs = _jobs_in(box, database, block)
        database.execute(_in_block(box, block).values(state=states.FINAL))
        box.owner.told_final(database, jobs)


def _in_block(box: Outbox, block: str) -> Any:
    outgoing = box.table.c
    return update(box.table).where(
        outgoing.sender == box.account,
        outgoing.state == states.MINED,
        outgoing.block_hash == block,
    )


def _jobs_in(box: Outbox, database: Any, block: str) -> list[int]:
    outgoing = box.table.c
    return list(
        database.scalars(
            select(outgoing.job).where(
                outgoing.sender == box.account,
                outgoing.state == states.MINED,
                outgoing.block_hash == block,
                outgoing.job.is_not(None),
            )
        )
    )

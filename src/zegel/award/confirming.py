"""Finds out what became of transactions: in a block, final, failed, or given up by the chain.

A block counts while its hash is on the chain. When the chain gives it up, what stood in it is on
its way again, with the same bytes. A nonce that something else has used, for good, is the only
reason to plan a batch anew.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection as Database
from sqlalchemy import RowMapping, select, update

from zegel.award import payload, states
from zegel.award.office import Office
from zegel.award.schema import batches, transactions
from zegel.award.signing import find, place, reason_of
from zegel.chain.node import Json
from zegel.crashing import crash_point

ByNonce = Mapping[int, Sequence[RowMapping]]


def confirm(office: Office) -> int:
    """Looks for everything that is on its way. Returns how much of it has arrived."""
    waiting = _open(office)
    if not waiting:
        return 0
    used = _count(office, "latest")
    due = {nonce: attempts for nonce, attempts in waiting.items() if nonce < used}
    hashes = [one["hash"] for attempts in due.values() for one in attempts]
    answers = office.node.ask_all([("eth_getTransactionReceipt", [name]) for name in hashes])
    receipts = {name: found for name, found in zip(hashes, answers, strict=True) if found}
    arrived = 0
    lost = []
    for attempts in due.values():
        found = next((one for one in attempts if one["hash"] in receipts), None)
        if found is None:
            lost.append(attempts)
            continue
        _mined(office, found, receipts[found["hash"]])
        arrived += 1
    if lost:
        arrived += _explain(office, lost)
    if arrived:
        crash_point("award.mined")
    return arrived


def watch(office: Office) -> None:
    """Makes final what the chain will keep, and sends back what it has given up."""
    with office.journal.reading() as database:
        mined = list(
            database.execute(
                select(batches).where(
                    batches.c.token == office.token,
                    batches.c.state.in_((states.MINED, states.FAILED)),
                    batches.c.block.is_not(None),
                )
            ).mappings()
        )
    if not mined:
        return
    final = office.final_block()
    numbers = sorted({batch["block"] for batch in mined})
    headers = office.node.ask_all(
        [("eth_getBlockByNumber", [hex(number), False]) for number in numbers]
    )
    hashes = {
        number: header and header["hash"] for number, header in zip(numbers, headers, strict=True)
    }
    with office.journal.writing() as database:
        for batch in mined:
            found = hashes[batch["block"]]
            # A node that lags behind does not know the block: that says nothing.
            if found is None:
                continue
            if found != batch["block_hash"]:
                _give_up(database, batch, office.now())
            elif batch["block"] <= final:
                _make_final(database, batch)
    crash_point("award.watched")


def _open(office: Office) -> dict[int, list[RowMapping]]:
    """What is on its way, by nonce: all attempts of each, for any of them may arrive."""
    nonces = select(transactions.c.nonce).where(
        transactions.c.sender == office.account, transactions.c.state.in_(states.OPEN)
    )
    with office.journal.reading() as database:
        found = database.execute(
            select(transactions)
            .where(transactions.c.sender == office.account, transactions.c.nonce.in_(nonces))
            .order_by(transactions.c.nonce, transactions.c.attempt)
        ).mappings()
        by_nonce: dict[int, list[RowMapping]] = defaultdict(list)
        for one in found:
            by_nonce[one["nonce"]].append(one)
        return by_nonce


def _count(office: Office, block: str) -> int:
    return int(office.node.ask("eth_getTransactionCount", office.account, block), 16)


def _mined(office: Office, one: RowMapping, receipt: Json) -> None:
    """Writes down where a transaction stands."""
    ok = receipt["status"] == "0x1"
    trouble = None if ok else _reason(office, one, receipt)
    where = place(receipt)
    with office.journal.writing() as database:
        database.execute(
            update(transactions)
            .where(transactions.c.hash == one["hash"])
            .values(
                state=states.MINED if ok else states.FAILED,
                block=where["block"],
                block_hash=where["block_hash"],
                gas_used=int(receipt["gasUsed"], 16),
                trouble=trouble,
            )
        )
        database.execute(
            update(transactions)
            .where(
                transactions.c.sender == one["sender"],
                transactions.c.nonce == one["nonce"],
                transactions.c.hash != one["hash"],
                transactions.c.state.in_(states.OPEN),
            )
            .values(state=states.REPLACED)
        )
        if one["batch"] is not None:
            if not ok:
                where |= {"state": states.FAILED, "trouble": trouble}
            database.execute(
                update(batches)
                .where(batches.c.id == one["batch"], batches.c.state.in_(states.OPEN))
                .values(**where)
            )


def _reason(office: Office, one: RowMapping, receipt: Json) -> str:
    """Why a transaction failed, if the token says the same today."""
    with office.journal.reading() as database:
        batch = _batch(database, one["batch"])
        if batch is None:
            return "it failed"
        data = payload.call_data(batch, payload.rows_of(database, batch))
    call = {"from": office.account, "to": office.token, "data": "0x" + data.hex()}
    # With the state of the block before it, as far as the node still has that.
    block = hex(int(receipt["blockNumber"], 16) - 1)
    (answer,) = office.node.answers([("eth_call", [call, block])])
    if "error" in answer:
        return reason_of(answer["error"])
    return f"it used {int(receipt['gasUsed'], 16)} of {one['gas']} gas"


def _explain(office: Office, lost: Sequence[Sequence[RowMapping]]) -> int:
    """What happened to nonces that were used, though by none of our transactions that we see."""
    final = office.final_block()
    settled = _count(office, hex(final)) if final >= 0 else 0
    explained = 0
    for attempts in lost:
        one = attempts[0]
        # Until then the chain, or a node that lags, may say something else.
        if one["nonce"] >= settled:
            continue
        with office.journal.reading() as database:
            batch = _batch(database, one["batch"])
            held = payload.rows_of(database, batch) if batch else []
        log = find(office, batch, held) if batch else None
        with office.journal.writing() as database:
            database.execute(
                update(transactions)
                .where(
                    transactions.c.hash.in_([each["hash"] for each in attempts]),
                    transactions.c.state.in_(states.OPEN),
                )
                .values(state=states.FAILED, trouble="its nonce was used by another transaction")
            )
            if batch:
                database.execute(
                    update(batches)
                    .where(batches.c.id == batch["id"], batches.c.state.in_(states.OPEN))
                    .values(**(place(log) if log else {"state": states.PLANNED}))
                )
        explained += 1
    return explained


def _batch(database: Database, number: int | None) -> RowMapping | None:
    return database.execute(select(batches).where(batches.c.id == number)).mappings().one_or_none()


_NOWHERE: dict[str, Any] = {"transaction": None, "block": None, "block_hash": None}


def _give_up(database: Database, batch: RowMapping, now: int) -> None:
    """The chain has given a block up: its transactions are on their way again."""
    again = database.execute(
        update(transactions)
        .where(
            transactions.c.batch == batch["id"],
            transactions.c.block_hash == batch["block_hash"],
        )
        .values(
            state=states.SIGNED,
            waiting_since=now,
            block=None,
            block_hash=None,
            gas_used=None,
            trouble=None,
        )
    )
    # Someone else's transaction is not ours to send: the batch is.
    state = states.SIGNED if again.rowcount else states.PLANNED
    database.execute(
        update(batches)
        .where(batches.c.id == batch["id"])
        .values(state=state, trouble=None, **_NOWHERE)
    )


def _make_final(database: Database, batch: RowMapping) -> None:
    if batch["state"] == states.MINED:
        values: dict[str, Any] = {"state": states.FINAL}
        database.execute(
            update(transactions)
            .where(transactions.c.batch == batch["id"], transactions.c.state == states.MINED)
            .values(state=states.FINAL)
        )
    else:
        # It will never count, and its nonce is gone: only now may the next run give the batch
        # another one.
        values = dict(_NOWHERE)
    database.execute(update(batches).where(batches.c.id == batch["id"]).values(**values))

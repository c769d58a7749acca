"""Signs calls, and writes the bytes down before anyone sends them.

A call gets its nonce in the same change of the database as its signed bytes. From then on whoever
finds the bytes may send them, any number of times: the nonce lets them count once.
"""

from collections.abc import Sequence

from eth_account.typed_transactions.typed_transaction import TypedTransaction
from eth_hash.auto import keccak
from eth_utils.address import to_checksum_address
from hexbytes import HexBytes
from sqlalchemy import Connection as Database
from sqlalchemy import RowMapping, func, insert, select, update
from web3.types import Nonce, TxParams, Wei

from zegel.crashing import crash_point
from zegel.outbox import states
from zegel.outbox.box import Fees, Moment, Order, Outbox

# A transaction, as the table has it.
Row = dict[str, object]

# A node takes a replacement only if it pays an eighth more.
_STEP = 8

# A transaction of nothing to oneself.
_GAS_OF_FILLER = 21_000


def write_down(box: Outbox, database: Database, orders: Sequence[Order], moment: Moment) -> None:
    """Signs calls, with the nonces that come next."""
    keep(box, database, signed(box, orders, next_nonce(box, database, moment), moment))


def next_nonce(box: Outbox, database: Database, moment: Moment) -> int:
    """The first nonce that nobody has used and nothing here was signed with."""
    last = database.scalar(
        select(func.max(box.table.c.nonce)).where(box.table.c.sender == box.account)
    )
    return max(moment.next_nonce, -1 if last is None else last + 1)


def signed(box: Outbox, orders: Sequence[Order], first: int, moment: Moment) -> list[Row]:
    """Calls with nonces in a row, signed: nobody may send them before they are kept."""
    pays = moment.fees.up_to(box.cap)
    return [_signed(box, order, first + n, 1, pays) for n, order in enumerate(orders)]


def keep(box: Outbox, database: Database, rows: Sequence[Row]) -> None:
    """Writes down what was signed."""
    if rows:
        database.execute(insert(box.table), rows)


def sign_again(box: Outbox, nonce: int, now: Fees) -> None:
    """Signs a transaction once more, with the same nonce and higher fees."""
    with box.journal.writing() as database:
        last = _last_attempt(database, box, nonce)
        if last is None or last["state"] not in states.OPEN:
            return
        least = Fees(*(fee + fee // _STEP + 1 for fee in (last["max_fee"], last["tip"])))
        raised = Fees(max(now.most, least.most), max(now.tip, least.tip)).up_to(box.cap)
        if raised.most < least.most or raised.tip < least.tip:
            # Whoever pays has said how much at most: it waits until the chain is cheaper.
            return
        row = _signed(box, _order_of(last), nonce, last["attempt"] + 1, raised)
        database.execute(insert(box.table).values(**row))
    crash_point(f"{box.crashes}.signed again")


def fill_gap(box: Outbox, nonce: int, now: Fees) -> None:
    """Signs a transaction of nothing, for a nonce that nobody uses and others wait for."""
    with box.journal.writing() as database:
        ours = _last_attempt(database, box, nonce)
        if ours is None:
            row = _signed(box, None, nonce, 1, now.up_to(box.cap))
            database.execute(insert(box.table).values(**row))
        else:
            database.execute(
                update(box.table)
                .where(box.table.c.hash == ours["hash"])
                .values(state=states.SIGNED)
            )


def _order_of(row: RowMapping) -> Order | None:
    """What a transaction does: its bytes say it."""
    if row["job"] is None:
        return None
    told = TypedTransaction.from_bytes(HexBytes(row["raw"])).as_dict()
    return Order(row["job"], to_checksum_address(told["to"]), bytes(told["data"]), row["gas"])


def _signed(box: Outbox, order: Order | None, nonce: int, attempt: int, pays: Fees) -> Row:
    gas = _GAS_OF_FILLER if order is None else order.gas
    transaction: TxParams = {
        "from": box.sender.address,
        "to": box.sender.address if order is None else to_checksum_address(order.to),
        "value": Wei(0),
        "data": "0x" + (b"" if order is None else order.data).hex(),  # type: ignore[typeddict-item]
        "nonce": Nonce(nonce),
        "gas": gas,
        "maxFeePerGas": Wei(pays.most),
        "maxPriorityFeePerGas": Wei(pays.tip),
        "chainId": box.sender.connection.chain_id,
    }
    raw = box.sender.signed(transaction)
    return {
        "hash": "0x" + keccak(raw).hex(),
        "job": None if order is None else order.job,
        "sender": box.account,
        "nonce": nonce,
        "attempt": attempt,
        "raw": raw,
        "gas": gas,
        "max_fee": pays.most,
        "tip": pays.tip,
        "state": states.SIGNED,
        "waiting_since": box.now(),
    }


def _last_attempt(database: Database, box: Outbox, nonce: int) -> RowMapping | None:
    return (
        database.execute(
            select(box.table)
            .where(box.table.c.sender == box.account, box.table.c.nonce == nonce)
            .order_by(box.table.c.attempt.desc())
            .limit(1)
        )
        .mappings()
        .one_or_none()
    )

"""Signs what is planned, and writes the bytes down before anyone sends them.

A batch gets its nonce in the same change of the journal as its signed bytes. From then on whoever
finds the bytes may send them, any number of times: the nonce lets them count once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from eth_hash.auto import keccak
from sqlalchemy import Connection as Database
from sqlalchemy import RowMapping, func, insert, select, update
from web3.types import Nonce, TxParams, Wei

from zegel.award import payload, states
from zegel.award.batches import GAS_PER_AWARD, GAS_PER_BATCH
from zegel.award.office import Office
from zegel.award.schema import batches, transactions
from zegel.chain.node import text_of
from zegel.chain.refusals import decoded
from zegel.chain.sending import fees
from zegel.crashing import crash_point
from zegel.errors import ChainError, GasMoneyTooLow

# A node takes a replacement only if it pays an eighth more.
_STEP = 8

# A transaction of nothing to oneself.
_GAS_OF_FILLER = 21_000


@dataclass(frozen=True)
class Fees:
    """The most to pay per unit of gas, and the part for whoever makes the block."""

    most: int
    tip: int


def fees_now(office: Office) -> Fees:
    return Fees(*office.patiently(lambda: fees(office.suite.connection)))


def sign_planned(office: Office, room: int, file: int | None) -> int:
    """Signs up to `room` planned batches, of one file or of all. Returns how many it looked at."""
    chosen = select(batches).where(
        batches.c.token == office.token, batches.c.state == states.PLANNED
    )
    if file is not None:
        chosen = chosen.where(batches.c.file == file)
    with office.journal.reading() as database:
        found = list(database.execute(chosen.order_by(batches.c.id).limit(room)).mappings())
        held = {batch["id"]: payload.rows_of(database, batch) for batch in found}
    if not found:
        return 0
    wanted = _Checking(office, held).wanted(found)
    if wanted:
        _sign(office, wanted, held)
        crash_point("award.signed")
    return len(found)


def sign_again(office: Office, stuck: RowMapping, now: Fees) -> None:
    """Signs a transaction once more, with the same nonce and higher fees."""
    with office.journal.writing() as database:
        last = _last_attempt(database, office, stuck["nonce"])
        if last is None or last["state"] not in states.OPEN:
            return
        raised = Fees(
            max(now.most, last["max_fee"] + last["max_fee"] // _STEP + 1),
            max(now.tip, last["tip"] + last["tip"] // _STEP + 1),
        )
        batch, data = None, b""
        if last["batch"] is not None:
            batch = (
                database.execute(select(batches).where(batches.c.id == last["batch"]))
                .mappings()
                .one()
            )
            data = payload.call_data(batch, payload.rows_of(database, batch))
        _write_down(database, office, batch, data, last["nonce"], last["attempt"] + 1, raised)
    crash_point("award.signed again")


def fill_gap(office: Office, nonce: int, now: Fees) -> None:
    """Signs a transaction of nothing, for a nonce that nobody uses and others wait for."""
    with office.journal.writing() as database:
        ours = _last_attempt(database, office, nonce)
        if ours is None:
            _write_down(database, office, None, b"", nonce, 1, now)
        else:
            database.execute(
                update(transactions)
                .where(transactions.c.hash == ours["hash"])
                .values(state=states.SIGNED)
            )


def _sign(office: Office, wanted: Sequence[RowMapping], held: dict[int, list[Any]]) -> None:
    now = fees_now(office)
    _check_money(office, wanted, now)
    asked = office.node.ask("eth_getTransactionCount", office.account, "pending")
    with office.journal.writing() as database:
        last = database.scalar(
            select(func.max(transactions.c.nonce)).where(transactions.c.sender == office.account)
        )
        nonce = max(int(asked, 16), -1 if last is None else last + 1)
        for batch in wanted:
            # Another worker may have been faster.
            claimed = database.execute(
                update(batches)
                .where(batches.c.id == batch["id"], batches.c.state == states.PLANNED)
                .values(state=states.SIGNED, trouble=None)
            )
            if claimed.rowcount:
                data = payload.call_data(batch, held[batch["id"]])
                _write_down(database, office, batch, data, nonce, 1, now)
                nonce += 1
        crash_point("award.signing")


def _write_down(
    database: Database,
    office: Office,
    batch: RowMapping | None,
    data: bytes,
    nonce: int,
    attempt: int,
    pays: Fees,
) -> None:
    gas = _GAS_OF_FILLER if batch is None else gas_of(batch)
    transaction: TxParams = {
        "from": office.sender.address,
        "to": office.sender.address if batch is None else office.contract.address,
        "value": Wei(0),
        "data": "0x" + data.hex(),  # type: ignore[typeddict-item]
        "nonce": Nonce(nonce),
        "gas": gas,
        "maxFeePerGas": Wei(pays.most),
        "maxPriorityFeePerGas": Wei(pays.tip),
        "chainId": office.suite.connection.chain_id,
    }
    raw = office.sender.signed(transaction)
    database.execute(
        insert(transactions).values(
            hash="0x" + keccak(raw).hex(),
            batch=None if batch is None else batch["id"],
            sender=office.account,
            nonce=nonce,
            attempt=attempt,
            raw=raw,
            gas=gas,
            max_fee=pays.most,
            tip=pays.tip,
            state=states.SIGNED,
            waiting_since=office.now(),
        )
    )


def gas_of(batch: RowMapping) -> int:
    """What a batch may use at most."""
    if batch["kind"] == states.CORRECTION:
        return payload.GAS_OF_CORRECTION
    return GAS_PER_BATCH + GAS_PER_AWARD * int(batch["count"])


def _last_attempt(database: Database, office: Office, nonce: int) -> RowMapping | None:
    return (
        database.execute(
            select(transactions)
            .where(transactions.c.sender == office.account, transactions.c.nonce == nonce)
            .order_by(transactions.c.attempt.desc())
            .limit(1)
        )
        .mappings()
        .one_or_none()
    )


def _check_money(office: Office, wanted: Sequence[RowMapping], now: Fees) -> None:
    needed = sum(gas_of(batch) for batch in wanted) * now.most
    if not needed:
        return
    balance = int(office.node.ask("eth_getBalance", office.account, "latest"), 16)
    if balance < needed:
        raise GasMoneyTooLow(
            f"{office.sender.address} has {balance} wei and may need {needed} for the next "
            f"{len(wanted)} transactions: send it {needed - balance}"
        )


@dataclass(frozen=True)
class _Checking:
    """Asks the chain about batches before they are signed."""

    office: Office
    held: dict[int, list[Any]]

    def wanted(self, found: Sequence[RowMapping]) -> list[RowMapping]:
        """The batches that the chain has not seen and would take."""
        left = [batch for batch in found if not self._stands(batch)] if self._any(found) else found
        return [batch for batch in left if not self._is_refused(batch)]

    def _any(self, found: Sequence[RowMapping]) -> bool:
        """Whether any of these may stand on the chain: one question each, all together."""
        if any(batch["kind"] == states.CORRECTION for batch in found):
            return True
        answers = self.office.node.ask_all(
            [self._call(payload.is_awarded(batch)) for batch in found]
        )
        return any(int(answer, 16) for answer in answers)

    def _stands(self, batch: RowMapping) -> bool:
        """Whether the chain has a batch, sent by someone else or in another life of the journal."""
        log = find(self.office, batch, self.held[batch["id"]])
        if log is None:
            self._check_unseen(batch)
            return False
        with self.office.journal.writing() as database:
            database.execute(
                update(batches)
                .where(batches.c.id == batch["id"], batches.c.state == states.PLANNED)
                .values(**place(log))
            )
        return True

    def _check_unseen(self, batch: RowMapping) -> None:
        if batch["kind"] == states.CORRECTION:
            return
        (answer,) = self.office.node.ask_all([self._call(payload.is_awarded(batch))])
        if int(answer, 16):
            raise ChainError(
                f"the node says that batch {batch['root']} is awarded, and shows no event of it: "
                "ask another node"
            )

    def _is_refused(self, batch: RowMapping) -> bool:
        """Whether the token would refuse a correction. What it refuses of awards, it refuses of
        all, and that is looked at before the first."""
        if batch["kind"] != states.CORRECTION:
            return False
        data = payload.call_data(batch, self.held[batch["id"]])
        (answer,) = self.office.node.answers([self._call(data)])
        if "error" not in answer:
            return False
        if not _is_refusal(answer["error"]):
            raise ChainError(f"the node refused eth_call: {text_of(answer['error'])}")
        with self.office.journal.writing() as database:
            database.execute(
                update(batches)
                .where(batches.c.id == batch["id"], batches.c.state == states.PLANNED)
                .values(state=states.REFUSED, trouble=reason_of(answer["error"]))
            )
        return True

    def _call(self, data: bytes) -> tuple[str, list[object]]:
        call = {"from": self.office.account, "to": self.office.token, "data": "0x" + data.hex()}
        return "eth_call", [call, "latest"]


def find(office: Office, batch: RowMapping, held: list[Any]) -> dict[str, Any] | None:
    """The event that a batch has left on the chain, whoever sent it."""
    search = payload.traces(batch, held, office.suite.first_block)
    logs = office.node.ask("eth_getLogs", {**search, "toBlock": "latest"})
    return next((log for log in logs if payload.left(log, batch, held)), None)


def place(log: dict[str, Any]) -> dict[str, Any]:
    """Where a batch stands, by an event or a receipt."""
    return {
        "state": states.MINED,
        "trouble": None,
        "transaction": log["transactionHash"],
        "block": int(log["blockNumber"], 16),
        "block_hash": log["blockHash"],
    }


def _is_refusal(error: Any) -> bool:
    """Whether it was the token, not the node, that said no."""
    told = isinstance(error, dict) and isinstance(error.get("data"), str)
    return told or "revert" in text_of(error).lower()


def reason_of(error: Any) -> str:
    """Why the token refused, in one line."""
    data = error.get("data") if isinstance(error, dict) else None
    if isinstance(data, str) and data.startswith("0x"):
        refused = decoded(bytes.fromhex(data[2:]), "PointToken")
        if refused is not None:
            return str(refused)
    return text_of(error)

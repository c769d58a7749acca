"""Signs what is planned, unless the chain has it already or would refuse it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection as Database
from sqlalchemy import RowMapping, select, update

from zegel.award import payload, states
from zegel.award.batches import GAS_PER_AWARD, GAS_PER_BATCH
from zegel.award.finding import find
from zegel.award.office import Office
from zegel.award.outcomes import move, reason_of
from zegel.award.schema import batches
from zegel.chain.node import text_of
from zegel.crashing import crash_point
from zegel.errors import ChainError
from zegel.outbox.box import Order
from zegel.outbox.signing import write_down


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
        _sign(office, [_order(office, batch, held[batch["id"]]) for batch in wanted])
        crash_point("award.signed")
    return len(found)


def _gas_of(batch: RowMapping) -> int:
    """What a batch may use at most."""
    if batch["kind"] == states.CORRECTION:
        return payload.GAS_OF_CORRECTION
    return GAS_PER_BATCH + GAS_PER_AWARD * int(batch["count"])


def _order(office: Office, batch: RowMapping, held: list[Any]) -> Order:
    return Order(batch["id"], office.token, payload.call_data(batch, held), _gas_of(batch))


def _sign(office: Office, orders: Sequence[Order]) -> None:
    moment = office.box.moment()
    office.box.check_money(orders, moment)
    with office.journal.writing() as database:
        # Another worker may have been faster.
        claimed = [order for order in orders if _is_claimed(database, order)]
        write_down(office.box, database, claimed, moment)
        crash_point("award.signing")


def _is_claimed(database: Database, order: Order) -> bool:
    claimed = database.execute(
        update(batches)
        .where(batches.c.id == order.job, batches.c.state == states.PLANNED)
        .values(state=states.SIGNED, trouble=None)
    )
    return claimed.rowcount == 1


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
        place = find(self.office, batch, self.held[batch["id"]])
        if place is None:
            self._check_unseen(batch)
            return False
        with self.office.journal.writing() as database:
            move(database, [batch["id"]], (states.PLANNED,), **place)
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
        why = {"state": states.REFUSED, "trouble": reason_of(answer["error"])}
        with self.office.journal.writing() as database:
            move(database, [batch["id"]], (states.PLANNED,), **why)
        return True

    def _call(self, data: bytes) -> tuple[str, list[object]]:
        call = {"from": self.office.account, "to": self.office.token, "data": "0x" + data.hex()}
        return "eth_call", [call, "latest"]


def _is_refusal(error: Any) -> bool:
    """Whether it was the token, not the node, that said no."""
    told = isinstance(error, dict) and isinstance(error.get("data"), str)
    return told or "revert" in text_of(error).lower()

"""What a batch's transaction says, and the event by which the chain tells that it was done."""

from typing import Any

from eth_hash.auto import keccak
from sqlalchemy import Connection as Database
from sqlalchemy import RowMapping, select

from zegel.award import states
from zegel.award.schema import rows
from zegel.chain.node import Json

_AWARD_BATCH = keccak(b"awardBatch(bytes32,uint256[])")[:4]
_CORRECT = keccak(b"correct(address,uint256,bytes32,bytes32)")[:4]
_IS_AWARDED = keccak(b"isAwarded(bytes32)")[:4]
_BATCH_AWARDED = "0x" + keccak(b"BatchAwarded(address,bytes32,uint256,uint256)").hex()
_CORRECTED = "0x" + keccak(b"Corrected(address,address,bytes32,uint256,bytes32)").hex()

# What a correction uses at most, expired points that it must announce included.
GAS_OF_CORRECTION = 150_000


def rows_of(database: Database, batch: RowMapping) -> list[Any]:
    """The rows of a batch, in the order of their files."""
    return list(
        database.execute(
            select(rows).where(rows.c.batch == batch["id"]).order_by(rows.c.file, rows.c.line)
        )
    )


def call_data(batch: RowMapping, held: list[Any]) -> bytes:
    """The transaction's data, as web3 would encode it and some twenty times as fast."""
    if batch["kind"] == states.CORRECTION:
        (row,) = held
        return b"".join(
            (_CORRECT, _address(row), _number(row.amount), _word(row.corrects), _word(row.reason))
        )
    words = [bytes.fromhex(row.member[2:]) + row.amount.to_bytes(12, "big") for row in held]
    return b"".join((_AWARD_BATCH, _word(batch["root"]), _number(64), _number(len(words)), *words))


def is_awarded(batch: RowMapping) -> bytes:
    """The question whether the token has seen a batch."""
    return _IS_AWARDED + _word(batch["root"])


def traces(batch: RowMapping, held: list[Any], first_block: int) -> Json:
    """The search for the event that a batch leaves."""
    if batch["kind"] == states.CORRECTION:
        topics = [_CORRECTED, None, "0x" + _address(held[0]).hex(), held[0].corrects]
    else:
        topics = [_BATCH_AWARDED, None, batch["root"]]
    return {"address": batch["token"], "topics": topics, "fromBlock": hex(first_block)}


def left(log: Json, batch: RowMapping, held: list[Any]) -> bool:
    """Whether it was this batch that left an event."""
    if batch["kind"] == states.CORRECTION:
        expected = _number(held[0].amount) + _word(held[0].reason)
        return bytes.fromhex(log["data"][2:]) == expected
    return True


def _address(row: Any) -> bytes:
    return bytes(12) + bytes.fromhex(row.member[2:])


def _number(value: int) -> bytes:
    return value.to_bytes(32, "big")


def _word(text: str) -> bytes:
    return bytes.fromhex(text[2:])

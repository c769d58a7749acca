"""Reads events from a node: what a few blocks hold, or all that a report needs."""

from collections.abc import Iterable, Iterator, Sequence

from zegel.chain.connection import Connection
from zegel.chain.decoders import Decoder, Log, decoder_of
from zegel.chain.events import Event
from zegel.chain.raw import ask

# A few dozen blocks full of awards make an answer of some ten megabytes.
_BLOCKS_AT_ONCE = 20


def read_events(
    connection: Connection, contracts: Sequence[str], first_block: int, last_block: int
) -> Iterator[Event]:
    """The events of some contracts in a range of blocks, both ends included, in their order."""
    return decode(connection, read_logs(connection, contracts, first_block, last_block))


def read_logs(
    connection: Connection, contracts: Sequence[str], first_block: int, last_block: int
) -> Iterator[Log]:
    """The same as the node tells them."""
    for start in range(first_block, last_block + 1, _BLOCKS_AT_ONCE):
        end = min(start + _BLOCKS_AT_ONCE - 1, last_block)
        question = {"address": list(contracts), "fromBlock": hex(start), "toBlock": hex(end)}
        yield from ask(connection, "eth_getLogs", question)


def decode(connection: Connection, logs: Iterable[Log]) -> Iterator[Event]:
    """The events that logs stand for. The node is asked for times that it has not told."""
    timestamps: dict[str, int] = {}
    for log in logs:
        decoder = decoder_of(log)
        if decoder.event is not Event:
            yield _decoded(decoder, log, _timestamp(connection, log, timestamps))


def _decoded(decoder: Decoder, log: Log, timestamp: int) -> Event:
    values = decoder.read(log["topics"], log["data"])[: decoder.own]
    block = int(log["blockNumber"], 16)
    return decoder.event(log["address"], block, timestamp, log["transactionHash"], *values)


def _timestamp(connection: Connection, log: Log, known: dict[str, int]) -> int:
    """The time of a log's block, which some nodes tell with the log."""
    if "blockTimestamp" in log:
        return int(log["blockTimestamp"], 16)
    block = log["blockNumber"]
    if block not in known:
        header = ask(connection, "eth_getBlockByNumber", block, False)
        known[block] = int(header["timestamp"], 16)
    return known[block]

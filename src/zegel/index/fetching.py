"""Reads blocks with their logs, and believes nothing that contradicts itself.

A node that is behind, on another fork, or cuts its answers short is noticed by the headers: parents
follow each other, logs bear the hashes of their blocks, and the blooms tell which contracts have
logged. What is doubtful is asked again, in the end by the receipts of a block.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zegel.chain.decoders import Log, decoder_of
from zegel.chain.node import Doubtful, Node, NodeRefused
from zegel.index import blooms

# Answers of this many logs take some ten megabytes.
_LOGS_AT_ONCE = 8_000
_FIRST_BLOCKS_AT_ONCE = 16
_MOST_BLOCKS_AT_ONCE = 2_000

# Where nobody calls blocks final, those this deep count as final.
_DEEP = 64


@dataclass(frozen=True, slots=True)
class Block:
    number: int
    hash: str
    parent: str
    timestamp: int
    bloom: int
    logs: list[Log]


@dataclass(frozen=True)
class Place:
    """A block that was read, or the one before the first."""

    number: int
    hash: str


class Forked(Exception):  # noqa: N818 -- says what happened
    """The next block has another parent than the last one that was read."""


def header(told: Mapping[str, Any]) -> Block:
    return Block(
        int(told["number"], 16),
        told["hash"],
        told["parentHash"],
        int(told["timestamp"], 16),
        int(told["logsBloom"], 16),
        [],
    )


def head(node: Node) -> Block:
    """The newest block that the node has."""
    return node.trusted("its newest block", lambda: _told(node, "latest"))


def final(node: Node, newest: int) -> int:
    """The last block that will stay, as the node says, or as its depth says."""
    try:
        told = node.ask("eth_getBlockByNumber", "finalized", False)
    except NodeRefused:
        told = None
    return int(told["number"], 16) if told is not None else max(0, newest - _DEEP)


def headers(node: Node, first: int, last: int) -> list[Block]:
    """The headers of some blocks, all of one chain."""
    found: list[Block] = []
    numbers = range(first, last + 1)
    answers = node.ask_all([("eth_getBlockByNumber", (hex(n), False)) for n in numbers])
    for number, told in zip(numbers, answers, strict=True):
        if told is None:
            raise Doubtful(f"no block {number}")
        block = header(told)
        if block.number != number:
            raise Doubtful(f"block {block.number} instead of {number}")
        if found and block.parent != found[-1].hash:
            raise Doubtful(f"block {number} does not follow the one before")
        found.append(block)
    return found


def _told(node: Node, block: str) -> Block:
    told = node.ask("eth_getBlockByNumber", block, False)
    if told is None:
        raise Doubtful(f"no block {block}")
    return header(told)


class Reader:
    """Reads block after block, as many at a time as the node's answers allow.

    `contracts` are those that are followed, with their kinds. New ones join as the registry creates
    programs: from their block on, all logs of theirs are read. A `doubting` reader holds every
    block against its receipts.
    """

    def __init__(
        self,
        node: Node,
        place: Place,
        contracts: Mapping[str, str],
        registry: str,
        doubting: bool = False,
    ) -> None:
        self.place = place
        self.contracts = dict(contracts)
        self._node, self._registry, self._doubting = node, registry, doubting
        self._at_once = _FIRST_BLOCKS_AT_ONCE

    def read(self, goal: int) -> list[Block]:
        """The next blocks up to one, fewer if they hold much."""
        first = self.place.number + 1
        last = min(goal, first + self._at_once - 1)
        blocks = self._node.trusted(f"blocks {first} to {last}", lambda: self._read(first, last))
        self.place = Place(blocks[-1].number, blocks[-1].hash)
        return blocks

    def _read(self, first: int, last: int) -> list[Block]:
        blocks = headers(self._node, first, last)
        # Before the first block that is read nothing is known.
        if self.place.hash and blocks[0].parent != self.place.hash:
            raise Forked
        known = dict(self.contracts)
        count = self._fill(blocks, known)
        if count is None:
            return self._read(first, first + (last - first) // 2)
        self.contracts = known
        if count < _LOGS_AT_ONCE // 2:
            self._at_once = min(2 * self._at_once, _MOST_BLOCKS_AT_ONCE)
        elif count > _LOGS_AT_ONCE:
            self._at_once = max(1, self._at_once // 2)
        return blocks

    def _fill(self, blocks: Sequence[Block], known: dict[str, str]) -> int | None:
        """Gives blocks their logs. None if the node finds them too many at once."""
        by_number = {block.number: block for block in blocks}
        waiting = [(blocks[0].number, list(known))]
        while waiting:
            since, asked = waiting.pop()
            logs = self._logs(asked, since, blocks[-1].number)
            if logs is None:
                return None
            self._check(logs, set(asked), by_number)
            self._confirm(asked, [block for block in blocks if block.number >= since])
            waiting += self._created(logs, known)
        for block in blocks:
            block.logs.sort(key=_index)
        return sum(len(block.logs) for block in blocks)

    def _logs(self, addresses: Sequence[str], first: int, last: int) -> list[Log] | None:
        question = {"address": addresses, "fromBlock": hex(first), "toBlock": hex(last)}
        try:
            logs: list[Log] = self._node.ask("eth_getLogs", question, once=first < last)
        except NodeRefused:
            # Too many blocks, too many logs, too many bytes: every provider says it otherwise.
            if first == last:
                raise
            self._at_once = max(1, self._at_once // 2)
            return None
        return logs

    def _check(self, logs: Iterable[Log], addresses: set[str], blocks: Mapping[int, Block]) -> None:
        """Puts logs into their blocks; the same log twice counts once."""
        seen: dict[tuple[int, str], Log] = {}
        for log in logs:
            number, index = int(log["blockNumber"], 16), log["logIndex"]
            block = blocks.get(number)
            if block is None or log["blockHash"] != block.hash or log.get("removed"):
                raise Doubtful(f"logs of another block {number}")
            if log["address"] not in addresses:
                raise Doubtful(f"logs of {log['address']}, which nobody asked for")
            if seen.setdefault((number, index), log) is log:
                block.logs.append(log)
            elif seen[number, index] != log:
                raise Doubtful(f"two logs {int(index, 16)} in block {number}")

    def _confirm(self, addresses: Sequence[str], blocks: Sequence[Block]) -> None:
        """Asks again where the headers tell of more logs, and where an answer may have ended."""
        masks = [(address, blooms.bits(address)) for address in addresses]
        asked = set(addresses)
        silent: dict[int, list[str]] = {}
        for block in blocks:
            if block.bloom:
                loud = {log["address"] for log in block.logs}
                missing = [
                    address
                    for address, bits in masks
                    if block.bloom & bits == bits and address not in loud
                ]
                if missing:
                    silent[block.number] = missing
        by_number = {block.number: block for block in blocks}
        last = max((block.number for block in blocks if block.logs), default=None)
        whole = {n for n in silent if self._doubting or not blooms.is_full(by_number[n].bloom)}
        if self._doubting:
            whole |= {block.number for block in blocks if block.logs}
        if last is not None:
            whole.add(last)
        for number in sorted(whole):
            self._compare(by_number[number], asked)
        some = [number for number in silent if number not in whole]
        answers = self._node.ask_all(
            [
                ("eth_getLogs", ({"address": silent[n], "blockHash": by_number[n].hash},))
                for n in some
            ]
        )
        for number, logs in zip(some, answers, strict=True):
            if logs:
                raise Doubtful(f"not all logs of block {number}")

    def _compare(self, block: Block, addresses: set[str]) -> None:
        """Holds the logs of a block against its receipts."""
        try:
            receipts = self._node.ask("eth_getBlockReceipts", block.hash)
            if receipts is None:
                raise Doubtful(f"no receipts of block {block.number}")
            logs = [log for receipt in receipts for log in receipt["logs"]]
        except NodeRefused:
            question = {"address": sorted(addresses), "blockHash": block.hash}
            logs = self._node.ask("eth_getLogs", question)
        told = {log["logIndex"] for log in logs if log["address"] in addresses}
        if told != {log["logIndex"] for log in block.logs if log["address"] in addresses}:
            raise Doubtful(f"not all logs of block {block.number}")

    def _created(
        self, logs: Iterable[Log], known: dict[str, str]
    ) -> Iterable[tuple[int, list[str]]]:
        """The contracts that programs bring along, by the block from which they are read."""
        found: dict[int, list[str]] = {}
        for log in logs:
            if log["address"] == self._registry:
                decoder = decoder_of(log)
                if decoder.name == "ProgramCreated":
                    token, _, exchange, desk, *_ = decoder.read(log["topics"], log["data"])
                    for address, kind in contracts_of(token, exchange, desk):
                        if address not in known:
                            known[address] = kind
                            found.setdefault(int(log["blockNumber"], 16), []).append(address)
        return found.items()


def _index(log: Log) -> int:
    return int(log["logIndex"], 16)


def contracts_of(token: str, exchange: str, desk: str) -> Iterable[tuple[str, str]]:
    """The contracts of a program, with their kinds."""
    return (token, "PointToken"), (exchange, "PointExchange"), (desk, "OfflineDesk")

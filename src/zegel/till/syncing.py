"""Reads from a node what a till must know before it goes without: limits, purses, who is frozen.

All of it as of one block. Nothing is replaced before everything has been read, so that the till
keeps what it knew when the node does not answer.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from eth_typing import ChecksumAddress
from web3 import Web3
from web3.contract import Contract

from zegel.chain.decoders import topic_of
from zegel.chain.node import Node, Patience, Question
from zegel.chain.raw import view_request
from zegel.crashing import crash_point
from zegel.deploy.suite import NOBODY, Suite
from zegel.errors import ChainError, FileError, WrongChain
from zegel.till.books import Books, Member, Pair, Payout, Program, Reading
from zegel.till.opening import Till

_PATIENCE = Patience(attempts=3)

# Nodes tell of so many blocks at once. The last ones are asked for again: they may have changed.
_BLOCKS, _OVERLAP = 2_000, 64

# Questions about one member: both purses, and whether it is frozen.
_A_MEMBER = 3


def sync(
    till: Till,
    suite: Suite,
    asking: Iterable[ChecksumAddress] = (),
    *,
    everyone: bool = True,
    depth: int = 0,
) -> Books:
    """Reads everything anew; `depth` blocks back, where the last ones may still be given up.

    Purses are those of members whom the till has met, of all who have set points aside for its
    merchant, or for every merchant where it may take those, and of members who are `asking`.
    Without `everyone`, only the last are read, and the others' purses stay as they were.
    """
    work = _Work(till, suite, depth)
    pairs = {(token, Web3.to_checksum_address(who)) for token in work.tokens for who in asking}
    known: Mapping[Pair, Member] = till.known.members if till.known else {}
    if everyone:
        met = {*till.sales.members(), *known, *work.noticed()}
        pairs |= {pair for pair in met if pair[0] in work.tokens}
    books = work.books(sorted(pairs), None if everyone else till.known)
    till.replace_books(books)
    crash_point("till.synced")
    return books


class _Work:
    """One reading."""

    def __init__(self, till: Till, suite: Suite, depth: int) -> None:
        self._till, self._suite = till, suite
        self._node = Node(suite.connection.url, _PATIENCE)
        self.tokens: Sequence[ChecksumAddress] = tuple(till.rules.floor_limits)
        records = len(till.queue.records)
        self._check_chain()
        number = max(0, int(self._node.ask("eth_blockNumber"), 16) - depth)
        header = self._node.ask("eth_getBlockByNumber", hex(number), False)
        self._reading = Reading(number, int(header["timestamp"], 16), records)
        self._check_time()

    def noticed(self) -> set[Pair]:
        """Who has set points aside that this till may take, since it looked last."""
        shared, last = self._shared(), self._reading.block
        known = self._till.known.seen - _OVERLAP if self._till.known else 0
        merchants = [self._till.place.merchant, *([NOBODY] if shared else [])]
        topics = [topic_of("Held"), _topics(self.tokens), None, _topics(merchants)]
        question = {"address": self._suite.desk.address, "topics": topics}
        answers = self._node.ask_all(
            [
                ("eth_getLogs", ({**question, "fromBlock": hex(first), "toBlock": hex(end)},))
                for first, end in _ranges(max(self._suite.first_block, known), last)
            ]
        )
        purses = (map(_address, log["topics"][1:]) for answer in answers for log in answer)
        return {(token, who) for token, who, whose in purses if whose != NOBODY or token in shared}

    def _shared(self) -> set[ChecksumAddress]:
        """The programs of which the merchant may take points out of shared purses."""
        merchant = self._till.place.merchant
        limits = self._asked(
            *(self._call(self._suite.desk, "limitOf", token, merchant) for token in self.tokens)
        )
        lower = (min(_words(limit)[:2]) for limit in limits)
        return {token for token, limit in zip(self.tokens, lower, strict=True) if limit}

    def books(self, pairs: Sequence[Pair], before: Books | None) -> Books:
        """What there is to know; members whom nobody asks for are as they were `before`."""
        place = self._till.place
        desk, registry = self._suite.desk, self._suite.registry
        window, merchant, payout, used = self._asked(
            self._call(desk, "offlineWindow"),
            self._call(registry, "merchantOf", place.till),
            self._call(desk, "payoutOf", place.merchant),
            self._call(desk, "isSettled", place.merchant, place.till, self._till.sales.next_serial),
        )
        if int(used, 16):
            raise FileError(
                self._till.queue.path,
                f"its next serial {self._till.sales.next_serial} was settled before: bring back "
                "the file that this till had, or register another till",
            )
        programs = [self._program(token, _address(payout)) for token in self.tokens]
        return Books(
            int(window, 16),
            _address(merchant),
            {program.token: program for program in programs},
            {**(before.members if before else {}), **dict(self._members(pairs, int(window, 16)))},
            before.seen if before else self._reading.block,
            registry.functions.merchantName(place.merchant).call(
                block_identifier=self._reading.block
            ),
        )

    def _check_chain(self) -> None:
        place, connection = self._till.place, self._suite.connection
        found = int(self._node.ask("eth_chainId"), 16), self._suite.desk.address
        if found != (place.chain_id, place.desk):
            raise WrongChain(
                f"{connection.url} has the desk {found[1]} on chain {found[0]}, this till is of "
                f"{place.desk} on chain {place.chain_id}: name the node of that one"
            )

    def _check_time(self) -> None:
        reading, now = self._reading, self._till.clock()
        if reading.second > now:
            raise ChainError(
                f"the till's clock is at {now}, block {reading.block} at {reading.second}: "
                f"set the clock, it is {reading.second - now} s late"
            )
        if reading.block < self._till.sales.settled_block:
            raise ChainError(
                f"the node is at block {reading.block}, and the till has settled in "
                f"{self._till.sales.settled_block}: wait for the node, or name another"
            )

    def _program(self, address: ChecksumAddress, payout: ChecksumAddress) -> Program:
        token = self._suite.connection.contract("PointToken", address)
        place = self._till.place
        limits, frozen, decimals = self._asked(
            self._call(self._suite.desk, "limitOf", address, place.merchant),
            self._call(token, "isFrozen", place.merchant),
            self._call(token, "decimals"),
        )
        limit, following, _ = _words(limits)
        return Program(
            address,
            token.functions.symbol().call(block_identifier=self._reading.block),
            int(decimals, 16),
            min(limit, following),
            bool(int(frozen, 16)),
            self._payout(token, payout),
            self._reading,
        )

    def _payout(self, token: Contract, to: ChecksumAddress) -> Payout | None:
        """What the largest payment would give. A single point may be less than one unit of it."""
        if to in (NOBODY, token.address):
            return None
        amount = self._till.rules.floor_limits[token.address]
        exchange, target = self._suite.exchange, self._suite.connection.contract("PointToken", to)
        quote, guards, scale = self._asked(
            self._call(exchange, "quote", token.address, to, amount, NOBODY, NOBODY),
            self._call(exchange, "priceGuardsOf", token.address),
            self._call(target, "decimals"),
        )
        symbol = target.functions.symbol().call(block_identifier=self._reading.block)
        return Payout(to, symbol, int(scale, 16), amount, _words(quote)[0], _words(guards)[2])

    def _members(self, pairs: Sequence[Pair], window: int) -> Iterator[tuple[Pair, Member]]:
        """What is spendable when the last voucher that this reading lets in must be settled."""
        until, desk = self._reading.second + 2 * window, self._suite.desk
        questions: list[Question] = []
        for token, who in pairs:
            contract = self._suite.connection.contract("PointToken", token)
            questions += (
                self._call(desk, "spendable", token, who, self._till.place.merchant, until),
                self._call(desk, "spendable", token, who, NOBODY, until),
                self._call(contract, "isFrozen", who),
            )
        answers = [int(answer, 16) for answer in self._asked(*questions)]
        parts = (answers[number::_A_MEMBER] for number in range(_A_MEMBER))
        for pair, own, shared, frozen in zip(pairs, *parts, strict=True):
            yield pair, Member(own, shared, bool(frozen), self._reading)

    def _call(self, contract: Contract, function: str, *arguments: int | str) -> Question:
        return view_request(contract, function, *arguments, at=hex(self._reading.block))

    def _asked(self, *questions: Question) -> list[str]:
        return [str(answer) for answer in self._node.ask_all(questions)]


def _topics(addresses: Iterable[str]) -> list[str]:
    """Addresses as topics, any of which will do."""
    return ["0x" + "00" * 12 + address[2:].lower() for address in addresses]


def _ranges(first: int, last: int) -> Iterator[tuple[int, int]]:
    """Blocks by as many as nodes tell of."""
    for start in range(first, last + 1, _BLOCKS):
        yield start, min(start + _BLOCKS - 1, last)


def _words(answer: str) -> list[int]:
    """The words that a view returned."""
    digits = answer.removeprefix("0x")
    return [int(digits[start : start + 64], 16) for start in range(0, len(digits), 64)]


def _address(answer: str) -> ChecksumAddress:
    return Web3.to_checksum_address("0x" + answer[-40:])

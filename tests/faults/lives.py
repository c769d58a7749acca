"""Random lives of a network, and what a chain does to them.

Everything follows from a seed: who awards, sends, converts, sets aside, when a price changes or a
year passes; how many blocks the chain takes back, and whether their transactions are gone, come
again in other blocks, or others come in their place.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from web3 import Web3
from web3.contract import Contract

from zegel.chain.anvil import Anvil
from zegel.demo.world import AIRLINE, CENT, DAY, FUEL, SHOP, STAFF, World, build
from zegel.index.network import About, about

# 1 January 2026.
START = 1_767_225_600

# Two epochs of so many blocks, and a block is final.
_SLOTS = 128

_MEMBERS = tuple(Web3.to_checksum_address(f"0x{0xA11CE000 + n:040x}") for n in range(1, 8))
_NOBODY = "0x" + 40 * "0"
_GAS = 3_000_000

# Sender, contract, data.
Sent = tuple[str, str, str]


@dataclass
class Town:
    """A network on a chain of its own."""

    anvil: Anvil
    world: World
    about: About

    @property
    def url(self) -> str:
        return self.anvil.url

    @property
    def height(self) -> int:
        return int(str(self.anvil.rpc("eth_blockNumber")), 16)


@dataclass
class Founded:
    """A town as it was founded: four programs with money and prices. It can be lived in often."""

    world: World
    about: About
    state: object
    port: int

    @contextmanager
    def town(self) -> Iterator[Town]:
        """The town on a new node; going back on an old one, Anvil forgets blocks in the end."""
        with _node(self.port) as anvil:
            anvil.rpc("anvil_loadState", self.state)
            # A chain can go back to its own blocks, not to those that it was given.
            anvil.mine()
            anvil.impersonate_all()
            yield Town(anvil, self.world, self.about)


def found(folder: Path) -> Founded:
    with _node() as anvil:
        world = build(anvil, folder, lambda _: None)
        state = anvil.rpc("anvil_dumpState")
        port = int(anvil.url.rpartition(":")[2])
        return Founded(world, about(world.suite), state, port)


def _node(port: int | None = None) -> Anvil:
    """Its finality lies 256 blocks back."""
    options = ("--slots-in-an-epoch", str(_SLOTS))
    return Anvil(timestamp=START, port=port, base_fee=0, options=options)


class Life:
    """What happens in a town by one seed."""

    def __init__(self, town: Town, seed: int) -> None:
        self.dice = random.Random(seed)
        self._town = town
        self._sent: dict[int, list[Sent]] = {}
        self._number = 0
        self._symbols = 0

    def act(self, count: int) -> None:
        """Some transactions, of which some may be refused, in one block or several."""
        for _ in range(count):
            self._send(self._any())
            if self.dice.random() < 0.1:
                self._pass_time()

    def reorganise(self, depth: int) -> None:
        """Takes blocks back. Their transactions are gone, or come again, mixed or with others."""
        top = self._town.height
        lost = [sent for n in range(top - depth + 1, top + 1) for sent in self._sent.pop(n, [])]
        self._town.anvil.rpc("anvil_reorg", depth, [])
        variant = self.dice.choice(("gone", "moved", "mixed", "replaced"))
        if variant == "mixed":
            self.dice.shuffle(lost)
        if variant in ("moved", "mixed"):
            for sent in lost:
                self._send(sent)
        if variant == "replaced":
            self.act(len(lost))

    def _send(self, sent: Sent) -> None:
        sender, contract, data = sent
        frame = {"from": sender, "to": contract, "data": data, "gas": hex(_GAS), "gasPrice": "0x0"}
        # It waits for the block: a chain that is taken back while it makes one loses others.
        self._town.anvil.rpc("eth_sendTransactionSync", frame)
        self._sent.setdefault(self._town.height, []).append(sent)

    def _any(self) -> Sent:
        acts = (self._batch, self._award, self._award, self._give, self._redeem, self._convert)
        rarer = (self._hold, self._price, self._agree, self._fund, self._sweep, self._carry)
        rare = (self._create, self._freeze, self._recover)
        return self.dice.choice(self.dice.choice((acts, acts, acts, rarer, rarer, rare)))()

    def _batch(self) -> Sent:
        self._number += 1
        words = [
            int(self._member(), 16) << 96 | self.dice.randint(1, 5_000)
            for _ in range(self.dice.randint(1, 6))
        ]
        batch = self._number.to_bytes(32, "big")
        return self._by_issuer(SHOP, self._token(SHOP), "awardBatch", batch, words)

    def _award(self) -> Sent:
        symbol = self.dice.choice((SHOP, STAFF))
        amount = self.dice.randint(0, 9_000)
        reference = self._reference()
        return self._by_issuer(
            symbol, self._token(symbol), "award", self._member(), amount, reference
        )

    def _give(self) -> Sent:
        token = self._token(self.dice.choice((SHOP, SHOP, AIRLINE, FUEL)))
        amount = self.dice.randint(0, 2_000)
        return self._call(self._member(), token, "transfer", self._member(), amount)

    def _redeem(self) -> Sent:
        token = self._token(self.dice.choice((SHOP, STAFF, AIRLINE)))
        amount = self.dice.randint(0, 3_000)
        return self._call(self._member(), token, "redeem", amount, self._reference())

    def _convert(self) -> Sent:
        source, target = self.dice.sample((SHOP, SHOP, FUEL, AIRLINE), 2)
        member = self._member()
        arguments = (self._token(source).address, self._token(target).address)
        amount = self.dice.randint(1, 3_000)
        return self._call(
            member, self._town.world.exchange, "convert", *arguments, amount, 0, member, 2**40
        )

    def _hold(self) -> Sent:
        desk, token = self._town.world.suite.desk, self._token(SHOP).address
        member, merchant = self._member(), self.dice.choice((_NOBODY, _MEMBERS[0]))
        kind = self.dice.choice(("hold", "hold", "release", "returnPurse"))
        if kind == "hold":
            amount = self.dice.randint(1, 2_000)
            return self._call(member, desk, kind, token, merchant, amount)
        if kind == "release":
            return self._call(member, desk, kind, token, merchant)
        return self._call(member, desk, kind, token, member, merchant)

    def _price(self) -> Sent:
        symbol = self.dice.choice((SHOP, AIRLINE, FUEL))
        exchange, token = self._town.world.exchange, self._token(symbol).address
        if self.dice.random() < 0.2:
            return self._by_issuer(symbol, exchange, "cancelScheduledPrices", token)
        bid = self.dice.randint(1, 100) * CENT // 100
        return self._by_issuer(symbol, exchange, "setPrices", token, bid, bid * 5 // 4)

    def _agree(self) -> Sent:
        symbol, partner = self.dice.sample((SHOP, FUEL, STAFF), 2)
        now = self._town.world.connection.timestamp()
        terms = (0, now, now + self.dice.randint(1, 90) * DAY, self.dice.random() < 0.3)
        if self.dice.random() < 0.3:
            terms = (0, 0, 0, False)
        arguments = (self._token(symbol).address, self._token(partner).address, terms)
        return self._by_issuer(symbol, self._town.world.exchange, "setTerms", *arguments)

    def _fund(self) -> Sent:
        issuer = self._town.world.issuers[SHOP].issuer.address
        token, amount = self._token(SHOP).address, self.dice.randint(1, 10**6)
        exchange = self._town.world.exchange
        return self._by_issuer(SHOP, exchange, "withdraw", token, issuer, amount)

    def _sweep(self) -> Sent:
        desk = self._town.world.suite.desk.address
        token = self._token(self.dice.choice((SHOP, FUEL)))
        return self._call(self._member(), token, "sweep", [*_MEMBERS, desk])

    def _carry(self) -> Sent:
        symbol = self.dice.choice((FUEL, AIRLINE))
        arguments = (self._token(symbol).address, self.dice.random() < 0.8)
        return self._by_issuer(symbol, self._town.world.exchange, "setCarryExpiry", *arguments)

    def _create(self) -> Sent:
        self._symbols += 1
        world = self._town.world
        issuer = world.issuers[FUEL].issuer.address
        settings = ("Néw", f"NEW{self._symbols}", "", issuer, 0, 2, 1, 2, True)
        return self._by_issuer(FUEL, world.suite.registry, "createProgram", settings)

    def _freeze(self) -> Sent:
        kind = self.dice.choice(("freeze", "unfreeze"))
        return self._by_issuer(SHOP, self._token(SHOP), kind, self._member(), bytes(32))

    def _recover(self) -> Sent:
        desk = self._town.world.issuers[SHOP].desk.address
        members = (self._member(), self._member(), bytes(32))
        return self._call(desk, self._token(SHOP), "recover", *members)

    def _pass_time(self) -> None:
        days = self.dice.choice((1, 7, 15, 40, 100))
        self._town.anvil.rpc("evm_increaseTime", days * DAY)

    def _by_issuer(
        self, symbol: str, contract: Contract, function: str, *arguments: object
    ) -> Sent:
        sender = self._town.world.issuers[symbol].issuer.address
        return self._call(sender, contract, function, *arguments)

    def _call(self, sender: str, contract: Contract, function: str, *arguments: object) -> Sent:
        return sender, contract.address, contract.encode_abi(function, list(arguments))

    def _token(self, symbol: str) -> Contract:
        return self._town.world.issuers[symbol].token

    def _member(self) -> str:
        return self.dice.choice(_MEMBERS)

    def _reference(self) -> bytes:
        return self.dice.randbytes(32)

"""A network in an EVM of this process, with members of every kind who may do everything.

Each contract has a second one beside it, to which messages for the first one are shown: another
token, a later exchange, desk, drop, charter and registry. Another network on another chain, made in
the same steps, has the same addresses.
"""

from functools import cached_property
from typing import Any

import rlp
from eth_abi.abi import encode
from eth_utils.abi import collapse_if_tuple, function_abi_to_4byte_selector
from eth_utils.crypto import keccak
from proofs.signatures.hashing import Note
from proofs.signatures.signers import Key, Phone, Signer
from support import roles
from support.clock import DAY, START
from support.deploying import PREAMBLE, program_settings
from support.evm import CHAIN_ID, Chain, Contract
from support.passkeys import Passkey

from zegel.chain import artifacts
from zegel.chain.messages import Domain

NOW = int(START.timestamp())
NOBODY = "0x" + "00" * 20
EURO = 10**6
# One euro for a point without decimals.
PRICE = 10**12
EVER = 2**63
PLENTY = 10**9
LEI = "9999ZEGELSHOP0000131"
DOCUMENT = keccak(text="the agreement")

# How the contracts call themselves in what is signed.
NAMES = {
    "token": "AIR points",
    "rail": "RAIL points",
    "desk": "Zegel Desk",
    "drop": "Zegel Drop",
    "charter": "Zegel Charter",
    "registry": "Zegel Registry",
}


class Network:
    """The contracts, those beside them, and the members."""

    def __init__(self, chain_id: int = CHAIN_ID) -> None:
        self.chain = Chain(NOW, chain_id)
        self.chain_id = chain_id
        self.boss, self.till, self.merchant = (
            Key.of(name).address for name in ("boss", "till", "merchant")
        )
        # Signs the vouchers of settlements.
        self.shopper = Key.of("shopper")
        self.passkeys = self._deploy("PasskeyVerifier").address
        owner, maker = Key.of("owner"), Key.of("maker").address
        wallet = _first_contract_of(maker)
        self.members: tuple[Signer, ...] = (
            Key.of("member"),
            owner.owning(wallet),
            Phone("phone", Passkey(1)),
        )
        self.money = self._deploy("TestEuro")
        self.blueprint = self._store(artifacts.load("PointToken").bytecode)
        self.registry, self.exchange, self.desk = self._core()
        self.token, self.rail = (self._program(symbol) for symbol in ("AIR", "RAIL"))
        # Mutations look for `other_` contracts by their names.
        self.other_registry, *_ = self._core()
        # Later versions, which both tokens let in.
        self.other_exchange = self._deploy(
            "PointExchange", self.money.address, self.boss, 0, NOBODY
        )
        self.other_desk = self._deploy("OfflineDesk", *self._places, DAY)
        self.drop, self.other_drop, self.charter, self.other_charter = (
            self._deploy(name, self.passkeys)
            for name in ("AwardDrop", "AwardDrop", "RewardCharter", "RewardCharter")
        )
        self._let_in()
        self._enrich()
        self._register()
        self.drop_ids = {self._open_drop(drop) for drop in (self.drop, self.other_drop)}
        for place in (self.charter, self.other_charter):
            self._propose(place)
        # An address with code can send nothing, so the wallet's code comes when all is ready.
        code = Contract.deploy(self.chain, maker, "ContractWallet", owner.address)
        assert code.address == wallet

    def domain(self, place: str) -> Domain:
        address = getattr(self, place).address
        return Domain(NAMES[place], self.chain_id, address)

    def run(self, caller: str, to: str, data: bytes) -> bytes:
        return self.chain.call(caller, to, data, is_static=False)

    @cached_property
    def tree(self) -> list[bytes]:
        """The leaves of the drop, one for each member."""
        return [self._leaf(index) for index in range(len(self.members))]

    @property
    def _places(self) -> tuple[str, str, str]:
        return self.registry.address, self.exchange.address, self.passkeys

    def drop_row(self, member: str) -> tuple[int, str, int, bytes, bytes]:
        index = [signer.address for signer in self.members].index(member)
        return index, member, 100, bytes(32), bytes(32)

    def drop_proof(self, member: str) -> list[bytes]:
        """Three leaves: the first two are paired, the third one joins them."""
        first, second, third = self.tree
        index, *_ = self.drop_row(member)
        return [[second, third], [first, third], [_pair(first, second)]][index]

    @property
    def drop_root(self) -> bytes:
        first, second, third = self.tree
        return _pair(_pair(first, second), third)

    def _leaf(self, index: int) -> bytes:
        row = self.drop_row(self.members[index].address)
        types = ["uint256", "address", "uint256", "bytes32", "bytes32"]
        return bytes(keccak(keccak(encode(types, row))))

    def _deploy(self, name: str, *args: object) -> Contract:
        return Contract.deploy(self.chain, self.boss, name, *args)

    def _store(self, code: bytes) -> str:
        stored = PREAMBLE + code
        return self.chain.deploy(
            self.boss, bytes.fromhex(f"61{len(stored):04x}3d81600a3d39f3") + stored
        )

    def _core(self) -> tuple[Contract, Contract, Contract]:
        """A registry with its exchange and its desk; every kind of member is a verifier."""
        verifiers = [member.address for member in self.members] + [self.boss]
        registry = self._deploy(
            "IssuerRegistry", self.boss, 0, self.blueprint, self.passkeys, verifiers
        )
        exchange = self._deploy("PointExchange", self.money.address, registry.address, 0, NOBODY)
        places = registry.address, exchange.address, self.passkeys
        desk = self._deploy("OfflineDesk", *places, DAY)
        registry.send(self.boss, "setNetwork", exchange.address, desk.address)
        return registry, exchange, desk

    def _program(self, symbol: str) -> Contract:
        self._accredit()
        settings = program_settings(self.boss, symbol, decimals=0)
        address = self.registry.send(self.boss, "createProgram", settings)
        token = Contract(self.chain, "PointToken", address)
        for role in (roles.PRICER, roles.TREASURER):
            token.send(self.boss, "grantRole", _bytes(role), self.boss)
        token.send(self.boss, "setBudget", self.boss, EVER, DAY)
        self.exchange.send(self.boss, "setPrices", address, PRICE, PRICE)
        self.exchange.send(self.boss, "switchCash", address, (True, True))
        return token

    def _accredit(self) -> None:
        """Has the boss, who is a verifier, vouch for itself."""
        if self.registry.call("isAccredited", self.boss):
            return
        values = credential(self.boss, NOW - 1)
        note = Note("IssuerCredential", self.domain("registry"), values)
        signature = Key.of("boss").sign(note.digest)
        self.registry.send(self.boss, "accredit", tuple(values.values()), self.boss, signature)

    def _let_in(self) -> None:
        for token in (self.token, self.rail):
            for role, place in (
                (roles.EXCHANGE, self.other_exchange),
                (roles.DESK, self.other_desk),
                (roles.DISTRIBUTOR, self.drop),
                (roles.DISTRIBUTOR, self.other_drop),
            ):
                token.send(self.boss, "grantRole", _bytes(role), place.address)
            for charter in (self.charter, self.other_charter):
                token.send(self.boss, "setBudget", charter.address, EVER, DAY)
            self.other_exchange.send(self.boss, "list", token.address)
            self.other_exchange.send(self.boss, "setPrices", token.address, PRICE, PRICE)
            self.other_exchange.send(self.boss, "switchCash", token.address, (True, True))

    def _enrich(self) -> None:
        """Gives everyone points, money and purses, everywhere."""
        for exchange in (self.exchange, self.other_exchange):
            self.money.send(self.boss, "mint", self.boss, 2 * PLENTY * EURO)
            self.money.send(self.boss, "approve", exchange.address, 2 * PLENTY * EURO)
            for token in (self.token, self.rail):
                exchange.send(self.boss, "fund", token.address, PLENTY * EURO)
        for member in [*self.members, self.shopper]:
            for token in (self.token, self.rail):
                token.send(self.boss, "award", member.address, PLENTY, bytes(32))
                for desk in (self.desk, self.other_desk):
                    desk.send(member.address, "hold", token.address, self.merchant, 1_000)
            self.money.send(self.boss, "mint", member.address, PLENTY)
            for exchange in (self.exchange, self.other_exchange):
                self.money.send(member.address, "approve", exchange.address, PLENTY)

    def _register(self) -> None:
        """Makes every kind of member a till."""
        self.registry.send(self.boss, "grantRole", _bytes(roles.OPERATOR), self.boss)
        self.registry.send(self.boss, "registerMerchant", self.merchant, "Corner Shop")
        for member in self.members:
            self.registry.send(self.merchant, "registerTill", member.address)

    def _open_drop(self, drop: Contract) -> bytes:
        token = self.token.address
        drop.send(self.boss, "openDrop", token, self.drop_root, 300, NOW + DAY)
        return bytes(keccak(encode(["address", "bytes32"], [token, self.drop_root])))

    def _propose(self, charter: Contract) -> bytes:
        """Two charters: one to sign, and one in force to reward by; returns the names of both."""
        parties = [member.address for member in self.members]
        rules = [(bytes(32), 5, 9, 0, member, 0) for member in parties]
        for document in (DOCUMENT, keccak(text="in force")):
            token = self.token.address
            name = charter.send(self.boss, "propose", token, document, parties, rules, bytes(32))
            if document != DOCUMENT:
                for party in parties:
                    charter.send(party, "sign", name)
            setattr(self, "draft" if document == DOCUMENT else "agreement", name)
        return bytes(self.draft)


def credential(issuer: str, issued_at: int) -> dict[str, Any]:
    return {
        "issuer": issuer,
        "legalName": "Corner Shop B.V.",
        "lei": LEI,
        "domain": "shop.example",
        "termsHash": keccak(text="the terms"),
        "issuedAt": issued_at,
        "validUntil": NOW + 300 * DAY,
    }


def calldata(contract: str, function: str, *args: object) -> bytes:
    """The data of a call; `function` is its whole signature, since some names are overloaded."""
    selector, types = _selectors(contract)[function]
    return selector + bytes(encode(types, args))


_KNOWN: dict[str, dict[str, tuple[bytes, list[str]]]] = {}


def _selectors(contract: str) -> dict[str, tuple[bytes, list[str]]]:
    if contract not in _KNOWN:
        _KNOWN[contract] = {
            f"{entry['name']}({','.join(types)})": (function_abi_to_4byte_selector(entry), types)
            for entry in artifacts.load(contract).abi
            if entry["type"] == "function"
            for types in [[collapse_if_tuple(part) for part in entry["inputs"]]]
        }
    return _KNOWN[contract]


def _first_contract_of(maker: str) -> str:
    return "0x" + keccak(rlp.encode([_bytes(maker), 0]))[12:].hex()


def _pair(one: bytes, other: bytes) -> bytes:
    return bytes(keccak(min(one, other) + max(one, other)))


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))

"""A town on a chain in this process: one program, merchants with tills, members with keys."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from random import Random

from coincurve import PrivateKey
from eth_utils.crypto import keccak
from support import roles
from support.clock import DAY
from support.credentials import FIELDS
from support.deploying import ADMIN_DELAY, PREAMBLE, program_settings
from support.evm import CHAIN_ID, Chain, Contract, address_of
from support.words import award_word

from zegel.admin.offline import Voucher
from zegel.chain import artifacts
from zegel.chain.messages import TYPES, Message, registry_domain

NOBODY = "0x" + "00" * 20
LIMIT = 2**63


@dataclass(frozen=True)
class Key:
    """Somebody's key."""

    secret: PrivateKey

    @classmethod
    def of(cls, name: str) -> "Key":
        return cls(PrivateKey(keccak(text=f"zegel offline {name}")))

    @cached_property
    def address(self) -> str:
        return address_of(self.secret.public_key.format(compressed=False))

    def sign(self, digest: bytes) -> bytes:
        signature = self.secret.sign_recoverable(digest, hasher=None)
        return signature[:64] + bytes([27 + signature[64]])


@dataclass
class Town:
    """The contracts. One account is admin, issuer, awarder, operator and freezer."""

    now: int
    window: int
    desk_code: bytes | None = None
    boss: Key = field(default_factory=lambda: Key.of("boss"))

    def __post_init__(self) -> None:
        boss = self.boss.address
        self.chain = Chain(self.now)
        self.passkeys = self._deploy("PasskeyVerifier")
        money = self._deploy("TestEuro")
        blueprint = self.chain.deploy(boss, _stored(artifacts.load("PointToken").bytecode))
        self.registry = self._deploy(
            "IssuerRegistry", boss, ADMIN_DELAY, blueprint, self.passkeys.address, [boss]
        )
        exchange = self._deploy("PointExchange", money.address, self.registry.address, 0, NOBODY)
        self.desk = Contract.deploy(
            self.chain,
            boss,
            "OfflineDesk",
            self.registry.address,
            exchange.address,
            self.passkeys.address,
            self.window,
            code=self.desk_code,
        )
        self.registry.send(boss, "setNetwork", exchange.address, self.desk.address)
        self.registry.send(boss, "grantRole", _bytes(roles.OPERATOR), boss)
        self._accredit()
        settings = program_settings(boss, "AIR", months=1, lifetime=2)
        address = self.registry.send(boss, "createProgram", settings)
        self.token = Contract(self.chain, "PointToken", address)
        self.token.send(boss, "setBudget", boss, LIMIT, DAY)
        for role in (roles.FREEZER, roles.RECOVERER):
            self.token.send(boss, "grantRole", _bytes(role), boss)

    def award(self, members: list[str], amount: int) -> None:
        """The same amount to each of many members."""
        for start in range(0, len(members), 500):
            words = [award_word(member, amount) for member in members[start : start + 500]]
            batch = keccak(text=f"{self.chain.now} {start}")
            self.token.send(self.boss.address, "awardBatch", batch, words)

    def voucher(
        self,
        key: Key,
        merchant: str,
        till: str,
        serial: int,
        amount: int,
        shared: bool,
        valid_before: int,
    ) -> Voucher:
        """A voucher that the key's member signs."""
        words = (key.address, merchant, till, serial, amount, shared, valid_before)
        struct = keccak(self._type + self._token_word + b"".join(map(_word, words)))
        digest = keccak(b"\x19\x01" + self._domain + struct)
        return Voucher(key.address, till, serial, amount, shared, valid_before, key.sign(digest))

    def settle(self, sender: str, merchant: str, vouchers: list[Voucher]) -> None:
        self.desk.send(
            sender,
            "settle",
            (self.token.address, merchant, NOBODY, 0),
            [voucher.struct for voucher in vouchers],
            [voucher.signature for voucher in vouchers],
            sender,
            b"",
        )

    @cached_property
    def _type(self) -> bytes:
        return keccak(text=_declared("Voucher", TYPES["Voucher"]))

    @cached_property
    def _token_word(self) -> bytes:
        return _word(self.token.address)

    @cached_property
    def _domain(self) -> bytes:
        fields = "string name,string version,uint256 chainId,address verifyingContract"
        texts = f"EIP712Domain({fields})", "Zegel Desk", "1"
        parts = [keccak(text=text) for text in texts]
        return keccak(b"".join(parts) + _word(CHAIN_ID) + _word(self.desk.address))

    def _deploy(self, name: str, *args: object) -> Contract:
        return Contract.deploy(self.chain, self.boss.address, name, *args)

    def _accredit(self) -> None:
        boss = self.boss.address
        year = 365 * DAY
        lei = "9999ZEGELSHOP0000131"
        terms = bytes(32)
        names = ("Corner Shop B.V.", lei, "shop.example")
        values = (boss, *names, terms, self.chain.now, self.chain.now + year)
        message = Message(
            "IssuerCredential",
            registry_domain(CHAIN_ID, self.registry.address),
            dict(zip(FIELDS, values, strict=True)),
        )
        self.registry.send(boss, "accredit", values, boss, self.boss.sign(message.digest()))


def shuffled(rng: Random, count: int, part: float) -> set[int]:
    """A random part of so many numbers."""
    return set(rng.sample(range(count), round(count * part)))


def _declared(name: str, fields: Mapping[str, str]) -> str:
    return f"{name}({','.join(f'{kind} {field}' for field, kind in fields.items())})"


def _stored(code: bytes) -> bytes:
    """Creation code of a contract that is a blueprint (ERC-5202)."""
    stored = PREAMBLE + code
    return bytes.fromhex(f"61{len(stored):04x}3d81600a3d39f3") + stored


def _word(value: object) -> bytes:
    number = int(value, 16) if isinstance(value, str) else int(value)  # type: ignore[call-overload]
    return number.to_bytes(32, "big")


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))

"""Our contracts on a chain, as regular use would have left them."""

from dataclasses import dataclass
from typing import Any

from eth_account import Account
from web3.contract import Contract

from bench.artifacts import Compiled
from bench.chain import DAY, START, Chain, Sent, topic
from bench.setting import (
    ADMIN,
    AMOUNT,
    AWARDER,
    DECIMALS,
    EURO,
    FRIEND,
    ISSUER,
    MERCHANT,
    OPERATOR,
    REFERENCE,
    RELAYER,
    TILL,
    TREASURY,
    UNLIMITED,
    VERIFIER,
)
from zegel.chain.messages import Message, registry_domain
from zegel.deploy.blueprint import loader

MONTHS_PER_EPOCH = 3
LIFETIME = 4
BUDGET = 10**12
OFFLINE_WINDOW = 3 * DAY

# In trillionths of a euro per point.
BID = 8 * 10**9
ASK = 10**10

ROLES = ("GUARDIAN", "CORRECTOR", "FREEZER", "RECOVERER", "PRICER", "TREASURER")


# What stands on chain for the registry to create tokens from.
BLUEPRINT = "PointToken's blueprint"

Sizes = dict[str, int]


@dataclass(frozen=True)
class Network:
    """The contracts that programs are created for."""

    exchange: Contract
    desk: Contract


class Suite:
    """A registry, networks and programs with all their roles."""

    def __init__(self, chain: Chain, artifacts: dict[str, Compiled]) -> None:
        self.chain = chain
        self._artifacts = artifacts
        self.euro = self._deploy("TestEuro")
        self._blueprint = chain.create("blueprint", loader(artifacts["PointToken"].bytecode))
        self._passkeys = self._deploy("PasskeyVerifier")
        self.registry = self._deploy(
            "IssuerRegistry", ADMIN, 0, self._blueprint, self._passkeys.address, [VERIFIER.address]
        )
        self.drop = self._deploy("AwardDrop", self._passkeys.address)
        self.charter = self._deploy("RewardCharter", self._passkeys.address)
        chain.send(ADMIN, self.registry.functions.grantRole(topic("OPERATOR_ROLE"), OPERATOR))
        self._accredit()
        for holder, amount in ((ISSUER, 10**6 * EURO), (TREASURY, EURO)):
            chain.send(ISSUER, self.euro.functions.mint(holder, amount))

    def create_network(self, name: str, fee: int) -> Network:
        """An exchange and a desk, from now on those of new programs."""
        registry, passkeys = self.registry.address, self._passkeys.address
        of_exchange = self.euro.address, registry, fee, TREASURY
        exchange = self._deploy("PointExchange", *of_exchange, label=name)
        of_desk = registry, exchange.address, passkeys, OFFLINE_WINDOW
        desk = self._deploy("OfflineDesk", *of_desk, label=name)
        network = exchange.address, desk.address
        self.chain.send(ADMIN, self.registry.functions.setNetwork(*network))
        self.chain.send(ISSUER, self.euro.functions.approve(exchange.address, UNLIMITED))
        return Network(exchange, desk)

    def create_program(self, symbol: str, exchange: Contract) -> tuple[Contract, Sent]:
        """A program with prices, money, a budget and a member who holds points of it.

        Its first award is made: it pays for the supply's first epoch and the budget's first use.
        """
        settings = self._settings(symbol)
        creation = self.chain.send(ISSUER, self.registry.functions.createProgram(settings))
        address = self.chain.read(self.registry.functions.tokenOf(symbol))
        token = self.chain.contract(address, self._artifacts["PointToken"].abi)
        by_issuer = [
            *(token.functions.grantRole(topic(f"{role}_ROLE"), ISSUER) for role in ROLES),
            token.functions.setBudget(AWARDER, BUDGET, DAY),
            exchange.functions.setPrices(token.address, BID, ASK),
            exchange.functions.fund(token.address, 1_000 * EURO),
        ]
        for call in by_issuer:
            self.chain.send(ISSUER, call)
        self.chain.send(AWARDER, token.functions.award(FRIEND, AMOUNT, REFERENCE))
        return token, creation

    def register_merchant(self) -> None:
        """A merchant with a till."""
        register = self.registry.functions.registerMerchant
        self.chain.send(OPERATOR, register(MERCHANT, "Corner Shop"))
        self.chain.send(MERCHANT, self.registry.functions.registerTill(TILL))

    def sizes(self, network: Network, token: Contract) -> Sizes:
        """Bytes of code by contract."""
        places = {
            "PointToken": token.address,
            BLUEPRINT: self._blueprint,
            "PointExchange": network.exchange.address,
            "OfflineDesk": network.desk.address,
            "IssuerRegistry": self.registry.address,
            "AwardDrop": self.drop.address,
            "RewardCharter": self.charter.address,
            "PasskeyVerifier": self._passkeys.address,
        }
        return {name: self.chain.code_size(address) for name, address in places.items()}

    def _accredit(self) -> None:
        values = {
            "issuer": ISSUER,
            "legalName": "Points Benchmark B.V.",
            "lei": "9999ZEGELTEST0000176",
            "domain": "points.example",
            "termsHash": bytes(32),
            "issuedAt": START,
            "validUntil": START + 365 * DAY,
        }
        domain = registry_domain(self.chain.id, self.registry.address)
        message = Message("IssuerCredential", domain, values)
        signature = Account.sign_message(message.signable(), VERIFIER.key).signature
        accredit = self.registry.functions.accredit
        self.chain.send(RELAYER, accredit(message.arguments(), VERIFIER.address, signature))

    def _settings(self, symbol: str) -> tuple[Any, ...]:
        """Settings that give the token an address without a zero byte."""
        for number in range(10):
            uri = f"https://points.example/{symbol}/{number}"
            months, life = MONTHS_PER_EPOCH, LIFETIME
            settings = (f"{symbol} points", symbol, uri, ISSUER, 0, DECIMALS, months, life, True)
            predict = self.registry.functions.predictProgram(ISSUER, settings)
            if 0 not in bytes.fromhex(self.chain.read(predict)[2:]):
                return settings
        raise AssertionError("ten addresses in a row with a zero byte")

    def _deploy(self, name: str, *arguments: object, label: str = "") -> Contract:
        return self.chain.deploy(f"{name} {label}", self._artifacts[name], *arguments)

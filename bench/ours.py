"""What every operation of ours costs."""

from typing import Any

from eth_account import Account
from web3.contract import Contract
from web3.contract.contract import ContractFunction

from bench.artifacts import Compiled
from bench.chain import START, Chain, Sent, topic
from bench.erc20 import Figures, permits, transfers
from bench.setting import (
    ADMIN,
    AMOUNT,
    AWARDER,
    BALANCE,
    BATCHES,
    CROWDS,
    DECIMALS,
    EURO,
    ISSUER,
    MEMBER,
    NEWCOMER,
    REFERENCE,
    RELAYER,
    SHOPPER,
    TREASURY,
    UNLIMITED,
    VERIFIER,
)
from bench.signatures import DEADLINE, Domain, sign
from zegel.chain.messages import Message, registry_domain

DAY = 86_400
# Days in the next quarter, and in the first one in which this quarter's points have expired.
NEXT_EPOCH = START + 30 * DAY
EXPIRED = START + 300 * DAY

MONTHS_PER_EPOCH = 3
LIFETIME = 4
BUDGET = 10**12
OFFLINE_WINDOW = 3 * DAY

# In trillionths of a euro per point.
BID = 8 * 10**9
ASK = 10**10
# A conversion gives 12.00 points, 11.97 after the fee.
LEAST = 1_190

# In millionths of the value.
FEE = 2_500
NO_FEE = 0

Sizes = dict[str, int]


def measure(chain: Chain, contracts: dict[str, Compiled]) -> tuple[Figures, Sizes]:
    """The gas of all operations, and the sizes of the contracts."""
    euro = chain.deploy("TestEuro", contracts["TestEuro"])
    suite = Suite(chain, contracts, euro)
    exchange = suite.create_exchange("PointExchange", NO_FEE)
    air, _ = suite.create_program("AIR", exchange)
    fuel, creation = suite.create_program("FUEL", exchange)
    figures = {
        "program/create": creation,
        **awards(suite, air),
        **transfers(chain, air),
        **permits(chain, air, "AIR points"),
        **sponsored_transfers(suite, air),
        "redeem": chain.send(MEMBER.address, air.functions.redeem(AMOUNT, REFERENCE)),
        **conversions(suite, exchange, air, fuel),
        **accounts_of_issuers(suite, exchange, air),
        **batches(suite, air),
        **conversion_with_fee(suite),
    }
    sizes = {
        "PointToken": chain.code_size(air.address),
        "PointExchange": chain.code_size(exchange.address),
        "IssuerRegistry": chain.code_size(suite.registry.address),
    }
    # They move the clock, so they come last.
    return {**figures, **batches_over_time(suite, air)}, sizes


class Suite:
    """Our contracts on a chain: a registry, exchanges and programs with all their roles."""

    def __init__(self, chain: Chain, artifacts: dict[str, Compiled], euro: Contract) -> None:
        self.chain = chain
        self.euro = euro
        self._artifacts = artifacts
        blueprint = chain.create("blueprint", blueprint_code(artifacts["PointToken"].bytecode))
        self._passkeys = self._deploy("PasskeyVerifier")
        self.registry = self._deploy(
            "IssuerRegistry", ADMIN, 0, blueprint, self._passkeys.address, [VERIFIER.address]
        )
        self._accredit()
        chain.send(ISSUER, euro.functions.mint(ISSUER, 10**6 * EURO))
        chain.send(ISSUER, euro.functions.mint(TREASURY, EURO))

    def create_exchange(self, name: str, fee: int) -> Contract:
        """An exchange, and from now on the one of new programs."""
        artifact = self._artifacts["PointExchange"]
        exchange = self.chain.deploy(
            name,
            artifact,
            self.euro.address,
            self.registry.address,
            fee,
            TREASURY,
        )
        places = (self.registry.address, exchange.address, self._passkeys.address)
        desk = self.chain.deploy(
            f"desk of {name}", self._artifacts["OfflineDesk"], *places, OFFLINE_WINDOW
        )
        network = (exchange.address, desk.address)
        self.chain.send(ADMIN, self.registry.functions.setNetwork(*network))
        self.chain.send(ISSUER, self.euro.functions.approve(exchange.address, UNLIMITED))
        return exchange

    def create_program(self, symbol: str, exchange: Contract) -> tuple[Contract, Sent]:
        """A program with prices, money, a budget and a member who holds points of it."""
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
        return token, creation

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

    def _deploy(self, name: str, *arguments: object) -> Contract:
        return self.chain.deploy(name, self._artifacts[name], *arguments)


ROLES = ("GUARDIAN", "CORRECTOR", "FREEZER", "RECOVERER", "PRICER", "TREASURER")


def blueprint_code(creation_code: bytes) -> bytes:
    """Code that deploys other code as an ERC-5202 blueprint."""
    blueprint = bytes.fromhex("fe7100") + creation_code
    # PUSH2 length, DUP1, PUSH1 10, RETURNDATASIZE, CODECOPY, RETURNDATASIZE, RETURN
    return b"\x61" + len(blueprint).to_bytes(2, "big") + bytes.fromhex("80600a3d393df3") + blueprint


def awards(suite: Suite, token: Contract) -> Figures:
    """Single awards on a day on which the awarder has awarded before."""
    send, award = suite.chain.send, token.functions.award
    send(AWARDER, award(MEMBER.address, BALANCE, REFERENCE))
    return {
        "award/new": send(AWARDER, award(SHOPPER, AMOUNT, REFERENCE)),
        "award/holder": send(AWARDER, award(SHOPPER, AMOUNT, REFERENCE)),
    }


def batches(suite: Suite, token: Contract) -> Figures:
    """Each crowd is awarded twice: first its members are new, then they hold points."""
    figures = {}
    for size in BATCHES:
        for who in ("new", "holder"):
            figures[f"batch/{size}/{who}"] = award_batch(suite, token, size, who)
    return figures


def batches_over_time(suite: Suite, token: Contract) -> Figures:
    """The same crowd in the next quarter, and when its first points have expired."""
    figures = {}
    for who, timestamp in (("aged", NEXT_EPOCH), ("expired", EXPIRED)):
        suite.chain.next_block_at(timestamp)
        # The first award of a day pays for the awarder's new day.
        suite.chain.send(AWARDER, token.functions.award(MEMBER.address, AMOUNT, REFERENCE))
        figures[f"batch/500/{who}"] = award_batch(suite, token, 500, who)
    return figures


def award_batch(suite: Suite, token: Contract, size: int, occasion: str) -> Sent:
    words = [int(member, 16) << 96 | AMOUNT for member in CROWDS[size]]
    batch = topic(f"batch of {size}: {occasion}")
    return suite.chain.send(AWARDER, token.functions.awardBatch(batch, words))


def sponsored_transfers(suite: Suite, token: Contract) -> Figures:
    """Transfers by ERC-3009 to a holder: the first nonce of a word, and a later one."""
    return {
        "sponsored/first": sponsored_transfer(suite, token, 0),
        "sponsored/later": sponsored_transfer(suite, token, 128),
    }


def sponsored_transfer(suite: Suite, token: Contract, first_nonce: int) -> Sent:
    word = topic("nonces")[:31]
    signed = sign(
        MEMBER,
        Domain("AIR points", suite.chain.id, token.address),
        "TransferWithAuthorization",
        lambda number: {
            "from": MEMBER.address,
            "to": NEWCOMER,
            "value": AMOUNT,
            "validAfter": 0,
            "validBefore": DEADLINE,
            "nonce": word + bytes([first_nonce + number + 1]),
        },
    )
    call = token.functions.transferWithAuthorization(*signed.values.values(), *signed.vrs)
    return suite.chain.send(RELAYER, call)


def conversions(suite: Suite, exchange: Contract, source: Contract, target: Contract) -> Figures:
    call = conversion(exchange, source, target)
    figures = {
        "convert/new": suite.chain.send(MEMBER.address, call),
        "convert/holder": suite.chain.send(MEMBER.address, call),
    }
    limits = (1_000 * EURO, 1_000 * EURO, 0)
    for token in (source, target):
        suite.chain.send(ISSUER, exchange.functions.setDailyLimits(token.address, limits))
    # The first conversion under limits pays for the count of a program's use.
    suite.chain.send(MEMBER.address, call)
    return {**figures, "convert/limits": suite.chain.send(MEMBER.address, call)}


def conversion_with_fee(suite: Suite) -> Figures:
    exchange = suite.create_exchange("PointExchange with a fee", FEE)
    rail, _ = suite.create_program("RAIL", exchange)
    shop, _ = suite.create_program("SHOP", exchange)
    for token in (rail, shop):
        award = token.functions.award(MEMBER.address, BALANCE, REFERENCE)
        suite.chain.send(AWARDER, award)
    call = conversion(exchange, rail, shop)
    suite.chain.send(MEMBER.address, call)
    return {"convert/fee": suite.chain.send(MEMBER.address, call)}


def conversion(exchange: Contract, source: Contract, target: Contract) -> ContractFunction:
    return exchange.functions.convert(
        source.address, target.address, AMOUNT, LEAST, MEMBER.address, DEADLINE
    )


def accounts_of_issuers(suite: Suite, exchange: Contract, token: Contract) -> Figures:
    """Money in and out of an account that holds some, the payee holding some as well."""
    fund = exchange.functions.fund(token.address, 15 * EURO)
    withdraw = exchange.functions.withdraw(token.address, TREASURY, 15 * EURO)
    return {
        "account/fund": suite.chain.send(ISSUER, fund),
        "account/withdraw": suite.chain.send(ISSUER, withdraw),
    }

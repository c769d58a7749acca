"""A small network, deployed on a chain of its own and mirrored in the model.

Three programs of different kinds: quarterly points with two decimals that live a year, monthly
points without decimals that live two months, and points with four decimals that never expire and
cannot be sent. Each has prices, money in its account and members with points when the story begins.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

from model.exchange import Exchange, Program
from model.money import Money
from model.points import UNLIMITED, ZERO, Points
from model.world import DAY, World
from support import roles
from support.abi import Log
from support.node import Contract, Node, deploy_code

from zegel.chain import artifacts
from zegel.chain.anvil import Anvil
from zegel.chain.messages import Message, registry_domain

# Friday 27 February 2026, 23:00 UTC: a month ends on the next day.
START = 1_772_233_200

FEE = 2_500
NOTICE = 2 * DAY
BUDGET = 200_000
BUDGET_SECONDS = 86_400

# symbol, decimals, months in an epoch, lifetime, transferable, bid, ask. Prices are such that the
# points that members begin with are worth some 40 euro in each program.
KINDS = (
    ("AIR", 2, 3, 4, True, 8 * 10**11, 10**12),
    ("FUEL", 0, 1, 2, True, 95 * 10**8, 10**10),
    ("WORK", 4, 0, 1, False, 8 * 10**13, 8 * 10**13),
)

MONEY_EACH = 10**10
POINTS_EACH = 5_000


class Network:
    """The contracts, the model that mirrors them, and who acts."""

    def __init__(self, node: Node) -> None:
        self.node = node
        accounts = [account.lower() for account in node.ask("eth_accounts")]
        self.deployer, self.issuer, self.awarder, self.fee_recipient = accounts[:4]
        self.members = accounts[4:8]
        self.verifier = accounts[8]
        node.ask("anvil_setBlockTimestampInterval", 0)

        self.money = self._deploy("TestEuro")
        passkeys = self._deploy("PasskeyVerifier").address
        self.registry = self._deploy(
            "IssuerRegistry", self.deployer, 0, self._blueprint(), passkeys, [self.verifier]
        )
        self.exchange = self._deploy(
            "PointExchange", self.money.address, self.registry.address, FEE, self.fee_recipient
        )
        places = (self.registry.address, self.exchange.address, passkeys)
        self.desk = self._deploy("OfflineDesk", *places, 3 * DAY)
        self._open_registry()
        self.tokens = [self._create_program(*kind) for kind in KINDS]
        self.by_address = {c.address: c for c in (self.money, self.exchange, *self.tokens)}

        self.model = Exchange(
            World(START),
            self.exchange.address,
            Money(World(START), self.money.address, 6),
            FEE,
            self.fee_recipient,
        )
        self.model.money.world = self.model.world
        for token, (_, decimals, months, lifetime, transferable, *_) in zip(
            self.tokens, KINDS, strict=True
        ):
            points = Points(
                self.model.world, token.address, decimals, months, lifetime, transferable
            )
            self.model.programs[token.address] = Program(points)
        self._open()
        self._beginning = deepcopy(self.model)
        self._snapshot = node.ask("evm_snapshot")

    def begin_again(self) -> None:
        """Takes the chain and the model back to the beginning of the story."""
        if self.node.ask("evm_revert", self._snapshot) is not True:
            raise RuntimeError("the chain lost the beginning of the story")
        self._snapshot = self.node.ask("evm_snapshot")
        self.model = deepcopy(self._beginning)

    def travel_to(self, moment: int) -> None:
        self.node.travel_to(moment)
        self.model.world.now = moment

    def logs(self, raw: list[dict[str, Any]]) -> list[Log]:
        return [self.by_address[entry["address"].lower()].log(entry) for entry in raw]

    def _deploy(self, name: str, *args: object) -> Contract:
        return Contract.deploy(self.node, self.deployer, name, *args)

    def _blueprint(self) -> str:
        code = bytes.fromhex("fe7100") + artifacts.load("PointToken").bytecode
        return deploy_code(
            self.node, self.deployer, bytes.fromhex(f"61{len(code):04x}3d81600a3d39f3") + code
        )

    def _open_registry(self) -> None:
        """Chooses exchange and desk, and accredits the issuer."""
        registry, admin = self.registry, self.deployer
        registry.send(admin, "setNetwork", self.exchange.address, self.desk.address)
        values = {
            "issuer": self.issuer,
            "legalName": "Corner Shop B.V.",
            "lei": "9999ZEGELSHOP0000131",
            "domain": "shop.example",
            "termsHash": bytes(32),
            "issuedAt": START,
            "validUntil": START + 365 * DAY,
        }
        domain = registry_domain(int(self.node.ask("eth_chainId"), 16), registry.address)
        message = Message("IssuerCredential", domain, values)
        signed = self.node.ask("eth_signTypedData_v4", self.verifier, message.typed_data())
        signature = bytes.fromhex(signed.removeprefix("0x"))
        registry.send(admin, "accredit", message.arguments(), self.verifier, signature)

    def _create_program(
        self,
        symbol: str,
        decimals: int,
        months: int,
        lifetime: int,
        transferable: bool,
        *_prices: int,
    ) -> Contract:
        settings = (
            f"{symbol} points",
            symbol,
            "",
            self.issuer,
            0,
            decimals,
            months,
            lifetime,
            transferable,
        )
        address, _ = self.registry.send(self.issuer, "createProgram", settings)
        token = Contract(self.node, "PointToken", address)
        for role in (
            roles.GUARDIAN,
            roles.CORRECTOR,
            roles.FREEZER,
            roles.RECOVERER,
            roles.PRICER,
            roles.TREASURER,
        ):
            token.send(self.issuer, "grantRole", _role(role), self.issuer)
        return token

    def _open(self) -> None:
        """Gives everyone something to begin with, on both sides."""
        model, issuer = self.model, self.issuer
        for holder in (issuer, *self.members):
            self.money.send(holder, "mint", holder, MONEY_EACH)
            self.money.send(holder, "approve", self.exchange.address, UNLIMITED)
            model.money.mint(holder, MONEY_EACH)
        for token, (*_, bid, ask) in zip(self.tokens, KINDS, strict=True):
            points = model.programs[token.address].points
            for spender in (self.awarder, issuer):
                token.send(issuer, "setBudget", spender, BUDGET, BUDGET_SECONDS)
                points.set_budget(issuer, spender, BUDGET, BUDGET_SECONDS)
            for member in self.members:
                token.send(self.awarder, "award", member, POINTS_EACH, bytes(32))
                points.award(self.awarder, member, POINTS_EACH, bytes(32))
            self.exchange.send(issuer, "setPrices", token.address, bid, ask)
            model.set_prices(token.address, bid, ask)
            # One program announces its prices from the beginning.
            if token is self.tokens[0]:
                self.exchange.send(issuer, "setPriceGuards", token.address, (0, 0, NOTICE))
                model.set_guards(token.address, 0, 0, NOTICE)
            self.exchange.send(issuer, "switchCash", token.address, (True, True))
            model.switch_cash(token.address, True, True)
            self.exchange.send(issuer, "fund", token.address, MONEY_EACH // 10)
            model.fund(issuer, token.address, MONEY_EACH // 10)
        model.world.take_events()


@contextmanager
def running_network() -> Iterator[Network]:
    """A network on a chain that ends with it."""
    with Anvil(START, base_fee=0) as anvil:
        anvil.impersonate_all()
        yield Network(Node(anvil.url))


def _role(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))


__all__ = ["BUDGET", "FEE", "START", "ZERO", "Network", "running_network"]

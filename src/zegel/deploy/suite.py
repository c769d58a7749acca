"""The suite: settlement token, passkey verifier, blueprint of the point token, registry, exchange,
offline desk, drop, charter, first roles.

`plan_suite` says what is missing, `deploy_suite` puts it there, `open_suite` finds what stands.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

from eth_typing import ChecksumAddress
from web3 import Web3
from web3.contract import Contract
from web3.contract.contract import ContractFunction
from web3.exceptions import BadFunctionCallOutput, ContractLogicError

from zegel.chain import artifacts, roles
from zegel.chain.connection import Connection
from zegel.chain.sending import Sender
from zegel.deploy import creation
from zegel.deploy.blueprint import blueprint, loader
from zegel.deploy.book import Book
from zegel.deploy.creation import Creation
from zegel.deploy.plan import AbsentError, Finding, Plan, Step, done, needed, refused
from zegel.errors import ConfigError

SETTLEMENT_TOKEN = "TestEuro"
PASSKEYS = "PasskeyVerifier"
BLUEPRINT = "PointTokenBlueprint"
REGISTRY = "IssuerRegistry"
EXCHANGE = "PointExchange"
DESK = "OfflineDesk"
DROP = "AwardDrop"
CHARTER = "RewardCharter"

NOBODY = Web3.to_checksum_address("0x" + "00" * 20)

_PARTS = (REGISTRY, EXCHANGE, DESK, DROP, CHARTER)

_DAY = 24 * 3600
_MAX_FEE = 10_000


@dataclass(frozen=True)
class SuiteSettings:
    """What the suite is deployed with.

    `settlement_token` may be left out on local chains, which get a test euro. The account that
    deploys is the registry's first admin, and the first operator and verifier unless `operators`
    and `verifiers` say otherwise; it hands over later. `admin_delay` is in seconds, `fee` in
    millionths of a conversion's value. `offline_window` is how many seconds a till's knowledge of
    purses may be old.
    """

    settlement_token: ChecksumAddress | None = None
    admin_delay: int = 2 * _DAY
    fee: int = 0
    fee_recipient: ChecksumAddress = NOBODY
    operators: tuple[ChecksumAddress, ...] = ()
    verifiers: tuple[ChecksumAddress, ...] = ()
    offline_window: int = 3 * _DAY

    def __post_init__(self) -> None:
        if not 0 <= self.fee <= _MAX_FEE:
            raise ConfigError(f"fee: {self.fee} is not between 0 and {_MAX_FEE} millionths (1 %)")
        if self.fee and self.fee_recipient == NOBODY:
            raise ConfigError(f"fee_recipient: missing, and the fee is {self.fee}: name who has it")


@dataclass(frozen=True)
class Suite:
    """The contracts of a suite that stands."""

    connection: Connection
    registry: Contract
    exchange: Contract
    desk: Contract
    drop: Contract
    charter: Contract
    settlement_token: Contract
    # Where the search for events begins.
    first_block: int
    # A symbol never goes to another token.
    _tokens: dict[str, Contract] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def money_decimals(self) -> int:
        """Those of the settlement token."""
        decimals: int = self.settlement_token.functions.decimals().call()
        return decimals

    def token(self, symbol: str) -> Contract:
        """The points of the program with a symbol."""
        if symbol not in self._tokens:
            address = self.registry.functions.tokenOf(symbol).call()
            if address == NOBODY:
                chain = self.connection.chain_id
                raise ConfigError(f"no program {symbol} on chain {chain}: create it")
            self._tokens[symbol] = self.connection.contract("PointToken", address)
        return self._tokens[symbol]


def plan_suite(connection: Connection, sender: Sender, settings: SuiteSettings, book: Book) -> Plan:
    """The steps that put the suite on a chain, with its roles."""
    work = _Work(connection, sender, settings, book)
    return Plan(tuple(work.steps()))


def deploy_suite(
    connection: Connection,
    sender: Sender,
    settings: SuiteSettings,
    book: Book,
    progress: Callable[[str], None] = lambda _: None,
) -> Suite:
    """Puts what is missing of the suite on a chain. The second time it sends nothing."""
    plan_suite(connection, sender, settings, book).apply(progress)
    return open_suite(connection, book)


def open_suite(connection: Connection, book: Book) -> Suite:
    """The suite that the address book knows."""
    missing = [name for name in _PARTS if name not in book.deployments]
    if missing:
        raise ConfigError(
            f"no {missing[0]} on chain {connection.chain_id} by {book.path}: "
            "run `brownie run deploy` first"
        )
    registry, exchange, desk, drop, charter = (
        connection.contract(name, book.deployments[name].address) for name in _PARTS
    )
    money = exchange.functions.settlementToken().call()
    return Suite(
        connection=connection,
        registry=registry,
        exchange=exchange,
        desk=desk,
        drop=drop,
        charter=charter,
        settlement_token=connection.contract(SETTLEMENT_TOKEN, money),
        first_block=book.deployments[REGISTRY].block,
    )


def registry_in(connection: Connection, book: Book) -> Contract:
    """The registry that the address book knows; raises `AbsentError` before it is deployed."""
    if REGISTRY not in book.deployments:
        raise AbsentError(REGISTRY)
    return connection.contract(REGISTRY, book.deployments[REGISTRY].address)


def point_token_blueprint() -> bytes:
    """The code of the blueprint from which the registry creates tokens."""
    return blueprint(artifacts.load("PointToken").bytecode)


@dataclass(frozen=True)
class _Work:
    connection: Connection
    sender: Sender
    settings: SuiteSettings
    book: Book

    def steps(self) -> list[Step]:
        create = partial(creation.step, self.connection, self.sender, self.book)
        return [
            self._given_money() if self.settings.settlement_token else create(self._test_euro()),
            create(self._from_artifact(PASSKEYS, "checks what passkeys sign", list)),
            create(self._blueprint()),
            create(self._from_artifact(REGISTRY, "the directory of the network", self._registry)),
            create(self._from_artifact(EXCHANGE, "where points are converted", self._exchange)),
            create(self._from_artifact(DESK, "where points are paid offline", self._desk)),
            create(self._from_artifact(DROP, "where members claim awards", self._with_passkeys)),
            create(self._from_artifact(CHARTER, "what issuers agreed on", self._with_passkeys)),
            self._set_network(),
            *(self._grant_operator(account) for account in self._operators),
        ]

    def _test_euro(self) -> Creation:
        if not self.connection.is_development:
            raise ConfigError(
                f"settlement_token: missing, and chain {self.connection.chain_id} is no local one: "
                "give the address of the money that issuers settle in"
            )
        return self._from_artifact(SETTLEMENT_TOKEN, "euros for local chains, worth nothing", list)

    def _given_money(self) -> Step:
        address = self.settings.settlement_token

        def check() -> Finding:
            try:
                money = self.connection.contract(SETTLEMENT_TOKEN, str(address))
                decimals = money.functions.decimals().call()
            except (BadFunctionCallOutput, ContractLogicError):
                return refused(f"no ERC-20 token at {address}: mend settlement_token")
            if not 2 <= decimals <= 18:
                return refused(f"{address} has {decimals} decimals, not 2 to 18")
            return done(f"at {address}")

        return Step("settlement token", "settlement token: the money", check, lambda: None)

    def _blueprint(self) -> Creation:
        code = artifacts.load("PointToken").bytecode
        return Creation(
            name=BLUEPRINT,
            contract="PointToken",
            description=f"{BLUEPRINT}: what programs are created from",
            abi=[],
            bytecode=loader(code),
            matches=lambda found: found == blueprint(code),
        )

    def _from_artifact(
        self, name: str, purpose: str, arguments: Callable[[], list[Any]]
    ) -> Creation:
        artifact = artifacts.load(name)
        return Creation(
            name=name,
            contract=name,
            description=f"{name}: {purpose}",
            abi=artifact.abi,
            bytecode=artifact.bytecode,
            matches=artifact.matches,
            arguments=arguments,
        )

    def _registry(self) -> list[Any]:
        """Once the registry stands, who was its first admin and who were its first verifiers
        depends neither on who looks nor on who they are now."""
        stands = self.book.deployments.get(REGISTRY)
        admin = stands.arguments[0] if stands else self.sender.address
        verifiers = stands.arguments[-1] if stands else list(self.settings.verifiers) or [admin]
        places = [self._address(BLUEPRINT), self._address(PASSKEYS)]
        return [admin, self.settings.admin_delay, *places, verifiers]

    def _exchange(self) -> list[Any]:
        money = self.settings.settlement_token or self._address(SETTLEMENT_TOKEN)
        settings = self.settings
        return [money, self._address(REGISTRY), settings.fee, settings.fee_recipient]

    def _desk(self) -> list[Any]:
        places = [self._address(name) for name in (REGISTRY, EXCHANGE, PASSKEYS)]
        return [*places, self.settings.offline_window]

    def _with_passkeys(self) -> list[Any]:
        return [self._address(PASSKEYS)]

    def _set_network(self) -> Step:
        def check() -> Finding:
            functions = self._contract(REGISTRY).functions
            found = (functions.exchange().call(), functions.desk().call())
            if found == self._network:
                return done()
            return needed() if found[0] == NOBODY else needed("now for {} and {}".format(*found))

        return self._call(
            "set network",
            "programs are created for this exchange and this desk",
            check,
            lambda: self._contract(REGISTRY).functions.setNetwork(*self._network),
        )

    def _grant_operator(self, account: ChecksumAddress) -> Step:
        def check() -> Finding:
            registry = self._contract(REGISTRY)
            if registry.functions.hasRole(roles.OPERATOR, account).call():
                return done()
            is_default = not self.settings.operators
            if is_default and registry.functions.defaultAdmin().call() != self.sender.address:
                return done("up to the registry's admin")
            return needed()

        return self._call(
            f"operator {account}",
            f"{account} is operator of the registry",
            check,
            lambda: self._contract(REGISTRY).functions.grantRole(roles.OPERATOR, account),
        )

    def _call(
        self,
        name: str,
        description: str,
        check: Callable[[], Finding],
        call: Callable[[], ContractFunction],
    ) -> Step:
        """A transaction of the registry's admin."""

        def hindrance() -> str | None:
            admin, own = (
                self._contract(REGISTRY).functions.defaultAdmin().call(),
                self.sender.address,
            )
            if admin == own:
                return None
            return f"{own} is not default admin of the registry: run it with {admin}"

        return Step(name, description, check, lambda: self.sender.send(call()), hindrance)

    @property
    def _network(self) -> tuple[ChecksumAddress, ChecksumAddress]:
        return self._address(EXCHANGE), self._address(DESK)

    @property
    def _operators(self) -> tuple[ChecksumAddress, ...]:
        return self.settings.operators or (self.sender.address,)

    def _contract(self, name: str) -> Contract:
        return self.connection.contract(name, self._address(name))

    def _address(self, name: str) -> ChecksumAddress:
        if name not in self.book.deployments:
            raise AbsentError(name)
        return self.book.deployments[name].address

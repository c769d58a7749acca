"""How a network shall be, as one TOML file says it: its suite, its issuers and its programs.

    [suite]
    admin_delay = 172800                  # seconds
    verifiers = ["0x…"]

    [issuers."0x…"]
    legal_name = "Corner Shop B.V."
    lei = "9999ZEGELSHOP0000131"          # Legal Entity Identifier
    domain = "shop.example"
    terms = "terms of 2026"               # short text, or a hash
    valid_until = 2028-12-31T00:00:00Z    # left out: a year from when it is signed

    [programs.SHOP]
    name = "Corner Shop"
    decimals = 2
    bid = "0.009"                         # settlement tokens a point
    ask = "0.01"
    # A day: money out of and into the account, points that one member converts.
    limits = { out = "5000", into = "0", per_member = "20000" }
    roles = { pricer = ["0x…"] }
    budgets = { "0x…" = { limit = "10000", period = 86400 } }

What the file leaves out stays as it is on the chain. Numbers with decimals are text, so that no
rounding happens on the way. The same file drives the scripts that change the chain and the one that
verifies it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, TypeVar

from eth_typing import ChecksumAddress

from zegel.admin import inputs, tables
from zegel.admin.credentials import Identity
from zegel.admin.prices import Guards, Terms
from zegel.admin.programs import ProgramSettings
from zegel.admin.tables import Table
from zegel.chain import roles
from zegel.deploy.suite import SuiteSettings
from zegel.errors import ConfigError

_T = TypeVar("_T")
_DAY = 24 * 3600


@dataclass(frozen=True)
class Budget:
    """What an awarder may award: points as text, in so many seconds."""

    limit: str
    period: int = _DAY


class Limits(NamedTuple):
    """What conversions may move in a day, as text: money out and into, points of one member."""

    out: str = "0"
    into: str = "0"
    per_member: str = "0"


@dataclass(frozen=True)
class ProgramState:
    """How a program shall be. What is None stays as it is."""

    settings: ProgramSettings
    admin_now: ChecksumAddress | None = None
    prices: tuple[int, int] | None = None
    guards: Guards | None = None
    limits: Limits | None = None
    cash: tuple[bool, bool] | None = None
    terms: Mapping[str, Terms] = field(default_factory=dict)
    roles: Mapping[bytes, tuple[ChecksumAddress, ...]] = field(default_factory=dict)
    budgets: Mapping[ChecksumAddress, Budget] = field(default_factory=dict)


@dataclass(frozen=True)
class State:
    """How a network shall be. `admin_now` is who shall be the registry's default admin by now."""

    suite: SuiteSettings | None = None
    admin_now: ChecksumAddress | None = None
    issuers: Mapping[ChecksumAddress, Identity] = field(default_factory=dict)
    programs: Mapping[str, ProgramState] = field(default_factory=dict)

    def issuer(self, account: ChecksumAddress) -> Identity:
        if account not in self.issuers:
            known = ", ".join(self.issuers) or "none"
            raise ConfigError(f"no issuer {account} in the settings file: it has {known}")
        return self.issuers[account]

    def program(self, symbol: str) -> ProgramState:
        if symbol not in self.programs:
            known = ", ".join(self.programs) or "none"
            raise ConfigError(f"no program {symbol} in the settings file: it has {known}")
        return self.programs[symbol]


def load(path: Path) -> State:
    """Reads a settings file; refuses it whole if anything in it is wrong."""
    return tables.load(path, _state)


def _state(root: Table) -> State:
    programs = root.table("programs")
    suite = root.table("suite") if root.has("suite") else None
    return State(
        admin_now=_optional(suite, "admin_now", suite.address) if suite else None,
        suite=_suite(suite) if suite else None,
        issuers={
            inputs.address(account, t.place()): _identity(t)
            for account, t in root.table("issuers").tables()
        },
        programs={symbol: _program(symbol, t) for symbol, t in programs.tables()},
    )


def _suite(table: Table) -> SuiteSettings:
    settings = SuiteSettings(
        settlement_token=_optional(table, "settlement_token", table.address),
        admin_delay=table.take("admin_delay", int, SuiteSettings.admin_delay),
        fee=table.take("fee", int, 0),
        fee_recipient=_optional(table, "fee_recipient", table.address)
        or SuiteSettings.fee_recipient,
        operators=table.addresses("operators"),
        verifiers=table.addresses("verifiers"),
        offline_window=table.take("offline_window", int, SuiteSettings.offline_window),
    )
    table.end()
    return settings


def _identity(table: Table) -> Identity:
    identity = Identity(
        legal_name=table.take("legal_name", str),
        lei=table.take("lei", str),
        domain=table.take("domain", str),
        terms=_optional(table, "terms", table.word) or Identity.terms,
        valid_until=_optional(table, "valid_until", table.second),
    )
    table.end()
    return identity


def _program(symbol: str, table: Table) -> ProgramState:
    settings = ProgramSettings(
        name=table.take("name", str),
        symbol=symbol,
        contract_uri=table.take("contract_uri", str, ""),
        admin=_optional(table, "admin", table.address),
        admin_delay=table.take("admin_delay", int, ProgramSettings.admin_delay),
        decimals=table.take("decimals", int, ProgramSettings.decimals),
        months_per_epoch=table.take("months_per_epoch", int, ProgramSettings.months_per_epoch),
        lifetime=table.take("lifetime", int, ProgramSettings.lifetime),
        transferable=table.take("transferable", bool, True),
    )
    state = ProgramState(
        settings=settings,
        admin_now=_optional(table, "admin_now", table.address),
        prices=_optional(table, "bid", lambda _: _prices(table)),
        guards=_optional(table, "guards", lambda key: _guards(table.table(key))),
        limits=_optional(table, "limits", lambda key: _limits(table.table(key))),
        cash=_optional(table, "cash", lambda key: _cash(table.table(key))),
        terms={partner: _terms(t) for partner, t in table.table("terms").tables()},
        roles=_roles(table.table("roles")),
        budgets={
            inputs.address(awarder, t.place()): _budget(t, settings.decimals)
            for awarder, t in table.table("budgets").tables()
        },
    )
    table.end()
    return state


def _prices(table: Table) -> tuple[int, int]:
    bid, ask = (inputs.price(table.take(key, str), table.place(key)) for key in ("bid", "ask"))
    return bid, ask


def _guards(table: Table) -> Guards:
    guards = Guards(
        max_step=table.take("max_step", int, 0),
        max_daily_move=table.take("max_daily_move", int, 0),
        notice=table.take("notice", int, 0),
    )
    table.end()
    return guards


def _limits(table: Table) -> Limits:
    limits = Limits(*(table.take(name, str, "0") for name in Limits._fields))
    table.end()
    return limits


def _cash(table: Table) -> tuple[bool, bool]:
    switches = table.take("top_up", bool, False), table.take("cash_out", bool, False)
    table.end()
    return switches


def _terms(table: Table) -> Terms:
    terms = Terms(
        ask=inputs.price(table.take("ask", str, "0"), table.place("ask")),
        valid_from=table.second("valid_from"),
        valid_until=table.second("valid_until"),
        closed=table.take("closed", bool, False),
    )
    table.end()
    return terms


def _roles(table: Table) -> dict[bytes, tuple[ChecksumAddress, ...]]:
    given = {name: table.addresses(name) for name in roles.OF_PROGRAMS if table.has(name)}
    table.end()
    return {roles.OF_PROGRAMS[name]: accounts for name, accounts in given.items()}


def _budget(table: Table, decimals: int) -> Budget:
    limit = table.take("limit", str)
    inputs.units(limit, decimals, table.place("limit"))
    budget = Budget(limit, table.take("period", int, _DAY))
    table.end()
    return budget


def _optional(table: Table, key: str, read: Callable[[str], _T]) -> _T | None:
    return read(key) if table.has(key) else None

"""The network that an index is of: its programs, its money, and who is behind an address."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from zegel.errors import ConfigError
from zegel.index import schema
from zegel.ledger.epochs import Epochs
from zegel.report.figures import Program


@dataclass(frozen=True)
class Currency:
    """The settlement token."""

    token: str
    symbol: str
    decimals: int


@dataclass(frozen=True)
class Network:
    """All programs by token, with the issuer of each."""

    chain_id: int
    registry: str
    exchange: str
    money: Currency
    programs: Mapping[str, Program]
    issuers: Mapping[str, str]

    def program(self, name: str) -> Program:
        """The program with a symbol, or with a token's address."""
        for token, program in self.programs.items():
            if name == program.symbol or name.lower() == token:
                return program
        known = ", ".join(program.symbol for program in self.programs.values())
        raise ConfigError(f"no program {name} in the index: name one of {known}")

    def symbol(self, token: str) -> str:
        """The symbol of a program, or of the settlement token."""
        if token in self.programs:
            return self.programs[token].symbol
        return self.money.symbol if token == self.money.token else token

    def decimals(self, token: str) -> int:
        return self.programs[token].decimals if token in self.programs else self.money.decimals


def read_network(database: Connection) -> Network:
    """What the index says of its network."""
    about = database.execute(select(schema.about)).one_or_none()
    if about is None:
        raise ConfigError("the index is empty: let it follow a chain first")
    rows = database.execute(select(schema.programs).order_by(schema.programs.c.symbol)).all()
    return Network(
        about.chain_id,
        about.registry,
        about.exchange,
        Currency(about.money, about.money_symbol, about.money_decimals),
        {
            row.token: Program(
                row.token,
                row.symbol,
                row.name,
                row.decimals,
                Epochs(row.months_per_epoch, row.lifetime, row.created),
            )
            for row in rows
        },
        {row.token: row.issuer for row in rows},
    )


def labels(database: Connection) -> dict[str, str]:
    """Names by address: programs, issuers' legal names, merchants, our own contracts."""
    return dict(_labels(database))


def _labels(database: Connection) -> Iterator[tuple[str, str]]:
    about = database.execute(select(schema.about)).one()
    yield about.money, about.money_symbol
    yield about.exchange, "exchange"
    programs = schema.programs
    for row in database.execute(select(programs)):
        yield row.desk, "offline desk"
        yield row.token, row.symbol
    events = schema.events
    named = (
        select(events.c.name, events.c.arguments)
        .where(
            events.c.kind == "IssuerRegistry",
            events.c.name.in_(("IssuerAccredited", "MerchantRegistered")),
        )
        .order_by(events.c.block, events.c.log)
    )
    for name, arguments in database.execute(named):
        if name == "MerchantRegistered":
            yield arguments["merchant"].lower(), arguments["name"]
        else:
            yield arguments["issuer"].lower(), _legal_name(arguments["credential"])


def _legal_name(credential: Any) -> str:
    return str(credential["legalName"])

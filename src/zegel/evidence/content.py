"""What a pack holds, read from a node: contracts with their code, every event, and the figures.

Writing and checking go through the same functions, so that whoever checks reads everything anew.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import orjson
from eth_hash.auto import keccak
from web3 import Web3

from zegel.chain.connection import Connection
from zegel.chain.decoders import Log, decoder_of
from zegel.chain.events import ProgramCreated
from zegel.chain.logs import decode, read_events, read_logs
from zegel.chain.raw import ask
from zegel.deploy.suite import CHARTER, DESK, DROP, EXCHANGE, REGISTRY, Suite
from zegel.ledger.epochs import NEVER
from zegel.report.figures import collect
from zegel.report.state import read_money, read_program

FORMAT = "zegel evidence 1"
TOKEN = "PointToken"


@dataclass(frozen=True)
class Block:
    """The block after which everything is as the pack says."""

    number: int
    hash: str
    timestamp: int


@dataclass(frozen=True)
class Deployed:
    """A contract of the suite, and the hash of the code at its address."""

    kind: str
    address: str
    code_hash: str


def read_block(connection: Connection, number: int) -> Block:
    header = ask(connection, "eth_getBlockByNumber", hex(number), False)
    if header is None:
        return Block(number, "", 0)
    return Block(number, header["hash"], int(header["timestamp"], 16))


def contracts_of(suite: Suite, block: int) -> list[Deployed]:
    """The suite's contracts, and all that its programs use."""
    found = {
        suite.exchange.address.lower(): EXCHANGE,
        suite.desk.address.lower(): DESK,
        suite.drop.address.lower(): DROP,
        suite.charter.address.lower(): CHARTER,
    }
    registry = suite.registry.address.lower()
    found |= _of_programs(created(suite.connection, registry, suite.first_block, block))
    found[registry] = REGISTRY
    return [
        Deployed(kind, address, code_hash(suite.connection, address))
        for address, kind in sorted(found.items(), key=lambda item: (item[1], item[0]))
    ]


def missing(
    connection: Connection, contracts: Sequence[Deployed], first: int, last: int
) -> list[str]:
    """Contracts of programs that the registry created and that are not among these."""
    registry = next((c.address for c in contracts if c.kind == REGISTRY), "")
    if not registry:
        return [REGISTRY]
    known = {(c.address, c.kind) for c in contracts}
    needed = _of_programs(created(connection, registry, first, last))
    return [f"{kind} at {at}" for at, kind in needed.items() if (at, kind) not in known]


def created(connection: Connection, registry: str, first: int, last: int) -> list[ProgramCreated]:
    """The programs that a registry created."""
    events = read_events(connection, [registry], first, last)
    return [event for event in events if isinstance(event, ProgramCreated)]


def code_hash(connection: Connection, address: str) -> str:
    return "0x" + keccak(connection.code(Web3.to_checksum_address(address))).hex()


def logs_of(
    connection: Connection, contracts: Iterable[Deployed], first: int, last: int
) -> Iterator[Log]:
    return read_logs(connection, [contract.address for contract in contracts], first, last)


def line_of(log: Log) -> bytes:
    """An event as a line: where it stands, what it is called, and what the chain has of it."""
    return orjson.dumps(
        {
            "block": int(log["blockNumber"], 16),
            "log": int(log["logIndex"], 16),
            "transaction": log["transactionHash"],
            "contract": log["address"].lower(),
            "event": decoder_of(log).name,
            "topics": log["topics"],
            "data": log["data"],
        }
    )


def figures_of(
    connection: Connection, contracts: Sequence[Deployed], first: int, block: Block
) -> bytes:
    """The figures that follow from all events, with the supply that each token tells itself."""
    registry = next(contract.address for contract in contracts if contract.kind == REGISTRY)
    programs = [
        read_program(connection, event)
        for event in created(connection, registry, first, block.number)
    ]
    exchange = next(contract.address for contract in contracts if contract.kind == EXCHANGE)
    money = read_money(
        connection, connection.contract(EXCHANGE, Web3.to_checksum_address(exchange))
    )
    found: dict[str, Any] = {"block": asdict(block), "money": asdict(money), "programs": []}
    if programs:
        events = decode(connection, logs_of(connection, contracts, first, block.number))
        figures = collect(events, programs, money, block.timestamp)
        for token, each in figures.programs.items():
            contract = connection.contract(TOKEN, token).functions
            found["programs"].append(
                {
                    "token": token,
                    "symbol": each.program.symbol,
                    "decimals": each.program.decimals,
                    **asdict(each.total),
                    "closing": each.closing,
                    "outstanding": [
                        {"expires": None if expires == NEVER else expires, "points": points}
                        for expires, points in each.outstanding.items()
                    ],
                    "total_supply": contract.totalSupply().call(block_identifier=block.number),
                    "account": {**asdict(each.account), "balance": each.account.balance},
                }
            )
    return orjson.dumps(found, option=orjson.OPT_INDENT_2) + b"\n"


def _of_programs(events: Iterable[ProgramCreated]) -> dict[str, str]:
    found: dict[str, str] = {}
    for event in events:
        found |= {event.token: TOKEN, event.exchange: EXCHANGE, event.desk: DESK}
    return found

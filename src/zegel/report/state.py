"""What the chain itself says after one block: the other side of every check."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from web3.contract import Contract

from zegel.chain.connection import Connection
from zegel.chain.events import ProgramCreated
from zegel.chain.raw import ask_all, view_request
from zegel.ledger.epochs import Epochs
from zegel.report.figures import Money, Program

_LANE_BITS = 48
_LANES = 4
_LANE_MAX = 2**_LANE_BITS - 1
_EPOCH_SHIFT = 192
_EPOCH_MAX = 2**16 - 1


@dataclass(frozen=True)
class ProgramState:
    """One program. Balances and words are by member, words as the token stores them."""

    total_supply: int
    by_expiry: dict[int, int]
    account: int
    balances: dict[str, int]
    words: dict[str, int]


@dataclass(frozen=True)
class ChainState:
    """The exchange and all programs after a block."""

    block: int
    programs: dict[str, ProgramState]
    fees: int
    held: int


def read_program(connection: Connection, created: ProgramCreated) -> Program:
    """What a token says of itself, with the time at which it was created."""
    token = connection.contract("PointToken", created.token).functions
    months, lifetime = token.monthsPerEpoch().call(), token.lifetime().call()
    return Program(
        created.token,
        token.symbol().call(),
        token.name().call(),
        token.decimals().call(),
        Epochs(months, lifetime, created.timestamp),
    )


def read_money(connection: Connection, exchange: Contract) -> Money:
    """The settlement token of an exchange."""
    address = exchange.functions.settlementToken().call()
    # Any ERC-20 has these, and so has the interface of our tokens.
    token = connection.contract("IPointToken", address).functions
    return Money(
        address.lower(),
        token.symbol().call(),
        token.decimals().call(),
        exchange.functions.fee().call(),
    )


def read_state(
    connection: Connection,
    exchange: Contract,
    members: Mapping[str, Sequence[str]],
    block: int,
) -> ChainState:
    """Everything about some programs and their members. `members` is by token."""
    money = connection.contract("IPointToken", exchange.functions.settlementToken().call())
    return ChainState(
        block,
        {
            token: _program_state(connection, exchange, token, list(known), block)
            for token, known in members.items()
        },
        exchange.functions.fees().call(block_identifier=block),
        money.functions.balanceOf(exchange.address).call(block_identifier=block),
    )


def generations(word: int) -> dict[int, int]:
    """The points in an account word by generation, those that expired since included."""
    newest = word >> _EPOCH_SHIFT & _EPOCH_MAX
    lanes = (word >> _LANE_BITS * lane & _LANE_MAX for lane in range(_LANES))
    return {newest - lane: amount for lane, amount in enumerate(lanes) if amount}


def members_asked(
    connection: Connection, token: str, view: str, members: Iterable[str], block: int
) -> list[int]:
    """What a view says of each member; it takes an address and returns a number."""
    contract = connection.contract("PointToken", token)
    requests = (view_request(contract, view, member, at=hex(block)) for member in members)
    return [int(answer, 16) for answer in ask_all(connection, requests)]


def _program_state(
    connection: Connection, exchange: Contract, token: str, members: list[str], block: int
) -> ProgramState:
    contract = connection.contract("PointToken", token)
    at: dict[str, Any] = {"block_identifier": block}
    balances = members_asked(connection, token, "balanceOf", members, block)
    words = members_asked(connection, token, "accountWord", members, block)
    return ProgramState(
        contract.functions.totalSupply().call(**at),
        dict(contract.functions.supplyByExpiry().call(**at)),
        _account(exchange.functions.programOf(contract.address).call(**at)),
        dict(zip(members, balances, strict=True)),
        dict(zip(members, words, strict=True)),
    )


def _account(program: Any) -> int:
    """The money in `IPointExchange.Program`."""
    _, _, account, _, _ = program
    return int(account)

"""Drops: opens one from an award file, claims from it, closes it.

No token has two drops with the same rows, and no row is claimed twice: so everything here can be
sent again at any time.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from eth_typing import ChecksumAddress
from web3.contract import Contract

from zegel.admin import powers
from zegel.admin.acts import Act, Program, plan
from zegel.admin.awards import decimals_of
from zegel.admin.inputs import shown
from zegel.award.drops import MAX_TOTAL, Drop, Place
from zegel.award.files import read_awards
from zegel.chain import roles
from zegel.chain.connection import Connection
from zegel.chain.sending import Sender
from zegel.deploy.plan import Plan
from zegel.deploy.suite import NOBODY, Suite
from zegel.errors import ConfigError, WrongChain

# Where the contract keeps the end of a drop.
_LAST_SECOND = 2**32 - 1


class _Found(NamedTuple):
    """What the contract says of a drop."""

    token: ChecksumAddress
    remaining: int
    claimable_until: int
    generation: int


@dataclass(frozen=True)
class Opening:
    """A drop to be opened for a program, of all awards in a file."""

    suite: Suite
    sender: Sender
    program: Program
    drop: Drop

    def plan(self, until: int | None = None) -> Plan:
        """The steps that open it until a second; without one, until the end of the epoch."""
        symbol, contract = self.program.symbol, self.suite.drop
        end = self._end_of_epoch() if until is None else until
        points = shown(self.drop.total, decimals_of(self.program))
        allowed = powers.grant(self.suite, self.sender, symbol, roles.DISTRIBUTOR, contract.address)
        return allowed + plan(
            self.sender,
            Act(
                name=f"drop {symbol} 0x{self.id.hex()}",
                description=f"{symbol}: {points} points in {len(self.drop.awards)} awards, "
                "to be claimed",
                differs=lambda: "" if self._found().token == NOBODY else None,
                call=lambda: contract.functions.openDrop(
                    self.program.token().address, self.drop.root, self.drop.total, end
                ),
            ),
        )

    @property
    def id(self) -> bytes:
        return self.drop.id(self.program.token().address)

    def place(self) -> Place:
        """Where the drop stands, once it is opened."""
        return Place(
            chain_id=self.suite.connection.chain_id,
            contract=self.suite.drop.address,
            token=self.program.token().address,
            claimable_until=self._found().claimable_until,
        )

    def _found(self) -> _Found:
        return _drop_of(self.suite.drop, self.id)

    def _end_of_epoch(self) -> int:
        token = self.program.token().functions
        end: int = token.expiryOf(token.lifetime().call() - 1).call()
        if end > _LAST_SECOND:
            raise ConfigError(
                f"until: {self.program.symbol} points do not expire: say when the drop ends"
            )
        return end


def opening(suite: Suite, sender: Sender, symbol: str, path: Path) -> Opening:
    """The drop of an award file. A faulty file is refused whole."""
    program = Program(suite, symbol)
    drop = Drop(read_awards(path, decimals_of(program)))
    if drop.total > MAX_TOTAL:
        raise ConfigError(f"{path}: {drop.total} base units are more than a drop can hold: cut it")
    return Opening(suite, sender, program, drop)


def claim(
    connection: Connection, sender: Sender, drop: Drop, place: Place, member: ChecksumAddress | None
) -> Plan:
    """Claims all awards of a member, or of everybody. Whoever sends it pays the gas."""
    contract = _contract(connection, place)
    indices = range(len(drop.awards)) if member is None else drop.of(member)
    if not indices:
        raise ConfigError(f"member: {member} has no award in this drop: check the address")

    def act(index: int) -> Act:
        _, who, amount, _, _ = row = drop.row(index)
        drop_id = drop.id(place.token)
        claimed = contract.functions.isClaimed(drop_id, index)
        return Act(
            name=f"claim {index} of 0x{drop_id.hex()}",
            description=f"award {index}: {amount} base units for {who}",
            differs=lambda: None if claimed.call() else "",
            call=lambda: contract.functions.claim(drop_id, row, drop.proof(index)),
        )

    return plan(sender, *map(act, indices))


def close(connection: Connection, sender: Sender, drop: Drop, place: Place) -> Plan:
    """Closes a drop that is over; what nobody has claimed is destroyed."""
    contract = _contract(connection, place)
    drop_id = drop.id(place.token)

    def differs() -> str | None:
        unclaimed = _drop_of(contract, drop_id).remaining
        return f"{unclaimed} base units are unclaimed" if unclaimed else None

    return plan(
        sender,
        Act(
            name=f"close 0x{drop_id.hex()}",
            description=f"drop 0x{drop_id.hex()}: closed",
            differs=differs,
            call=lambda: contract.functions.closeDrop(drop_id),
        ),
    )


def _drop_of(contract: Contract, drop_id: bytes) -> _Found:
    return _Found(*contract.functions.dropOf(drop_id).call())


def _contract(connection: Connection, place: Place) -> Contract:
    if connection.chain_id != place.chain_id:
        raise WrongChain(
            f"the drop is on chain {place.chain_id}, and this is {connection.chain_id}: "
            f"name the node of chain {place.chain_id}"
        )
    return connection.contract("AwardDrop", place.contract)

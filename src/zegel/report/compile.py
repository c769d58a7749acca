"""Compiles a report: events to figures, the chain beside them, and every check."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from zegel.award.batches import Batch
from zegel.chain.events import ProgramCreated
from zegel.chain.logs import read_events
from zegel.chain.raw import ask
from zegel.deploy.suite import Suite
from zegel.report.checks import Check, Evidence, checks
from zegel.report.figures import Figures, Program, collect
from zegel.report.proofs import prove
from zegel.report.state import ChainState, read_money, read_program, read_state


@dataclass(frozen=True)
class Report:
    """All figures of a network as of one block, and the checks that they agree."""

    chain_id: int
    block: int
    figures: Figures
    state: ChainState
    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        return all(check.ok for check in self.checks)

    @property
    def programs(self) -> Sequence[Program]:
        return [program.program for program in self.figures.programs.values()]


def compile_report(
    suite: Suite,
    block: int,
    evidence: Evidence,
    batches: Mapping[str, Sequence[Batch]],
    seed: int,
) -> Report:
    """Reads all events up to a block, and asks the chain about everything that they say.

    `batches` are those that were meant, by token; `seed` chooses the rows that are proved.
    """
    connection, exchange = suite.connection, suite.exchange
    created = [
        event
        for event in read_events(connection, [suite.registry.address], 0, block)
        if isinstance(event, ProgramCreated)
    ]
    desks = sorted({event.desk for event in created})
    tokens = [event.token for event in created]
    contracts = [exchange.address, suite.drop.address, *desks, *tokens]
    first = min((event.block for event in created), default=0)
    events = list(read_events(connection, contracts, first, block))
    programs = [read_program(connection, event) for event in created]
    end = int(ask(connection, "eth_getBlockByNumber", hex(block), False)["timestamp"], 16)
    figures = collect(events, programs, read_money(connection, exchange), end)

    members = {token: list(p.ledger.members) for token, p in figures.programs.items()}
    state = read_state(connection, exchange, members, block)
    proofs = {
        token: prove(
            connection, connection.contract("PointToken", token), meant, events, block, seed
        )
        for token, meant in batches.items()
    }
    found = checks(figures, state, replace(evidence, proofs=proofs))
    return Report(connection.chain_id, block, figures, state, found)

"""Awards points: one, or a whole file, exactly once.

One award is a batch of one. The token refuses a batch that it has seen, so that the same award, or
the same file, can be sent again at any time.
"""

from dataclasses import dataclass
from pathlib import Path

from zegel.admin.acts import Program
from zegel.admin.inputs import shown
from zegel.award import batches
from zegel.award.batches import Batch
from zegel.award.files import read_awards
from zegel.award.rows import Award, unpacked_text
from zegel.chain.sending import Sender
from zegel.deploy.plan import Finding, Plan, Step, done, needed, refused
from zegel.deploy.suite import Suite


def award(suite: Suite, sender: Sender, symbol: str, one: Award) -> Plan:
    """The steps that make one award."""
    text = f"0x{one.member.hex()} for {unpacked_text(one.ref)}"
    return Plan(_Awarding(suite, sender, Program(suite, symbol), ((text, Batch((one,))),)).steps())


def award_file(suite: Suite, sender: Sender, symbol: str, path: Path) -> Plan:
    """The steps that make all awards of a file, in batches. A faulty file is refused whole."""
    program = Program(suite, symbol)
    cut = batches.cut(read_awards(path, decimals_of(program)))
    named = ((f"batch {number} of {len(cut)}", batch) for number, batch in enumerate(cut, 1))
    return Plan(_Awarding(suite, sender, program, tuple(named)).steps())


def decimals_of(program: Program) -> int:
    decimals: int = program.token().functions.decimals().call()
    return decimals


@dataclass(frozen=True)
class _Awarding:
    suite: Suite
    sender: Sender
    program: Program
    batches: tuple[tuple[str, Batch], ...]

    def steps(self) -> tuple[Step, ...]:
        symbol = self.program.symbol
        may = Step(
            f"may award {symbol}",
            f"{symbol}: {self.sender.address} may award this",
            self._check_power,
            lambda: None,
        )
        return (may, *(self._step(name, batch) for name, batch in self.batches))

    def _step(self, name: str, batch: Batch) -> Step:
        token = self.program.token
        points = shown(batch.total, decimals_of(self.program))
        return Step(
            f"award {self.program.symbol} 0x{batch.id.hex()}",
            f"{self.program.symbol}: {points} points in {len(batch.awards)} awards, {name}",
            lambda: done("awarded before") if self._is_awarded(batch) else needed(),
            lambda: self.sender.send(token().functions.awardBatch(batch.id, batch.words)),
        )

    def _check_power(self) -> Finding:
        """Refuses before the first batch what would be refused half-way."""
        needs = sum(batch.total for _, batch in self.batches if not self._is_awarded(batch))
        if not needs:
            return done("nothing is left to award")
        token, address = self.program.token(), self.sender.address
        if token.functions.isPaused().call():
            return refused("the program is paused: unpause it first")
        limit, used, _, _ = token.functions.budgetOf(address).call()
        left = max(0, limit - used)
        if left >= needs:
            return done(f"{shown(left, decimals_of(self.program))} points are left in the budget")
        return refused(
            f"{shown(left, decimals_of(self.program))} points are left in the budget, "
            f"{shown(needs, decimals_of(self.program))} are needed: raise it, or wait for the "
            "next period"
        )

    def _is_awarded(self, batch: Batch) -> bool:
        return bool(self.program.token().functions.isAwarded(batch.id).call())

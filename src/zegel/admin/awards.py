"""Awards points: one, exactly once, and tells people what an award file would do and did.

One award is a batch of one. The token refuses a batch that it has seen, so that the same award can
be sent again at any time. Files go through a journal: see `zegel.award.awarding`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from zegel.admin.acts import Program
from zegel.admin.inputs import shown
from zegel.award.awarding import Status
from zegel.award.batches import Batch
from zegel.award.planning import Plan as FilePlan
from zegel.award.rows import Award, unpacked_text
from zegel.chain.sending import Sender
from zegel.deploy.plan import Finding, Plan, Step, done, needed, refused
from zegel.deploy.suite import Suite


def award(suite: Suite, sender: Sender, symbol: str, one: Award) -> Plan:
    """The steps that make one award."""
    return Plan(_Awarding(suite, sender, Program(suite, symbol), one).steps())


def decimals_of(program: Program) -> int:
    decimals: int = program.token().functions.decimals().call()
    return decimals


def told_plan(plan: FilePlan, symbol: str, decimals: int) -> Iterator[str]:
    """What awarding a file would do, a line each."""
    if plan.awards:
        points = shown(plan.total, decimals)
        yield f"{'award':8} {symbol}: {points} points in {_counted(plan.awards, 'award')}"
    if plan.corrections:
        points = shown(plan.corrected, decimals)
        rows = _counted(plan.corrections, "correction")
        yield f"{'correct':8} {symbol}: {points} points in {rows}"
    if plan.pending:
        yield f"{'wait':8} {symbol}: {_counted(plan.pending, 'award')}"
    if plan.repeated:
        yield f"{'skip':8} {symbol}: {_counted(plan.repeated, 'row')} (done before)"
    if plan.batches:
        batches = _counted(plan.batches, "transaction")
        yield f"{'send':8} {symbol}: {batches}, at most {plan.gas:,} gas"
    for refusal in plan.refusals:
        yield f"{'refuse':8} {refusal}"


def told_status(status: Status, symbol: str) -> Iterator[str]:
    """How far awards are, a line each."""
    for state, count in status.rows.items():
        yield f"{state:8} {symbol}: {_counted(count, 'row')}"
    for trouble in status.troubles:
        yield f"{'trouble':8} {symbol}: {trouble}"


@dataclass(frozen=True)
class _Awarding:
    suite: Suite
    sender: Sender
    program: Program
    award: Award

    def steps(self) -> tuple[Step, ...]:
        symbol, token = self.program.symbol, self.program.token
        batch = Batch((self.award,))
        may = Step(
            f"may award {symbol}",
            f"{symbol}: {self.sender.address} may award this",
            lambda: self._check_power(batch),
            lambda: None,
        )
        step = Step(
            f"award {symbol} 0x{batch.id.hex()}",
            f"{symbol}: {shown(batch.total, decimals_of(self.program))} points in 1 award, "
            f"0x{self.award.member.hex()} for {unpacked_text(self.award.ref)}",
            lambda: done("awarded before") if self._is_awarded(batch) else needed(),
            lambda: self.sender.send(token().functions.awardBatch(batch.id, batch.words)),
        )
        return may, step

    def _check_power(self, batch: Batch) -> Finding:
        """Refuses before the budget is asked in vain."""
        if self._is_awarded(batch):
            return done("nothing is left to award")
        token, address = self.program.token(), self.sender.address
        if token.functions.isPaused().call():
            return refused("the program is paused: unpause it first")
        limit, used, _, _ = token.functions.budgetOf(address).call()
        left = max(0, limit - used)
        if left >= batch.total:
            return done(f"{shown(left, decimals_of(self.program))} points are left in the budget")
        return refused(
            f"{shown(left, decimals_of(self.program))} points are left in the budget, "
            f"{shown(batch.total, decimals_of(self.program))} are needed: raise it, or wait for "
            "the next period"
        )

    def _is_awarded(self, batch: Batch) -> bool:
        return bool(self.program.token().functions.isAwarded(batch.id).call())


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"

"""Plan, then apply: every act on the chain is a list of steps that know whether they are done.

A step is checked against the chain and the address book before it acts, and again afterwards. So a
plan can be shown before anything is sent, sends only what is missing, sends nothing the second
time, and goes on where it was interrupted. If a step is known to be refused, none is taken.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

from zegel.errors import ChainError, PlanRefused


class Verdict(Enum):
    """What a step will do."""

    SKIP = "skip"
    CREATE = "create"
    RESUME = "resume"
    REFUSE = "refuse"


@dataclass(frozen=True)
class Finding:
    """What a check found: the verdict, and why in a few words."""

    verdict: Verdict
    reason: str = ""


def done(reason: str = "already so") -> Finding:
    return Finding(Verdict.SKIP, reason)


def needed(reason: str = "") -> Finding:
    return Finding(Verdict.CREATE, reason)


def resumable(reason: str) -> Finding:
    return Finding(Verdict.RESUME, reason)


def refused(reason: str) -> Finding:
    return Finding(Verdict.REFUSE, reason)


class AbsentError(Exception):
    """Raised by a check that needs something which an earlier step will create."""


@dataclass(frozen=True)
class Step:
    """One change of the chain.

    `name` never changes, `description` is one line for people. `check` says whether it is done, or
    what is there instead; `hindrance` why it cannot be done now, by this account.
    """

    name: str
    description: str
    check: Callable[[], Finding]
    act: Callable[[], object]
    hindrance: Callable[[], str | None] = lambda: None

    def find(self, alone: bool = True) -> Finding:
        """What this step would do now.

        `alone` is False while earlier steps are missing: they may bring what hinders it.
        """
        try:
            finding = self.check()
            hindered = alone and finding.verdict is Verdict.CREATE
            hindrance = self.hindrance() if hindered else None
        except AbsentError:
            return needed()
        return refused(hindrance) if hindrance else finding


@dataclass(frozen=True)
class Plan:
    """Steps in the order in which they are taken."""

    steps: tuple[Step, ...]

    def __add__(self, other: "Plan") -> "Plan":
        return Plan(self.steps + other.steps)

    def findings(self) -> list[tuple[Step, Finding]]:
        """What each step would do now."""
        found = []
        alone = True
        for step in self.steps:
            finding = step.find(alone)
            alone = alone and finding.verdict is Verdict.SKIP
            found.append((step, finding))
        return found

    def is_done(self) -> bool:
        return all(finding.verdict is Verdict.SKIP for _, finding in self.findings())

    def lines(self) -> Iterator[str]:
        """The plan for people, a line a step."""
        for step, finding in self.findings():
            yield line(step, finding)

    def apply(self, progress: Callable[[str], None] = lambda _: None) -> list[str]:
        """Takes the steps that are missing, and returns their names.

        `progress` is told each step as it is done.
        """
        findings = self.findings()
        _refuse(findings)
        taken: list[str] = []
        for step, first in findings:
            finding = step.find() if taken else first
            _refuse([(step, finding)])
            if finding.verdict is Verdict.SKIP:
                progress(line(step, finding))
                continue
            step.act()
            after = step.find()
            if after.verdict is not Verdict.SKIP:
                raise ChainError(
                    f"{step.description}: sent, but the chain does not show it ({after.reason}): "
                    "run the same again when the node has caught up"
                )
            progress(f"{'done':8} {step.description}")
            taken.append(step.name)
        return taken


def _refuse(findings: list[tuple[Step, Finding]]) -> None:
    refusals = [
        f"{step.description}: {finding.reason}"
        for step, finding in findings
        if finding.verdict is Verdict.REFUSE
    ]
    if refusals:
        raise PlanRefused("; ".join(refusals))


def line(step: Step, finding: Finding) -> str:
    because = f" ({finding.reason})" if finding.reason else ""
    return f"{finding.verdict.value:8} {step.description}{because}"

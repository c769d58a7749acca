"""Award files over HTTP, through the journal of `zegel.award`: plan first, then go.

The account that sends is the server's; who asks must be one who may award. A file is kept under its
hash, so that sending it again goes on where it was. Sending goes on in the background, one file
after another, and after a restart.
"""

import logging
import re
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import orjson

from zegel.admin.inputs import shown
from zegel.award import awarding
from zegel.award.awarding import Plan, Status
from zegel.award.entering import enter
from zegel.award.journal import Journal
from zegel.award.office import Office
from zegel.chain.sending import Sender
from zegel.deploy.suite import Suite
from zegel.errors import FileError, PlanRefused, ZegelError
from zegel.files import replacing
from zegel.report.figures import Program
from zegel.web.problems import Problem, problem_of

log = logging.getLogger("zegel.api")

KINDS = {
    "text/csv": ".csv",
    "application/x-ndjson": ".jsonl",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}

_UNFIT = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_NAME = 60


@dataclass
class Awards:
    """Award files of programs; `senders` are the accounts that award, by token, and `newer` is
    the one that awards what is not among them, such as a program that is created later."""

    suite: Suite
    journal: Journal
    senders: Mapping[str, Sender]
    folder: Path
    newer: Sender | None = None
    _work: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "awards"))

    def resume(self) -> None:
        """Goes on with what was interrupted."""
        for token in self.senders:
            symbol = self.suite.connection.contract("PointToken", token).functions.symbol().call()
            self._work.submit(self._run, self._office(token, symbol))

    def close(self) -> None:
        self._work.shutdown(wait=False, cancel_futures=True)

    def keep(self, content: bytes, kind: str, name: str) -> Path:
        """Keeps a file, under its hash and its name."""
        self.folder.mkdir(parents=True, exist_ok=True)
        fit = _UNFIT.sub("-", name).strip("-.")[:_LONGEST_NAME] or "awards"
        digest = sha256(content).hexdigest()[:16]
        path = self.folder / f"{digest}-{fit.removesuffix(KINDS[kind])}{KINDS[kind]}"
        if not path.is_file():
            with replacing(path) as stream:
                stream.write(content)
        return path

    def plan(self, program: Program, path: Path) -> Plan:
        """What a file would do; a faulty one is refused with its faults."""
        try:
            return awarding.plan(self._office(program.token, program.symbol), path)
        except FileError as error:
            raise self._without_folder(error) from None

    def go(self, program: Program, path: Path) -> Future[None]:
        """Has a file awarded; what is in it is in the journal when this returns, and what could be
        done with it is done when that is done."""
        plan = self.plan(program, path)
        if plan.refusals:
            raise PlanRefused("; ".join(plan.refusals))
        office = self._office(program.token, program.symbol)
        enter(office, path)
        return self._work.submit(self._run, office)

    def status(self, program: Program, file: str | None) -> Status:
        """How far a program's awards are, or those of one file."""
        number = (
            awarding.file_number(self.journal, program.token, file) if file is not None else None
        )
        return awarding.status(self.journal, program.token, number)

    def _run(self, office: Office) -> None:
        try:
            awarding.run(office)
        except ZegelError as error:
            told = {"program": office.symbol, "trouble": str(error)}
            log.warning("awards were interrupted", extra={"told": told})
        except Exception:
            log.exception("awards failed", extra={"told": {"program": office.symbol}})

    def _office(self, token: str, symbol: str) -> Office:
        sender = self.senders.get(token, self.newer)
        if sender is None:
            raise Problem(
                409, "no-awarder", f"this server has no account that awards {symbol}: give it one"
            )
        return Office(self.suite, sender, symbol, self.journal)

    def _without_folder(self, error: FileError) -> Problem:
        """The same without saying where files are kept here."""
        found = problem_of(error)
        return Problem(found.status, found.name, found.detail.replace(f"{self.folder}/", ""))


@dataclass(frozen=True)
class Row:
    """One award as JSON has it; `amount` is in base units."""

    member: str
    amount: int
    reference: str
    reason: str


def as_file(rows: Sequence[Row], decimals: int) -> bytes:
    """Rows as a file of JSON lines: the same rows are the same file."""
    lines = (
        {
            "member": row.member,
            "amount": shown(row.amount, decimals),
            "ref": row.reference,
            "reason": row.reason,
        }
        for row in rows
    )
    return b"".join(orjson.dumps(line) + b"\n" for line in lines)

"""Every error that the package raises on purpose, in one tree.

ZegelError
├── ConfigError            the installation or a setting is wrong
├── FileError              a file that was given is wrong: its name, line, column and reason
│   └── FaultyFile         with all its faults (in `zegel.award.faults`)
├── ChainError             the chain cannot be reached, or does not do what it should
│   ├── WrongChain         another chain than the one expected answers
│   ├── AccountLocked      nobody here can sign for an account
│   ├── GasMoneyTooLow     an account cannot pay for a transaction
│   ├── FinalityBroken     a block that was final is another one now
│   └── Refused            a contract refused, with its own named error
├── DatabaseFailed         the database cannot be reached, is full, or is of something else
│   └── NotWriter          another process writes to it
├── PlanRefused            a plan cannot be carried out: nothing was sent
├── Declined               a till does not take a payment: nothing was accepted
├── RelayRefused           a relay does not take a message: nothing was queued
└── Differs                the chain is not as the records say

`str(error)` is one line for people: what, where, the offending value, and the remedy. Commands and
scripts print it and end with exit code 1.
"""

# ruff: noqa: N818 -- the names say what happened; that they are errors is said by the tree.

from collections.abc import Mapping
from pathlib import Path
from typing import Any


class ZegelError(Exception):
    """Root of the tree."""


class ConfigError(ZegelError):
    """The installation or a setting is wrong."""


class FileError(ZegelError):
    """A file that was given is wrong."""

    def __init__(
        self,
        path: Path | str,
        reason: str,
        *,
        line: int | None = None,
        column: str | None = None,
    ) -> None:
        self.path, self.reason, self.line, self.column = Path(path), reason, line, column
        place = str(path)
        if line is not None:
            place += f", line {line}"
        if column is not None:
            place += f", column {column}"
        super().__init__(f"{place}: {reason}")


class ChainError(ZegelError):
    """The chain cannot be reached, or does not do what it should."""


class WrongChain(ChainError):
    """Another chain than the one expected answers."""


class AccountLocked(ChainError):
    """Nobody here can sign for an account."""


class GasMoneyTooLow(ChainError):
    """An account cannot pay for a transaction."""


class FinalityBroken(ChainError):
    """A block that was final is another one now."""


class Refused(ChainError):
    """A contract refused, with its own named error."""

    def __init__(self, contract: str, error: str, arguments: Mapping[str, Any]) -> None:
        self.contract, self.error, self.arguments = contract, error, dict(arguments)
        listed = ", ".join(f"{name}={_shown(value)}" for name, value in self.arguments.items())
        super().__init__(f"{contract} refused: {error}({listed})")


class DatabaseFailed(ZegelError):
    """The database cannot be reached, is full, or is of something else."""


class NotWriter(DatabaseFailed):
    """Another process writes to the database."""


class PlanRefused(ZegelError):
    """A plan cannot be carried out: nothing was sent."""


class Declined(ZegelError):
    """A till does not take a payment: nothing was accepted.

    The line is for the staff. `name` is one of `zegel.till.wordings`, which has words for members.
    """

    def __init__(self, reason: str, name: str = "till-not-ready") -> None:
        self.name = name
        super().__init__(reason)


class RelayRefused(ZegelError):
    """A relay does not take a message: nothing was queued.

    `reason` is a name: one of the relay's own, see `zegel.relay.reasons`, or that of a contract's
    error. `field` is the value that is malformed, if one is; `again` is after how many seconds the
    same may be taken, if it is only too early.
    """

    def __init__(
        self, reason: str, detail: str, *, field: str | None = None, again: int | None = None
    ) -> None:
        self.reason, self.detail, self.field, self.again = reason, detail, field, again
        super().__init__(detail)


class Differs(ZegelError):
    """The chain is not as the records say."""


def _shown(value: Any) -> str:
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if isinstance(value, Mapping):
        return "(" + ", ".join(f"{name}={_shown(part)}" for name, part in value.items()) + ")"
    return f'"{value}"' if isinstance(value, str) and not value.startswith("0x") else str(value)

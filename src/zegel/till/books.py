"""What a till knows of the chain, and as of which second: without a network it has nothing else.

It is one file, which is replaced whole and ends with its hash. Whoever loses it loses nothing but
the time until the next sync.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from eth_typing import ChecksumAddress

from zegel.errors import Declined, FileError
from zegel.files import replace_text
from zegel.report import text
from zegel.till import wordings
from zegel.till.sealing import seal, unseal

_SYNC = "sync the till"

Pair = tuple[ChecksumAddress, ChecksumAddress]


@dataclass(frozen=True)
class Reading:
    """When something was read: the block, its second, and how long the queue was by then."""

    block: int
    second: int
    records: int


@dataclass(frozen=True)
class Payout:
    """What `amount` base units of a program gave in the merchant's payout: `out` of its base units,
    0 if the exchange refused. `notice` is how many seconds beforehand the issuer announces other
    prices.
    """

    to: ChecksumAddress
    symbol: str
    decimals: int
    amount: int
    out: int
    notice: int


@dataclass(frozen=True)
class Program:
    """What a till knows of a program.

    `limit` is what the merchant may take of one member out of the shared purse before settling: the
    lower one, if a lower one is announced.
    """

    token: ChecksumAddress
    symbol: str
    decimals: int
    limit: int
    merchant_is_frozen: bool
    payout: Payout | None
    reading: Reading

    def points(self, units: int) -> str:
        """An amount of it: 12.50 SHOP."""
        return text.points(units, self.decimals, self.symbol)


@dataclass(frozen=True)
class Member:
    """What can be counted on in a member's purses until two offline windows after the reading."""

    own: int
    shared: int
    is_frozen: bool
    reading: Reading

    def spendable(self, shared: bool) -> int:
        return self.shared if shared else self.own


@dataclass(frozen=True)
class Books:
    """`merchant` is whose till the registry says it is: nobody's if the till is revoked.

    `name` is the merchant's there. Purses that were opened by block `seen` have been noticed.
    """

    window: int
    merchant: ChecksumAddress
    programs: Mapping[ChecksumAddress, Program] = field(default_factory=dict)
    # (token, member)
    members: Mapping[Pair, Member] = field(default_factory=dict)
    seen: int = 0
    name: str = ""

    def program(self, token: ChecksumAddress) -> Program:
        if token not in self.programs:
            raise Declined(
                f"the till knows no program {token}: {_SYNC}, or use another one",
                wordings.UNKNOWN_PROGRAM,
            )
        return self.programs[token]

    def member(self, token: ChecksumAddress, member: ChecksumAddress) -> Member:
        if (token, member) not in self.members:
            raise Declined(
                f"the purses of {member} were never read here: {_SYNC} with this member",
                wordings.UNKNOWN_MEMBER,
            )
        return self.members[token, member]

    def records(self) -> int:
        """How long the queue was at the last reading."""
        readings = [program.reading for program in self.programs.values()]
        readings += [member.reading for member in self.members.values()]
        return max((reading.records for reading in readings), default=0)


def save(path: Path, books: Books) -> None:
    """Writes it all down in place of what was there."""
    values = {
        "window": books.window,
        "merchant": books.merchant,
        "seen": books.seen,
        "name": books.name,
        "programs": [asdict(program) for program in books.programs.values()],
        "members": [
            {"token": token, "member": who, **asdict(member)}
            for (token, who), member in books.members.items()
        ],
    }
    replace_text(path, seal(values).decode() + "\n")


def load(path: Path) -> Books | None:
    """What was written down; None if nothing was."""
    try:
        values = unseal(path.read_bytes().removesuffix(b"\n"))
        programs = map(_program, values["programs"])
        members = {(one.pop("token"), one.pop("member")): one for one in values["members"]}
        return Books(
            values["window"],
            values["merchant"],
            {program.token: program for program in programs},
            {pair: Member(**_read(one)) for pair, one in members.items()},
            values["seen"],
            values["name"],
        )
    except FileNotFoundError:
        return None
    except OSError as error:
        raise FileError(path, f"cannot be read ({error.strerror}): mend that") from None
    except (ValueError, KeyError, TypeError) as error:
        raise FileError(path, f"{error}: delete it, and {_SYNC}") from None


def _program(values: dict[str, Any]) -> Program:
    payout = values.pop("payout")
    return Program(payout=Payout(**payout) if payout else None, **_read(values))


def _read(values: dict[str, Any]) -> dict[str, Any]:
    return {**values, "reading": Reading(**values["reading"])}

"""Charters: what an issuer and those concerned agree to reward, as one TOML file says it.

    program = "SHOP"
    document = "charter.md"               # its hash, or a file beside this one
    parties = ["0x…", "0x…"]
    supersedes = "0x…"                    # the charter that it replaces, if any

    [[rules]]
    label = "bottle returned"             # at most 31 characters
    amount = "0.50"                       # points
    max_per_period = 20                   # rewards of a member …
    months_per_period = 1                 # … in each calendar month; 0: ever
    attester = "0x…"                      # who says that it happened
    valid_until = 2028-01-01              # the first day on which it is over, if any

Parties and attesters have the same file, and so mean the same charter: its name is the hash of all
that it says. The charter contract awards within the budget that the issuer sets for it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from eth_typing import ChecksumAddress

from zegel.admin import inputs, tables
from zegel.admin.acts import Act, Program, plan
from zegel.admin.awards import decimals_of
from zegel.admin.inputs import shown
from zegel.admin.tables import Table
from zegel.award.rows import unpacked_text
from zegel.chain import roles
from zegel.chain.messages import Domain, Message
from zegel.chain.sending import KeySender, Sender
from zegel.deploy.plan import Plan
from zegel.deploy.suite import Suite

# The states of a charter and of a party, in the order of the contract's enums.
_UNKNOWN = 0
_STATES = ("not proposed", "proposed", "in force", "superseded")
_SIGNED = 2

_NO_CHARTER = bytes(32)


@dataclass(frozen=True)
class Rule:
    """What is rewarded: `amount` in points as text, `valid_until` in Unix seconds or 0."""

    label: bytes
    amount: str
    max_per_period: int
    months_per_period: int
    attester: ChecksumAddress
    valid_until: int = 0


@dataclass(frozen=True)
class Charter:
    """What a charter says."""

    symbol: str
    document: bytes
    parties: tuple[ChecksumAddress, ...]
    rules: tuple[Rule, ...]
    supersedes: bytes = _NO_CHARTER


def load(path: Path) -> Charter:
    """Reads a charter; refuses it whole if anything in it is wrong."""
    return tables.load(path, lambda root: _charter(root, path.parent))


@dataclass(frozen=True)
class Agreement:
    """A charter on a chain: proposed or not, signed or not."""

    suite: Suite
    charter: Charter

    @property
    def program(self) -> Program:
        return Program(self.suite, self.charter.symbol)

    @property
    def id(self) -> bytes:
        """The charter's name in the contract."""
        found: bytes = self.suite.charter.functions.charterIdOf(*self._values()).call()
        return found

    def propose(self, sender: Sender) -> Plan:
        """Proposes it. The default admin of the program does it."""
        return plan(
            sender,
            Act(
                name=f"charter 0x{self.id.hex()}",
                description=f"{self.charter.symbol}: charter 0x{self.id.hex()} is proposed",
                differs=lambda: "" if self._state() == _UNKNOWN else None,
                call=lambda: self.suite.charter.functions.propose(*self._values()),
                role=roles.DEFAULT_ADMIN,
                keeper=self.program.token,
            ),
        )

    def sign(self, sender: Sender) -> Plan:
        """Signs it, as the party that sends it."""
        return self._signing(sender, sender.address, self.suite.charter.functions.sign(self.id))

    def signature(self, sender: KeySender) -> bytes:
        """The signature of a party, for someone else to deliver."""
        domain = Domain("Zegel Charter", self.suite.connection.chain_id, self.suite.charter.address)
        values = {
            "party": sender.address,
            "charterId": self.id,
            "documentHash": self.charter.document,
        }
        message = Message("CharterSignature", domain, values)
        return sender.sign(message)

    def deliver(self, sender: Sender, party: ChecksumAddress, signature: bytes) -> Plan:
        """Delivers the signature of a party."""
        call = self.suite.charter.functions.signFor(self.id, party, signature)
        return self._signing(sender, party, call)

    def reward(self, sender: Sender, rule: int, member: ChecksumAddress, evidence: bytes) -> Plan:
        """Rewards a member by a rule. Its attester does it."""
        rewarded = self.suite.charter.functions.isRewarded(self.id, evidence)
        return plan(
            sender,
            Act(
                name=f"reward 0x{evidence.hex()}",
                description=f"{self.charter.symbol}: {member} is rewarded by rule {rule} "
                f"for 0x{evidence.hex()}",
                differs=lambda: None if rewarded.call() else "",
                call=lambda: self.suite.charter.functions.reward(self.id, rule, member, evidence),
            ),
        )

    def lines(self) -> Iterator[str]:
        """What it says and how far it has come, for people."""
        decimals = decimals_of(self.program)
        yield f"charter 0x{self.id.hex()} of {self.charter.symbol}: {_STATES[self._state()]}"
        yield f"document 0x{self.charter.document.hex()}"
        if self.charter.supersedes != _NO_CHARTER:
            yield f"supersedes 0x{self.charter.supersedes.hex()}"
        for party in self.charter.parties:
            yield f"party {party}: {'signed' if self._has_signed(party) else 'not signed'}"
        for number, rule in enumerate(self.charter.rules):
            amount = shown(inputs.units(rule.amount, decimals), decimals)
            yield (
                f"rule {number}, {unpacked_text(rule.label)}: {amount} points, "
                f"{_often(rule)}{_until(rule)}, by {rule.attester}"
            )

    def _signing(self, sender: Sender, party: ChecksumAddress, call: Any) -> Plan:
        return plan(
            sender,
            Act(
                name=f"signature of {party} under 0x{self.id.hex()}",
                description=f"{self.charter.symbol}: {party} has signed 0x{self.id.hex()}",
                differs=lambda: None if self._has_signed(party) else "",
                call=lambda: call,
            ),
        )

    def _state(self) -> int:
        state: int = self.suite.charter.functions.charterOf(self.id).call()[1]
        return state

    def _has_signed(self, party: ChecksumAddress) -> bool:
        return bool(self.suite.charter.functions.partyOf(self.id, party).call() == _SIGNED)

    def _values(self) -> tuple[Any, ...]:
        """The charter as the contract takes it."""
        decimals = decimals_of(self.program)
        rules = [
            (
                rule.label,
                inputs.units(rule.amount, decimals, f"amount of rule {number}"),
                rule.max_per_period,
                rule.months_per_period,
                rule.attester,
                rule.valid_until,
            )
            for number, rule in enumerate(self.charter.rules)
        ]
        charter = self.charter
        token = self.program.token().address
        return token, charter.document, list(charter.parties), rules, charter.supersedes


def _charter(root: Table, folder: Path) -> Charter:
    return Charter(
        symbol=root.take("program", str),
        document=inputs.document(root.take("document", str), folder),
        parties=root.addresses("parties"),
        rules=tuple(map(_rule, root.listed("rules"))),
        supersedes=root.word("supersedes") if root.has("supersedes") else _NO_CHARTER,
    )


def _rule(table: Table) -> Rule:
    rule = Rule(
        label=table.word("label"),
        amount=table.take("amount", str),
        max_per_period=table.take("max_per_period", int),
        months_per_period=table.take("months_per_period", int, 0),
        attester=table.address("attester"),
        valid_until=table.midnight("valid_until") if table.has("valid_until") else 0,
    )
    table.end()
    return rule


def _often(rule: Rule) -> str:
    months = rule.months_per_period
    period = "ever" if months == 0 else "a month" if months == 1 else f"in {months} months"
    return f"at most {rule.max_per_period} times {period}"


def _until(rule: Rule) -> str:
    if not rule.valid_until:
        return ""
    return f", before {datetime.fromtimestamp(rule.valid_until, timezone.utc):%Y-%m-%d}"

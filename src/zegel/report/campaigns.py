"""What awards were for: by batch, by the beginning of their references, by rule of a charter.

Nobody can read a campaign off the chain unless the awarder wrote it there. A batch is one campaign;
awards one by one belong together when their references begin with the same word, as in
`spring-0001`, `spring-0002`.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from zegel.index import schema
from zegel.report.figures import Program
from zegel.report.network import Network, labels, read_network
from zegel.report.periods import Period
from zegel.report.sheet import Amount, Column, Row, Sheet
from zegel.report.statement import shown_ref

_WORD = re.compile(r"[^\W\d_]+")
_HASH = re.compile(r"0x[0-9a-f]{64}")


@dataclass
class Campaign:
    """Awards that belong together."""

    program: Program
    kind: str
    name: str
    awards: int = 0
    points: int = 0
    members: set[str] = field(default_factory=set, repr=False)


@dataclass(frozen=True)
class Campaigns:
    period: Period
    campaigns: tuple[Campaign, ...]

    def sheet(self) -> Sheet:
        return Sheet(
            "Awards by campaign",
            (
                Column("program"),
                Column("kind"),
                Column("campaign"),
                Column("awards", "number"),
                Column("members", "number"),
                Column("points", "number"),
            ),
            tuple(
                (
                    each.program.symbol,
                    each.kind,
                    each.name,
                    each.awards,
                    len(each.members),
                    Amount(each.points, each.program.decimals),
                )
                for each in self.campaigns
            ),
            (self.period.note,),
        )


@dataclass(frozen=True)
class RuleRewards:
    """What one rule of a charter has given. `rule` counts from 0, as the charter does."""

    charter: str
    program: Program
    rule: int
    attesters: tuple[str, ...]
    rewards: int
    members: int
    points: int


@dataclass(frozen=True)
class CharterRewards:
    period: Period
    rules: tuple[RuleRewards, ...]

    def sheet(self) -> Sheet:
        return Sheet(
            "Rewards by rule",
            (
                Column("charter"),
                Column("program"),
                Column("rule", "number"),
                Column("attested by"),
                Column("rewards", "number"),
                Column("members", "number"),
                Column("points", "number"),
            ),
            tuple(map(_rule_row, self.rules)),
            (self.period.note,),
        )


def campaigns(database: Connection, period: Period, name: str | None = None) -> Campaigns:
    """All campaigns of a period, of one program or of all."""
    network = read_network(database)
    batches = _batches(database)
    m = schema.movements
    question = select(m.c.token, m.c.member, m.c.ref, m.c.amount).where(
        m.c.kind == "awarded", m.c.timestamp >= period.since, m.c.timestamp < period.until
    )
    if name is not None:
        question = question.where(m.c.token == network.program(name).token)
    found: dict[tuple[str, str, str], Campaign] = {}
    for token, member, ref, amount in database.execute(question).yield_per(10_000):
        key = (token, *_campaign(ref, batches))
        if key not in found:
            found[key] = Campaign(network.programs[token], key[1], key[2])
        campaign = found[key]
        campaign.awards += 1
        campaign.points += amount
        campaign.members.add(member)
    ordered = sorted(found.values(), key=lambda c: (c.program.symbol, c.kind, c.name))
    return Campaigns(period, tuple(ordered))


def charter_rewards(database: Connection, period: Period) -> CharterRewards:
    """What the rules of all charters have given in a period."""
    network, names = read_network(database), labels(database)
    e, b = schema.events, schema.blocks
    programs: dict[str, str] = {}
    given: dict[tuple[str, int], list[tuple[str, str, int]]] = defaultdict(list)
    for name, arguments, timestamp in database.execute(
        select(e.c.name, e.c.arguments, b.c.timestamp)
        .join(b, b.c.number == e.c.block)
        .where(
            e.c.kind == "RewardCharter",
            e.c.name.in_(("CharterProposed", "Rewarded")),
            b.c.timestamp < period.until,
        )
        .order_by(e.c.block, e.c.log)
    ):
        charter = arguments["charterId"]
        if name == "CharterProposed":
            programs[charter] = arguments["token"].lower()
        elif timestamp >= period.since:
            attester = arguments["attester"].lower()
            reward = (arguments["member"], names.get(attester, attester), int(arguments["amount"]))
            given[charter, int(arguments["rule"])].append(reward)
    return CharterRewards(period, tuple(_rules(network, programs, given)))


def _rules(
    network: Network,
    programs: dict[str, str],
    given: dict[tuple[str, int], list[tuple[str, str, int]]],
) -> Iterator[RuleRewards]:
    for (charter, rule), rewards in sorted(given.items()):
        yield RuleRewards(
            charter,
            network.programs[programs[charter]],
            rule,
            tuple(sorted({attester for _, attester, _ in rewards})),
            len(rewards),
            len({member for member, _, _ in rewards}),
            sum(amount for _, _, amount in rewards),
        )


def _rule_row(each: RuleRewards) -> Row:
    return (
        each.charter,
        each.program.symbol,
        each.rule,
        ", ".join(each.attesters),
        each.rewards,
        each.members,
        Amount(each.points, each.program.decimals),
    )


def _batches(database: Connection) -> frozenset[str]:
    e = schema.events
    found = database.scalars(select(e.c.arguments).where(e.c.name == "BatchAwarded"))
    return frozenset(arguments["batchId"] for arguments in found)


def _campaign(ref: str | None, batches: frozenset[str]) -> tuple[str, str]:
    """The kind of a campaign, and its name."""
    if ref in batches:
        return "batch", str(ref)
    text = shown_ref(ref)
    if not text or _HASH.fullmatch(text):
        return "awards", "without a word"
    word = _WORD.match(text)
    return "awards", word.group().lower() if word else "without a word"

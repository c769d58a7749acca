"""What a conversion would give, or why it would be refused, before anyone signs."""

from dataclasses import dataclass

from eth_typing import ChecksumAddress

from zegel.deploy.suite import NOBODY, Suite
from zegel.errors import PlanRefused
from zegel.wallet.assets import Asset

# `IPointExchange.Refusal`, in its order: what to tell people. {source} and {target} are symbols.
REASONS = (
    "",
    "both sides are {source}: choose two programs",
    "one of the two is no program of this exchange: check the symbols",
    "{source} or {target} is suspended: ask the operator of the network",
    "{source} or {target} is paused: try again when it goes on",
    "{source} or {target} does not convert now: ask its issuer",
    "{source} or {target} has no prices yet: ask its issuer",
    "{target} takes no points of {source}: choose another program",
    "{source} does not pay money for points: choose another program",
    "{target} does not sell points for money: choose another program",
    "the amount is worth less than one unit of {target}: convert more",
    "the amount is more than {target} can hold: convert less",
    "the issuer of {source} has too little money in its account: convert less, or later",
    "{source} pays out no more today: convert less, or tomorrow",
    "{target} takes no more today: convert less, or tomorrow",
    "the member is frozen: ask the issuer of {source}",
    "the recipient is frozen: ask the issuer of {target}",
    "points of {source} may not go to others: convert them for yourself",
    "the member has too few points of {source}: convert less",
    "the member has converted enough of {source} today: convert less, or tomorrow",
)

# The names of the same, as `IPointExchange.Refusal` has them.
REASON_NAMES = (
    "None",
    "SameProgram",
    "ProgramNotListed",
    "ProgramSuspended",
    "ProgramPaused",
    "ExchangeOff",
    "PriceNotSet",
    "PairClosed",
    "CashOutClosed",
    "TopUpClosed",
    "ZeroOutput",
    "AmountTooLarge",
    "AccountTooSmall",
    "DailyLimitOut",
    "DailyLimitIn",
    "MemberFrozen",
    "RecipientFrozen",
    "TransfersDisabled",
    "BalanceTooSmall",
    "DailyLimitMember",
)


@dataclass(frozen=True)
class Quote:
    """`amount` of `source` for `out` of `target`, in base units; both 0 if refused, with why."""

    source: Asset
    target: Asset
    amount: int
    out: int
    refusal: str = ""

    def check(self) -> None:
        """Raises if the conversion would be refused."""
        if self.refusal:
            raise PlanRefused(f"{self.source.symbol} to {self.target.symbol}: {self.refusal}")


def quote(
    suite: Suite, source: Asset, target: Asset, amount: int, member: ChecksumAddress = NOBODY
) -> Quote:
    """What an amount gives. Without a member, what would concern the member is left out."""
    call = suite.exchange.functions.quote(source.address, target.address, amount, member, NOBODY)
    out, refusal = call.call()
    return Quote(source, target, amount, out, _reason(refusal, source, target))


def quote_exact_out(
    suite: Suite, source: Asset, target: Asset, out: int, member: ChecksumAddress = NOBODY
) -> Quote:
    """The least amount that gives at least `out`."""
    functions = suite.exchange.functions
    call = functions.quoteExactOut(source.address, target.address, out, member, NOBODY)
    amount, refusal = call.call()
    return Quote(source, target, amount, out, _reason(refusal, source, target))


def _reason(refusal: int, source: Asset, target: Asset) -> str:
    return REASONS[refusal].format(source=source.symbol, target=target.symbol)

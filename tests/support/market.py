"""Money and prices, in base units, and markets apart from the one that all tests share."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from brownie.network.account import LocalAccount

from support import roles
from support.clock import DAY
from support.deploying import program_settings

EURO = 10**6

# A price of one euro for one point, in trillionths of a euro.
PRICE = 10**12
MAX_PRICE = 2**64 - 1

# The last second there is, for conversions that may come at any time.
EVER = 2**256 - 1

# The bits of `Program.flags` above the decimals.
SUSPENDED, SCHEDULED, LIMITED, TERMS = (1 << bit for bit in range(3, 7))

# The refusals of a quote, in the order of the enum.
REFUSALS = (
    "None", "SameProgram", "ProgramNotListed", "ProgramSuspended", "ProgramPaused", "ExchangeOff",
    "PriceNotSet", "PairClosed", "CashOutClosed", "TopUpClosed", "ZeroOutput", "AmountTooLarge",
    "AccountTooSmall", "DailyLimitOut", "DailyLimitIn", "MemberFrozen", "RecipientFrozen",
    "TransfersDisabled", "BalanceTooSmall", "DailyLimitMember",
)  # fmt: skip


def fields(struct: Any) -> tuple[int, ...]:
    """A struct of numbers that a view returned; Brownie's own type compares with nothing else."""
    return tuple(int(field) for field in struct)


@dataclass(frozen=True)
class Market:
    """An exchange with its own money and its own registry. `issuer` may do everything."""

    money: Any
    registry: Any
    exchange: Any
    issuer: LocalAccount
    token_at: Callable[[str], Any]

    def create(
        self, symbol: str, bid: int = 0, ask: int = 0, account: int = 0, **settings: Any
    ) -> Any:
        """A program, with prices and money if there are to be any."""
        by_issuer = {"from": self.issuer}
        chosen = program_settings(self.issuer, symbol, **settings)
        tx = self.registry.createProgram(chosen, by_issuer)
        token = self.token_at(tx.events["ProgramCreated"]["token"])
        for role in (roles.PRICER, roles.TREASURER, roles.GUARDIAN, roles.FREEZER):
            token.grantRole(role, self.issuer, by_issuer)
        token.setBudget(self.issuer, 2**64 - 1, DAY, by_issuer)
        if bid:
            self.exchange.setPrices(token, bid, ask, by_issuer)
        if account:
            self.fund(token, account)
        return token

    def fund(self, program: Any, amount: int) -> None:
        self.give_money(self.issuer, amount)
        self.exchange.fund(program, amount, {"from": self.issuer})

    def give_money(self, to: LocalAccount, amount: int) -> None:
        """Money, and leave for the exchange to take it."""
        self.money.mint(to, amount, {"from": to})
        self.money.approve(self.exchange, amount, {"from": to})

    def give(self, program: Any, to: Any, amount: int) -> None:
        program.award(to, amount, bytes(32), {"from": self.issuer})

    def account(self, program: Any) -> int:
        return int(self.exchange.programOf(program)[2])

    def held(self) -> int:
        return int(self.money.balanceOf(self.exchange))

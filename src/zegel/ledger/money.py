"""The money in the exchange, rebuilt from events alone."""

from collections import defaultdict
from dataclasses import dataclass, field

from zegel.chain import events as e


@dataclass
class Account:
    """An issuer's money in the exchange, in base units of the settlement token."""

    funded: int = 0
    paid: int = 0
    received: int = 0
    withdrawn: int = 0

    @property
    def balance(self) -> int:
        return self.funded + self.received - self.paid - self.withdrawn


@dataclass
class MoneyLedger:
    """All money in the exchange: the issuers' accounts and the network's fees."""

    money: str
    accounts: dict[str, Account] = field(default_factory=lambda: defaultdict(Account))
    fees: int = 0
    fees_paid_out: int = 0

    def apply(self, event: e.Event) -> None:
        """Takes in an event of the exchange."""
        if isinstance(event, e.Converted):
            if event.source != self.money:
                self.accounts[event.source].paid += event.value
            if event.target != self.money:
                self.accounts[event.target].received += event.value
        elif isinstance(event, e.FeeTaken):
            if event.target != self.money:
                self.accounts[event.target].received -= event.amount
            self.fees += event.amount
        elif isinstance(event, e.Funded):
            self.accounts[event.program].funded += event.amount
        elif isinstance(event, e.Withdrawn):
            self.accounts[event.program].withdrawn += event.amount
        elif isinstance(event, e.FeesWithdrawn):
            self.fees_paid_out += event.amount

"""The settlement token: a plain ERC-20 coin whose holders have all approved the exchange."""

from collections import Counter
from dataclasses import dataclass, field

from model.points import ZERO
from model.world import Reason, World


@dataclass
class Money:
    world: World
    address: str
    decimals: int
    balances: Counter[str] = field(default_factory=Counter)

    def mint(self, holder: str, amount: int) -> None:
        self.balances[holder] += amount
        self.world.emit(self.address, "Transfer", ZERO, holder, amount)

    def move(self, sender: str, receiver: str, amount: int) -> None:
        self.balances[sender] -= amount
        self.balances[receiver] += amount
        self.world.emit(self.address, "Transfer", sender, receiver, amount)

    def short(self, holder: str, amount: int) -> list[Reason]:
        balance = self.balances[holder]
        if amount <= balance:
            return []
        arguments = (holder, balance, amount)
        return [Reason("ERC20InsufficientBalance", arguments, "BalanceTooSmall")]

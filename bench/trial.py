"""What takes part in the comparison, and how it is tried."""

from collections.abc import Callable
from dataclasses import dataclass

from web3.contract import Contract

from bench.chain import Chain
from bench.compiler import Contracts
from bench.erc20 import Figures


@dataclass(frozen=True)
class Trial:
    """One rival's turn: a chain, and its contracts compiled in one way."""

    chain: Chain
    contracts: Contracts
    way: str

    def deploy(self, name: str, *arguments: object, label: str = "") -> Contract:
        unique = f"{name} {label} {self.way}"
        return self.chain.deploy(unique, self.contracts[name], *arguments)


@dataclass(frozen=True)
class Rival:
    """Contracts that do something that ours do.

    Args:
        name: Its name, for people.
        lacks: What ours do at the same price, and it does not.
        measure: Carries out its operations.
    """

    name: str
    lacks: str
    measure: Callable[[Trial], Figures]


NO_LIFE = "Points neither expire nor freeze."

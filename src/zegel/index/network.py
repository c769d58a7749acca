"""What an index is of: one network of contracts on one chain."""

from dataclasses import dataclass

from zegel.deploy.suite import Suite
from zegel.index import schema


@dataclass(frozen=True)
class About:
    """The row of the table `about`. Addresses are in lower case."""

    version: int
    chain_id: int
    genesis: str
    registry: str
    exchange: str
    desk: str
    drops: str
    charters: str
    first_block: int
    money: str
    money_symbol: str
    money_decimals: int

    @property
    def contracts(self) -> dict[str, str]:
        """The contracts that stand from the beginning, with their kinds."""
        return {
            self.registry: "IssuerRegistry",
            self.exchange: "PointExchange",
            self.desk: "OfflineDesk",
            self.drops: "AwardDrop",
            self.charters: "RewardCharter",
        }


def about(suite: Suite) -> About:
    """What an index of a suite says of itself."""
    # Any ERC-20 has these, and so has the interface of our tokens.
    money = suite.connection.contract("IPointToken", suite.settlement_token.address)
    return About(
        version=schema.VERSION,
        chain_id=suite.connection.chain_id,
        genesis=suite.connection.genesis,
        registry=suite.registry.address.lower(),
        exchange=suite.exchange.address.lower(),
        desk=suite.desk.address.lower(),
        drops=suite.drop.address.lower(),
        charters=suite.charter.address.lower(),
        first_block=suite.first_block,
        money=money.address.lower(),
        money_symbol=money.functions.symbol().call(),
        money_decimals=money.functions.decimals().call(),
    )

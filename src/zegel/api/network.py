"""Where everything stands: what a wallet needs to know before it asks anything else."""

from fastapi import APIRouter

from zegel.api.service import Here
from zegel.api.values import Address, Body, Seconds, checksummed
from zegel.chain.connection import Connection
from zegel.deploy.suite import Suite

router = APIRouter(prefix="/v1", tags=["network"])

_NAMES = {
    1: "Ethereum",
    10: "OP Mainnet",
    100: "Gnosis",
    137: "Polygon",
    8453: "Base",
    42161: "Arbitrum One",
    11155111: "Sepolia",
}


class Contracts(Body):
    """The contracts of the network."""

    registry: Address
    exchange: Address
    desk: Address
    drop: Address
    charter: Address
    verifier: Address
    settlement_token: Address


class Settlement(Body):
    """The money in which issuers settle."""

    symbol: str
    decimals: int


class NetworkBody(Body):
    """The chain, the contracts, and how far the index is. `verifier` checks passkeys."""

    chain_id: int
    name: str
    rpc: str
    development: bool
    demo: bool
    relay: bool
    first_block: int
    block: int
    time: Seconds
    contracts: Contracts
    settlement: Settlement
    explorer: str | None


@router.get("/network")
def network(here: Here) -> NetworkBody:
    """The chain, the contracts and the last block that is indexed."""
    with here.index.reading() as database:
        snapshot = here.snapshots.within(database)
    suite, head, money = here.suite, snapshot.head, snapshot.network.money
    connection = suite.connection
    return NetworkBody(
        chain_id=connection.chain_id,
        name=here.settings.network_name or name_of(connection),
        rpc=here.settings.rpc,
        development=connection.is_development,
        demo=here.settings.demo,
        relay=here.relay is not None,
        first_block=suite.first_block,
        block=head.number,
        time=head.timestamp,
        contracts=_contracts(suite, here.passkeys),
        settlement=Settlement(symbol=money.symbol, decimals=money.decimals),
        explorer=here.settings.explorer,
    )


def name_of(connection: Connection) -> str:
    """What people call a chain."""
    if connection.is_development:
        return "Local chain"
    return _NAMES.get(connection.chain_id, f"Chain {connection.chain_id}")


def _contracts(suite: Suite, passkeys: str) -> Contracts:
    return Contracts(
        registry=suite.registry.address,
        exchange=suite.exchange.address,
        desk=suite.desk.address,
        drop=suite.drop.address,
        charter=suite.charter.address,
        verifier=checksummed(passkeys),
        settlement_token=suite.settlement_token.address,
    )

"""A node of a chain, and the contracts on it."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

import requests
from eth_typing import ChecksumAddress
from web3 import HTTPProvider, Web3
from web3.contract import Contract
from web3.exceptions import Web3RPCError
from web3.types import RPCEndpoint, RPCResponse

from zegel.chain import artifacts
from zegel.chain.node import Patience
from zegel.errors import ChainError, WrongChain

# Anvil's and Ganache's, and Hardhat's: chains that come and go.
DEVELOPMENT_CHAINS = frozenset({1337, 31337})

_SECONDS_TO_ANSWER = 60

_T = TypeVar("_T")


class Connection:
    """A connection to one node. Nothing is asked before the first use."""

    def __init__(self, url: str) -> None:
        self.url = url
        # web3 asks for the chain's id before every transaction; it need not ask the node.
        self.web3 = Web3(
            _Provider(
                url,
                request_kwargs={"timeout": _SECONDS_TO_ANSWER},
                cache_allowed_requests=True,
                cacheable_requests={RPCEndpoint("eth_chainId")},
            )
        )
        self._contracts: dict[tuple[str, str], Contract] = {}

    def __repr__(self) -> str:
        return f"Connection({self.url!r})"

    @cached_property
    def chain_id(self) -> int:
        return self.web3.eth.chain_id

    @cached_property
    def genesis(self) -> str:
        """The hash of the first block. It tells chains apart that have the same chain id."""
        return self.web3.eth.get_block(0)["hash"].to_0x_hex()

    @property
    def is_development(self) -> bool:
        """Whether this is a local chain that comes and goes, with money that is worth nothing."""
        return self.chain_id in DEVELOPMENT_CHAINS

    def contract(self, name: str, address: str) -> Contract:
        """The contract at an address, seen through the ABI of the contract or interface `name`."""
        # Reading an ABI takes web3 longer than asking the node.
        key = name, address
        if key not in self._contracts:
            abi = artifacts.load(name).abi
            self._contracts[key] = self.web3.eth.contract(
                Web3.to_checksum_address(address), abi=abi
            )
        return self._contracts[key]

    def code(self, address: ChecksumAddress) -> bytes:
        """The code at an address; empty if there is no contract."""
        return bytes(self.web3.eth.get_code(address))

    def timestamp(self) -> int:
        """The time of the latest block, in Unix seconds."""
        return self.web3.eth.get_block("latest")["timestamp"]

    def patiently(self, ask: Callable[[], _T], patience: Patience = Patience()) -> _T:  # noqa: B008
        """What web3 is told, asked again as often as `zegel.chain.node` asks."""
        try:
            return patience.insist(ask, ChainError, Web3RPCError)
        except (ChainError, Web3RPCError) as error:
            raise ChainError(f"{self.url} does not answer: {error}") from error


def connect(url: str, expected_chain_id: int | None = None) -> Connection:
    """A connection to a node that answers, and to the chain that is expected."""
    connection = Connection(url)
    found = connection.chain_id
    if expected_chain_id is not None and found != expected_chain_id:
        raise WrongChain(
            f"{url} is chain {found}, not {expected_chain_id}: "
            f"name the node of chain {expected_chain_id}"
        )
    return connection


class _Provider(HTTPProvider):
    """web3's HTTP provider, with one error of ours for a node that does not answer."""

    def make_request(self, method: RPCEndpoint, params: Any) -> RPCResponse:
        try:
            return super().make_request(method, params)
        except requests.ConnectionError:
            raise ChainError(
                f"no node answers at {self.endpoint_uri}: start one, or mend the address"
            ) from None
        except requests.RequestException as error:
            raise ChainError(f"{self.endpoint_uri} failed at {method}: {error}") from error
        except ValueError as error:
            raise ChainError(
                f"{self.endpoint_uri} is no node of a chain: {method} got no JSON back"
            ) from error

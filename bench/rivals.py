"""What the same operations cost with the contracts that one would take instead of ours.

Each rival is measured in every way of bench/compiler.py, and the lowest figure counts.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from web3.contract import Contract
from zegel_env import ROOT

from bench import erc20
from bench.artifacts import Compiled, compiled
from bench.chain import Chain, topic
from bench.compiler import Contracts
from bench.drops import RIVALS as DROPS
from bench.erc20 import Figures
from bench.naive import naive_programs
from bench.setting import (
    ADMIN,
    AMOUNT,
    AWARDER,
    BALANCE,
    BATCHES,
    CROWDS,
    FRIEND,
    ISSUER,
    LEAST,
    MEMBER,
    SHOPPER,
    SUPPLY,
    UNLIMITED,
)
from bench.signatures import DEADLINE
from bench.signed_rivals import SIGNED
from bench.trial import NO_LIFE, Rival, Trial

UNISWAP = ROOT / "node_modules" / "@uniswap"


@dataclass(frozen=True)
class Cited:
    """A figure of contracts that no package registry has, so that it cannot be measured here."""

    operation: str
    name: str
    gas: int
    source: str


def measure(chain: Chain, ways: dict[str, Contracts]) -> dict[str, dict[str, int]]:
    """For each operation the lowest gas of each rival, for the whole transaction."""
    lowest: dict[str, dict[str, int]] = {}
    for rival in RIVALS:
        for way, contracts in ways.items():
            trial = Trial(chain, contracts, f"of {rival.name}, {way}")
            for operation, sent in rival.measure(trial).items():
                figures = lowest.setdefault(operation, {})
                figures[rival.name] = min(sent.gas, figures.get(rival.name, sent.gas))
    return lowest


def open_zeppelin(trial: Trial) -> Figures:
    return plain_token(trial, "OpenZeppelinToken")


def solady(trial: Trial) -> Figures:
    return plain_token(trial, "SoladyToken")


def plain_token(trial: Trial, name: str) -> Figures:
    token = trial.deploy(name, MEMBER.address, SUPPLY)
    burn = token.functions.burn(AMOUNT)
    return {
        **erc20.transfers(trial.chain, token),
        **erc20.permits(trial.chain, token, "Points"),
        "redeem": trial.chain.send(MEMBER.address, burn),
    }


def open_zeppelin_minter(trial: Trial) -> Figures:
    token = trial.deploy("OpenZeppelinRoleToken", ADMIN)
    role = topic("MINTER_ROLE")
    trial.chain.send(ADMIN, token.functions.grantRole(role, AWARDER))
    return mints(trial, token)


def solady_minter(trial: Trial) -> Figures:
    token = trial.deploy("SoladyRoleToken", ADMIN)
    role = trial.chain.read(token.functions.MINTER_ROLE())
    trial.chain.send(ADMIN, token.functions.grantRoles(AWARDER, role))
    return mints(trial, token)


def mints(trial: Trial, token: Contract) -> Figures:
    send, mint = trial.chain.send, token.functions.mint
    send(AWARDER, mint(MEMBER.address, BALANCE))
    figures = {
        "award/new": send(AWARDER, mint(SHOPPER, AMOUNT)),
        "award/holder": send(AWARDER, mint(SHOPPER, AMOUNT)),
    }
    for operation, crowd in batches():
        call = token.functions.mintBatch(crowd, [AMOUNT] * len(crowd))
        figures[operation] = send(AWARDER, call)
    return figures


def open_zeppelin_drop(trial: Trial) -> Figures:
    return drops(trial, "OpenZeppelinToken")


def solady_drop(trial: Trial) -> Figures:
    return drops(trial, "SoladyToken")


def drops(trial: Trial, token_name: str) -> Figures:
    token = trial.deploy(token_name, AWARDER, SUPPLY)
    loop = trial.deploy("TransferLoop")
    trial.chain.send(AWARDER, token.functions.approve(loop.address, UNLIMITED))
    # As with us, the tool's own account exists before the first measured batch.
    trial.chain.send(AWARDER, token.functions.transfer(loop.address, AMOUNT))
    figures = {}
    for operation, crowd in batches():
        amounts = [AMOUNT] * len(crowd)
        call = loop.functions.drop(token.address, crowd, amounts, sum(amounts))
        figures[operation] = trial.chain.send(AWARDER, call)
    return figures


def batches() -> Iterator[tuple[str, list[str]]]:
    """Each crowd twice: first its members are new, then they are holders."""
    for size in BATCHES:
        for who in ("new", "holder"):
            yield f"batch/{size}/{who}", CROWDS[size]


def naive_exchange(trial: Trial) -> Figures:
    exchange = trial.deploy("NaiveExchange", ADMIN)
    source, target = naive_programs(trial, exchange)
    convert = exchange.functions.convert
    call = convert(source.address, target.address, AMOUNT, LEAST, MEMBER.address, DEADLINE)
    return {
        "convert/new": trial.chain.send(MEMBER.address, call),
        "convert/holder": trial.chain.send(MEMBER.address, call),
    }


def uniswap_on_open_zeppelin(trial: Trial) -> Figures:
    return swaps(trial, "OpenZeppelinToken")


def uniswap_on_solady(trial: Trial) -> Figures:
    return swaps(trial, "SoladyToken")


def swaps(trial: Trial, token_name: str) -> Figures:
    chain, label = trial.chain, trial.way
    factory = chain.deploy(f"factory {label}", uniswap("v2-core", "UniswapV2Factory"), ADMIN)
    router = chain.deploy(
        f"router {label}", uniswap("v2-periphery", "UniswapV2Router02"), factory.address, ADMIN
    )
    source, target = (
        trial.deploy(token_name, ISSUER, SUPPLY, label=label) for label in ("source", "target")
    )
    for holder in (FRIEND, MEMBER.address):
        chain.send(ISSUER, source.functions.transfer(holder, BALANCE))
    for token in (source, target):
        for holder in (ISSUER, FRIEND, MEMBER.address):
            chain.send(holder, token.functions.approve(router.address, UNLIMITED))
    pools = SUPPLY // 2, SUPPLY * 2 // 5
    pair = source.address, target.address
    chain.send(ISSUER, router.functions.addLiquidity(*pair, *pools, 0, 0, ISSUER, DEADLINE))
    swap = router.functions.swapExactTokensForTokens
    # The first swap of a pair pays for its price counters.
    chain.send(FRIEND, swap(AMOUNT, LEAST, pair, FRIEND, DEADLINE))
    call = swap(AMOUNT, LEAST, pair, MEMBER.address, DEADLINE)
    first = chain.send(MEMBER.address, call)
    later = chain.send(MEMBER.address, call)
    return {"convert/new": first, "convert/holder": later, "convert/fee": later}


def uniswap(package: str, name: str) -> Compiled:
    """The code that Uniswap itself has published, and deployed."""
    build = json.loads((UNISWAP / package / "build" / f"{name}.json").read_text())
    return compiled(build["abi"], build["bytecode"])


NO_BUDGET = f"{NO_LIFE} No budget, no reference; a batch that is sent twice is awarded twice."
MINTED = f"{NO_LIFE} It moves points that were made before; a batch can be sent twice."
CURVE = (
    "The price is a curve's, not the issuers', and someone must lend points to the pool; the fee "
    "stays there. As with us each conversion has a block of its own, so it writes the pair's price "
    "counters, some 10,000 gas."
)

RIVALS = (
    Rival("OpenZeppelin ERC20Permit", NO_LIFE, open_zeppelin),
    Rival("Solady ERC20", NO_LIFE, solady),
    Rival("OpenZeppelin, minter role", NO_BUDGET, open_zeppelin_minter),
    Rival("Solady, minter role", NO_BUDGET, solady_minter),
    Rival("transfer loop, OpenZeppelin", MINTED, open_zeppelin_drop),
    Rival("transfer loop, Solady", MINTED, solady_drop),
    Rival(
        "naive exchange",
        "Pair rates that open loops; debts are noted, not paid; no quote, no limits, no pause.",
        naive_exchange,
    ),
    Rival("Uniswap v2, OpenZeppelin", CURVE, uniswap_on_open_zeppelin),
    Rival("Uniswap v2, Solady", CURVE, uniswap_on_solady),
    *SIGNED,
    *DROPS,
)

CITED = (
    Cited(
        "sponsored/later",
        "USDC, transferWithAuthorization",
        78_453,
        "circlefin/stablecoin-evm 46e61d0, FiatTokenV2_2 without its proxy; every nonce is a slot",
    ),
    Cited(
        "convert/holder",
        "AirSwap, swapLight",
        85_710,
        "airswap/airswap-protocols a117f69, SwapERC20: an order that a maker has signed",
    ),
    Cited(
        "award/holder",
        "ERC-7818 reference, mint",
        132_528,
        "Kiwari MockERC20BLSW fd9100f: the other points that expire; no budget, no reference",
    ),
)

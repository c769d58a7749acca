"""What the same operations cost with the contracts that one would take instead of ours.

Each rival is measured in every way of bench/compiler.py, and the lowest figure counts.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from web3.contract import Contract
from zegel_env import ROOT

from bench import erc20
from bench.artifacts import Compiled, compiled
from bench.chain import Chain, Sent, topic
from bench.compiler import Contracts
from bench.erc20 import Figures
from bench.setting import (
    ADMIN,
    AMOUNT,
    AWARDER,
    BALANCE,
    BATCHES,
    CROWDS,
    FRIEND,
    ISSUER,
    MEMBER,
    NEWCOMER,
    RELAYER,
    SHOPPER,
    UNLIMITED,
)
from bench.signatures import DEADLINE, Domain, sign

UNISWAP = ROOT / "node_modules" / "@uniswap"

SUPPLY = 10**9
# What remains of an amount after a conversion, for the rivals as for us: four fifths.
RATE = 8 * 10**17
LEAST = 1_190


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
    tokens = [
        trial.deploy("OpenZeppelinRoleToken", ADMIN, label=label) for label in ("source", "target")
    ]
    minter, burner = topic("MINTER_ROLE"), topic("BURNER_ROLE")
    for token in tokens:
        for role in (minter, burner):
            trial.chain.send(ADMIN, token.functions.grantRole(role, exchange.address))
        trial.chain.send(ADMIN, token.functions.grantRole(minter, AWARDER))
    source, target = tokens
    for holder in (FRIEND, MEMBER.address):
        trial.chain.send(AWARDER, source.functions.mint(holder, BALANCE))
    pair = source.address, target.address
    trial.chain.send(ADMIN, exchange.functions.setRate(*pair, RATE))
    convert = exchange.functions.convert
    # Someone has converted before, so that the issuers' slots are in use.
    trial.chain.send(FRIEND, convert(*pair, AMOUNT, LEAST, FRIEND, DEADLINE))
    call = convert(*pair, AMOUNT, LEAST, MEMBER.address, DEADLINE)
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


def forwarder(trial: Trial) -> Figures:
    chain = trial.chain
    forwarder = trial.deploy("Forwarder")
    token = trial.deploy("ForwardedToken", forwarder.address, MEMBER.address, SUPPLY)
    chain.send(MEMBER.address, token.functions.transfer(NEWCOMER, AMOUNT))
    return {
        "sponsored/first": forwarded_transfer(chain, forwarder, token, 0),
        "sponsored/later": forwarded_transfer(chain, forwarder, token, 1),
    }


def forwarded_transfer(chain: Chain, forwarder: Contract, token: Contract, nonce: int) -> Sent:
    transfer = token.functions.transfer(NEWCOMER, AMOUNT)._encode_transaction_data()
    signed = sign(
        MEMBER,
        Domain("Forwarder", chain.id, forwarder.address),
        "ForwardRequest",
        lambda number: {
            "from": MEMBER.address,
            "to": token.address,
            "value": 0,
            "gas": 50_000,
            "nonce": nonce,
            "deadline": DEADLINE + number,
            "data": bytes.fromhex(transfer[2:]),
        },
    )
    request = {name: value for name, value in signed.values.items() if name != "nonce"}
    signature = signed.r + signed.s + bytes([signed.v])
    call = forwarder.functions.execute((*request.values(), signature))
    return chain.send(RELAYER, call)


def permit_on_open_zeppelin(trial: Trial) -> Figures:
    return permit_and_transfer(trial, "OpenZeppelinToken")


def permit_on_solady(trial: Trial) -> Figures:
    return permit_and_transfer(trial, "SoladyToken")


def permit_and_transfer(trial: Trial, token_name: str) -> Figures:
    """Two transactions of the relayer for each transfer; each permit is for what it moves."""
    chain = trial.chain
    token = trial.deploy(token_name, MEMBER.address, SUPPLY)
    chain.send(MEMBER.address, token.functions.transfer(NEWCOMER, AMOUNT))
    figures = {}
    for nonce, operation in enumerate(("sponsored/first", "sponsored/later")):
        permit = erc20.permit(chain, token, "Points", RELAYER, nonce)
        call = token.functions.transferFrom(MEMBER.address, NEWCOMER, AMOUNT)
        transfer = chain.send(RELAYER, call)
        figures[operation] = Sent(permit.gas + transfer.gas, permit.data + transfer.data)
    return figures


NO_LIFE = "Points neither expire nor freeze."
NO_BUDGET = f"{NO_LIFE} No budget, no reference; a batch that is sent twice is awarded twice."
MINTED = f"{NO_LIFE} It moves points that were made before; a batch can be sent twice."
CURVE = (
    "The price is a curve's, not the issuers', and someone must lend points to the pool; the fee "
    "stays there. As with us each conversion has a block of its own, so it writes the pair's price "
    "counters, some 10,000 gas."
)
PERMITS = f"{NO_LIFE} Two transactions."

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
    Rival("ERC-2771 forwarder, OpenZeppelin", NO_LIFE, forwarder),
    Rival("permit and transferFrom, OpenZeppelin", PERMITS, permit_on_open_zeppelin),
    Rival("permit and transferFrom, Solady", PERMITS, permit_on_solady),
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

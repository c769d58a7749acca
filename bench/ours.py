"""What every operation of ours costs."""

from web3.contract import Contract
from web3.contract.contract import ContractFunction

from bench import charters, drops, offline, sponsored
from bench.artifacts import Compiled
from bench.chain import DAY, START, Chain, Sent, topic
from bench.erc20 import Figures, permits, transfers
from bench.setting import (
    AMOUNT,
    AWARDER,
    BALANCE,
    BATCHES,
    CROWDS,
    EURO,
    ISSUER,
    LEAST,
    MEMBER,
    REFERENCE,
    SHOPPER,
    TREASURY,
)
from bench.signatures import DEADLINE
from bench.suite import Sizes, Suite

# Days in the next quarter, and in the first one in which this quarter's points have expired.
NEXT_EPOCH = START + 30 * DAY
EXPIRED = START + 300 * DAY

# In millionths of the value.
FEE = 2_500
NO_FEE = 0


def measure(chain: Chain, contracts: dict[str, Compiled]) -> tuple[Figures, Sizes]:
    """The gas of all operations, and the sizes of the contracts."""
    suite = Suite(chain, contracts)
    network = suite.create_network("without a fee", NO_FEE)
    exchange = network.exchange
    air, _ = suite.create_program("AIR", exchange)
    fuel, creation = suite.create_program("FUEL", exchange)
    figures = {
        "program/create": creation,
        **awards(suite, air),
        **transfers(chain, air),
        **permits(chain, air, "AIR points"),
        **sponsored.transfers(suite, air),
        "redeem": chain.send(MEMBER.address, air.functions.redeem(AMOUNT, REFERENCE)),
        "sponsored/redeem": sponsored.redemption(suite, air),
        **conversions(suite, exchange, air, fuel),
        **conversion_that_carries_expiry(suite, exchange),
        **accounts_of_issuers(suite, exchange, air),
        **offline.payments(suite, network),
        **drops.claims(suite, air),
        **charters.rewards(suite, air),
        **batches(suite, air),
        **conversion_with_fee(suite),
    }
    # They move the clock, so they come last.
    return {**figures, **batches_over_time(suite, air)}, suite.sizes(network, air)


def awards(suite: Suite, token: Contract) -> Figures:
    """Single awards on a day on which the awarder has awarded before."""
    send, award = suite.chain.send, token.functions.award
    send(AWARDER, award(MEMBER.address, BALANCE, REFERENCE))
    return {
        "award/new": send(AWARDER, award(SHOPPER, AMOUNT, REFERENCE)),
        "award/holder": send(AWARDER, award(SHOPPER, AMOUNT, REFERENCE)),
    }


def batches(suite: Suite, token: Contract) -> Figures:
    """Each crowd is awarded twice: first its members are new, then they hold points."""
    figures = {}
    for size in BATCHES:
        for who in ("new", "holder"):
            figures[f"batch/{size}/{who}"] = award_batch(suite, token, size, who)
    return figures


def batches_over_time(suite: Suite, token: Contract) -> Figures:
    """The same crowd in the next quarter, and when its first points have expired."""
    figures = {}
    for who, timestamp in (("aged", NEXT_EPOCH), ("expired", EXPIRED)):
        suite.chain.next_block_at(timestamp)
        # The first award of a day pays for the awarder's new day.
        suite.chain.send(AWARDER, token.functions.award(MEMBER.address, AMOUNT, REFERENCE))
        figures[f"batch/500/{who}"] = award_batch(suite, token, 500, who)
    return figures


def award_batch(suite: Suite, token: Contract, size: int, occasion: str) -> Sent:
    words = [int(member, 16) << 96 | AMOUNT for member in CROWDS[size]]
    batch = topic(f"batch of {size}: {occasion}")
    return suite.chain.send(AWARDER, token.functions.awardBatch(batch, words))


def conversions(suite: Suite, exchange: Contract, source: Contract, target: Contract) -> Figures:
    call = conversion(exchange, source, target)
    figures = {
        "convert/new": suite.chain.send(MEMBER.address, call),
        "convert/holder": suite.chain.send(MEMBER.address, call),
        "sponsored/convert": sponsored.conversion(suite, exchange, source, target),
    }
    limits = (1_000 * EURO, 1_000 * EURO, 0)
    for token in (source, target):
        suite.chain.send(ISSUER, exchange.functions.setDailyLimits(token.address, limits))
    # The first conversion under limits pays for the count of a program's use.
    suite.chain.send(MEMBER.address, call)
    return {**figures, "convert/limits": suite.chain.send(MEMBER.address, call)}


def conversion_that_carries_expiry(suite: Suite, exchange: Contract) -> Figures:
    return {"convert/carry": later_conversion(suite, exchange, "BIKE", "TRAM", carries=True)}


def conversion_with_fee(suite: Suite) -> Figures:
    exchange = suite.create_network("with a fee", FEE).exchange
    return {"convert/fee": later_conversion(suite, exchange, "RAIL", "SHOP", carries=False)}


def later_conversion(
    suite: Suite, exchange: Contract, source_symbol: str, target_symbol: str, *, carries: bool
) -> Sent:
    """A member's second conversion, between new programs."""
    source, _ = suite.create_program(source_symbol, exchange)
    target, _ = suite.create_program(target_symbol, exchange)
    suite.chain.send(ISSUER, exchange.functions.setCarryExpiry(target.address, carries))
    award = source.functions.award(MEMBER.address, BALANCE, REFERENCE)
    suite.chain.send(AWARDER, award)
    call = conversion(exchange, source, target)
    suite.chain.send(MEMBER.address, call)
    return suite.chain.send(MEMBER.address, call)


def conversion(exchange: Contract, source: Contract, target: Contract) -> ContractFunction:
    return exchange.functions.convert(
        source.address, target.address, AMOUNT, LEAST, MEMBER.address, DEADLINE
    )


def accounts_of_issuers(suite: Suite, exchange: Contract, token: Contract) -> Figures:
    """Money in and out of an account that holds some, the payee holding some as well."""
    fund = exchange.functions.fund(token.address, 15 * EURO)
    withdraw = exchange.functions.withdraw(token.address, TREASURY, 15 * EURO)
    return {
        "account/fund": suite.chain.send(ISSUER, fund),
        "account/withdraw": suite.chain.send(ISSUER, withdraw),
    }

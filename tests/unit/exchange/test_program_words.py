"""A program is one word: what stands side by side in it never touches.

given the last version that there is room for
  prices and terms cannot change any more, and say so
  it touches neither the flag beside it nor anything else
given the flag for carried expiry beside a version
  versions count on as if it were not there

Spec: X10
"""

import pytest
from brownie import web3
from eth_abi import encode
from eth_utils import keccak
from support.errors import refused
from support.events import plain
from support.market import PRICE

LAST_VERSION = 2**23 - 1
VERSION_SHIFT = 224


@pytest.fixture
def set_version(exchange, air):
    """Writes the version of AIR into storage: nobody changes prices eight million times."""
    place = "0x" + keccak(encode(["address", "uint256"], [air.address, 0])).hex()

    def setting(version):
        word = int.from_bytes(web3.eth.get_storage_at(exchange.address, place), "big")
        bid, ask, *_ = exchange.programOf(air)
        assert (word % 2**64, (word >> 64) % 2**64) == (bid, ask), "the word stands elsewhere"
        kept = word & ~(LAST_VERSION << VERSION_SHIFT)
        changed = f"0x{kept | version << VERSION_SHIFT:064x}"
        web3.provider.make_request("anvil_setStorageAt", [exchange.address, place, changed])

    return setting


@pytest.mark.parametrize("carries", [True, False])
def test_last_version_is_the_last(exchange, air, fuel, issuer, pricer, set_version, carries):
    exchange.setCarryExpiry(air, carries, {"from": issuer})
    set_version(LAST_VERSION - 1)
    before = plain(exchange.programOf(air))

    tx = exchange.setPrices(air, PRICE, PRICE, {"from": pricer})

    assert tx.events["PricesSet"]["version"] == LAST_VERSION
    assert exchange.carriesExpiry(air) is carries
    # Account and flags stay as they were.
    after = plain(exchange.programOf(air))
    assert after == (PRICE, PRICE, before[2], LAST_VERSION, before[4])
    with refused("TooManyPriceChanges"):
        exchange.setPrices(air, PRICE, PRICE, {"from": pricer})
    with refused("TooManyPriceChanges"):
        exchange.setTerms(air, fuel, (0, 0, 0, False), {"from": pricer})
    assert plain(exchange.programOf(air)) == after
    assert exchange.carriesExpiry(air) is carries


def test_versions_count_on_beside_the_flag(exchange, air, issuer, pricer):
    exchange.setCarryExpiry(air, True, {"from": issuer})
    first = exchange.programOf(air)[3]

    for number in range(1, 4):
        exchange.setPrices(air, PRICE, PRICE + number, {"from": pricer})
        assert exchange.programOf(air)[3] == first + number

    assert exchange.carriesExpiry(air) is True

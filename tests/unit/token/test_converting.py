"""The exchange takes points from members and gives them others; the issuer can shut it out.

"The exchange" is the contract that the token was created with, or an account with the role.

burnFor
  it destroys the member's oldest points, and says of which generations they were
  given the member has too little
    it is refused
mintFor
  it creates points of this epoch's generation
  given lots, it creates points of each of their generations
  given a generation is full, lots with an epoch or flags, or the zero address
    it is refused
both
  given the caller is neither the exchange nor has the role
    they are refused, also the issuer
  given the role was revoked
    they are refused
  given the issuer has shut the exchange out
    they are refused to all, until it is let in again
switchExchange
  it shuts the exchange out and lets it in again
  given it stands so already
    it says so once more

Spec: T11, T26, T27
"""

import pytest
from brownie import accounts
from support import roles
from support.clock import travel_to, utc
from support.errors import refused
from support.events import ZERO, assert_events
from support.words import LANE_MAX, lots, stored_lots


@pytest.fixture
def market(exchange):
    """The exchange itself, as a sender."""
    return accounts.at(exchange.address, force=True)


@pytest.fixture
def later_market(token, issuer, relayer):
    """A later version of the exchange."""
    token.grantRole(roles.EXCHANGE, relayer, {"from": issuer})
    return relayer


@pytest.fixture(params=["market", "later_market"])
def caller(request):
    """Either kind of exchange."""
    return request.getfixturevalue(request.param)


def test_convert_out_destroys_the_oldest_points(token, give, caller, member, other_member):
    give(member, 40)
    give(other_member, 6)
    travel_to(utc(2026, 4, 1))
    give(member, 2)

    tx = token.burnFor(member, 41, {"from": caller})

    # One of this epoch's, forty of the one before.
    assert tx.return_value == lots(0, 1, 40)
    assert token.accountWord(member) == lots(2, 1)
    assert token.totalSupply() == 7
    assert_events(tx, (token, "Transfer", member, ZERO, 41))


def test_convert_out_of_too_much_is_refused(token, give, caller, member):
    give(member, 40)

    with refused("ERC20InsufficientBalance", member, 40, 41):
        token.burnFor(member, 41, {"from": caller})


def test_convert_in_creates_points_of_this_epoch(token, give, caller, member):
    give(member, 40)
    travel_to(utc(2026, 4, 1))

    tx = token.mintFor(member, 2, {"from": caller})

    assert tx.return_value == 2
    assert token.accountWord(member) == stored_lots(token.supplyWord()) == lots(2, 2, 40)
    assert_events(tx, (token, "Transfer", ZERO, member, 2))


def test_convert_in_needs_room(token, give, caller, member, other_member):
    give(other_member, 10)

    with refused("GenerationFull", 1, LANE_MAX - 9, LANE_MAX - 10):
        token.mintFor(member, LANE_MAX - 9, {"from": caller})

    token.mintFor(member, LANE_MAX - 10, {"from": caller})
    assert token.totalSupply() == LANE_MAX


def test_convert_in_creates_points_of_older_generations(token, give, caller, member):
    give(member, 40)
    travel_to(utc(2026, 10))

    tx = token.mintFor(member, lots(0, 0, 7, 0, 3), {"from": caller})

    assert tx.return_value == 10
    assert token.accountWord(member) == stored_lots(token.supplyWord()) == lots(4, 0, 7, 0, 43)
    assert token.balanceOf(member) == token.totalSupply() == 50
    assert_events(tx, (token, "Transfer", ZERO, member, 10))


def test_convert_in_needs_room_in_every_generation(token, give, caller, member, other_member):
    give(other_member, 10)
    travel_to(utc(2026, 4))

    with refused("GenerationFull", 1, LANE_MAX - 9, LANE_MAX - 10):
        token.mintFor(member, lots(0, 1, LANE_MAX - 9), {"from": caller})

    token.mintFor(member, lots(0, 1, LANE_MAX - 10), {"from": caller})
    assert token.totalSupply() == LANE_MAX + 1


@pytest.mark.parametrize("epoch", [1, 2, 2**16, 2**63])
def test_convert_in_takes_lanes_only(token, caller, member, epoch):
    with refused("InvalidLots", lots(epoch, 5)):
        token.mintFor(member, lots(epoch, 5), {"from": caller})


def test_convert_in_to_the_zero_address_is_refused(token, caller):
    with refused("ERC20InvalidReceiver", ZERO):
        token.mintFor(ZERO, 1, {"from": caller})
    with refused("ERC20InvalidReceiver", ZERO):
        token.mintFor(ZERO, lots(0, 0, 1), {"from": caller})


def test_only_an_exchange_converts(token, give, issuer, awarder, corrector, member, outsider):
    give(member, 40)

    for stranger in (issuer, awarder, corrector, member, outsider):
        with refused("NotExchange", stranger):
            token.burnFor(member, 1, {"from": stranger})
        with refused("NotExchange", stranger):
            token.mintFor(member, 1, {"from": stranger})

    assert token.totalSupply() == 40


def test_revoked_exchange_does_not_convert(token, give, later_market, issuer, member):
    give(member, 40)
    token.revokeRole(roles.EXCHANGE, later_market, {"from": issuer})

    with refused("NotExchange", later_market):
        token.burnFor(member, 1, {"from": later_market})
    with refused("NotExchange", later_market):
        token.mintFor(member, 1, {"from": later_market})


def test_exchange_is_shut_out_and_let_in(token, give, caller, guardian, issuer, member):
    give(member, 40)
    assert token.isExchangeOn() is True

    tx = token.switchExchange(False, {"from": guardian})

    assert token.isExchangeOn() is False
    assert_events(tx, (token, "ExchangeSwitched", guardian, False))
    with refused("ExchangeOff"):
        token.burnFor(member, 1, {"from": caller})
    with refused("ExchangeOff"):
        token.mintFor(member, 1, {"from": caller})
    assert token.totalSupply() == 40

    tx = token.switchExchange(True, {"from": issuer})

    assert token.isExchangeOn() is True
    assert_events(tx, (token, "ExchangeSwitched", issuer, True))
    token.burnFor(member, 1, {"from": caller})
    assert token.totalSupply() == 39


def test_switching_twice_changes_nothing(token, give, guardian, issuer, member):
    give(member, 40)
    word = token.supplyWord()

    token.switchExchange(True, {"from": issuer})
    assert token.supplyWord() == word

    token.switchExchange(False, {"from": guardian})
    word = token.supplyWord()
    tx = token.switchExchange(False, {"from": guardian})
    assert token.supplyWord() == word
    assert_events(tx, (token, "ExchangeSwitched", guardian, False))


def test_switch_lasts_into_later_epochs(token, give, caller, guardian, member):
    token.switchExchange(False, {"from": guardian})
    travel_to(utc(2028, 1, 1))
    give(member, 40)

    assert token.isExchangeOn() is False
    with refused("ExchangeOff"):
        token.burnFor(member, 1, {"from": caller})

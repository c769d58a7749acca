"""The admin chooses the network's exchange and desk, and hands its power on.

setNetwork
  it chooses exchange and desk of new programs; old ones keep theirs, and their suspension
  given an exchange or a desk of another registry, or a desk of another exchange
    it is refused
the admin
  is handed over in two steps, after the delay
  given the delay is not over, or the hand-over was cancelled
    it is refused
  may be given up, in two steps as well
  given the delay is changed
    a longer one waits, a shorter one waits longer

Spec: T34, R2, R5
"""

import pytest
from brownie import accounts
from support import roles
from support.clock import DAY, now, travel_to
from support.deploying import ADMIN_DELAY, OFFLINE_WINDOW, program_settings
from support.errors import refused
from support.events import ZERO, assert_events, plain
from support.words import bytes32

SUSPENDED = 1 << 3


# setNetwork


@pytest.fixture
def other_network(registry, settlement, passkeys, deployer, PointExchange, OfflineDesk):
    """Another exchange of the registry, with its desk."""
    by = {"from": deployer}
    exchange = PointExchange.deploy(settlement, registry, 0, ZERO, by)
    return exchange, OfflineDesk.deploy(registry, exchange, passkeys, OFFLINE_WINDOW, by)


def test_network_is_chosen_for_new_programs(
    registry, exchange, desk, other_network, token, operator, deployer, issuer, PointToken
):
    settings = program_settings(issuer, "NEW")
    before = registry.predictProgram(issuer, settings)

    tx = registry.setNetwork(*other_network, {"from": deployer})

    assert (registry.exchange(), registry.desk()) == other_network
    assert_events(tx, (registry, "NetworkSet", exchange, desk, *other_network))
    new = registry.createProgram(settings, {"from": issuer}).return_value
    assert new != before
    assert plain(registry.entryOf(new)) == plain((new, issuer, *other_network))
    assert (PointToken.at(new).exchange(), PointToken.at(new).desk()) == other_network
    with refused("ProgramNotListed", new):
        exchange.setPrices(new, 5, 6, {"from": issuer})
    # The old program stays where it was, and is suspended there.
    assert plain(registry.entryOf(token)) == plain((token, issuer, exchange, desk))
    registry.suspend(token, bytes32("inspection"), {"from": operator})
    assert exchange.programOf(token)["flags"] & SUSPENDED


def test_address_depends_on_the_desk_too(
    registry, exchange, passkeys, issuer, deployer, OfflineDesk
):
    by = {"from": deployer}
    settings = program_settings(issuer, "NEW")
    before = registry.predictProgram(issuer, settings)
    later = OfflineDesk.deploy(registry, exchange, passkeys, OFFLINE_WINDOW, by)

    registry.setNetwork(exchange, later, by)

    assert registry.predictProgram(issuer, settings) != before


def test_network_of_another_registry_is_refused(
    registry,
    exchange,
    desk,
    blueprint,
    passkeys,
    settlement,
    deployer,
    IssuerRegistry,
    PointExchange,
    OfflineDesk,
):
    by = {"from": deployer}
    other = IssuerRegistry.deploy(deployer, ADMIN_DELAY, blueprint, passkeys, [], by)
    foreign = PointExchange.deploy(settlement, other, 0, ZERO, by)
    foreign_desk = OfflineDesk.deploy(other, exchange, passkeys, OFFLINE_WINDOW, by)

    with refused("ExchangeMismatch", foreign):
        registry.setNetwork(foreign, desk, by)
    with refused("DeskMismatch", foreign_desk):
        registry.setNetwork(exchange, foreign_desk, by)

    assert (registry.exchange(), registry.desk()) == (exchange, desk)


def test_desk_of_another_exchange_is_refused(registry, exchange, desk, other_network, deployer):
    later, later_desk = other_network

    for network in ((later, desk), (exchange, later_desk)):
        with refused("DeskMismatch", network[1]):
            registry.setNetwork(*network, {"from": deployer})


def test_exchange_does_not_list_twice(registry, exchange, token):
    with refused("ProgramAlreadyListed", token):
        exchange.list(token, {"from": accounts.at(registry.address, force=True)})


# The admin


@pytest.fixture(params=["token", "registry"])
def governed(request, issuer, deployer):
    """A contract and its admin."""
    admin = issuer if request.param == "token" else deployer
    return request.getfixturevalue(request.param), admin


def test_admin_is_handed_over_in_two_steps(governed, member):
    contract, admin = governed
    due = now() + ADMIN_DELAY

    tx = contract.beginDefaultAdminTransfer(member, {"from": admin})
    assert_events(tx, (contract, "DefaultAdminTransferScheduled", member, due))
    assert plain(contract.pendingDefaultAdmin()) == plain((member, due))
    assert contract.defaultAdmin() == admin

    # The delay must be over, and not just run out.
    travel_to(due)
    with refused("AccessControlEnforcedDefaultAdminDelay", due):
        contract.acceptDefaultAdminTransfer({"from": member})

    travel_to(due + 1)
    tx = contract.acceptDefaultAdminTransfer({"from": member})
    assert contract.defaultAdmin() == contract.owner() == member
    assert not contract.hasRole(roles.DEFAULT_ADMIN, admin)
    assert_events(
        tx,
        (contract, "RoleRevoked", roles.DEFAULT_ADMIN, admin, member),
        (contract, "RoleGranted", roles.DEFAULT_ADMIN, member, member),
    )


def test_hand_over_can_be_cancelled(governed, member):
    contract, admin = governed
    contract.beginDefaultAdminTransfer(member, {"from": admin})

    tx = contract.cancelDefaultAdminTransfer({"from": admin})

    assert_events(tx, (contract, "DefaultAdminTransferCanceled"))
    travel_to(now() + ADMIN_DELAY + 1)
    with refused("AccessControlInvalidDefaultAdmin", member):
        contract.acceptDefaultAdminTransfer({"from": member})


def test_admin_is_given_up_in_two_steps(governed):
    contract, admin = governed
    with refused("AccessControlEnforcedDefaultAdminDelay", 0):
        contract.renounceRole(roles.DEFAULT_ADMIN, admin, {"from": admin})

    contract.beginDefaultAdminTransfer(ZERO, {"from": admin})
    travel_to(now() + ADMIN_DELAY + 1)
    contract.renounceRole(roles.DEFAULT_ADMIN, admin, {"from": admin})

    assert contract.defaultAdmin() == ZERO
    with refused("AccessControlUnauthorizedAccount", admin, roles.DEFAULT_ADMIN):
        contract.grantRole(roles.GUARDIAN, admin, {"from": admin})


@pytest.mark.parametrize(
    ("delay", "wait"), [(ADMIN_DELAY + DAY, ADMIN_DELAY + DAY), (DAY, ADMIN_DELAY - DAY)]
)
def test_change_of_the_delay_waits(governed, delay, wait):
    contract, admin = governed
    due = now() + wait

    tx = contract.changeDefaultAdminDelay(delay, {"from": admin})

    assert_events(tx, (contract, "DefaultAdminDelayChangeScheduled", delay, due))
    travel_to(due)
    assert contract.defaultAdminDelay() == ADMIN_DELAY
    travel_to(due + 1)
    assert contract.defaultAdminDelay() == delay

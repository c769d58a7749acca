"""The operator suspends programs, the admin governs the network.

suspend
  it stops the program in the exchange, not in its own shop
  when it is suspended already, it says so once more
  given a token that the registry did not create
    it is refused
reinstate
  it lets the program be converted again
setExchange
  it chooses the exchange of new programs; old ones keep theirs, and their suspension
  given an exchange of another registry
    it is refused
the admin
  is handed over in two steps, after the delay
  given the delay is not over, or the hand-over was cancelled
    it is refused
  may be given up, in two steps as well
  given the delay is changed
    a longer one waits, a shorter one waits longer

Spec: T34, R2, R4, R5
"""

import pytest
from brownie import accounts
from support import roles
from support.clock import DAY, now, travel_to
from support.deploying import ADMIN_DELAY, program_settings
from support.errors import refused
from support.events import ZERO, assert_events, plain
from support.words import bytes32

REASON = bytes32("inspection")
SUSPENDED = 1 << 3


def is_suspended(exchange, token):
    return bool(exchange.programOf(token)["flags"] & SUSPENDED)


# suspend and reinstate


def test_suspension_reaches_the_exchange(registry, exchange, token, operator):
    tx = registry.suspend(token, REASON, {"from": operator})

    assert tx.return_value is None
    assert is_suspended(exchange, token)
    assert_events(
        tx,
        (registry, "ProgramSuspended", token, operator, REASON),
        (exchange, "SuspensionSet", token, True),
    )


def test_suspended_program_still_serves_its_members(
    registry, token, give_points, operator, member, other_member, merchant
):
    give_points(member, 500)

    registry.suspend(token, REASON, {"from": operator})

    token.transfer(other_member, 100, {"from": member})
    token.redeem(100, REASON, {"from": member})
    assert token.balanceOf(member) == 300
    assert registry.isProgram(token) is True


def test_suspending_twice_is_told_twice(registry, exchange, token, operator):
    registry.suspend(token, REASON, {"from": operator})

    tx = registry.suspend(token, REASON, {"from": operator})

    assert is_suspended(exchange, token)
    assert_events(
        tx,
        (registry, "ProgramSuspended", token, operator, REASON),
        (exchange, "SuspensionSet", token, True),
    )


def test_admin_reinstates(registry, exchange, token, operator, deployer):
    registry.suspend(token, REASON, {"from": operator})
    before = plain(exchange.programOf(token))

    tx = registry.reinstate(token, REASON, {"from": deployer})

    assert not is_suspended(exchange, token)
    assert plain(exchange.programOf(token))[:4] == before[:4]
    assert_events(
        tx,
        (registry, "ProgramReinstated", token, deployer, REASON),
        (exchange, "SuspensionSet", token, False),
    )


def test_strangers_are_neither_suspended_nor_reinstated(registry, exchange, operator, deployer):
    for stranger in (exchange, ZERO):
        with refused("ProgramUnknown", stranger):
            registry.suspend(stranger, REASON, {"from": operator})
        with refused("ProgramUnknown", stranger):
            registry.reinstate(stranger, REASON, {"from": deployer})


# setExchange


def test_exchange_is_chosen_for_new_programs(
    registry, exchange, token, settlement, operator, deployer, issuer, PointToken, PointExchange
):
    later = PointExchange.deploy(settlement, registry, 0, ZERO, {"from": deployer})
    before = registry.predictProgram(issuer, program_settings(issuer, "NEW"))

    tx = registry.setExchange(later, {"from": deployer})

    assert registry.exchange() == later
    assert_events(tx, (registry, "ExchangeSet", exchange, later))
    new = registry.createProgram(program_settings(issuer, "NEW"), {"from": issuer}).return_value
    assert new != before
    assert registry.entryOf(new)["exchange"] == later
    assert PointToken.at(new).exchange() == later
    with refused("ProgramNotListed", new):
        exchange.setPrices(new, 5, 6, {"from": issuer})
    # The old program stays where it was, and is suspended there.
    assert registry.entryOf(token)["exchange"] == exchange
    registry.suspend(token, REASON, {"from": operator})
    assert is_suspended(exchange, token)


def test_exchange_of_another_registry_is_refused(
    registry, exchange, blueprint, settlement, deployer, IssuerRegistry, PointExchange
):
    other = IssuerRegistry.deploy(deployer, ADMIN_DELAY, blueprint, {"from": deployer})
    foreign = PointExchange.deploy(settlement, other, 0, ZERO, {"from": deployer})

    with refused("ExchangeMismatch", foreign):
        registry.setExchange(foreign, {"from": deployer})

    assert registry.exchange() == exchange


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

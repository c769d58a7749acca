"""The operator suspends programs at once; they come back in two steps, with a delay.

suspend
  it stops the program in the exchange, not in its own shop
  when it is suspended already, it says so once more
  it calls off a reinstatement that was scheduled
  given a token that the registry did not create
    it is refused
scheduleReinstatement
  it announces that the program may be converted again
  a second call starts the delay again
  given a token that the registry did not create
    it is refused
reinstate
  given the delay is over
    anyone lets the program be converted again
  given the delay is not over, or nothing was announced
    it is refused

Spec: R4, R14
"""

from support.clock import now, travel_to
from support.errors import refused
from support.events import ZERO, assert_events, plain
from support.words import bytes32

REASON = bytes32("inspection")
SUSPENDED = 1 << 3


def is_suspended(exchange, token):
    return bool(exchange.programOf(token)["flags"] & SUSPENDED)


# suspend


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
    registry, token, give_points, operator, member, other_member
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


def test_new_suspension_calls_the_return_off(registry, exchange, token, operator, deployer):
    registry.suspend(token, REASON, {"from": operator})
    registry.scheduleReinstatement(token, REASON, {"from": deployer})
    travel_to(registry.reinstatementDueAt(token))

    registry.suspend(token, REASON, {"from": operator})

    assert registry.reinstatementDueAt(token) == 0
    with refused("NotScheduled", token):
        registry.reinstate(token, {"from": deployer})
    assert is_suspended(exchange, token)


# scheduleReinstatement


def test_return_is_announced(registry, exchange, token, operator, deployer):
    registry.suspend(token, REASON, {"from": operator})
    due = now() + registry.RULES_DELAY()

    tx = registry.scheduleReinstatement(token, REASON, {"from": deployer})

    assert_events(tx, (registry, "ReinstatementScheduled", token, deployer, due, REASON))
    assert registry.reinstatementDueAt(token) == due
    assert is_suspended(exchange, token)


def test_second_announcement_starts_the_delay_again(registry, token, operator, deployer):
    registry.suspend(token, REASON, {"from": operator})
    registry.scheduleReinstatement(token, REASON, {"from": deployer})
    first = registry.reinstatementDueAt(token)
    travel_to(first - 1)

    registry.scheduleReinstatement(token, REASON, {"from": deployer})

    later = first - 1 + registry.RULES_DELAY()
    travel_to(first)
    with refused("DelayNotOver", token, later):
        registry.reinstate(token, {"from": deployer})


# reinstate


def test_program_comes_back_when_it_is_due(registry, exchange, token, operator, deployer, outsider):
    registry.suspend(token, REASON, {"from": operator})
    before = plain(exchange.programOf(token))
    registry.scheduleReinstatement(token, REASON, {"from": deployer})
    due = registry.reinstatementDueAt(token)

    travel_to(due - 1)
    with refused("DelayNotOver", token, due):
        registry.reinstate(token, {"from": outsider})

    travel_to(due)
    tx = registry.reinstate(token, {"from": outsider})
    assert not is_suspended(exchange, token)
    assert plain(exchange.programOf(token))[:4] == before[:4]
    assert registry.reinstatementDueAt(token) == 0
    assert_events(
        tx,
        (registry, "ProgramReinstated", token),
        (exchange, "SuspensionSet", token, False),
    )
    with refused("NotScheduled", token):
        registry.reinstate(token, {"from": outsider})


def test_nothing_comes_back_unannounced(registry, exchange, token, operator, deployer):
    registry.suspend(token, REASON, {"from": operator})

    with refused("NotScheduled", token):
        registry.reinstate(token, {"from": deployer})

    assert is_suspended(exchange, token)


def test_strangers_are_neither_suspended_nor_reinstated(registry, exchange, operator, deployer):
    for stranger in (exchange, ZERO):
        with refused("ProgramUnknown", stranger):
            registry.suspend(stranger, REASON, {"from": operator})
        with refused("ProgramUnknown", stranger):
            registry.scheduleReinstatement(stranger, REASON, {"from": deployer})
        with refused("NotScheduled", stranger):
            registry.reinstate(stranger, {"from": deployer})

"""Verifiers check who issuers are. New ones are announced, dismissed ones are gone at once.

the constructor
  it makes the first verifiers, without a delay
scheduleVerifier
  it announces a verifier, who is none yet
  a second call starts the delay again
  given a verifier
    it is refused
addVerifier
  given the delay is over
    anyone makes the announced account a verifier
  given the delay is not over, or nothing was announced
    it is refused
removeVerifier
  it dismisses a verifier, whose credentials no longer count
  it calls an announcement off
  given neither
    it is refused
  given a dismissed verifier
    it comes back by the same two steps only

Spec: R7
"""

from support.clock import now, travel_to
from support.credentials import accredit
from support.deploying import ADMIN_DELAY
from support.errors import refused
from support.events import assert_events


def test_first_verifiers_need_no_delay(
    blueprint, passkeys, deployer, verifier, relayer, outsider, IssuerRegistry
):
    registry = IssuerRegistry.deploy(
        deployer, ADMIN_DELAY, blueprint, passkeys, [verifier, relayer], {"from": deployer}
    )

    assert registry.isVerifier(verifier)
    assert registry.isVerifier(relayer)
    assert not registry.isVerifier(outsider)
    assert registry.verifierDueAt(verifier) == 0
    assert [event["verifier"] for event in registry.tx.events["VerifierAdded"]] == [
        verifier,
        relayer,
    ]


def test_verifier_is_announced(registry, deployer, relayer):
    due = now() + registry.RULES_DELAY()

    tx = registry.scheduleVerifier(relayer, {"from": deployer})

    assert_events(tx, (registry, "VerifierScheduled", relayer, due))
    assert registry.verifierDueAt(relayer) == due
    assert registry.isVerifier(relayer) is False


def test_verifier_is_added_when_it_is_due(registry, deployer, relayer, outsider):
    registry.scheduleVerifier(relayer, {"from": deployer})
    due = registry.verifierDueAt(relayer)

    travel_to(due - 1)
    with refused("DelayNotOver", relayer, due):
        registry.addVerifier(relayer, {"from": outsider})

    travel_to(due)
    tx = registry.addVerifier(relayer, {"from": outsider})
    assert_events(tx, (registry, "VerifierAdded", relayer))
    assert registry.isVerifier(relayer) is True
    assert registry.verifierDueAt(relayer) == 0
    with refused("NotScheduled", relayer):
        registry.addVerifier(relayer, {"from": outsider})


def test_second_announcement_starts_the_delay_again(registry, deployer, relayer):
    registry.scheduleVerifier(relayer, {"from": deployer})
    first = registry.verifierDueAt(relayer)
    travel_to(first - 1)

    registry.scheduleVerifier(relayer, {"from": deployer})

    later = first - 1 + registry.RULES_DELAY()
    assert registry.verifierDueAt(relayer) == later
    travel_to(later - 1)
    with refused("DelayNotOver", relayer, later):
        registry.addVerifier(relayer, {"from": relayer})


def test_verifiers_are_not_announced(registry, deployer, verifier):
    with refused("AlreadyVerifier", verifier):
        registry.scheduleVerifier(verifier, {"from": deployer})


def test_nobody_is_added_unannounced(registry, deployer, verifier, relayer):
    for account in (relayer, verifier):
        with refused("NotScheduled", account):
            registry.addVerifier(account, {"from": deployer})


def test_verifier_is_dismissed_with_its_credentials(registry, deployer, verifier, issuer):
    assert registry.isAccredited(issuer) is True

    tx = registry.removeVerifier(verifier, {"from": deployer})

    assert_events(tx, (registry, "VerifierRemoved", verifier))
    assert registry.isVerifier(verifier) is False
    assert registry.isAccredited(issuer) is False
    with refused("NotVerifier", verifier):
        registry.removeVerifier(verifier, {"from": deployer})


def test_announcement_is_called_off(registry, deployer, relayer):
    registry.scheduleVerifier(relayer, {"from": deployer})
    due = registry.verifierDueAt(relayer)

    tx = registry.removeVerifier(relayer, {"from": deployer})

    assert_events(tx, (registry, "VerifierRemoved", relayer))
    assert registry.verifierDueAt(relayer) == 0
    travel_to(due)
    with refused("NotScheduled", relayer):
        registry.addVerifier(relayer, {"from": relayer})


def test_strangers_are_not_dismissed(registry, deployer, outsider):
    with refused("NotVerifier", outsider):
        registry.removeVerifier(outsider, {"from": deployer})


def test_dismissed_verifier_waits_like_a_new_one(registry, deployer, verifier, issuer, member):
    registry.removeVerifier(verifier, {"from": deployer})
    with refused("NotScheduled", verifier):
        registry.addVerifier(verifier, {"from": verifier})

    registry.scheduleVerifier(verifier, {"from": deployer})
    travel_to(registry.verifierDueAt(verifier))
    registry.addVerifier(verifier, {"from": verifier})

    assert registry.isAccredited(issuer) is True
    accredit(registry, member, verifier)
    assert registry.isAccredited(member) is True

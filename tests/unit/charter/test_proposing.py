"""Issuers propose charters.

propose
  given the token's default admin
    it writes the charter down, with all its parties and rules, under the hash of all of it
    with as many parties and rules as there may be, it does so too
    without rules, it does so too
  given anyone else
    it is refused
  given the same charter again
    it is refused
  given no parties, too many, one twice, or the zero address
    it is refused
  given too many rules, or one with a value out of bounds
    it is refused, and names the value
ruleOf and charterOf
  they say what was proposed, and nothing of a charter that was not

Spec: C1, C2, C3
"""

import pytest
from support.charters import DOCUMENT, MISSING, NO_PARTY, NONE, PROPOSED, UNKNOWN, rule
from support.clock import DAY, utc
from support.errors import refused
from support.events import ZERO, assert_events, plain
from support.words import LANE_MAX, bytes32

MIDNIGHT = utc(2027, 1, 1)


def numbered(count):
    """Addresses of many parties."""
    return tuple(f"0x{number:040x}" for number in range(1, count + 1))


def test_charter_is_written_down(charter, points, draft, issuer, merchant, member, attester):
    assert plain(charter.charterOf(draft.id)) == plain((ZERO, UNKNOWN, 0, 0, 0, NONE, NONE))

    tx = charter.propose(*draft.arguments, {"from": issuer})

    assert tx.return_value == draft.id == charter.charterIdOf(*draft.arguments)
    assert plain(charter.charterOf(draft.id)) == plain((points, PROPOSED, 2, 2, 1, DOCUMENT, NONE))
    found = [charter.partyOf(draft.id, who) for who in (issuer, merchant, member)]
    assert found == [MISSING, MISSING, NO_PARTY]
    assert plain(charter.ruleOf(draft.id, 0)) == plain((NONE, 100, 2, 1, attester, 0))
    assert plain(charter.ruleOf(draft.id, 1)) == plain((NONE, 0, 0, 0, ZERO, 0))
    assert_events(
        tx,
        (charter, "CharterProposed", draft.id, points, issuer, *draft.arguments[1:]),
    )


def test_charter_holds_all_that_it_may(charter, draft, propose, attester, merchant):
    last_midnight = (2**40 - 1) // DAY * DAY
    largest = rule(
        merchant, amount=LANE_MAX, max_per_period=2**16 - 1, months=120, until=last_midnight
    )
    full = draft.but(parties=numbered(16), rules=(*(rule(attester),) * 31, largest))

    propose(full)

    assert plain(charter.charterOf(full.id))[2:5] == (16, 16, 32)
    found = [charter.partyOf(full.id, party) for party in numbered(17)]
    assert found == [MISSING] * 16 + [NO_PARTY]
    assert plain(charter.ruleOf(full.id, 30)) == plain((NONE, *rule(attester)[1:]))
    assert plain(charter.ruleOf(full.id, 31)) == plain((NONE, *largest[1:]))


def test_charter_without_rules_is_one(charter, draft, propose):
    empty = draft.but(rules=())

    propose(empty)

    assert plain(charter.charterOf(empty.id))[1:5] == (PROPOSED, 2, 2, 0)


@pytest.mark.parametrize(
    "change", ["token", "document", "parties", "rules", "order of parties", "label"]
)
def test_every_word_of_a_charter_is_in_its_name(
    charter, draft, propose, create_program, issuer, attester, change
):
    changed = {
        "token": lambda: draft.but(token=str(create_program("RAIL"))),
        "document": lambda: draft.but(document=bytes32("another")),
        "parties": lambda: draft.but(parties=(str(issuer),)),
        "rules": lambda: draft.but(rules=()),
        "order of parties": lambda: draft.but(parties=draft.parties[::-1]),
        "label": lambda: draft.but(rules=(rule(attester, label="another"),)),
    }[change]()
    propose(draft)

    assert propose(changed) != draft.id
    assert charter.charterOf(changed.id)["state"] == PROPOSED


@pytest.mark.parametrize("caller", ["awarder", "guardian", "merchant", "deployer", "outsider"])
def test_only_the_admin_proposes(charter, points, draft, request, caller):
    account = request.getfixturevalue(caller)

    with refused("NotTokenAdmin", account, points):
        charter.propose(*draft.arguments, {"from": account})


def test_same_charter_is_proposed_once(charter, draft, propose, issuer, merchant):
    propose(draft)
    with refused("CharterAlreadyProposed", draft.id):
        charter.propose(*draft.arguments, {"from": issuer})

    for party in (issuer, merchant):
        charter.sign(draft.id, {"from": party})
    with refused("CharterAlreadyProposed", draft.id):
        charter.propose(*draft.arguments, {"from": issuer})


@pytest.mark.parametrize("count", [0, 17])
def test_number_of_parties_is_bounded(charter, draft, issuer, count):
    with refused("InvalidPartyCount", count, 16):
        charter.propose(*draft.but(parties=numbered(count)).arguments, {"from": issuer})


def test_no_party_stands_twice(charter, draft, issuer, merchant):
    parties = (str(issuer), str(merchant), str(issuer))

    with refused("InvalidParty", issuer):
        charter.propose(*draft.but(parties=parties).arguments, {"from": issuer})


def test_nobody_is_no_party(charter, draft, issuer):
    with refused("InvalidParty", ZERO):
        charter.propose(*draft.but(parties=(str(issuer), ZERO)).arguments, {"from": issuer})


def test_number_of_rules_is_bounded(charter, draft, issuer, attester):
    many = draft.but(rules=(rule(attester),) * 33)

    with refused("TooManyRules", 33, 32):
        charter.propose(*many.arguments, {"from": issuer})


@pytest.mark.parametrize(
    ("change", "field", "value"),
    [
        ({"amount": 0}, "amount", 0),
        ({"amount": LANE_MAX + 1}, "amount", LANE_MAX + 1),
        ({"max_per_period": 0}, "maxPerPeriod", 0),
        ({"months": 5}, "monthsPerPeriod", 5),
        ({"months": 18}, "monthsPerPeriod", 18),
        ({"months": 132}, "monthsPerPeriod", 132),
        ({"until": MIDNIGHT + 1}, "validUntil", MIDNIGHT + 1),
        ({"until": MIDNIGHT - 1}, "validUntil", MIDNIGHT - 1),
    ],
    ids=str,
)
def test_rule_out_of_bounds_is_refused(charter, draft, issuer, attester, change, field, value):
    wrong = draft.but(rules=(rule(attester), rule(attester, **change)))

    with refused("InvalidRule", 1, field, value):
        charter.propose(*wrong.arguments, {"from": issuer})


def test_rule_without_an_attester_is_refused(charter, draft, issuer):
    with refused("InvalidRule", 0, "attester", 0):
        charter.propose(*draft.but(rules=(rule(ZERO),)).arguments, {"from": issuer})

"""Attesters say that something happened, and members are rewarded as the charter says.

reward
  given a rule's attester, and evidence that is new
    it awards what the rule says, under the evidence, out of the contract's budget
  given evidence that this charter has rewarded, by any rule, to anyone
    it is refused
  given the member has had the rule's rewards of this period
    it is refused, and possible again when the next period has begun
    other members and other rules have their own count
  given a rule that is over, or that there is none of
    it is refused, from the rule's second on
  given anyone else than the attester
    it is refused
  given a charter that is not in force: unknown, proposed or superseded
    it is refused
  given the budget is used up or revoked, or the program is paused
    it is refused
rewardFor
  given the attester's signature, by key, by contract or by passkey
    it does as `reward`, whoever sends it, once
  given a signature of someone else, for something else, elsewhere, or too late
    it is refused
given a token of another make that calls back
  evidence is rewarded once and the count is kept

Spec: C7, C8, C9, C10, C11, C12
"""

import pytest
from eth_utils import keccak
from support.charters import NONE, rule, to_charter
from support.clock import now, travel_to, utc
from support.errors import refused
from support.events import ZERO, assert_events
from support.passkeys import Passkey
from support.signing import packed
from support.words import bytes32, lots

STRANGER = "0x00000000000000000000000000000000000000AA"


def evidence(number):
    return "0x" + keccak(text=f"bottle {number}").hex()


@pytest.fixture
def agreed(draft, enforce, merchant):
    """A charter in force with two rules: the first by `attester`, the second by `merchant`."""
    second = rule(merchant, label="a friend brought", amount=7, max_per_period=1, months=0)
    return enforce(draft.but(rules=(*draft.rules, second)))


# reward


def test_reward_awards_what_the_rule_says(charter, points, agreed, attester, member):
    assert charter.isRewarded(agreed, evidence(1)) is False

    tx = charter.reward(agreed, 0, member, evidence(1), {"from": attester})

    assert tx.return_value is None
    assert points.accountWord(member) == lots(1, 100)
    assert points.budgetOf(charter)["used"] == points.totalSupply() == 100
    assert charter.isRewarded(agreed, evidence(1)) is True
    assert charter.rewardsOf(agreed, 0, member) == 1
    assert charter.rewardsOf(agreed, 1, member) == 0
    assert_events(
        tx,
        (charter, "Rewarded", agreed, member, evidence(1), 0, attester, 100),
        (points, "Transfer", ZERO, member, 100),
        (points, "Awarded", charter, member, evidence(1), 100),
    )


def test_evidence_is_rewarded_once(
    charter, points, agreed, attester, merchant, member, other_member
):
    charter.reward(agreed, 0, member, evidence(1), {"from": attester})

    for number, who, by in [
        (0, member, attester),
        (0, other_member, attester),
        (1, member, merchant),
    ]:
        with refused("AlreadyRewarded", agreed, evidence(1)):
            charter.reward(agreed, number, who, evidence(1), {"from": by})

    assert points.totalSupply() == 100


def test_each_charter_has_its_own_evidence(
    charter, points, draft, agreed, enforce, attester, member
):
    charter.reward(agreed, 0, member, evidence(1), {"from": attester})
    beside = enforce(draft)
    successor = enforce(draft.but(supersedes=agreed))

    for name in (beside, successor):
        assert charter.isRewarded(name, evidence(1)) is False
        charter.reward(name, 0, member, evidence(1), {"from": attester})

    assert points.balanceOf(member) == 300


def test_rewards_of_a_period_are_limited(charter, points, agreed, attester, member):
    for number in (1, 2):
        charter.reward(agreed, 0, member, evidence(number), {"from": attester})

    with refused("RewardLimitReached", agreed, 0, member, 2):
        charter.reward(agreed, 0, member, evidence(3), {"from": attester})

    assert charter.rewardsOf(agreed, 0, member) == 2
    assert charter.isRewarded(agreed, evidence(3)) is False
    assert points.balanceOf(member) == 200


def test_members_and_rules_have_their_own_counts(
    charter, points, agreed, attester, merchant, member, other_member
):
    for number in (1, 2):
        charter.reward(agreed, 0, member, evidence(number), {"from": attester})
    charter.reward(agreed, 0, other_member, evidence(3), {"from": attester})
    charter.reward(agreed, 1, member, evidence(4), {"from": merchant})

    assert points.balanceOf(member) == 207
    assert points.balanceOf(other_member) == 100
    assert [charter.rewardsOf(agreed, 0, who) for who in (member, other_member)] == [2, 1]


@pytest.mark.parametrize(
    ("months", "last", "first"),
    [
        (1, utc(2026, 2, 28, 23, 59, 59), utc(2026, 3, 1)),
        (3, utc(2026, 3, 31, 23, 59, 59), utc(2026, 4, 1)),
        (12, utc(2026, 12, 31, 23, 59, 59), utc(2027, 1, 1)),
        (24, utc(2027, 12, 31, 23, 59, 59), utc(2028, 1, 1)),
    ],
)
def test_next_period_begins_with_the_calendar(
    charter, draft, enforce, attester, member, months, last, first
):
    name = enforce(draft.but(rules=(rule(attester, max_per_period=1, months=months),)))
    charter.reward(name, 0, member, evidence(1), {"from": attester})
    travel_to(last)
    with refused("RewardLimitReached", name, 0, member, 1):
        charter.reward(name, 0, member, evidence(2), {"from": attester})
    assert charter.rewardsOf(name, 0, member) == 1

    travel_to(first)
    assert charter.rewardsOf(name, 0, member) == 0
    charter.reward(name, 0, member, evidence(2), {"from": attester})

    assert charter.rewardsOf(name, 0, member) == 1


def test_period_without_months_never_ends(charter, agreed, merchant, member):
    charter.reward(agreed, 1, member, evidence(1), {"from": merchant})
    travel_to(utc(2099, 1, 1))

    with refused("RewardLimitReached", agreed, 1, member, 1):
        charter.reward(agreed, 1, member, evidence(2), {"from": merchant})

    assert charter.rewardsOf(agreed, 1, member) == 1


def test_rule_is_over_at_its_midnight(charter, points, draft, enforce, attester, member):
    end = utc(2026, 3, 1)
    name = enforce(draft.but(rules=(rule(attester, until=end),)))
    travel_to(end - 1)
    charter.reward(name, 0, member, evidence(1), {"from": attester})
    travel_to(end)

    with refused("RuleOver", name, 0, end):
        charter.reward(name, 0, member, evidence(2), {"from": attester})

    assert points.balanceOf(member) == 100


@pytest.mark.parametrize("number", [2, 2**256 - 1])
def test_rule_that_there_is_not_is_refused(charter, agreed, attester, member, number):
    with refused("RuleUnknown", agreed, number):
        charter.reward(agreed, number, member, evidence(1), {"from": attester})


@pytest.mark.parametrize("caller", ["issuer", "merchant", "member", "awarder", "outsider"])
def test_only_the_attester_rewards(charter, agreed, request, attester, member, caller):
    account = request.getfixturevalue(caller)

    with refused("NotAttester", account, attester):
        charter.reward(agreed, 0, member, evidence(1), {"from": account})


def test_charter_rewards_only_while_it_is_in_force(
    charter, draft, propose, enforce, attester, issuer, merchant, member
):
    with refused("CharterNotInForce", draft.id):
        charter.reward(draft.id, 0, member, evidence(1), {"from": attester})
    propose(draft)
    charter.sign(draft.id, {"from": issuer})
    with refused("CharterNotInForce", draft.id):
        charter.reward(draft.id, 0, member, evidence(1), {"from": attester})

    charter.sign(draft.id, {"from": merchant})
    charter.reward(draft.id, 0, member, evidence(1), {"from": attester})

    enforce(draft.but(supersedes=draft.id))
    with refused("CharterNotInForce", draft.id):
        charter.reward(draft.id, 0, member, evidence(2), {"from": attester})


def test_budget_bounds_all_rewards(charter, points, draft, enforce, attester, guardian, member):
    name = enforce(draft.but(rules=(rule(attester, amount=400, max_per_period=9),)))
    for number in (1, 2):
        charter.reward(name, 0, member, evidence(number), {"from": attester})

    with refused("BudgetExceeded", charter, 400, 200):
        charter.reward(name, 0, member, evidence(3), {"from": attester})
    points.revokeBudget(charter, {"from": guardian})
    with refused("NotAwarder", charter):
        charter.reward(name, 0, member, evidence(3), {"from": attester})

    assert charter.isRewarded(name, evidence(3)) is False
    assert charter.rewardsOf(name, 0, member) == 2
    assert points.balanceOf(member) == 800


def test_paused_program_rewards_nobody(charter, points, agreed, guardian, attester, member):
    points.pause({"from": guardian})

    with refused("ProgramPaused"):
        charter.reward(agreed, 0, member, evidence(1), {"from": attester})


# rewardFor


@pytest.fixture
def statement(charter, agreed, member):
    """What the attester signs for a reward by rule 0, good for a minute."""
    return to_charter(
        charter,
        "Reward",
        charterId=agreed,
        rule=0,
        member=str(member),
        evidence=evidence(1),
        validBefore=now() + 60,
    )


def send(charter, statement, signature, sender):
    return charter.rewardFor(*statement.values.values(), signature, {"from": sender})


def test_statement_rewards_whoever_sends_it(
    charter, points, agreed, statement, attester, member, relayer
):
    signature = packed(statement.signed_by(attester))

    tx = send(charter, statement, signature, relayer)

    assert tx.return_value is None
    assert points.balanceOf(member) == 100
    assert charter.rewardsOf(agreed, 0, member) == 1
    assert_events(
        tx,
        (charter, "Rewarded", agreed, member, evidence(1), 0, attester, 100),
        (points, "Transfer", ZERO, member, 100),
        (points, "Awarded", charter, member, evidence(1), 100),
    )
    with refused("AlreadyRewarded", agreed, evidence(1)):
        send(charter, statement, signature, relayer)


def test_contracts_and_passkeys_attest(
    charter, points, draft, enforce, statement, ContractWallet, merchant, outsider, relayer
):
    wallet, phone = ContractWallet.deploy(merchant, {"from": merchant}), Passkey(5)
    name = enforce(draft.but(rules=(rule(wallet), rule(phone.address))))
    first = statement.but(charterId=name)
    second = first.but(rule=1, evidence=evidence(2))

    with refused("InvalidSignature", wallet):
        send(charter, first, packed(first.signed_by(outsider)), relayer)
    with refused("InvalidSignature", phone.address):
        send(charter, second, Passkey(6).sign(second.digest), relayer)
    send(charter, first, packed(first.signed_by(merchant)), relayer)
    send(charter, second, phone.sign(second.digest), relayer)

    assert points.totalSupply() == 200


@pytest.mark.parametrize(
    "change",
    [
        {"charterId": NONE},
        {"rule": 1},
        {"member": STRANGER},
        {"evidence": NONE},
        {"validBefore": 2**256 - 1},
    ],
    ids=str,
)
def test_statement_of_something_else_is_refused(charter, statement, attester, relayer, change):
    signature = packed(statement.but(**change).signed_by(attester))

    with refused("InvalidSignature", attester):
        send(charter, statement, signature, relayer)


@pytest.mark.parametrize(
    "change",
    [{"name": "Zegel Drop"}, {"version": "2"}, {"chainId": 1}, {"verifyingContract": STRANGER}],
    ids=str,
)
def test_statement_for_elsewhere_is_refused(charter, statement, attester, relayer, change):
    signature = packed(statement.within(**change).signed_by(attester))

    with refused("InvalidSignature", attester):
        send(charter, statement, signature, relayer)


def test_statement_of_someone_else_is_refused(charter, statement, attester, outsider):
    with refused("InvalidSignature", attester):
        send(charter, statement, packed(statement.signed_by(outsider)), outsider)


def test_statement_is_in_time_to_the_last_second(
    charter, points, statement, attester, member, relayer
):
    end = statement.values["validBefore"]
    travel_to(end)
    with refused("SignatureExpired", end):
        send(charter, statement, packed(statement.signed_by(attester)), relayer)

    travel_to(end - 1)
    send(charter, statement, packed(statement.signed_by(attester)), relayer)

    assert points.balanceOf(member) == 100


def test_statement_counts_only_under_a_charter_in_force(
    charter, draft, agreed, enforce, statement, attester, relayer
):
    enforce(draft.but(supersedes=agreed))

    with refused("CharterNotInForce", agreed):
        send(charter, statement, packed(statement.signed_by(attester)), relayer)
    unknown = statement.but(charterId=bytes32("no charter"))
    with refused("CharterNotInForce", bytes32("no charter")):
        send(charter, unknown, packed(unknown.signed_by(attester)), relayer)


# a token of another make


def test_token_that_calls_back_changes_no_count(
    charter, points, draft, enforce, OddPoints, deployer, member
):
    odd = OddPoints.deploy({"from": deployer})
    name = enforce(draft.but(token=str(odd), rules=(rule(odd, max_per_period=2),)))

    def reward_and_call_back(number, in_the_middle):
        call = charter.reward.encode_input(name, 0, member, evidence(number))
        inner = charter.reward.encode_input(name, 0, member, evidence(in_the_middle))
        odd.callNext(charter, inner, {"from": deployer})
        odd.act(charter, call, {"from": deployer})
        return str(odd.reply())[:10]

    assert reward_and_call_back(1, 1) == selector("AlreadyRewarded(bytes32,bytes32)")
    assert charter.rewardsOf(name, 0, member) == 1
    assert reward_and_call_back(2, 3) == selector(
        "RewardLimitReached(bytes32,uint256,address,uint256)"
    )
    assert charter.rewardsOf(name, 0, member) == 2
    assert points.totalSupply() == 0


def selector(error):
    return "0x" + keccak(text=error)[:4].hex()

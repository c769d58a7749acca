"""Parties sign a charter; with the last signature it is in force, and the one it supersedes is not.

sign
  given a party
    it notes the signature; with the last one the charter is in force
  given a party that has signed, an account that is no party, a charter that is not proposed
    it is refused
signFor
  given the signature of a party, by key, by contract or by passkey
    it does as `sign`, whoever sends it
  given a signature of someone else, or for another charter, document, contract or chain
    it is refused
a charter that supersedes another
  it takes the place of the other with its last signature, at once
  given the other is not in force, of another token, or has a party that the new one has not
    it is refused when it is proposed
  given two that supersede the same
    the second one never comes into force
  given it has no rules
    it ends the other
eip712Domain
  it says what wallets must sign for

Spec: C2, C4, C5, C6
"""

import pytest
from brownie import chain
from support.charters import (
    DOCUMENT,
    IN_FORCE,
    MISSING,
    NONE,
    PROPOSED,
    SIGNED,
    SUPERSEDED,
    rule,
    to_charter,
)
from support.errors import refused
from support.events import assert_events, plain
from support.passkeys import Passkey
from support.signing import packed
from support.words import bytes32

STRANGER = "0x00000000000000000000000000000000000000AA"


def state(charter, name):
    return charter.charterOf(name)["state"]


def signature_for(charter, name, party):
    """What a party signs."""
    values = {"party": party, "charterId": name, "documentHash": DOCUMENT}
    return to_charter(charter, "CharterSignature", **values)


# sign


def test_charter_is_in_force_with_the_last_signature(charter, draft, propose, issuer, merchant):
    name = propose(draft)

    first = charter.sign(name, {"from": merchant})
    assert state(charter, name) == PROPOSED
    assert charter.charterOf(name)["missing"] == 1
    assert charter.partyOf(name, merchant) == SIGNED
    assert charter.partyOf(name, issuer) == MISSING

    last = charter.sign(name, {"from": issuer})
    assert state(charter, name) == IN_FORCE
    assert charter.charterOf(name)["missing"] == 0
    assert charter.partyOf(name, issuer) == SIGNED
    assert first.return_value is last.return_value is None
    assert_events(first, (charter, "CharterSigned", name, merchant))
    assert_events(last, (charter, "CharterSigned", name, issuer), (charter, "CharterInForce", name))


def test_party_signs_once(charter, draft, propose, merchant):
    name = propose(draft)
    charter.sign(name, {"from": merchant})

    with refused("AlreadySigned", name, merchant):
        charter.sign(name, {"from": merchant})

    assert charter.charterOf(name)["missing"] == 1


def test_others_do_not_sign(charter, draft, propose, outsider):
    name = propose(draft)

    with refused("NotParty", name, outsider):
        charter.sign(name, {"from": outsider})


def test_unknown_charter_is_not_signed(charter, draft, issuer):
    with refused("CharterNotProposed", draft.id):
        charter.sign(draft.id, {"from": issuer})


def test_charter_in_force_is_not_signed(charter, draft, enforce, issuer):
    name = enforce(draft)

    with refused("CharterNotProposed", name):
        charter.sign(name, {"from": issuer})


# signFor


def test_signature_counts_whoever_sends_it(charter, draft, propose, issuer, merchant, relayer):
    name = propose(draft)
    for party in (issuer, merchant):
        signature = packed(signature_for(charter, name, party.address).signed_by(party))
        tx = charter.signFor(name, party, signature, {"from": relayer})
        assert tx.return_value is None
        assert charter.partyOf(name, party) == SIGNED

    assert state(charter, name) == IN_FORCE
    assert_events(tx, (charter, "CharterSigned", name, merchant), (charter, "CharterInForce", name))


def test_contracts_and_passkeys_sign(
    charter, draft, propose, ContractWallet, merchant, outsider, relayer
):
    wallet, phone = ContractWallet.deploy(merchant, {"from": merchant}), Passkey(3)
    name = propose(draft.but(parties=(wallet.address, phone.address)))
    by_wallet = signature_for(charter, name, wallet.address)
    by_phone = signature_for(charter, name, phone.address)

    with refused("InvalidSignature", wallet):
        charter.signFor(name, wallet, packed(by_wallet.signed_by(outsider)), {"from": relayer})
    with refused("InvalidSignature", phone.address):
        charter.signFor(name, phone.address, Passkey(4).sign(by_phone.digest), {"from": relayer})
    charter.signFor(name, wallet, packed(by_wallet.signed_by(merchant)), {"from": relayer})
    charter.signFor(name, phone.address, phone.sign(by_phone.digest), {"from": relayer})

    assert state(charter, name) == IN_FORCE


def test_signature_is_for_one_of_the_signers_contracts(
    charter, draft, propose, ContractWallet, merchant, relayer
):
    first, second = (ContractWallet.deploy(merchant, {"from": merchant}) for _ in range(2))
    name = propose(draft.but(parties=(first.address, second.address)))
    signature = packed(signature_for(charter, name, first.address).signed_by(merchant))

    with refused("InvalidSignature", second):
        charter.signFor(name, second, signature, {"from": relayer})


def test_signature_is_used_once(charter, draft, propose, merchant, relayer):
    name = propose(draft)
    signature = packed(signature_for(charter, name, merchant.address).signed_by(merchant))
    charter.signFor(name, merchant, signature, {"from": relayer})

    with refused("AlreadySigned", name, merchant):
        charter.signFor(name, merchant, signature, {"from": relayer})


@pytest.mark.parametrize(
    "change", [{"party": STRANGER}, {"charterId": NONE}, {"documentHash": NONE}], ids=str
)
def test_signature_for_something_else_is_refused(
    charter, draft, propose, merchant, relayer, change
):
    name = propose(draft)
    signature = packed(
        signature_for(charter, name, merchant.address).but(**change).signed_by(merchant)
    )

    with refused("InvalidSignature", merchant):
        charter.signFor(name, merchant, signature, {"from": relayer})


@pytest.mark.parametrize(
    "change",
    [{"name": "Zegel Drop"}, {"version": "2"}, {"chainId": 1}, {"verifyingContract": STRANGER}],
    ids=str,
)
def test_signature_for_elsewhere_is_refused(charter, draft, propose, merchant, relayer, change):
    name = propose(draft)
    signature = packed(
        signature_for(charter, name, merchant.address).within(**change).signed_by(merchant)
    )

    with refused("InvalidSignature", merchant):
        charter.signFor(name, merchant, signature, {"from": relayer})


def test_signature_of_someone_else_is_refused(charter, draft, propose, issuer, merchant, relayer):
    name = propose(draft)
    signature = packed(signature_for(charter, name, merchant.address).signed_by(issuer))

    with refused("InvalidSignature", merchant):
        charter.signFor(name, merchant, signature, {"from": relayer})


def test_signature_of_a_stranger_makes_no_party(charter, draft, propose, outsider):
    name = propose(draft)
    signature = packed(signature_for(charter, name, outsider.address).signed_by(outsider))

    with refused("NotParty", name, outsider):
        charter.signFor(name, outsider, signature, {"from": outsider})


# a charter that supersedes another


def test_successor_takes_the_place_at_once(
    charter, draft, enforce, propose, issuer, merchant, other_member
):
    old = enforce(draft)
    parties = (str(other_member), *draft.parties)
    new = propose(draft.but(parties=parties, supersedes=old))
    charter.sign(new, {"from": issuer})
    charter.sign(new, {"from": other_member})
    assert (state(charter, old), state(charter, new)) == (IN_FORCE, PROPOSED)

    tx = charter.sign(new, {"from": merchant})

    assert (state(charter, old), state(charter, new)) == (SUPERSEDED, IN_FORCE)
    assert charter.charterOf(new)["supersedes"] == old
    assert_events(
        tx,
        (charter, "CharterSigned", new, merchant),
        (charter, "CharterInForce", new),
        (charter, "CharterSuperseded", old, new),
    )


def test_versions_follow_each_other(charter, draft, enforce, attester):
    names = [enforce(draft)]
    for number in range(3):
        rules = (rule(attester, amount=number + 1),)
        names.append(enforce(draft.but(rules=rules, supersedes=names[-1])))

    assert [state(charter, name) for name in names] == [SUPERSEDED] * 3 + [IN_FORCE]


def test_charter_without_rules_ends_another(charter, draft, enforce, member, attester):
    old = enforce(draft)

    enforce(draft.but(rules=(), supersedes=old))

    with refused("CharterNotInForce", old):
        charter.reward(old, 0, member, NONE, {"from": attester})


def test_one_that_is_not_in_force_is_not_superseded(charter, draft, propose, issuer):
    successor = draft.but(supersedes=draft.id)
    with refused("CharterNotInForce", draft.id):
        charter.propose(*successor.arguments, {"from": issuer})

    propose(draft)
    with refused("CharterNotInForce", draft.id):
        charter.propose(*successor.arguments, {"from": issuer})


def test_superseded_one_is_not_superseded_again(charter, draft, enforce, issuer):
    old = enforce(draft)
    enforce(draft.but(document=bytes32("second"), supersedes=old))

    again = draft.but(document=bytes32("third"), supersedes=old)
    with refused("CharterNotInForce", old):
        charter.propose(*again.arguments, {"from": issuer})


def test_second_of_two_successors_never_comes_into_force(
    charter, draft, enforce, propose, issuer, merchant
):
    old = enforce(draft)
    loser = propose(draft.but(document=bytes32("loser"), supersedes=old))
    charter.sign(loser, {"from": issuer})
    winner = enforce(draft.but(document=bytes32("winner"), supersedes=old))

    with refused("CharterNotInForce", old):
        charter.sign(loser, {"from": merchant})

    states = [state(charter, name) for name in (old, loser, winner)]
    assert states == [SUPERSEDED, PROPOSED, IN_FORCE]


def test_successor_keeps_every_party(charter, draft, enforce, issuer, other_member):
    old = enforce(draft)

    for parties, missing in [
        ((str(issuer),), 1),
        ((str(other_member), str(issuer)), 1),
        ((str(other_member),), 2),
    ]:
        left_out = draft.but(parties=parties, supersedes=old)
        with refused("PartiesLeftOut", old, missing):
            charter.propose(*left_out.arguments, {"from": issuer})


def test_successor_is_of_the_same_token(charter, points, draft, enforce, create_program, issuer):
    old = enforce(draft)
    rail = create_program("RAIL")

    foreign = draft.but(token=str(rail), supersedes=old)
    with refused("TokenMismatch", rail, points):
        charter.propose(*foreign.arguments, {"from": issuer})


def test_charters_stand_beside_each_other(charter, draft, enforce):
    first, second = enforce(draft), enforce(draft.but(document=bytes32("another")))

    assert state(charter, first) == state(charter, second) == IN_FORCE


def test_domain_is_told_to_wallets(charter, passkeys):
    assert plain(charter.eip712Domain())[1:] == plain(
        ("Zegel Charter", "1", chain.id, charter, bytes(32), ())
    )
    assert charter.passkeys() == passkeys
    assert (charter.MAX_PARTIES(), charter.MAX_RULES()) == (16, 32)

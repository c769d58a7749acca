"""Credentials say who issuers are: signed by a verifier, readable by everyone, revoked at once.

accredit
  given a credential that a verifier signed, by key, by contract or by passkey
    anyone stores it, and everyone reads it
    it lets the issuer create programs until it ends, is revoked, or its verifier is dismissed
  given contents out of bounds, field by field
    it is refused by the name of what is wrong
  given one that is not issued later than the stored one, or than the last revocation
    it is refused
  given a later one
    it replaces the stored one, whoever signed that
  given a signature of someone else, of other contents, for another registry or chain, or a twin
    it is refused
  given someone who is no verifier
    it is refused
revokeCredential
  an operator revokes anyone's, stored or not; a verifier what it signed
  only credentials that are issued later than that count
  it leaves the issuer's programs alone

Spec: R1, R8, R9, R10, R11, R12, R13
"""

import pytest
from brownie import chain
from eth_account import Account
from support import roles
from support.clock import DAY, now, travel_to
from support.credentials import FIELDS, LEI, YEAR, accredit, credential, digest, signature
from support.deploying import program_settings
from support.errors import refused
from support.events import ZERO, assert_events, plain
from support.passkeys import Passkey
from support.signing import ORDER
from support.words import bytes32

from zegel.chain.messages import Message, registry_domain

REASON = bytes32("fraud")
MAX_VALIDITY = 1_096 * DAY


@pytest.fixture
def second_verifier(registry, deployer, relayer):
    """Another verifier, from the start of the test."""
    registry.scheduleVerifier(relayer, {"from": deployer})
    travel_to(registry.verifierDueAt(relayer))
    registry.addVerifier(relayer, {"from": deployer})
    return relayer


# accredit


def test_credential_is_stored_and_read(registry, verifier, member, outsider):
    values = credential(member, legalName="Bäckerei Größe GmbH")

    tx = registry.accredit(
        values, verifier, signature(registry, values, verifier), {"from": outsider}
    )

    assert_events(tx, (registry, "IssuerAccredited", member, verifier, values))
    assert registry.isAccredited(member) is True
    assert plain(registry.credentialOf(member)) == plain((values, verifier, 0))
    tx = registry.createProgram(program_settings(member, "NEW"), {"from": member})
    assert registry.entryOf(tx.return_value)["issuer"] == member


def test_nobody_is_accredited_unasked(registry, outsider):
    nothing = (ZERO, "", "", "", bytes(32), 0, 0)

    assert registry.isAccredited(outsider) is False
    assert plain(registry.credentialOf(outsider)) == plain((nothing, ZERO, 0))
    with refused("NotAccredited", outsider):
        registry.createProgram(program_settings(outsider), {"from": outsider})


def test_message_is_the_published_one(registry, verifier, member):
    """What is signed, written out once more by hand."""
    values = credential(member)
    fields = ["issuer", "legalName", "lei", "domain", "termsHash", "issuedAt", "validUntil"]
    kinds = ["address", "string", "string", "string", "bytes32", "uint64", "uint64"]
    signed = Account.sign_typed_data(
        verifier.private_key,
        {
            "name": "Zegel Registry",
            "version": "1",
            "chainId": chain.id,
            "verifyingContract": registry.address,
        },
        {
            "IssuerCredential": [
                {"name": name, "type": kind} for name, kind in zip(fields, kinds, strict=True)
            ]
        },
        dict(zip(fields, values, strict=True)),
    )

    registry.accredit(values, verifier, signed.signature.hex(), {"from": member})

    assert registry.isAccredited(member) is True


@pytest.mark.parametrize("kind", ["contract", "passkey"])
def test_contracts_and_passkeys_verify(
    registry, deployer, verifier, member, outsider, ContractWallet, kind
):
    values, phone = credential(member, validUntil=now() + YEAR), Passkey(5)
    if kind == "contract":
        who = ContractWallet.deploy(verifier, {"from": deployer}).address
        good, bad = (signature(registry, values, signer) for signer in (verifier, outsider))
    else:
        who = phone.address
        good, bad = (key.sign(digest(registry, values)) for key in (phone, Passkey(6)))
    registry.scheduleVerifier(who, {"from": deployer})
    travel_to(registry.verifierDueAt(who))
    registry.addVerifier(who, {"from": deployer})

    with refused("InvalidSignature", who):
        registry.accredit(values, who, bad, {"from": member})

    registry.accredit(values, who, good, {"from": member})
    assert plain(registry.credentialOf(member)) == plain((values, who, 0))


def test_domain_is_told_to_wallets(registry, passkeys):
    assert plain(registry.eip712Domain())[1:] == plain(
        ("Zegel Registry", "1", chain.id, registry, bytes(32), ())
    )
    assert registry.passkeys() == passkeys


def test_credential_ends(registry, verifier, member):
    end = now() + 30 * DAY
    accredit(registry, member, verifier, validUntil=end)

    travel_to(end - 1)
    assert registry.isAccredited(member) is True
    registry.createProgram(program_settings(member, "ONE"), {"from": member})

    travel_to(end)
    assert registry.isAccredited(member) is False
    with refused("NotAccredited", member):
        registry.createProgram(program_settings(member, "TWO"), {"from": member})


@pytest.mark.parametrize("name", ["", "a" * 101])
def test_legal_name_has_bounds(registry, verifier, member, name):
    with refused("InvalidName", name):
        accredit(registry, member, verifier, legalName=name)


@pytest.mark.parametrize(
    "lei",
    # The characters on either side of the digits and of the capitals, too.
    ["", LEI[:-1], LEI[:-1] + "2", LEI.lower(), *(LEI[:4] + c + LEI[5:] for c in "/:@[")],
)
def test_lei_has_a_form_and_check_digits(registry, verifier, member, lei):
    with refused("InvalidLei", lei):
        accredit(registry, member, verifier, lei=lei)


@pytest.mark.parametrize("domain", ["", "Shop.example", "shop.example/", "a" * 254])
def test_domain_has_bounds(registry, verifier, member, domain):
    with refused("InvalidDomain", domain):
        accredit(registry, member, verifier, domain=domain)


@pytest.mark.parametrize(
    ("issued", "ends"),
    [
        (1, DAY),
        (0, 0),
        (-DAY, 0),
        (-DAY, -1),
        (0, -1),
        (0, MAX_VALIDITY + 1),
        (-DAY, MAX_VALIDITY - DAY + 1),
        (-MAX_VALIDITY, 1),
        (0, 2**64 - 1),
    ],
)
def test_credential_has_its_time(registry, verifier, member, issued, ends):
    issued_at, valid_until = now() + issued, min(now() + ends, 2**64 - 1)

    with refused("InvalidValidity", issued_at, valid_until):
        accredit(registry, member, verifier, issuedAt=issued_at, validUntil=valid_until)


@pytest.mark.parametrize(
    ("issued", "ends"), [(0, 1), (0, MAX_VALIDITY), (1 - MAX_VALIDITY, 1), (-DAY, DAY)]
)
def test_bounds_of_its_time_are_inclusive(registry, verifier, member, issued, ends):
    accredit(registry, member, verifier, issuedAt=now() + issued, validUntil=now() + ends)

    assert registry.isAccredited(member) is True


def test_later_credential_replaces_the_stored_one(
    registry, verifier, second_verifier, issuer, member
):
    accredit(registry, member, verifier, legalName="Old name")
    travel_to(now() + 1)
    values = credential(member, legalName="New name", validUntil=now() + 2 * YEAR)

    registry.accredit(
        values,
        second_verifier,
        signature(registry, values, second_verifier),
        {"from": member},
    )

    assert plain(registry.credentialOf(member)) == plain((values, second_verifier, 0))
    assert registry.isAccredited(issuer) is True


def test_credential_is_not_replaced_by_one_of_the_same_second_or_before(registry, verifier, member):
    first = now()
    accredit(registry, member, verifier, issuedAt=first - 5)
    accredit(registry, member, verifier, issuedAt=first - 4)

    for issued in (first - 5, first - 4):
        with refused("CredentialOutdated", member, issued, first - 4):
            accredit(registry, member, verifier, issuedAt=issued, validUntil=first + 3 * DAY)


def test_only_verifiers_count(registry, member, outsider):
    with refused("NotVerifier", outsider):
        accredit(registry, member, outsider)


def test_dismissed_verifiers_count_no_more(registry, deployer, verifier, member):
    values = credential(member)
    signed = signature(registry, values, verifier)
    registry.removeVerifier(verifier, {"from": deployer})

    with refused("NotVerifier", verifier):
        registry.accredit(values, verifier, signed, {"from": member})


def test_signature_of_someone_else_is_refused(registry, verifier, member, outsider):
    values = credential(member)

    with refused("InvalidSignature", verifier):
        registry.accredit(values, verifier, signature(registry, values, outsider), {"from": member})


def test_verifiers_do_not_sign_for_each_other(registry, verifier, second_verifier, member):
    values = credential(member)

    with refused("InvalidSignature", second_verifier):
        registry.accredit(
            values, second_verifier, signature(registry, values, verifier), {"from": member}
        )


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_is_signed(registry, verifier, member, outsider, field):
    changed = {
        "issuer": str(outsider),
        "legalName": "Corner Shop N.V.",
        "lei": "HWUPKR0MPOU8FGXBT394",
        "domain": "sh0p.example",
        "termsHash": bytes32("other terms"),
        "issuedAt": now() - 1,
        "validUntil": now() + YEAR + 1,
    }
    signed = signature(registry, credential(member), verifier)

    with refused("InvalidSignature", verifier):
        registry.accredit(
            credential(member, **{field: changed[field]}), verifier, signed, {"from": member}
        )


@pytest.mark.parametrize("elsewhere", ["name", "chain", "registry"])
def test_signature_counts_for_one_registry_on_one_chain(registry, verifier, member, elsewhere):
    values = credential(member)
    domain = registry_domain(
        chain.id + (elsewhere == "chain"),
        member.address if elsewhere == "registry" else registry.address,
    )
    message = Message("IssuerCredential", domain, dict(zip(FIELDS, values, strict=True)))
    typed = message.typed_data()
    if elsewhere == "name":
        typed["domain"]["name"] = "Zegel registry"
    signed = Account.sign_typed_data(verifier.private_key, full_message=typed).signature.hex()

    with refused("InvalidSignature", verifier):
        registry.accredit(values, verifier, signed, {"from": member})


def test_malformed_signatures_are_refused(registry, verifier, member):
    values = credential(member)
    signed = bytes.fromhex(signature(registry, values, verifier)[2:])
    low, v = int.from_bytes(signed[32:64], "big"), signed[64]
    twin = signed[:32] + (ORDER - low).to_bytes(32, "big") + bytes([55 - v])

    for bad in (b"", signed[:64], signed + b"\0", twin, signed[:64] + bytes([55 - v])):
        with refused("InvalidSignature", verifier):
            registry.accredit(values, verifier, bad, {"from": member})


# revokeCredential


@pytest.mark.parametrize("revoker", ["operator", "verifier"])
def test_credential_is_revoked_at_once(request, registry, verifier, member, revoker):
    who = request.getfixturevalue(revoker)
    values = credential(member)
    signed = signature(registry, values, verifier)
    registry.accredit(values, verifier, signed, {"from": member})

    tx = registry.revokeCredential(member, REASON, {"from": who})

    assert_events(tx, (registry, "CredentialRevoked", member, who, REASON))
    assert registry.isAccredited(member) is False
    assert plain(registry.credentialOf(member)) == plain((values, verifier, now()))
    with refused("NotAccredited", member):
        registry.createProgram(program_settings(member), {"from": member})


def test_revoked_credentials_never_come_back(registry, verifier, operator, member):
    issued = now()
    early = credential(member, issuedAt=issued)
    never_stored = credential(member, issuedAt=issued + 10)
    registry.accredit(early, verifier, signature(registry, early, verifier), {"from": member})
    travel_to(issued + 10)

    registry.revokeCredential(member, REASON, {"from": operator})

    for values in (early, never_stored):
        with refused("CredentialOutdated", member, values[5], issued + 10):
            registry.accredit(
                values, verifier, signature(registry, values, verifier), {"from": member}
            )
    travel_to(issued + 11)
    accredit(registry, member, verifier)
    assert registry.isAccredited(member) is True


def test_operators_revoke_what_was_not_submitted_yet(registry, verifier, operator, member):
    values = credential(member)
    registry.revokeCredential(member, REASON, {"from": operator})

    with refused("CredentialOutdated", member, values[5], now()):
        registry.accredit(values, verifier, signature(registry, values, verifier), {"from": member})


def test_verifiers_revoke_what_they_signed_only(
    registry, verifier, second_verifier, operator, member, outsider
):
    accredit(registry, member, verifier)

    for caller in (second_verifier, member, outsider):
        with refused("AccessControlUnauthorizedAccount", caller, roles.OPERATOR):
            registry.revokeCredential(member, REASON, {"from": caller})

    assert registry.isAccredited(member) is True


def test_dismissed_verifiers_can_still_revoke(registry, deployer, verifier, member):
    accredit(registry, member, verifier)
    registry.removeVerifier(verifier, {"from": deployer})

    registry.revokeCredential(member, REASON, {"from": verifier})

    assert registry.credentialOf(member)["revokedAt"] == now()


def test_revocation_leaves_programs_alone(
    registry, exchange, token, give_points, operator, issuer, pricer, member, other_member
):
    registry.revokeCredential(issuer, REASON, {"from": operator})

    give_points(member, 100)
    token.transfer(other_member, 40, {"from": member})
    exchange.setPrices(token, 5, 6, {"from": pricer})
    assert token.balanceOf(other_member) == 40
    assert registry.isProgram(token) is True
    with refused("NotAccredited", issuer):
        registry.createProgram(program_settings(issuer, "NEW"), {"from": issuer})

"""Credentials of issuers, from the settings file to the registry.

signed by a verifier, in a file
    it comes back as it was, whoever's key signed it, and anyone submits it
signed by somebody else, or with what the registry would refuse
    it is refused before there is a file
a file that is none, or is for another registry
    is told in one line
accredited twice
    nothing is sent; mended settings are sent as a renewal
"""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from eth_account import Account
from eth_utils.crypto import keccak

from zegel.admin import verifiers
from zegel.admin.credentials import Credential, Identity, accredit, revoke, signed, submit
from zegel.chain.anvil import Anvil
from zegel.chain.messages import registry_domain
from zegel.chain.sending import KeySender, UnlockedSender
from zegel.deploy.suite import Suite
from zegel.errors import ConfigError, FileError, PlanRefused

MEMBER = "0x00000000000000000000000000000000000000AA"
WHO = Identity(
    "Bäckerei Größe GmbH", "9999ZEGELTEST0000176", "xn--grsse.example", b"terms".ljust(32, b"\0")
)


def test_signed_credential_is_carried_in_a_file(
    suite: Suite, verifier: UnlockedSender, outsider: UnlockedSender, tmp_path: Path
) -> None:
    credential = signed(verifier, suite.registry, MEMBER, WHO)
    credential.save(tmp_path / "credential.json")

    found = Credential.read(tmp_path / "credential.json")

    assert found == credential
    assert (found.issuer, found.verifier) == (MEMBER, verifier.address)
    assert submit(outsider, lambda: suite.registry, found).apply() == [f"accredit {MEMBER}"]
    assert suite.registry.functions.isAccredited(MEMBER).call()
    assert submit(outsider, lambda: suite.registry, found).apply() == []


def test_key_here_signs_like_a_key_of_the_node(
    anvil: Anvil, suite: Suite, deployer: UnlockedSender
) -> None:
    key = KeySender(suite.connection, Account.from_key(keccak(text="a verifier's key")))
    verifiers.schedule(suite, deployer, key.address).apply()
    anvil.move_to(suite.registry.functions.verifierDueAt(key.address).call())
    verifiers.add(suite, deployer, key.address).apply()

    credential = signed(key, suite.registry, MEMBER, WHO)

    submit(deployer, lambda: suite.registry, credential).apply()
    stored, by, _ = suite.registry.functions.credentialOf(MEMBER).call()
    assert by == key.address
    assert stored[1] == "Bäckerei Größe GmbH"


def test_only_verifiers_sign(suite: Suite, outsider: UnlockedSender) -> None:
    with pytest.raises(ConfigError, match=f"^{outsider.address} is not verifier of 0x.*: run it"):
        signed(outsider, suite.registry, MEMBER, WHO)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"legal_name": ""}, r'InvalidName\(name=""\)'),
        ({"lei": "9999ZEGELTEST0000177"}, r'InvalidLei\(lei="9999ZEGELTEST0000177"\)'),
        ({"domain": "Shop.example"}, r'InvalidDomain\(domain="Shop.example"\)'),
        ({"valid_until": 1}, r"InvalidValidity\(issuedAt=\d+, validUntil=1\)"),
    ],
)
def test_what_the_registry_would_refuse_is_not_signed_into_a_file(
    suite: Suite, verifier: UnlockedSender, change: dict[str, object], refusal: str
) -> None:
    wrong = replace(WHO, **change)  # type: ignore[arg-type]

    with pytest.raises(ConfigError, match=f"^credential of {MEMBER}: IssuerRegistry .*{refusal}"):
        signed(verifier, suite.registry, MEMBER, wrong)
    with pytest.raises(PlanRefused, match=refusal):
        accredit(verifier, lambda: suite.registry, MEMBER, wrong).apply()


def test_file_that_is_no_credential_is_told(
    suite: Suite, verifier: UnlockedSender, tmp_path: Path
) -> None:
    path = tmp_path / "credential.json"
    with pytest.raises(FileError, match=r"credential\.json: no such file"):
        Credential.read(path)

    signed(verifier, suite.registry, MEMBER, WHO).save(path)
    content = json.loads(path.read_text())
    strange = {**content["credential"], "primaryType": "Permit"}
    altered = {**content["credential"], "types": {}}
    for wrong in (
        "",
        "[]",
        "{}",
        *(json.dumps({**content, "credential": c}) for c in (strange, altered)),
    ):
        path.write_text(wrong)
        with pytest.raises(FileError, match=r"credential\.json: no signed credential \(.*sign it"):
            Credential.read(path)


def test_credential_for_another_registry_is_told(suite: Suite, verifier: UnlockedSender) -> None:
    credential = signed(verifier, suite.registry, MEMBER, WHO)
    elsewhere = replace(credential.message, domain=registry_domain(5, suite.registry.address))

    with pytest.raises(ConfigError, match=r"is for Zegel Registry 0x.* on chain 5, not 0x.* anew$"):
        submit(verifier, lambda: suite.registry, replace(credential, message=elsewhere)).apply()


def test_mended_settings_are_a_renewal(
    anvil: Anvil, suite: Suite, verifier: UnlockedSender
) -> None:
    plan = accredit(verifier, lambda: suite.registry, MEMBER, WHO)
    assert plan.apply() == [f"accredit {MEMBER}"]
    assert plan.apply() == []

    anvil.move_to(suite.connection.timestamp() + 5)
    renamed = accredit(verifier, lambda: suite.registry, MEMBER, replace(WHO, legal_name="New"))
    assert renamed.apply() == [f"accredit {MEMBER}"]
    assert suite.registry.functions.credentialOf(MEMBER).call()[0][1] == "New"


def test_revoked_credentials_are_signed_anew(
    anvil: Anvil, suite: Suite, verifier: UnlockedSender
) -> None:
    plan = accredit(verifier, lambda: suite.registry, MEMBER, WHO)
    plan.apply()
    revoke(verifier, lambda: suite.registry, MEMBER, bytes(32)).apply()

    anvil.move_to(suite.connection.timestamp() + 5)
    assert plan.apply() == [f"accredit {MEMBER}"]
    assert suite.registry.functions.isAccredited(MEMBER).call()

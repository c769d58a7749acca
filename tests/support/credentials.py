"""Credentials of issuers, signed by a verifier."""

from typing import Any

from brownie import chain
from brownie.network.account import LocalAccount
from eth_account import Account
from eth_utils import keccak

from support.clock import DAY, now
from support.words import bytes32
from zegel.chain.messages import Message, registry_domain

YEAR = 365 * DAY
# Made up; its check digits are right.
LEI = "9999ZEGELSHOP0000131"

FIELDS = ("issuer", "legalName", "lei", "domain", "termsHash", "issuedAt", "validUntil")

Credential = tuple[Any, ...]


def credential(issuer: Any, /, **changes: Any) -> Credential:
    """The `Credential` of an issuer in the order of the struct, valid for a year from now."""
    values = {
        "issuer": str(issuer),
        "legalName": "Corner Shop B.V.",
        "lei": LEI,
        "domain": "shop.example",
        "termsHash": bytes32("the terms"),
        "issuedAt": now(),
        "validUntil": now() + YEAR,
    }
    return tuple({**values, **changes}.values())


def message(registry: Any, values: Credential) -> Message:
    """What a verifier signs, for one registry."""
    domain = registry_domain(chain.id, registry.address)
    return Message("IssuerCredential", domain, dict(zip(FIELDS, values, strict=True)))


def digest(registry: Any, values: Credential) -> bytes:
    """What is signed of it."""
    signable = message(registry, values).signable()
    return keccak(b"\x19" + signable.version + signable.header + signable.body)


def signature(registry: Any, values: Credential, verifier: LocalAccount) -> str:
    """A verifier's signature of a credential."""
    signed = Account.sign_message(message(registry, values).signable(), verifier.private_key)
    return "0x" + signed.signature.hex()


def accredit(registry: Any, issuer: Any, verifier: LocalAccount, **changes: Any) -> Any:
    """Gives an issuer a credential; returns the transaction."""
    values = credential(issuer, **changes)
    by = {"from": verifier}
    return registry.accredit(values, verifier, signature(registry, values, verifier), by)

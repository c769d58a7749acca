"""Who issuers are: what a settings file says of them, verifiers sign and the registry keeps.

Whoever signs need not be the one who submits: `sign` makes a `Credential`, `save` and `read` carry
it in a file, `submit` gives it to the registry. `accredit` does all of it at once.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eth_typing import ChecksumAddress
from eth_utils.address import to_checksum_address
from web3.contract import Contract
from web3.contract.contract import ContractFunction

from zegel.admin.acts import Act, plan, rehearsed
from zegel.chain.messages import TYPES, Message, message_of, registry_domain
from zegel.chain.sending import Sender
from zegel.deploy.plan import Finding, Plan, Step, done, needed
from zegel.errors import ConfigError, FileError
from zegel.files import replace_text

# The registry, which an earlier step of the same plan may deploy.
Registry = Callable[[], Contract]

_TYPE = "IssuerCredential"
_YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Identity:
    """Who an issuer is.

    `terms` is the hash of what it agreed to. `valid_until` is in Unix seconds; without it, a
    credential is valid for a year from the signature.
    """

    legal_name: str
    lei: str
    domain: str
    terms: bytes = bytes(32)
    valid_until: int | None = None

    def values(self, issuer: ChecksumAddress) -> dict[str, Any]:
        """The fields of the message that do not depend on when it is signed."""
        values = {
            "issuer": issuer,
            "legalName": self.legal_name,
            "lei": self.lei,
            "domain": self.domain,
            "termsHash": self.terms,
        }
        return values if self.valid_until is None else {**values, "validUntil": self.valid_until}


@dataclass(frozen=True)
class Credential:
    """An identity that a verifier signed, for one registry."""

    message: Message
    verifier: ChecksumAddress
    signature: bytes

    @property
    def issuer(self) -> ChecksumAddress:
        return to_checksum_address(self.message.values["issuer"])

    def save(self, path: Path) -> None:
        """Writes it into a file, for whoever submits it."""
        content = {
            "verifier": self.verifier,
            "signature": "0x" + self.signature.hex(),
            "credential": self.message.typed_data(),
        }
        replace_text(path, json.dumps(content, indent=2, ensure_ascii=False) + "\n")

    @classmethod
    def read(cls, path: Path) -> "Credential":
        """Reads what `save` wrote."""
        try:
            content = json.loads(path.read_text())
            message = message_of(content["credential"])
            signature = bytes.fromhex(content["signature"].removeprefix("0x"))
            return cls(message, to_checksum_address(content["verifier"]), signature)
        except FileNotFoundError:
            raise FileError(path, "no such file: check the name") from None
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise FileError(path, f"no signed credential ({error}): sign it anew") from None


def sign(
    verifier: Sender, registry: Contract, issuer: ChecksumAddress, who: Identity
) -> Credential:
    """Signs who an issuer is, as of the latest block."""
    connection = verifier.connection
    now = connection.timestamp()
    values = {"issuedAt": now, "validUntil": now + _YEAR, **who.values(issuer)}
    message = Message(_TYPE, registry_domain(connection.chain_id, registry.address), values)
    return Credential(message, verifier.address, verifier.sign(message))


def signed(
    verifier: Sender, registry: Contract, issuer: ChecksumAddress, who: Identity
) -> Credential:
    """A credential that the registry would take now."""
    lack = _no_verifier(registry, verifier.address)
    if lack:
        raise ConfigError(lack)
    credential = sign(verifier, registry, issuer, who)
    refusal = rehearsed(_call(registry, credential), verifier.address)
    if refusal:
        raise ConfigError(f"credential of {issuer}: {refusal}")
    return credential


def accredit(sender: Sender, registry: Registry, issuer: ChecksumAddress, who: Identity) -> Plan:
    """Signs and submits who an issuer is, unless the registry knows it and it counts."""

    def check() -> Finding:
        stored = _stored(registry(), issuer)
        is_same = who.values(issuer).items() <= stored.items()
        if is_same and registry().functions.isAccredited(issuer).call():
            return done()
        return needed("renewed" if stored["issuedAt"] else "")

    def hindrance() -> str | None:
        return _no_verifier(registry(), sender.address) or rehearsed(call(), sender.address)

    def call() -> ContractFunction:
        return _call(registry(), sign(sender, registry(), issuer, who))

    step = Step(
        name=f"accredit {issuer}",
        description=f"{issuer} is {who.legal_name}, {who.domain}",
        check=check,
        act=lambda: sender.send(call()),
        hindrance=hindrance,
    )
    return Plan((step,))


def submit(sender: Sender, registry: Registry, credential: Credential) -> Plan:
    """Gives a signed credential to the registry. Anyone may do it."""
    wanted, issuer = credential.message.values, credential.issuer

    def differs() -> str | None:
        _check_place(credential, registry(), sender.connection.chain_id)
        return None if _stored(registry(), issuer) == wanted else ""

    return plan(
        sender,
        Act(
            name=f"accredit {issuer}",
            description=f"{issuer} is {wanted['legalName']}, {wanted['domain']}",
            differs=differs,
            call=lambda: _call(registry(), credential),
        ),
    )


def revoke(sender: Sender, registry: Registry, issuer: ChecksumAddress, reason: bytes) -> Plan:
    """Revokes all credentials of an issuer so far. Operators do it, and who signed the last one."""

    def differs() -> str | None:
        credential, _, revoked_at = registry().functions.credentialOf(issuer).call()
        return None if revoked_at and revoked_at >= credential[5] else ""

    return plan(
        sender,
        Act(
            name=f"revoke {issuer}",
            description=f"{issuer} is not accredited",
            differs=differs,
            call=lambda: registry().functions.revokeCredential(issuer, reason),
        ),
    )


def _call(registry: Contract, credential: Credential) -> ContractFunction:
    return registry.functions.accredit(
        credential.message.arguments(), credential.verifier, credential.signature
    )


def _check_place(credential: Credential, registry: Contract, chain_id: int) -> None:
    domain = credential.message.domain
    if domain != registry_domain(chain_id, registry.address):
        raise ConfigError(
            f"the credential of {credential.issuer} is for {domain.name} {domain.contract} on "
            f"chain {domain.chain_id}, not {registry.address} on chain {chain_id}: sign it anew"
        )


def _no_verifier(registry: Contract, account: ChecksumAddress) -> str | None:
    if registry.functions.isVerifier(account).call():
        return None
    return f"{account} is not verifier of {registry.address}: run it with an account that is"


def _stored(registry: Contract, issuer: ChecksumAddress) -> dict[str, Any]:
    """The credential that the registry keeps of an issuer, as it was signed."""
    found = registry.functions.credentialOf(issuer).call()[0]
    return dict(zip(TYPES[_TYPE], found, strict=True))

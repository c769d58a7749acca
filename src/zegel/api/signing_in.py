"""Messages by which people sign in (ERC-4361), and whether they count.

Whoever may sign for points may sign in: by a key, by a contract (ERC-1271), or by a passkey, whose
challenge is the hash that keys sign (ERC-191).
"""

import re
from dataclasses import dataclass
from datetime import datetime, timezone
from urllib.parse import urlsplit

from eth_account.messages import encode_defunct
from eth_typing import ChecksumAddress
from eth_utils.address import is_checksum_address, to_checksum_address
from eth_utils.crypto import keccak

from zegel.api.service import Service
from zegel.chain import passkeys
from zegel.chain.signatures import KEY_LENGTH, signer_of
from zegel.web.problems import Problem

# Clocks differ, and people read before they sign.
_SECONDS_EARLY, _SECONDS_LATE = 120, 600

_MAGIC = bytes.fromhex("1626ba7e")
_IS_VALID = "0x1626ba7e"

_MESSAGE = re.compile(
    r"(?:(?P<scheme>[a-z][a-z0-9+.-]*)://)?(?P<domain>[^\s/]+) "
    r"wants you to sign in with your Ethereum account:\n"
    r"(?P<account>0x[0-9a-fA-F]{40})\n\n"
    r"(?:(?P<statement>[^\n]+)\n)?\n"
    r"URI: (?P<uri>\S+)\n"
    r"Version: 1\n"
    r"Chain ID: (?P<chain>\d{1,19})\n"
    r"Nonce: (?P<nonce>[0-9A-Za-z]{8,64})\n"
    r"Issued At: (?P<issued>\S+)"
    r"(?:\nExpiration Time: (?P<expires>\S+))?"
    r"(?:\nNot Before: (?P<begins>\S+))?"
    r"(?:\nRequest ID: (?P<request>\S*))?"
    r"(?:\nResources:(?P<resources>(?:\n- \S+)*))?",
    re.ASCII,
)


@dataclass(frozen=True)
class SignIn:
    """What somebody signed; times are Unix seconds."""

    text: str
    origin: str
    domain: str
    account: ChecksumAddress
    chain_id: int
    nonce: str
    issued: int
    begins: int | None
    expires: int | None

    @property
    def digest(self) -> bytes:
        """What keys sign (ERC-191), and passkeys have as their challenge."""
        signable = encode_defunct(text=self.text)
        return keccak(b"\x19" + signable.version + signable.header + signable.body)


def read(text: str) -> SignIn:
    """The message in a text; a problem if it is none."""
    match = _MESSAGE.fullmatch(text)
    if match is None:
        raise _refusal("it is not written as ERC-4361 has it: take it from the page as it is")
    account = match["account"]
    if not is_checksum_address(account):
        raise _refusal(f"the account {account} has a wrong checksum: write it as ERC-55 has it")
    uri = urlsplit(match["uri"])
    if match["scheme"] and match["scheme"] != uri.scheme:
        raise _refusal(f"it is for {match['scheme']}: and for {uri.scheme}: name one")
    return SignIn(
        text,
        f"{uri.scheme}://{uri.netloc}",
        match["domain"],
        to_checksum_address(account),
        int(match["chain"]),
        match["nonce"],
        _second(match["issued"]),
        _second(match["begins"]) if match["begins"] else None,
        _second(match["expires"]) if match["expires"] else None,
    )


def check(here: Service, message: SignIn, signature: bytes, now: int) -> None:
    """Raises a problem unless a message counts here and now. Its nonce is used up by that."""
    settings, chain = here.settings, here.connection.chain_id
    if message.domain not in settings.domains or message.origin not in settings.own_origins:
        raise _refusal(
            f"it is for {message.domain} and {message.origin}: sign one for {settings.origin}"
        )
    if message.chain_id != chain:
        raise _refusal(f"it is for chain {message.chain_id}: sign one for chain {chain}")
    if not now - _SECONDS_LATE <= message.issued <= now + _SECONDS_EARLY:
        raise _refusal(f"it was issued at {message.issued}, and it is {now} now: sign a new one")
    if message.begins is not None and message.begins > now:
        raise _refusal(f"it begins at {message.begins}, and it is {now} now: come back then")
    if message.expires is not None and message.expires <= now:
        raise _refusal(f"it ended at {message.expires}, and it is {now} now: sign a new one")
    if not here.store.use_nonce(message.nonce, now):
        raise _refusal(f"its nonce {message.nonce} is not open: ask for one, and sign it once")
    if not is_signed(here, message.account, message.digest, signature):
        raise _refusal(f"the signature is not that of {message.account}: sign it by that account")


def is_signed(here: Service, account: ChecksumAddress, digest: bytes, signature: bytes) -> bool:
    """Whether an account signed a digest, by the rule of `MemberSignature`."""
    if len(signature) == KEY_LENGTH and signer_of(digest, signature) == account:
        return True
    if here.nodes.node.ask("eth_getCode", account, "latest") != "0x":
        return _contract_says(here, account, digest, signature)
    return passkeys.is_valid(account, digest, signature)


def _contract_says(here: Service, account: str, digest: bytes, signature: bytes) -> bool:
    """What an account that is a contract says of a signature (ERC-1271)."""
    length, padded = len(signature), signature.ljust(-(-len(signature) // 32) * 32, b"\0")
    data = _IS_VALID + digest.hex() + f"{64:064x}{length:064x}" + padded.hex()
    (answer,) = here.nodes.node.answers([("eth_call", ({"to": account, "data": data}, "latest"))])
    said = answer.get("result")
    return isinstance(said, str) and said[2:] == _MAGIC.hex().ljust(64, "0")


def _second(text: str) -> int:
    """A time of RFC 3339 as Unix seconds."""
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
        return int((found if found.tzinfo else found.replace(tzinfo=timezone.utc)).timestamp())
    except (ValueError, OverflowError):
        raise _refusal(f"{text[:40]!r} is no time: write it like 2026-12-31T18:00:00Z") from None


def _refusal(why: str) -> Problem:
    return Problem(401, "not-signed-in", f"the message does not count: {why}")

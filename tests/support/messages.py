"""What members sign for a relay, with keys of their own and for any of our contracts."""

from typing import Any

from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_utils.crypto import keccak

from zegel.chain.messages import Domain, Message
from zegel.deploy.suite import Suite

# Later than any test, and before the end of the numbers that databases take.
LATER = 4_000_000_000


def person(name: str) -> LocalAccount:
    """Somebody with a key, the same in every run."""
    account: LocalAccount = Account.from_key(keccak(text=f"zegel relay {name}"))
    return account


def sign(who: LocalAccount, message: Message) -> bytes:
    return bytes(who.sign_message(message.signable()).signature)


def to_token(suite: Suite, kind: str, symbol: str = "SHOP", **values: Any) -> Message:
    """A message to a program's token."""
    token = suite.token(symbol)
    name = token.functions.name().call()
    return Message(kind, Domain(name, suite.connection.chain_id, token.address), values)


def span(nonce: int, until: int = LATER) -> dict[str, Any]:
    """From the beginning of time, with a nonce."""
    return {"validAfter": 0, "validBefore": until, "nonce": nonce.to_bytes(32, "big")}


def transfer(
    suite: Suite, who: LocalAccount, to: str, amount: int, nonce: int = 1, **changes: Any
) -> Message:
    values = {"from": who.address, "to": to, "value": amount, **span(nonce), **changes}
    return to_token(suite, "TransferWithAuthorization", **values)

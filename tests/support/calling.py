"""What tests of the API share: problems by name, and signing in."""

from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

from eth_account.messages import encode_defunct
from eth_utils.crypto import keccak
from fastapi.testclient import TestClient

from zegel.chain.sending import UnlockedSender

ORIGIN = "http://localhost:8080"


def problem(answer: Any, status: int, name: str) -> str:
    """The detail of an answer that must be a certain problem."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    told = answer.json()
    assert (answer.status_code, told["type"]) == (status, f"urn:zegel:{name}"), told
    assert told["status"] == status
    return str(told["detail"])


def sign_in_text(account: str, nonce: str, **other: Any) -> str:
    """A message of ERC-4361, with what is told otherwise."""
    issued = datetime.now(timezone.utc).isoformat().replace("+00:00", "Z")
    values = {
        "domain": "localhost:8080",
        "uri": ORIGIN,
        "chain": 31337,
        "issued": issued,
        "rest": "",
        **other,
    }
    return (
        f"{values['domain']} wants you to sign in with your Ethereum account:\n{account}\n\n"
        f"See the figures of your programs.\n\nURI: {values['uri']}\nVersion: 1\n"
        f"Chain ID: {values['chain']}\nNonce: {nonce}\n"
        f"Issued At: {values['issued']}{values['rest']}"
    )


def digest(text: str) -> bytes:
    """What keys sign, and passkeys have as their challenge."""
    signable = encode_defunct(text=text)
    return keccak(b"\x19" + signable.version + signable.header + signable.body)


def personally_signed(sender: UnlockedSender, text: str) -> str:
    """The signature of an account that the node has, as wallets make it."""
    manager = sender.connection.web3.manager
    return str(
        manager.request_blocking("personal_sign", ["0x" + text.encode().hex(), sender.address])
    )


def sign_in(api: TestClient, sender: UnlockedSender) -> Any:
    """Signs an account in, and returns the answer."""
    nonce = api.post("/v1/session/nonce").json()["nonce"]
    text = sign_in_text(sender.address, nonce)
    signature = personally_signed(sender, text)
    return api.post("/v1/session", json={"message": text, "signature": signature})


SignedIn = Callable[[str], TestClient]

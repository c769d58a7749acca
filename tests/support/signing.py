"""What people sign, as EIP-712 messages.

A test signs a `Message` and may send another one.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from brownie import chain
from brownie.network.account import LocalAccount
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_utils import keccak

from support.passkeys import Passkey
from zegel.chain.messages import structs

# Half of the order of secp256k1: signatures above it are malleable twins.
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141

# The upper bits of a nonce that counts in order.
SEQUENTIAL = 2**256 - 2**40

Signature = tuple[int, str, str]


@dataclass(frozen=True)
class Message:
    """A message of one of the types in `zegel.chain.messages`."""

    type: str
    domain: dict[str, Any]
    values: dict[str, Any] = field(default_factory=dict)

    def but(self, **values: object) -> "Message":
        """The same message with other values."""
        return replace(self, values={**self.values, **values})

    def of(self, message_type: str) -> "Message":
        """The same values as a message of another type."""
        return replace(self, type=message_type)

    def within(self, **domain: object) -> "Message":
        """The same message to another contract, version or chain."""
        return replace(self, domain={**self.domain, **domain})

    def signed_by(self, signer: LocalAccount) -> Signature:
        """The signature as v, r and s."""
        signed = Account.sign_message(self._encoded(), signer.private_key)
        return signed.v, word(signed.r), word(signed.s)

    def recovered(self, signature: Signature) -> str:
        """Whose signature of this message it is."""
        v, r, s = signature
        return str(Account.recover_message(self._encoded(), (v, int(r, 16), int(s, 16))))

    @property
    def digest(self) -> bytes:
        """What is signed."""
        encoded = self._encoded()
        return keccak(b"\x19" + encoded.version + encoded.header + encoded.body)

    @property
    def struct_hash(self) -> bytes:
        """The message without its domain."""
        return bytes(self._encoded().body)

    def _encoded(self) -> Any:
        return encode_typed_data(self.domain, structs(self.type), self.values)


@dataclass(frozen=True)
class Signer:
    """A member of any kind, and how it signs: as bytes."""

    address: str
    sign: Callable[[Message], str]

    def __str__(self) -> str:
        return self.address


def with_key(account: LocalAccount, address: object = None) -> Signer:
    """Who signs by a key: an account, or a contract wallet that it owns."""
    return Signer(str(address or account), lambda note: packed(note.signed_by(account)))


def with_passkey(passkey: Passkey) -> Signer:
    return Signer(passkey.address, lambda note: "0x" + passkey.sign(note.digest).hex())


def message(token: Any, message_type: str, **values: object) -> Message:
    """A message to a token; addresses may be given as accounts."""
    domain = {
        "name": token.name(),
        "version": "1",
        "chainId": chain.id,
        "verifyingContract": token.address,
    }
    plain = {
        name: str(v) if isinstance(v, (LocalAccount, Signer)) else v for name, v in values.items()
    }
    return Message(message_type, domain, plain)


def twin(signature: Signature) -> Signature:
    """The other signature that stands for the same signer and message."""
    v, r, s = signature
    return 55 - v, r, word(ORDER - int(s, 16))


def sequential(number: int) -> bytes:
    """A nonce that counts in order."""
    return (SEQUENTIAL + number).to_bytes(32, "big")


def word(number: int) -> str:
    """A number as 32 bytes."""
    return f"0x{number:064x}"


def packed(signature: Signature) -> str:
    """A signature as 65 bytes: r, s and v."""
    v, r, s = signature
    return f"{r}{s[2:]}{v:02x}"

"""What people sign, as EIP-712 messages.

A test signs a `Message` and may send another one.
"""

from dataclasses import dataclass, field, replace
from typing import Any

from brownie import chain
from brownie.network.account import LocalAccount
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_utils import keccak

from zegel.chain.messages import structs

# Half of the order of secp256k1: signatures above it are malleable twins.
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141

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

    def _encoded(self) -> Any:
        return encode_typed_data(self.domain, structs(self.type), self.values)


def message(token: Any, message_type: str, **values: object) -> Message:
    """A message to a token; addresses may be given as accounts."""
    domain = {
        "name": token.name(),
        "version": "1",
        "chainId": chain.id,
        "verifyingContract": token.address,
    }
    plain = {name: str(v) if isinstance(v, LocalAccount) else v for name, v in values.items()}
    return Message(message_type, domain, plain)


def twin(signature: Signature) -> Signature:
    """The other signature that stands for the same signer and message."""
    v, r, s = signature
    return 55 - v, r, word(ORDER - int(s, 16))


def word(number: int) -> str:
    """A number as 32 bytes."""
    return f"0x{number:064x}"


def packed(signature: Signature) -> str:
    """A signature as 65 bytes: r, s and v."""
    v, r, s = signature
    return f"{r}{s[2:]}{v:02x}"

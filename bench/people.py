"""The accounts of the benchmark.

Gas depends on the zero bytes in calldata: 12 less for each. One address in thirteen has such a
byte, and which ones do changes with every build. So that figures of different builds, and of
rivals, can be compared, no address and no signature here has any.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from eth_account import Account
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from tests.support.passkeys import Passkey


@dataclass(frozen=True)
class Signer:
    """A member who signs messages."""

    address: str
    key: bytes


def account(role: str) -> str:
    """An address without a zero byte, always the same for the same role. Nobody has its key."""
    return to_checksum_address(next(_without_zeros(role)))


def accounts(role: str, number: int) -> list[str]:
    """Many addresses without a zero byte."""
    addresses = _without_zeros(role)
    return [to_checksum_address(next(addresses)) for _ in range(number)]


def signer(role: str) -> Signer:
    """An account that can sign, whose address has no zero byte."""
    for number in count():
        key = keccak(text=f"key of {role} {number}")
        address = Account.from_key(key).address
        if 0 not in bytes.fromhex(address[2:]):
            return Signer(address, key)
    raise AssertionError


def signers(role: str, number: int) -> list[Signer]:
    """Many accounts that can sign."""
    return [signer(f"{role} {index}") for index in range(number)]


def passkey(role: str) -> Passkey:
    """A passkey whose member's address has no zero byte, nor has its public key."""
    for number in count():
        key = Passkey(int.from_bytes(keccak(text=f"passkey of {role} {number}")[1:], "big"))
        if 0 not in key.x + key.y + bytes.fromhex(key.address[2:]):
            return key
    raise AssertionError


def deployer(contract: str) -> str:
    """An account whose first contract has an address without a zero byte."""
    for address in _without_zeros(f"deployer of {contract}"):
        # RLP of [address, 0].
        created = keccak(b"\xd6\x94" + address + b"\x80")[12:]
        if 0 not in created:
            return to_checksum_address(address)
    raise AssertionError


def _without_zeros(role: str) -> Iterator[bytes]:
    for number in count():
        address = keccak(text=f"{role} {number}")[12:]
        if 0 not in address:
            yield address

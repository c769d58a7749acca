"""Charters, as issuers draft them."""

from dataclasses import dataclass, replace
from typing import Any

from brownie import chain
from eth_abi import encode
from eth_utils import keccak

from support.signing import Message
from support.words import bytes32

Rule = tuple[str, int, int, int, str, int]

NONE = "0x" + "00" * 32
DOCUMENT = bytes32("hash of the document")

# The states of a charter and of a party, in the order of the enums.
UNKNOWN, PROPOSED, IN_FORCE, SUPERSEDED = range(4)
NO_PARTY, MISSING, SIGNED = range(3)

_RULE = "(bytes32,uint64,uint16,uint8,address,uint40)"


def rule(
    attester: object,
    *,
    label: str = "a bottle returned",
    amount: int = 100,
    max_per_period: int = 2,
    months: int = 1,
    until: int = 0,
) -> Rule:
    """A rule, in the order of the struct."""
    return bytes32(label), amount, max_per_period, months, str(attester), until


@dataclass(frozen=True)
class Draft:
    """What a charter says; `id` is the name that the contract gives it."""

    token: str
    parties: tuple[str, ...]
    rules: tuple[Rule, ...]
    document: str = DOCUMENT
    supersedes: str = NONE

    def but(self, **values: Any) -> "Draft":
        """The same with other values."""
        return replace(self, **values)

    @property
    def arguments(self) -> tuple[Any, ...]:
        """What `propose` takes."""
        return self.token, self.document, self.parties, self.rules, self.supersedes

    @property
    def id(self) -> str:
        rules = [
            (_bytes(label), amount, most, months, attester, until)
            for label, amount, most, months, attester, until in self.rules
        ]
        encoded = encode(
            ["address", "bytes32", "address[]", f"{_RULE}[]", "bytes32"],
            [self.token, _bytes(self.document), self.parties, rules, _bytes(self.supersedes)],
        )
        return "0x" + keccak(encoded).hex()


def to_charter(contract: Any, message_type: str, **values: object) -> Message:
    """A message to a charter contract."""
    domain = {
        "name": "Zegel Charter",
        "version": "1",
        "chainId": chain.id,
        "verifyingContract": contract.address,
    }
    return Message(message_type, domain, values)


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text[2:])

"""What nodes say when they do not take a transaction, and what it means.

There is no standard: every kind of node has words of its own, and the same words in all letters,
large and small. The first line that matches counts.
"""

from enum import Enum


class Meaning(Enum):
    """What an answer to a sent transaction means for it."""

    TAKEN = "the node has it already"
    NONCE_USED = "its nonce was used, by it or by another one"
    OUTBID = "another one with this nonce waits, and pays as much"
    TOO_CHEAP = "its fees are too low for the chain as it is"
    TOO_EARLY = "the node has no room for it now"
    NO_MONEY = "the account cannot pay for it"
    UNKNOWN = "the node refuses it"


# Where they were seen: Anvil (a), Hardhat (h), go-ethereum (g), Erigon (e), Nethermind (n), Besu
# (b), Reth (r), and services before them (s).
WORDINGS = (
    ("replacement transaction underpriced", Meaning.OUTBID),  # a g e r
    ("replacement fee too low", Meaning.OUTBID),  # n s
    ("gas price too low to replace", Meaning.OUTBID),
    ("replacementnotallowed", Meaning.OUTBID),  # n
    ("could not replace existing tx", Meaning.OUTBID),  # e
    ("already known", Meaning.TAKEN),  # g e r
    ("already imported", Meaning.TAKEN),  # a, parity
    ("alreadyknown", Meaning.TAKEN),  # n
    ("known transaction", Meaning.TAKEN),  # g before 1.10, b, h
    ("already exists", Meaning.TAKEN),
    ("already in mempool", Meaning.TAKEN),
    ("already in the pool", Meaning.TAKEN),
    ("nonce too low", Meaning.NONCE_USED),  # a h g e r
    ("nonce is too low", Meaning.NONCE_USED),
    ("nonce_too_low", Meaning.NONCE_USED),  # b
    ("oldnonce", Meaning.NONCE_USED),  # n
    ("nonce has already been used", Meaning.NONCE_USED),  # s
    ("underpriced", Meaning.TOO_CHEAP),  # g e r
    ("less than block base fee", Meaning.TOO_CHEAP),  # g a
    ("fee cap less than", Meaning.TOO_CHEAP),  # g
    ("feetoolow", Meaning.TOO_CHEAP),  # n
    ("fee too low", Meaning.TOO_CHEAP),  # e
    ("too low for the next block", Meaning.TOO_CHEAP),  # h
    ("gas price below configured minimum", Meaning.TOO_CHEAP),  # b
    ("gas price is too low", Meaning.TOO_CHEAP),
    ("nonce too high", Meaning.TOO_EARLY),  # h
    ("nonce gap", Meaning.TOO_EARLY),
    ("noncegap", Meaning.TOO_EARLY),  # n
    ("nonce_too_far", Meaning.TOO_EARLY),  # b
    ("txpool is full", Meaning.TOO_EARLY),  # g r
    ("pool is full", Meaning.TOO_EARLY),
    ("account limit exceeded", Meaning.TOO_EARLY),
    ("limit reached", Meaning.TOO_EARLY),
    ("too many", Meaning.TOO_EARLY),
    ("rate limit", Meaning.TOO_EARLY),  # s
    ("in-flight transaction limit", Meaning.TOO_EARLY),  # g
    ("internal error", Meaning.TOO_EARLY),
    ("insufficient", Meaning.NO_MONEY),  # a g e r n
    ("upfront_cost_exceeds_balance", Meaning.NO_MONEY),  # b
    ("doesn't have enough funds", Meaning.NO_MONEY),  # h
    ("not enough funds", Meaning.NO_MONEY),
)


def meaning(text: str) -> Meaning:
    """What a node's refusal of a transaction means."""
    lowered = text.lower()
    return next((what for words, what in WORDINGS if words in lowered), Meaning.UNKNOWN)

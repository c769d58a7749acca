"""What our operations cost that a member signs and someone else sends."""

from collections.abc import Callable

from web3.contract import Contract

from bench.chain import Sent, topic
from bench.erc20 import Figures
from bench.setting import (
    AMOUNT,
    AWARDER,
    BALANCE,
    LEAST,
    MEMBER,
    NEWCOMER,
    PHONE,
    REFERENCE,
    RELAYER,
)
from bench.signatures import DEADLINE, Values, sign, sign_by_passkey
from bench.suite import Suite
from zegel.chain.messages import Domain

# The upper 27 bytes of a nonce that counts in order.
SEQUENTIAL = b"\xff" * 27


def transfers(suite: Suite, token: Contract) -> Figures:
    """Transfers by ERC-3009 to a holder: with nonces of the member's choice, and in order."""
    word = topic("nonces")[:31]
    in_order = next_nonce(suite, token, MEMBER.address)
    return {
        "sponsored/first": transfer(suite, token, lambda number: word + bytes([number + 1])),
        "sponsored/later": transfer(suite, token, lambda number: word + bytes([number + 129])),
        "sponsored/order": transfer(suite, token, lambda _: in_order),
        "sponsored/passkey": transfer_by_passkey(suite, token),
    }


def transfer(suite: Suite, token: Contract, nonce: Callable[[int], bytes]) -> Sent:
    signed = sign(
        MEMBER,
        domain(suite, token),
        "TransferWithAuthorization",
        lambda number: transfer_values(MEMBER.address, nonce(number), number),
    )
    call = token.functions.transferWithAuthorization(*signed.values.values(), *signed.vrs)
    return suite.chain.send(RELAYER, call)


def transfer_by_passkey(suite: Suite, token: Contract) -> Sent:
    award = token.functions.award(PHONE.address, BALANCE, REFERENCE)
    suite.chain.send(AWARDER, award)
    nonce = next_nonce(suite, token, PHONE.address)
    values, signature = sign_by_passkey(
        PHONE,
        domain(suite, token),
        "TransferWithAuthorization",
        lambda number: transfer_values(PHONE.address, nonce, number),
    )
    call = token.functions.transferWithAuthorization(*values.values(), signature)
    return suite.chain.send(RELAYER, call)


def transfer_values(member: str, nonce: bytes, number: int) -> Values:
    return {
        "from": member,
        "to": NEWCOMER,
        "value": AMOUNT,
        "validAfter": 0,
        "validBefore": DEADLINE + number,
        "nonce": nonce,
    }


def redemption(suite: Suite, token: Contract) -> Sent:
    """A redemption with a nonce in order."""
    nonce = next_nonce(suite, token, MEMBER.address)
    signed = sign(
        MEMBER,
        domain(suite, token),
        "RedeemWithAuthorization",
        lambda number: {
            "member": MEMBER.address,
            "amount": AMOUNT,
            "ref": REFERENCE,
            "validAfter": 0,
            "validBefore": DEADLINE + number,
            "nonce": nonce,
        },
    )
    call = token.functions.redeemWithAuthorization(*signed.values.values(), signed.signature)
    return suite.chain.send(RELAYER, call)


def conversion(suite: Suite, exchange: Contract, source: Contract, target: Contract) -> Sent:
    """A conversion with a nonce in order, by a member who holds points of the target."""
    nonce = next_nonce(suite, source, MEMBER.address)
    signed = sign(
        MEMBER,
        domain(suite, source),
        "ConvertWithAuthorization",
        lambda number: {
            "exchange": exchange.address,
            "member": MEMBER.address,
            "from": source.address,
            "to": target.address,
            "amount": AMOUNT,
            "minOut": LEAST,
            "recipient": MEMBER.address,
            "validAfter": 0,
            "validBefore": DEADLINE + number,
            "nonce": nonce,
        },
    )
    _, *order = signed.values.values()
    call = exchange.functions.convertWithAuthorization(tuple(order), signed.signature)
    return suite.chain.send(RELAYER, call)


def next_nonce(suite: Suite, token: Contract, member: str) -> bytes:
    """The member's next nonce of those that count in order."""
    count: int = suite.chain.read(token.functions.nonces(member))
    return SEQUENTIAL + count.to_bytes(5, "big")


def domain(suite: Suite, token: Contract) -> Domain:
    name = suite.chain.read(token.functions.name())
    return Domain(name, suite.chain.id, token.address)

"""Pays back: points of a sale that was settled go from the merchant to the member.

First the queue says for which sale, so that none is refunded by more than was paid for it. Then the
merchant signs a transfer (ERC-3009) whose nonce names the till, the sale and the part: the chain
takes it once, however often it is sent, and whoever looks there sees which sale it belongs to.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from eth_typing import ChecksumAddress
from eth_utils.address import to_canonical_address
from eth_utils.crypto import keccak
from web3.contract import Contract
from web3.exceptions import ContractLogicError

from zegel.chain.decoders import topic_of
from zegel.chain.messages import Domain, Message
from zegel.chain.raw import ask
from zegel.chain.refusals import refusal
from zegel.chain.sending import Sender, name_of
from zegel.crashing import crash_point
from zegel.deploy.suite import Suite
from zegel.errors import Declined, Refused
from zegel.till.opening import Till
from zegel.till.sales import OPEN, Refund, Sale
from zegel.till.wordings import NOT_REFUNDED

# A sale has at most this many refunds: the nonce has a byte for it.
_PARTS = 256

# A signed transfer that was not sent is worth nothing after that.
_SECONDS_TO_SEND = 3_600


@dataclass(frozen=True)
class Repaid:
    """What a run did: refunds whose transfer is on the chain; what went wrong with the others."""

    done: tuple[Refund, ...]
    troubles: tuple[str, ...]


def refund(till: Till, serial: int, amount: int) -> Refund:
    """Writes down that base units of a sale are paid back; `pay_back` makes the transfer."""
    with till.lock:
        sale = _settled(till, serial)
        left = sale.paid - sale.refunded
        part = sum(known == serial for known, _ in till.sales.refunds)
        if not 0 < amount <= left or part >= _PARTS:
            raise Declined(
                f"{sale.points(amount)} cannot be paid back for serial {serial}: "
                f"{sale.points(left)} of it are left, pay back no more",
                NOT_REFUNDED,
            )
        till.record("refunding", till.clock(), serial=serial, part=part, amount=amount)
        crash_point("till.refunding")
        return till.sales.refunds[serial, part]


def nonce_of(till: ChecksumAddress, serial: int, part: int) -> bytes:
    """The nonce of a refund's transfer: those of one till's sales share storage words."""
    whose = keccak(b"Zegel refund" + to_canonical_address(till))[:23]
    return whose + part.to_bytes(1, "big") + serial.to_bytes(8, "big")


def pay_back(till: Till, suite: Suite, merchant: Sender) -> Repaid:
    """Makes the transfers of all refunds that have none, in the merchant's name."""
    troubles = []
    before = [key for key, one in list(till.sales.refunds.items()) if not one.transaction]
    for key in before:
        try:
            _transfer(till, suite, merchant, till.sales.refunds[key])
        except Refused as refused:
            troubles.append(f"serial {key[0]} is not paid back: {refused}")
    now = (till.sales.refunds[key] for key in before)
    return Repaid(tuple(one for one in now if one.transaction), tuple(troubles))


def _settled(till: Till, serial: int) -> Sale:
    sale = till.sales.taken.get(serial)
    if sale is None:
        raise Declined(f"serial {serial} was not paid here: look at the receipt", NOT_REFUNDED)
    if sale.state == OPEN:
        raise Declined(
            f"serial {serial} is not settled yet: settle it, then pay it back", NOT_REFUNDED
        )
    return sale


def _transfer(till: Till, suite: Suite, merchant: Sender, owed: Refund) -> None:
    sale = till.sales.taken[owed.serial]
    token = suite.connection.contract("PointToken", sale.token)
    nonce = nonce_of(till.place.till, owed.serial, owed.part)
    if merchant.address != till.place.merchant:
        raise Declined(
            f"{merchant.address} is not the merchant {till.place.merchant}, whose points are paid "
            "back: run it with the merchant's account",
            NOT_REFUNDED,
        )
    found = next(_made(suite, token, till.place.merchant, nonce, sale.block), None)
    if found is None:
        found = _send(suite, token, merchant, sale, owed, nonce)
    at = till.clock()
    till.record("refunded", at, serial=owed.serial, part=owed.part, transaction=found)
    crash_point("till.refunded")


def _send(
    suite: Suite, token: Contract, merchant: Sender, sale: Sale, owed: Refund, nonce: bytes
) -> str:
    until = suite.connection.timestamp() + _SECONDS_TO_SEND
    domain = Domain(token.functions.name().call(), suite.connection.chain_id, token.address)
    values = {
        "from": merchant.address,
        "to": sale.member,
        "value": owed.amount,
        "validAfter": 0,
        "validBefore": until,
        "nonce": nonce,
    }
    message = Message("TransferWithAuthorization", domain, values)
    transfer = token.get_function_by_signature(
        "transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)"
    )
    call = transfer(*message.arguments(), merchant.sign(message))
    try:
        call.call({"from": merchant.address})
    except ContractLogicError as error:
        raise refusal(error, name_of(call)) from None
    receipt = merchant.send(call, on_sent=lambda _: crash_point("till.refund sent"))
    return receipt["transactionHash"].to_0x_hex()


def _made(
    suite: Suite, token: Contract, merchant: ChecksumAddress, nonce: bytes, since: int
) -> Iterator[str]:
    """The transaction that used a refund's nonce, if one did."""
    if not token.functions.authorizationState(merchant, nonce).call():
        return
    question = {
        "address": token.address,
        "topics": [
            topic_of("AuthorizationUsed"),
            "0x" + "00" * 12 + merchant[2:].lower(),
            "0x" + nonce.hex(),
        ],
        "fromBlock": hex(since),
    }
    for log in ask(suite.connection, "eth_getLogs", question):
        yield str(log["transactionHash"])

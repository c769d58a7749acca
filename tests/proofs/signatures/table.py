"""Every function that takes a signature: what is signed for it, and how it is handed in.

A row knows how its message is spoilt in time and by use; what can be wrong with any message stands
in `mutations.py`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from proofs.signatures.hashing import Note
from proofs.signatures.network import DOCUMENT, EURO, NOBODY, NOW, Network, calldata, credential
from proofs.signatures.signers import Signer
from support.clock import DAY

Values = Mapping[str, Any]
# An error's name and its arguments.
Refusal = tuple[str, tuple[Any, ...]]

SEQUENTIAL = 2**256 - 2**40
SIGNED_BEFORE, SIGNED_UNTIL = NOW - DAY, NOW + DAY

PARTS, BYTES = "uint8,bytes32,bytes32", "bytes"


@dataclass(frozen=True)
class Row:
    """A function that takes a signature.

    Args:
        contract: What is called, by its artifact.
        place: Where it stands in the network.
        function: Its whole signature.
        type: What is signed.
        values: The message that a member signs, by a number that makes each one new.
        arguments: What stands in front of the signature.
        domain: Whose domain the message bears, by its place.
        behind: What stands behind the signature.
        caller: Who calls.
        others: Where else the message is shown: place and arguments.
        timely: Changes of the message that make it early or late, and the refusal.
        used: The refusal of a message that was used.
        by_hand: Whether members of each kind hand it in; parts are no way for passkeys.
    """

    contract: str
    place: str
    function: str
    type: str
    values: Callable[[Network, Signer, int], Values]
    arguments: Callable[[Network, Signer, Values], tuple[Any, ...]]
    domain: str
    used: Callable[[Signer, Values], Refusal]
    timely: Callable[[Values], Iterator[tuple[Values, Refusal]]] = lambda values: iter(())
    caller: Callable[[Network], str] = lambda network: network.boss
    others: Callable[[Network, Signer, Values], Iterator[tuple[str, tuple[Any, ...]]]] = (
        lambda network, signer, values: iter(())
    )
    kinds: tuple[str, ...] = ("key", "contract", "passkey")
    behind: Callable[[Network, bytes], tuple[Any, ...]] = lambda network, signature: (signature,)
    is_sequential: bool = False
    # What a row adds to its name where there are several of one function.
    case: str = ""
    fields: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        text = f"{self.contract}.{self.function.split('(')[0]}"
        form = " in parts" if self.takes_parts else ""
        return f"{text}{form}{self.case and ', ' + self.case}"

    @property
    def takes_parts(self) -> bool:
        return self.function.endswith(f"{PARTS})")

    def note(self, network: Network, signer: Signer, number: int) -> Note:
        """The right message."""
        values = self.values(network, signer, number)
        return Note(self.type, network.domain(self.domain), values)

    def data(
        self,
        network: Network,
        signer: Signer,
        values: Values,
        signature: bytes,
    ) -> bytes:
        """A call with a message and a signature."""
        arguments = self.arguments(network, signer, values)
        return self.encoded(network, arguments, signature)

    def encoded(self, network: Network, arguments: tuple[Any, ...], signature: bytes) -> bytes:
        handed = self.behind(network, signature)
        if self.takes_parts:
            handed = (signature[64], signature[:32], signature[32:64])
        return calldata(self.contract, self.function, *arguments, *handed)


def times(values: Values) -> Iterator[tuple[Values, Refusal]]:
    """Messages that are valid strictly between two times."""
    for after, before in ((NOW, NOW + 1), (NOW + 1, NOW + 2), (NOW - 1, NOW), (NOW - 2, NOW - 1)):
        changed = {**values, "validAfter": after, "validBefore": before}
        yield changed, ("AuthorizationNotInForce", (after, before))


def until(values: Values) -> Iterator[tuple[Values, Refusal]]:
    """Messages that are valid before a second."""
    for end in (0, NOW - 1, NOW):
        yield {**values, "validBefore": end}, ("SignatureExpired", (end,))


def deadline(values: Values) -> Iterator[tuple[Values, Refusal]]:
    for end in (0, NOW - 1):
        yield {**values, "deadline": end}, ("PermitExpired", (end,))


def by_nonce(signer: Signer, values: Values) -> Refusal:
    return "AuthorizationAlreadyUsed", (signer.address, values["nonce"])


def unsigned(signer: Signer, values: Values) -> Refusal:
    return "InvalidSignature", (signer.address,)


def span(number: int) -> dict[str, Any]:
    # A word of nonces of its own, and a full one.
    nonce = (number << 64 | 7).to_bytes(32, "big")
    return {"validAfter": SIGNED_BEFORE, "validBefore": SIGNED_UNTIL, "nonce": nonce}


def as_values(network: Network, signer: Signer, values: Values) -> tuple[Any, ...]:
    return tuple(values.values())


def on_rail(network: Network, signer: Signer, values: Values) -> Iterator[tuple[str, Any]]:
    yield "rail", tuple(values.values())


# To the token


def permit(network: Network, signer: Signer, number: int) -> Values:
    spender = network.merchant
    return {
        "owner": signer.address,
        "spender": spender,
        "value": 10 + number,
        "nonce": 0,
        "deadline": NOW + 60,
    }


def without_nonce(network: Network, signer: Signer, values: Values) -> tuple[Any, ...]:
    return tuple(value for name, value in values.items() if name != "nonce")


def move(network: Network, signer: Signer, number: int) -> Values:
    sides = {"from": signer.address, "to": network.merchant}
    return {**sides, "value": 10 + number, **span(number)}


def cancel(network: Network, signer: Signer, number: int) -> Values:
    return {"authorizer": signer.address, "nonce": span(number)["nonce"]}


def redeem(network: Network, signer: Signer, number: int) -> Values:
    ref = (number + 1).to_bytes(32, "big")
    return {"member": signer.address, "amount": 10 + number, "ref": ref, **span(number)}


TOKEN = [
    row
    for form in (PARTS, BYTES)
    for kinds in [("key", "contract") if form == PARTS else ("key", "contract", "passkey")]
    for row in (
        Row(
            "PointToken",
            "token",
            f"permit(address,address,uint256,uint256,{form})",
            "Permit",
            permit,
            without_nonce,
            "token",
            used=unsigned,
            timely=deadline,
            others=lambda n, s, v: iter([("rail", without_nonce(n, s, v))]),
            kinds=kinds,
        ),
        Row(
            "PointToken",
            "token",
            f"transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,{form})",
            "TransferWithAuthorization",
            move,
            as_values,
            "token",
            used=by_nonce,
            timely=times,
            others=on_rail,
            kinds=kinds,
            is_sequential=True,
        ),
        Row(
            "PointToken",
            "token",
            f"receiveWithAuthorization(address,address,uint256,uint256,uint256,bytes32,{form})",
            "ReceiveWithAuthorization",
            move,
            as_values,
            "token",
            used=by_nonce,
            timely=times,
            others=on_rail,
            caller=lambda network: network.merchant,
            kinds=kinds,
            is_sequential=True,
        ),
        Row(
            "PointToken",
            "token",
            f"cancelAuthorization(address,bytes32,{form})",
            "CancelAuthorization",
            cancel,
            as_values,
            "token",
            used=by_nonce,
            others=on_rail,
            kinds=kinds,
            is_sequential=True,
        ),
    )
] + [
    Row(
        "PointToken",
        "token",
        "redeemWithAuthorization(address,uint256,bytes32,uint256,uint256,bytes32,bytes)",
        "RedeemWithAuthorization",
        redeem,
        as_values,
        "token",
        used=by_nonce,
        timely=times,
        others=on_rail,
        is_sequential=True,
    )
]

# To the exchange: what is given up, and what for.


def conversion(give: str, take: str) -> Callable[[Network, Signer, int], Values]:
    def order(network: Network, signer: Signer, number: int) -> Values:
        amount = (EURO if give == "money" else 1) * (10 + number)
        return {
            "exchange": network.exchange.address,
            "member": signer.address,
            "from": getattr(network, give).address,
            "to": getattr(network, take).address,
            "amount": amount,
            "minOut": 1,
            "recipient": network.merchant,
            **span(number),
        }

    return order


def ordered(network: Network, signer: Signer, values: Values) -> tuple[Any, ...]:
    return (tuple(value for name, value in values.items() if name != "exchange"),)


def elsewhere(give: str, take: str) -> Callable[..., Iterator[tuple[str, tuple[Any, ...]]]]:
    """The later exchange, and the other token in place of the one that it was signed for."""

    def places(network: Network, signer: Signer, values: Values) -> Iterator[tuple[str, Any]]:
        yield "other_exchange", ordered(network, signer, values)
        turned = {"token": network.rail.address, "rail": network.token.address}
        other = {
            **values,
            "from": turned.get(give, values["from"]),
            "to": turned.get(take, values["to"]),
        }
        yield "exchange", ordered(network, signer, other)

    return places


EXCHANGE = [
    Row(
        "PointExchange",
        "exchange",
        "convertWithAuthorization((address,address,address,uint256,uint256,address,uint256,uint256,"
        "bytes32),bytes)",
        "ConvertWithAuthorization",
        conversion(give, take),
        ordered,
        "token",
        used=by_nonce,
        timely=times,
        others=elsewhere(give, take),
        is_sequential=True,
        case=case,
    )
    for case, give, take in (
        ("into points", "token", "rail"),
        ("into money", "token", "money"),
        ("of money", "money", "token"),
    )
]

# To the desk


def hold(network: Network, signer: Signer, number: int) -> Values:
    sides = {"member": signer.address, "merchant": network.merchant}
    return {"desk": network.desk.address, **sides, "amount": 10 + number, **span(number)}


def release(network: Network, signer: Signer, number: int) -> Values:
    sides = {"member": signer.address, "merchant": network.merchant}
    return {"desk": network.desk.address, **sides, **span(number)}


def asked(network: Network, signer: Signer, values: Values) -> tuple[Any, ...]:
    order = tuple(value for name, value in values.items() if name != "desk")
    return network.token.address, order


def other_desks(network: Network, signer: Signer, values: Values) -> Iterator[tuple[str, Any]]:
    _, order = asked(network, signer, values)
    yield "other_desk", (network.token.address, order)
    yield "desk", (network.rail.address, order)


def voucher(network: Network, signer: Signer, number: int) -> Values:
    return {
        "token": network.token.address,
        "member": signer.address,
        "merchant": network.merchant,
        "till": network.till,
        "serial": number,
        "amount": 10 + number % 900,
        "shared": False,
        "validBefore": NOW + 60,
    }


VOUCHER_FIELDS = ("member", "till", "serial", "amount", "shared", "validBefore")


def to_settle(network: Network, signer: Signer, values: Values) -> tuple[Any, ...]:
    promise = tuple(values[name] for name in VOUCHER_FIELDS)
    return (values["token"], values["merchant"], NOBODY, 0), [promise]


def settlement(network: Network, signer: Signer, number: int) -> Values:
    """Of two vouchers; the member is the till that answers for it."""
    promises = [
        {**voucher(network, network.shopper, 2 * number + extra), "till": signer.address}
        for extra in (0, 1)
    ]
    return {
        "token": network.token.address,
        "merchant": network.merchant,
        "vouchers": promises,
        "to": NOBODY,
        "minOut": 0,
    }


def to_answer_for(network: Network, signer: Signer, values: Values) -> tuple[Any, ...]:
    promises = [tuple(each[name] for name in VOUCHER_FIELDS) for each in values["vouchers"]]
    signatures = [
        network.shopper.sign(Note("Voucher", network.domain("desk"), each).digest)
        for each in values["vouchers"]
    ]
    head = (values["token"], values["merchant"], values["to"], values["minOut"])
    return head, promises, signatures, signer.address


SETTLE = (
    "settle((address,address,address,uint256),"
    "(address,address,uint256,uint256,bool,uint256)[],bytes[],address,bytes)"
)
UNSIGNED, ENDED, SETTLED = (("VoucherRefused", (reason,)) for reason in (3, 2, 1))

DESK = [
    Row(
        "OfflineDesk",
        "desk",
        "holdWithAuthorization(address,(address,address,uint256,uint256,uint256,bytes32),bytes)",
        "HoldWithAuthorization",
        hold,
        asked,
        "token",
        used=by_nonce,
        timely=times,
        others=other_desks,
        is_sequential=True,
    ),
    Row(
        "OfflineDesk",
        "desk",
        "releaseWithAuthorization(address,(address,address,uint256,uint256,bytes32),bytes)",
        "ReleaseWithAuthorization",
        release,
        asked,
        "token",
        used=by_nonce,
        timely=times,
        others=other_desks,
        is_sequential=True,
    ),
    Row(
        "OfflineDesk",
        "desk",
        SETTLE,
        "Voucher",
        voucher,
        to_settle,
        "desk",
        used=lambda signer, values: SETTLED,
        timely=lambda values: (
            ({**values, "validBefore": end}, ENDED) for end in (0, NOW - 1, NOW)
        ),
        others=lambda n, s, v: iter(
            [
                ("other_desk", to_settle(n, s, v)),
                ("desk", to_settle(n, s, {**v, "token": n.rail.address})),
            ]
        ),
        caller=lambda network: network.merchant,
        behind=lambda network, signature: ([signature], network.merchant, b""),
        case="a voucher",
    ),
    Row(
        "OfflineDesk",
        "desk",
        SETTLE,
        "Settlement",
        settlement,
        to_answer_for,
        "desk",
        # Its vouchers are settled, each by itself; the settlement may come again.
        used=lambda signer, values: SETTLED,
        others=lambda n, s, v: iter(
            [
                ("other_desk", to_answer_for(n, s, v)),
                ("desk", to_answer_for(n, s, {**v, "token": n.rail.address})),
            ]
        ),
        case="a settlement",
    ),
]

# To the drop, the charter and the registry


def claim(network: Network, signer: Signer, number: int) -> Values:
    index, *_ = network.drop_row(signer.address)
    (drop_id,) = network.drop_ids
    recipient = f"0x{number + 2**100:040x}"
    return {"dropId": drop_id, "index": index, "recipient": recipient, "validBefore": NOW + 60}


def to_claim(network: Network, signer: Signer, values: Values) -> tuple[Any, ...]:
    row = network.drop_row(signer.address)
    proof = network.drop_proof(signer.address)
    return values["dropId"], row, proof, values["recipient"], values["validBefore"]


def agreement(network: Network, signer: Signer, number: int) -> Values:
    return {"party": signer.address, "charterId": network.draft, "documentHash": DOCUMENT}


def rewarding(network: Network, signer: Signer, number: int) -> Values:
    """Each member is the attester of one rule."""
    rule = [member.address for member in network.members].index(signer.address)
    evidence = (number + 1).to_bytes(32, "big")
    return {
        "charterId": network.agreement,
        "rule": rule,
        "member": network.merchant,
        "evidence": evidence,
        "validBefore": NOW + 60,
    }


def vouching(network: Network, signer: Signer, number: int) -> Values:
    return credential(network.merchant, NOW - 1 - number)


def to_accredit(network: Network, signer: Signer, values: Values) -> tuple[Any, ...]:
    return tuple(values.values()), signer.address


def terms(values: Values) -> Iterator[tuple[Values, Refusal]]:
    for issued_at, valid_until in ((NOW + 1, NOW + 2), (NOW - 2, NOW), (NOW - 2, NOW - 1)):
        changed = {**values, "issuedAt": issued_at, "validUntil": valid_until}
        yield changed, ("InvalidValidity", (issued_at, valid_until))


def next_to(place: str, arguments: Callable[..., tuple[Any, ...]]) -> Callable[..., Any]:
    return lambda n, s, v: iter([(f"other_{place}", arguments(n, s, v))])


ROW = "(uint256,address,uint256,bytes32,bytes32)"

OTHERS = [
    Row(
        "AwardDrop",
        "drop",
        f"claimTo(bytes32,{ROW},bytes32[],address,uint256,bytes)",
        "ClaimTo",
        claim,
        to_claim,
        "drop",
        used=lambda signer, values: ("AlreadyClaimed", (values["dropId"], values["index"])),
        timely=until,
        others=next_to("drop", to_claim),
    ),
    Row(
        "RewardCharter",
        "charter",
        "signFor(bytes32,address,bytes)",
        "CharterSignature",
        agreement,
        lambda network, signer, values: (values["charterId"], signer.address),
        "charter",
        used=lambda signer, values: ("AlreadySigned", (values["charterId"], signer.address)),
        others=next_to("charter", lambda n, s, v: (v["charterId"], s.address)),
    ),
    Row(
        "RewardCharter",
        "charter",
        "rewardFor(bytes32,uint256,address,bytes32,uint256,bytes)",
        "Reward",
        rewarding,
        as_values,
        "charter",
        used=lambda signer, values: (
            "AlreadyRewarded",
            (values["charterId"], values["evidence"]),
        ),
        timely=until,
        others=next_to("charter", as_values),
    ),
    Row(
        "IssuerRegistry",
        "registry",
        "accredit((address,string,string,string,bytes32,uint64,uint64),address,bytes)",
        "IssuerCredential",
        vouching,
        to_accredit,
        "registry",
        used=lambda signer, values: (
            "CredentialOutdated",
            (values["issuer"], values["issuedAt"], values["issuedAt"]),
        ),
        timely=terms,
        others=next_to("registry", to_accredit),
    ),
]

TABLE = [*TOKEN, *EXCHANGE, *DESK, *OTHERS]

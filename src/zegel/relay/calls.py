"""The call that carries a signed message out.

All its values are those that were signed. What a contract wants beside them, such as the proof that
an award stands in a drop, the contract itself holds against what was signed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from eth_abi.abi import encode
from eth_hash.auto import keccak
from eth_typing import ChecksumAddress

from zegel.chain.messages import Message
from zegel.errors import RelayRefused
from zegel.relay.fields import malformed, signature_from, struct, value
from zegel.relay.network import Network
from zegel.relay.reasons import NOT_FOR_ANYONE

# What the drop wants to see of an award.
_ROW = {
    "index": "uint256",
    "member": "address",
    "amount": "uint256",
    "ref": "bytes32",
    "reason": "bytes32",
}

# The desk's structs.
_SETTLEMENT = "(address,address,address,uint256)"
_VOUCHERS = "(address,address,uint256,uint256,bool,uint256)[]"

_TIMES = "uint256,uint256,bytes32"


@dataclass(frozen=True)
class Call:
    """A call, who signed for it, and whose quota it uses.

    `contract` is the name of what is called. Where `needs_points`, the call alone moves none: it is
    carried out for members who hold some, or anyone could use up a program's quota.
    """

    contract: str
    target: ChecksumAddress
    data: bytes
    signer: ChecksumAddress
    program: ChecksumAddress
    valid_before: int | None = None
    needs_points: bool = False


def call_of(
    network: Network, message: Message, signature: bytes, beside: Mapping[str, Any]
) -> Call:
    """The call for a message whose values were checked."""
    network.check(message.type, message.domain)
    return _MAKERS[message.type](_Work(network, message, signature, beside))


@dataclass(frozen=True)
class _Work:
    network: Network
    message: Message
    signature: bytes
    beside: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.message.values[name]

    def given(self, **fields: str) -> dict[str, Any]:
        """What stands beside the message: these values, and no others."""
        return struct(fields, self.beside, "with")

    def to_token(
        self,
        function: str,
        signer: str,
        end: str | None,
        *arguments: Any,
        needs_points: bool = False,
    ) -> Call:
        self.given()
        return Call(
            "PointToken",
            self.message.domain.contract,
            _data(function, *arguments, self.signature),
            self[signer],
            self.message.domain.contract,
            None if end is None else self[end],
            needs_points,
        )


def _transfer(work: _Work) -> Call:
    return work.to_token(
        f"transferWithAuthorization(address,address,uint256,{_TIMES},bytes)",
        "from",
        "validBefore",
        *work.message.arguments(),
        needs_points=True,
    )


def _cancel(work: _Work) -> Call:
    function = "cancelAuthorization(address,bytes32,bytes)"
    arguments = work.message.arguments()
    return work.to_token(function, "authorizer", None, *arguments, needs_points=True)


def _permit(work: _Work) -> Call:
    # The nonce is the token's to know.
    arguments = (work[name] for name in ("owner", "spender", "value", "deadline"))
    function = "permit(address,address,uint256,uint256,bytes)"
    call = work.to_token(function, "owner", "deadline", *arguments, needs_points=True)
    # A permit holds in its last second.
    return Call(**{**vars(call), "valid_before": work["deadline"] + 1})


def _redeem(work: _Work) -> Call:
    function = f"redeemWithAuthorization(address,uint256,bytes32,{_TIMES},bytes)"
    return work.to_token(function, "member", "validBefore", *work.message.arguments())


def _convert(work: _Work) -> Call:
    work.given()
    suite = work.network.suite
    _check_is(work, "exchange", suite.exchange.address, "the exchange of this network")
    _check_is(work, "from", work.message.domain.contract, "the token whose domain it bears")
    _, *order = work.message.arguments()
    types = f"((address,address,address,uint256,uint256,address,{_TIMES}),bytes)"
    return Call(
        "PointExchange",
        suite.exchange.address,
        _data(f"convertWithAuthorization{types}", tuple(order), work.signature),
        work["member"],
        work.message.domain.contract,
        work["validBefore"],
    )


def _hold(work: _Work) -> Call:
    return _to_desk(work, "hold", f"(address,address,uint256,{_TIMES})")


def _release(work: _Work) -> Call:
    return _to_desk(work, "release", f"(address,address,{_TIMES})")


def _to_desk(work: _Work, act: str, order: str) -> Call:
    work.given()
    desk, token = work.network.suite.desk.address, work.message.domain.contract
    _check_is(work, "desk", desk, "the desk of this network")
    _, *values = work.message.arguments()
    function = f"{act}WithAuthorization(address,{order},bytes)"
    return Call(
        "OfflineDesk",
        desk,
        _data(function, token, tuple(values), work.signature),
        work["member"],
        token,
        work["validBefore"],
    )


def _claim(work: _Work) -> Call:
    if set(work.beside) != {"row", "proof"}:
        raise malformed("with", f"has {_names(work.beside)}", "give row and proof")
    row = struct(_ROW, work.beside["row"], "with.row")
    proof = value("bytes32[]", work.beside["proof"], "with.proof")
    if row["index"] != work["index"]:
        raise malformed("with.row.index", f"is {row['index']}", f"give {work['index']}, as signed")
    types = "bytes32,(uint256,address,uint256,bytes32,bytes32),bytes32[],address,uint256,bytes"
    return Call(
        "AwardDrop",
        work.message.domain.contract,
        _data(
            f"claimTo({types})",
            work["dropId"],
            tuple(row.values()),
            proof,
            work["recipient"],
            work["validBefore"],
            work.signature,
        ),
        row["member"],
        work.network.program_of_drop(work["dropId"]),
        work["validBefore"],
    )


def _sign_charter(work: _Work) -> Call:
    work.given()
    return Call(
        "RewardCharter",
        work.message.domain.contract,
        _data("signFor(bytes32,address,bytes)", work["charterId"], work["party"], work.signature),
        work["party"],
        work.network.program_of_charter(work["charterId"]),
    )


def _reward(work: _Work) -> Call:
    work.given()
    program = work.network.program_of_charter(work["charterId"])
    return Call(
        "RewardCharter",
        work.message.domain.contract,
        _data(
            "rewardFor(bytes32,uint256,address,bytes32,uint256,bytes)",
            *work.message.arguments(),
            work.signature,
        ),
        work.network.attester(work["charterId"], work["rule"]),
        program,
        work["validBefore"],
    )


def _accredit(work: _Work) -> Call:
    verifier = work.given(verifier="address")["verifier"]
    credential = work.message.arguments()
    registry = work.message.domain.contract
    types = "(address,string,string,string,bytes32,uint64,uint64),address,bytes"
    return Call(
        "IssuerRegistry",
        registry,
        _data(f"accredit({types})", credential, verifier, work.signature),
        verifier,
        registry,
        work["validUntil"],
    )


def _settle(work: _Work) -> Call:
    if set(work.beside) != {"operator", "signatures"}:
        raise malformed("with", f"has {_names(work.beside)}", "give operator and signatures")
    operator = value("address", work.beside["operator"], "with.operator")
    vouchers, given = work["vouchers"], work.beside["signatures"]
    if not isinstance(given, (list, tuple)) or len(given) != len(vouchers):
        raise malformed("with.signatures", "are not as many as vouchers", "give one for each")
    signatures = [signature_from(one, f"with.signatures[{n}]") for n, one in enumerate(given)]
    for number, voucher in enumerate(vouchers):
        for name in ("token", "merchant"):
            if voucher[name] != work[name]:
                field = f"message.vouchers[{number}].{name}"
                raise malformed(field, f"is {voucher[name]}", f"settle it with {voucher[name]}")
    names = ("member", "till", "serial", "amount", "shared", "validBefore")
    return Call(
        "OfflineDesk",
        work.message.domain.contract,
        _data(
            f"settle({_SETTLEMENT},{_VOUCHERS},bytes[],address,bytes)",
            tuple(work[name] for name in ("token", "merchant", "to", "minOut")),
            [tuple(voucher[name] for name in names) for voucher in vouchers],
            signatures,
            operator,
            work.signature,
        ),
        operator,
        work.network.program(work["token"], "message.token"),
    )


def _receive(work: _Work) -> Call:
    raise RelayRefused(
        NOT_FOR_ANYONE,
        f"ReceiveWithAuthorization is carried out by its recipient, {work['to']}, alone: "
        "sign a TransferWithAuthorization",
    )


def _voucher(work: _Work) -> Call:
    raise RelayRefused(
        NOT_FOR_ANYONE,
        f"a voucher is settled by its merchant, {work['merchant']}, or by a till: "
        "let one of them sign a Settlement",
    )


_MAKERS: Mapping[str, Callable[[_Work], Call]] = {
    "Permit": _permit,
    "TransferWithAuthorization": _transfer,
    "ReceiveWithAuthorization": _receive,
    "CancelAuthorization": _cancel,
    "RedeemWithAuthorization": _redeem,
    "ConvertWithAuthorization": _convert,
    "HoldWithAuthorization": _hold,
    "ReleaseWithAuthorization": _release,
    "Voucher": _voucher,
    "Settlement": _settle,
    "ClaimTo": _claim,
    "CharterSignature": _sign_charter,
    "Reward": _reward,
    "IssuerCredential": _accredit,
}


def _check_is(work: _Work, name: str, expected: str, what: str) -> None:
    if work[name] != expected:
        raise malformed(f"message.{name}", f"is {work[name]}", f"give {expected}, {what}")


def _data(function: str, *arguments: Any) -> bytes:
    selector, types = _signature(function)
    return selector + encode(types, arguments)


@cache
def _signature(function: str) -> tuple[bytes, list[str]]:
    """The selector, and the types of the arguments."""
    return keccak(function.encode())[:4], _split(function.partition("(")[2][:-1])


def _split(types: str) -> list[str]:
    """The types between the commas that stand in no inner brackets."""
    found, depth = [""], 0
    for letter in types:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and not depth:
            found.append("")
        else:
            found[-1] += letter
    return found


def _names(given: Any) -> str:
    return ", ".join(str(name)[:40] for name in given) or "nothing"

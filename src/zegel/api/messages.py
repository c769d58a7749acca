"""Signed messages on their way to the relay: hand one in, ask what became of it."""

import re
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from pydantic import Field

from zegel.api.service import Here, Service
from zegel.api.values import Body
from zegel.errors import RelayRefused
from zegel.relay.fields import message_from
from zegel.relay.reasons import QUEUE_FULL
from zegel.relay.relay import Receipt, Relay
from zegel.web.problems import Problem, documented

router = APIRouter(prefix="/v1", tags=["messages"])

_LONGEST_SIGNATURE = 8_192
_CAPITALS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class Handed(Body):
    """What was signed (EIP-712, as `eth_signTypedData_v4` takes it), and the signature.

    `with` is what the call needs beside the message: `row` and `proof` of a ClaimTo, `operator`
    and `signatures` of a Settlement, `verifier` of an IssuerCredential.
    """

    typed_data: dict[str, Any]
    signature: Annotated[
        str, Field(pattern="^0x([0-9a-fA-F]{2})+$", max_length=2 + 2 * _LONGEST_SIGNATURE)
    ]
    beside: Annotated[dict[str, Any] | None, Field(alias="with")] = None


class ReceiptBody(Body):
    """What became of a message. `id` is its hash; `reason` is why it failed."""

    id: str
    state: str = Field(examples=["accepted", "sent", "mined", "final", "failed"])
    transaction: str | None
    block: int | None
    reason: str | None


@router.post(
    "/messages", status_code=202, responses={200: {"model": ReceiptBody}, **documented(409)}
)
def hand_in(here: Here, handed: Handed, response: Response) -> ReceiptBody:
    """Hands a signed message to the relay: 202; 200 for one that it has already."""
    relay = relay_of(here)
    try:
        message, signature = message_from(handed.typed_data), bytes.fromhex(handed.signature[2:])
        found = relay.accept(message, signature, handed.beside or {})
    except RelayRefused as refused:
        raise problem_of_relay(refused) from None
    if not found.is_new:
        response.status_code = 200
    return receipt_body(found)


@router.get("/messages/{id}", responses=documented(404, 409))
def receipt(
    here: Here,
    name: Annotated[str, Path(alias="id", pattern="^0x[0-9a-fA-F]{64}$")],
) -> ReceiptBody:
    """What became of a message."""
    found = relay_of(here).receipt(name.lower())
    if found is None:
        raise Problem(404, "message-unknown", f"id: no message {name} was handed in here")
    return receipt_body(found)


def receipt_body(found: Receipt) -> ReceiptBody:
    return ReceiptBody(
        id=found.id,
        state=found.state,
        transaction=found.transaction,
        block=found.block,
        reason=found.reason,
    )


def problem_of_relay(refused: RelayRefused) -> Problem:
    """A refusal, under the name of its reason, with when to come again if that helps."""
    name = _CAPITALS.sub("-", refused.reason).lower()
    detail = f"{refused.reason}: {refused}"
    if refused.again is None:
        return Problem(422, name, detail)
    status = 503 if refused.reason == QUEUE_FULL else 429
    return Problem(status, name, detail, {"Retry-After": str(refused.again)})


def relay_of(here: Service) -> Relay:
    """The relay of this API; a problem if it has none."""
    if here.relay is None:
        raise Problem(
            409, "no-relay", "this API has no relay: send it yourself, or ask another one"
        )
    return here.relay

"""For the demo alone: points for whoever wants to try it, from the demo's own awarder."""

import secrets
from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from zegel.api.service import Here
from zegel.api.values import Address, Body, Hash, Units
from zegel.award.rows import packed_text
from zegel.web.problems import Problem, documented

router = APIRouter(prefix="/v1/demo", tags=["demo"])

_WHOLE_POINTS = 100


class Wish(Body):
    """Who wants points, and of which program: of the first one that awards, if it does not say."""

    member: Address
    token: Annotated[Address | None, Field()] = None


class Gift(Body):
    """What was awarded, and where it stands."""

    token: Address
    amount: Units
    transaction: Hash
    block: int


@router.post("/points", responses=documented(404, 409))
def points(here: Here, wish: Wish) -> Gift:
    """A hundred points for a member, on a local chain only."""
    if not here.settings.demo or here.awards is None or not here.awards.senders:
        raise Problem(404, "no-demo", "this is no demo: ask an issuer for points")
    token = (wish.token or next(iter(here.awards.senders))).lower()
    program = here.snapshots.current().program(token)
    sender = here.awards.senders.get(token)
    if sender is None:
        raise Problem(409, "no-awarder", f"nobody awards {program.symbol} here: ask for another")
    amount = _WHOLE_POINTS * 10**program.decimals
    contract = here.connection.contract("PointToken", token)
    ref = packed_text(f"demo-{secrets.token_hex(8)}")
    receipt = sender.send(contract.functions.award(wish.member, amount, ref))
    return Gift(
        token=contract.address,
        amount=str(amount),
        transaction=receipt["transactionHash"].to_0x_hex(),
        block=receipt["blockNumber"],
    )

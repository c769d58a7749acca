"""For the demo alone: points for whoever wants to try it, from the demo's own awarder."""

import secrets
from concurrent.futures import wait
from typing import Annotated

from fastapi import APIRouter
from pydantic import Field, field_validator

from zegel.api.awarding import Row, as_file
from zegel.api.service import Here
from zegel.api.values import Address, Body, Units
from zegel.web.problems import Problem, documented

router = APIRouter(prefix="/v1/demo", tags=["demo"])

_WHOLE_POINTS = 100

# As long as a wallet may wait for an answer.
_SECONDS = 20


class Wish(Body):
    """Who wants points, and of which program: of the first one that awards, if it does not say."""

    member: Address
    token: Annotated[Address | None, Field()] = None

    @field_validator("member")
    @classmethod
    def _is_somebody(cls, member: str) -> str:
        if not int(member, 16):
            raise ValueError("is the zero address: name a member")
        return member


class Gift(Body):
    """What is awarded, and whether it is on the chain already."""

    token: Address
    amount: Units
    done: bool


@router.post("/points", responses=documented(404, 409))
def points(here: Here, wish: Wish) -> Gift:
    """A hundred points for a member, on a local chain only."""
    if not here.settings.demo or here.awards is None or not here.awards.senders:
        raise Problem(404, "no-demo", "this is no demo: ask an issuer for points")
    token = (wish.token or next(iter(here.awards.senders))).lower()
    program = here.snapshots.current().program(token)
    if token not in here.awards.senders:
        raise Problem(409, "no-awarder", f"nobody awards {program.symbol} here: ask for another")
    amount = _WHOLE_POINTS * 10**program.decimals
    row = Row(wish.member, amount, f"demo-{secrets.token_hex(8)}", "demo")
    # Through the journal, as all awards here: the account has one order of transactions.
    path = here.awards.keep(as_file([row], program.decimals), "application/x-ndjson", "demo")
    wait([here.awards.go(program, path)], _SECONDS)
    done = here.awards.status(program, path.name).is_done
    return Gift(token=program.token, amount=str(amount), done=done)

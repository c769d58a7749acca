"""For issuers: award rows or a file of them. Plan first, then go."""

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request, Response
from pydantic import Field, ValidationError
from starlette.concurrency import run_in_threadpool

from zegel.api.awarding import KINDS, Awards, Row, as_file
from zegel.api.powers import check_power
from zegel.api.service import Here, Service
from zegel.api.session import SignedIn
from zegel.api.values import Address, Amount, Body, Token, Units
from zegel.award.awarding import Plan, Status
from zegel.web.problems import Problem, documented

router = APIRouter(prefix="/v1/issuer", tags=["issuers"])

_MOST_ROWS = 10_000
_LONGEST_NAME = 100


class RowBody(Body):
    """One award. `reference` is your own number for what is rewarded, `reason` says why: short
    text, or a hash. The same reference again awards nothing."""

    member: Address
    amount: Amount
    reference: Annotated[str, Field(max_length=66)]
    reason: Annotated[str, Field(max_length=66)]


class RowsBody(Body):
    rows: Annotated[list[RowBody], Field(min_length=1, max_length=_MOST_ROWS)]


class PlanBody(Body):
    """What a file would do. With `refusals`, nothing would be sent."""

    awards: int
    members: int
    total: Units
    transactions: int
    corrections: int
    corrected: Units
    pending: int
    repeated: int
    gas: int
    budget_left: Units
    refusals: list[str]


class StatusBody(Body):
    """How many rows are waiting, planned, sent, mined, final, refused, failed or cancelled."""

    rows: dict[str, int]
    repeated: int
    points: Units
    troubles: list[str]
    done: bool


class AwardsBody(Body):
    """A file's name here, what it would do or does, and how far it is; null for a plan alone."""

    file: str
    plan: PlanBody
    status: StatusBody | None


_REQUEST: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["rows"],
                    "properties": {
                        "rows": {
                            "type": "array",
                            "items": {
                                "type": "object",
                                "required": ["member", "amount", "reference", "reason"],
                                "properties": {
                                    name: {"type": "string"}
                                    for name in ("member", "amount", "reference", "reason")
                                },
                            },
                        }
                    },
                }
            },
            **{kind: {"schema": {"type": "string", "format": "binary"}} for kind in KINDS},
        },
    }
}


@router.post(
    "/programs/{token}/awards",
    status_code=202,
    responses={200: {"model": AwardsBody}, **documented(400, 401, 403, 404, 409, 415)},
    openapi_extra=_REQUEST,
)
async def award(
    request: Request,
    response: Response,
    here: Here,
    account: SignedIn,
    token: Token,
    plan: Annotated[bool, Query(description="Only say what it would do.")] = False,
    name: Annotated[str, Query(max_length=_LONGEST_NAME)] = "awards",
) -> AwardsBody:
    """Awards rows (JSON) or a file (CSV, JSON lines, XLSX): 202, and it goes on by itself."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    content = await request.body()
    done = await run_in_threadpool(_award, here, account, token, kind, content, name, plan)
    if plan:
        response.status_code = 200
    return done


@router.get("/programs/{token}/awards", responses=documented(400, 401, 403, 404, 409))
def status(
    here: Here,
    account: SignedIn,
    token: Token,
    file: Annotated[str | None, Query(max_length=200)] = None,
) -> StatusBody:
    """How far awards are: all of a program, or those of one file."""
    program = here.snapshots.current().program(token)
    check_power(here, account, program.token)
    return _status(_awards(here).status(program, file))


def _award(
    here: Service, account: str, token: str, kind: str, content: bytes, name: str, plans: bool
) -> AwardsBody:
    program = here.snapshots.current().program(token)
    check_power(here, account, program.token, awards=True)
    awards = _awards(here)
    if kind == "application/json":
        kind, content = "application/x-ndjson", as_file(_rows(content), program.decimals)
    if kind not in KINDS:
        known = ", ".join(("application/json", *KINDS))
        raise Problem(415, "media-type-unknown", f"content-type: {kind!r} is none of {known}")
    path = awards.keep(content, kind, name)
    planned = awards.plan(program, path)
    if not plans:
        awards.go(program, path)
    found = None if plans else _status(awards.status(program, path.name))
    return AwardsBody(file=path.name, plan=_plan(planned), status=found)


def _rows(content: bytes) -> list[Row]:
    try:
        given = RowsBody.model_validate(orjson.loads(content))
    except ValidationError as error:
        fault = error.errors()[0]
        place = ".".join(map(str, fault["loc"]))
        said = fault["msg"].removeprefix("Value error, ")
        raise Problem(422, "invalid-request", f"{place}: {said}") from None
    except orjson.JSONDecodeError as error:
        raise Problem(400, "invalid-request", f"the body is no JSON ({error}): mend it") from None
    return [Row(row.member, row.amount, row.reference, row.reason) for row in given.rows]


def _awards(here: Service) -> Awards:
    if here.awards is None:
        raise Problem(
            409, "no-awarder", "this server awards nothing: use `zegel award run`, or another one"
        )
    return here.awards


def _plan(found: Plan) -> PlanBody:
    return PlanBody(
        awards=found.awards,
        members=found.members,
        total=str(found.total),
        transactions=found.batches,
        corrections=found.corrections,
        corrected=str(found.corrected),
        pending=found.pending,
        repeated=found.repeated,
        gas=found.gas,
        budget_left=str(found.budget_left),
        refusals=list(found.refusals),
    )


def _status(found: Status) -> StatusBody:
    return StatusBody(
        rows=found.rows,
        repeated=found.repeated,
        points=str(found.points),
        troubles=list(found.troubles),
        done=found.is_done,
    )

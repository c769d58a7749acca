"""Errors as RFC 9457 has them: `application/problem+json`, with one line that names the remedy.

A payment that is declined also bears the words for the member.
"""

from collections.abc import Mapping
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from zegel.errors import ChainError, ConfigError, Declined, FileError, Refused, ZegelError
from zegel.till.wordings import for_member

MEDIA_TYPE = "application/problem+json"

_TITLES = {
    400: "The request is wrong",
    401: "The till does not know you",
    403: "Not allowed",
    404: "Not found",
    405: "No such method here",
    409: "Declined",
    413: "Too large",
    422: "The request is wrong",
    503: "Not reachable now",
    507: "The till cannot write",
}


class ProblemBody(BaseModel):
    """A problem (RFC 9457). `member` is what to tell the member whose payment is declined."""

    type: str = Field(examples=["urn:zegel:purse-short"])
    title: str
    status: int
    detail: str
    member: str | None = None


class Problem(Exception):  # noqa: N818 -- as RFC 9457 calls it
    """An answer that is an error. `name` is in kebab case."""

    def __init__(self, status: int, name: str, detail: str, **more: str) -> None:
        self.status, self.name, self.detail, self.more = status, name, detail, more
        super().__init__(detail)

    def response(self, headers: Mapping[str, str] | None = None) -> Response:
        body = {
            "type": f"urn:zegel:{self.name}",
            "title": _TITLES.get(self.status, "It failed"),
            "status": self.status,
            "detail": self.detail,
            **self.more,
        }
        return Response(orjson.dumps(body), self.status, dict(headers or {}), MEDIA_TYPE)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI says of the errors of a call; those that every call may give come along."""
    schema = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemBody"}}}
    return {
        status: {"description": _TITLES[status], "model": ProblemBody, "content": schema}
        for status in sorted({*statuses, 401, 403, 422})
    }


def problem_of(error: ZegelError) -> Problem:
    """What an error of the library is to a cash register."""
    detail = str(error)
    if isinstance(error, Declined):
        return Problem(409, error.name, detail, member=for_member(error.name))
    if isinstance(error, Refused):
        return Problem(409, "contract-refused", detail)
    if isinstance(error, ChainError):
        return Problem(503, "node-away", detail)
    if isinstance(error, FileError):
        return Problem(507, "till-cannot-write", detail)
    if isinstance(error, ConfigError):
        return Problem(400, "invalid-request", detail)
    return Problem(409, "refused", detail)


def handle_problems(app: FastAPI) -> None:
    """Has every error answered as a problem."""
    app.add_exception_handler(Problem, _own)
    app.add_exception_handler(ZegelError, _of_library)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _of_framework)


async def _own(_: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return error.response()


async def _of_library(_: Request, error: Exception) -> Response:
    assert isinstance(error, ZegelError)
    return problem_of(error).response()


async def _invalid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    detail = f"{place}: {first['msg']}: mend the request".encode("utf-8", "replace").decode()
    return Problem(422, "invalid-request", detail).response()


async def _of_framework(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    name, detail = {
        404: ("not-found", f"nothing is at {request.url.path}"),
        405: ("no-such-method", f"{request.method} is not possible at {request.url.path}"),
        413: ("too-large", str(error.detail)),
    }.get(error.status_code, ("invalid-request", str(error.detail)))
    return Problem(error.status_code, name, detail).response(error.headers)

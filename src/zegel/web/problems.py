"""Errors as RFC 9457 has them: `application/problem+json` with one line that names the remedy."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response
from web3.exceptions import Web3Exception

from zegel.errors import (
    ChainError,
    ConfigError,
    DatabaseFailed,
    FileError,
    PlanRefused,
    Refused,
    ZegelError,
)

MEDIA_TYPE = "application/problem+json"

_TITLES = {
    400: "The request is wrong",
    401: "Nobody is known here by that",
    403: "Not allowed",
    404: "Not found",
    405: "No such method here",
    409: "Not possible now",
    413: "Too large",
    415: "Another media type is needed",
    422: "The request is wrong",
    429: "Too many requests",
    503: "Not available now",
    507: "Nothing can be written",
}


class ProblemBody(BaseModel):
    """A problem (RFC 9457)."""

    type: str = Field(examples=["urn:zegel:invalid-request"])
    title: str
    status: int
    detail: str


class Problem(Exception):  # noqa: N818 -- as RFC 9457 calls it
    """An answer that is an error. `name` is in kebab case; `more` stands beside the detail."""

    def __init__(
        self,
        status: int,
        name: str,
        detail: str,
        headers: Mapping[str, str] | None = None,
        **more: str,
    ) -> None:
        # What was given may hold what is no text.
        detail = detail.encode("utf-8", "replace").decode()
        self.status, self.name, self.detail, self.more = status, name, detail, more
        self.headers = dict(headers or {})
        super().__init__(detail)

    def response(self) -> Response:
        return Response(
            self.body(), status_code=self.status, media_type=MEDIA_TYPE, headers=self.headers
        )

    def body(self) -> bytes:
        return orjson.dumps(
            {
                "type": f"urn:zegel:{self.name}",
                "title": _TITLES.get(self.status, "It failed"),
                "status": self.status,
                "detail": self.detail,
                **self.more,
            }
        )


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI says of the errors of a call."""
    schema = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemBody"}}}
    return {
        status: {"description": _TITLES[status], "content": schema} for status in sorted(statuses)
    }


def handle_problems(
    app: FastAPI,
    body: type[ProblemBody] = ProblemBody,
    own: Callable[[Exception], Problem | None] = lambda _: None,
) -> None:
    """Has every error answered as a problem, and described as a `body`.

    `own` says what some of the library's errors are in this service; the others are everywhere what
    `problem_of` says.
    """

    async def of_library(_: Request, error: Exception) -> Response:
        return (own(error) or problem_of(error)).response()

    app.add_exception_handler(Problem, _own)
    app.add_exception_handler(ZegelError, of_library)
    app.add_exception_handler(Web3Exception, _of_node)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _of_framework)
    described = app.openapi
    app.openapi = lambda: _described(described(), body)  # type: ignore[method-assign]


def _described(openapi: dict[str, Any], body: type[ProblemBody]) -> dict[str, Any]:
    """Adds what the problems look like to a description of the API."""
    schemas = openapi.setdefault("components", {}).setdefault("schemas", {})
    schemas["ProblemBody"] = body.model_json_schema()
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    return openapi


async def _own(_: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return error.response()


def problem_of(error: Exception) -> Problem:
    """What an error of the library is to a caller."""
    detail = str(error)
    if isinstance(error, Refused):
        return Problem(409, "contract-refused", detail)
    if isinstance(error, ChainError):
        return Problem(503, "node-away", detail)
    if isinstance(error, DatabaseFailed):
        return Problem(503, "database-away", detail)
    if isinstance(error, PlanRefused):
        return Problem(409, "plan-refused", detail)
    if isinstance(error, (ConfigError, FileError)):
        return Problem(400, "invalid-request", detail)
    return Problem(409, "refused", detail)


async def _of_node(_: Request, error: Exception) -> Response:
    return Problem(503, "node-away", f"the node did not do as asked: {error}").response()


async def _invalid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return Problem(422, "invalid-request", _told(error.errors())).response()


def _told(faults: Sequence[Any]) -> str:
    """The faults in one line; what was given is named if it is short."""
    lines = []
    for fault in faults[:5]:
        place = ".".join(str(part) for part in fault["loc"] if part not in ("query", "path"))
        given = fault.get("input")
        shown = f", not {given!r}" if isinstance(given, (str, int)) and len(str(given)) < 80 else ""
        lines.append(f"{place}: {fault['msg'].removeprefix('Value error, ')}{shown}")
    return "; ".join(lines)


async def _of_framework(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return Problem(404, "not-found", f"nothing is at {request.url.path}").response()
    if error.status_code == 405:
        detail = f"{request.method} is not possible at {request.url.path}"
        return Problem(405, "no-such-method", detail, error.headers).response()
    if isinstance(error.__cause__, UnicodeError):
        return Problem(422, "invalid-request", "the body is no text: send JSON in UTF-8").response()
    name = "too-large" if error.status_code == 413 else "invalid-request"
    return Problem(error.status_code, name, str(error.detail)).response()

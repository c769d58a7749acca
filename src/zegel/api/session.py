"""Signing in and out. Whoever is signed in has a cookie that no script reads and no other site
sends."""

import time
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from zegel.api.service import Here
from zegel.api.signing_in import check, read
from zegel.api.values import Address, Body, Seconds, checksummed
from zegel.web.problems import Problem, documented

router = APIRouter(prefix="/v1", tags=["session"])

_COOKIE = "zegel_session"
_LONGEST = 4_000


class Nonce(Body):
    """A number for one message; it is good for ten minutes."""

    nonce: str


class SignedMessage(Body):
    """A message of ERC-4361 and its signature: of a key, a contract or a passkey."""

    message: Annotated[str, Field(max_length=_LONGEST)]
    signature: Annotated[str, Field(pattern="^0x([0-9a-fA-F]{2})+$", max_length=2 + 2 * 8_192)]


class SessionBody(Body):
    """Who is signed in, and until when."""

    account: Address
    expires: Seconds


def session_of(request: Request, here: Here) -> Any:
    """Who is signed in; a problem if nobody is, or if the call comes from another site."""
    origin = request.headers.get("origin")
    if request.method != "GET" and origin is not None and origin not in here.settings.own_origins:
        raise Problem(403, "other-origin", f"origin: {origin} may not do this: use our own pages")
    secret = request.cookies.get(_COOKIE, "")
    found = here.store.session(secret, int(time.time())) if secret else None
    if found is None:
        raise Problem(401, "not-signed-in", "nobody is signed in: sign in at /v1/session first")
    return found


def account_of(found: Annotated[Any, Depends(session_of)]) -> str:
    """The account that is signed in, with its checksum."""
    return checksummed(found.account)


SignedIn = Annotated[str, Depends(account_of)]


@router.post("/session/nonce")
def nonce(here: Here) -> Nonce:
    """A nonce for a message by which to sign in."""
    return Nonce(nonce=here.store.new_nonce(int(time.time())))


@router.post("/session", responses=documented(401))
def sign_in(here: Here, given: SignedMessage, response: Response) -> SessionBody:
    """Signs in with a message of ERC-4361 for this origin and chain, with a nonce from here."""
    now = int(time.time())
    message = read(given.message)
    check(here, message, bytes.fromhex(given.signature[2:]), now)
    until = now + here.settings.session
    if message.expires is not None:
        until = min(until, message.expires)
    response.set_cookie(
        _COOKIE,
        here.store.open_session(message.account.lower(), now, until),
        max_age=until - now,
        httponly=True,
        samesite="strict",
        secure=here.settings.is_secure,
    )
    return SessionBody(account=message.account, expires=until)


@router.get("/session", responses=documented(401))
def who(found: Annotated[Any, Depends(session_of)]) -> SessionBody:
    """Who is signed in."""
    return SessionBody(account=checksummed(found.account), expires=found.until)


@router.delete("/session", status_code=204)
def sign_out(request: Request, here: Here) -> Response:
    """Signs out; nothing happens to those who are not signed in."""
    here.store.close_session(request.cookies.get(_COOKIE, ""))
    response = Response(status_code=204)
    response.delete_cookie(_COOKIE, httponly=True, samesite="strict")
    return response

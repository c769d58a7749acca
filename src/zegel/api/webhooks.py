"""Webhooks: who wants to be told what happens, and where."""

import secrets
import time
from base64 import b64encode
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from pydantic import Field
from sqlalchemy import delete, func, insert, select

from zegel.api.addressing import check_url
from zegel.api.delivering import PREFIX
from zegel.api.powers import check_power
from zegel.api.service import Here
from zegel.api.session import SignedIn
from zegel.api.store import deliveries, webhooks
from zegel.api.values import Address, Body, Seconds, checksummed
from zegel.index.schema import CREATED, DESTROYED, MOVED
from zegel.web.problems import Problem, documented

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"])

_KINDS = tuple(kind for kind in (*CREATED, *DESTROYED, *MOVED) if kind != "expired")
_MOST = 20


class Wanted(Body):
    """Movements of a program's points, for those with a role in it; or of the account's own, where
    no program is named. `kinds` are those of the history; all, if none is named."""

    url: Annotated[str, Field(max_length=2_000)]
    token: Address | None = None
    kinds: Annotated[list[str], Field(max_length=20, default_factory=list)]


class WebhookBody(Body):
    """A webhook. `waiting` deliveries are on their way; `trouble` is why the last one failed."""

    id: str
    url: str
    token: Address | None
    member: Address | None
    kinds: list[str]
    created: Seconds
    disabled: Seconds | None
    waiting: int
    trouble: str | None


class Created(WebhookBody):
    """A new webhook, with the secret by which deliveries are signed. It is told only once."""

    secret: str


@router.post("", status_code=201, responses=documented(400, 401, 403, 404, 409))
def create(here: Here, account: SignedIn, wanted: Wanted) -> Created:
    """Makes a webhook. Deliveries bear the headers of Standard Webhooks."""
    check_url(wanted.url, private=here.settings.private_webhooks)
    unknown = [kind for kind in wanted.kinds if kind not in _KINDS]
    if unknown:
        raise Problem(
            400, "invalid-request", f"kinds: {unknown[0][:40]!r} is none of {', '.join(_KINDS)}"
        )
    token = None
    if wanted.token is not None:
        token = here.snapshots.current().program(wanted.token).token
        check_power(here, account, token)
    values: dict[str, Any] = {
        "id": secrets.token_hex(8),
        "owner": account.lower(),
        "url": wanted.url,
        "secret": PREFIX + b64encode(secrets.token_bytes(32)).decode(),
        "token": token,
        "member": None if token else account.lower(),
        "kinds": ",".join(wanted.kinds),
        "created": int(time.time()),
    }
    with here.store.database.writing() as store:
        own = select(func.count()).where(webhooks.c.owner == account.lower())
        if int(store.scalar(own) or 0) >= _MOST:
            raise Problem(
                409, "too-many-webhooks", f"{account} has {_MOST} webhooks: delete one first"
            )
        store.execute(insert(webhooks).values(**values))
    told = {name: value for name, value in values.items() if name not in ("owner", "kinds")}
    return Created(**told, kinds=wanted.kinds, disabled=None, waiting=0, trouble=None)


@router.get("", responses=documented(401))
def listed(here: Here, account: SignedIn) -> list[WebhookBody]:
    """The account's webhooks."""
    with here.store.database.reading() as store:
        hooks = store.execute(
            select(webhooks)
            .where(webhooks.c.owner == account.lower())
            .order_by(webhooks.c.created, webhooks.c.id)
        ).all()
        waiting = {
            row.webhook: (row.count, row.trouble)
            for row in store.execute(
                select(
                    deliveries.c.webhook,
                    func.count().label("count"),
                    func.max(deliveries.c.trouble).label("trouble"),
                )
                .where(deliveries.c.webhook.in_([hook.id for hook in hooks]))
                .group_by(deliveries.c.webhook)
            )
        }
    return [_body(hook, *waiting.get(hook.id, (0, None))) for hook in hooks]


@router.delete("/{id}", status_code=204, responses=documented(401, 404))
def remove(
    here: Here, account: SignedIn, name: Annotated[str, Path(alias="id", max_length=40)]
) -> Response:
    """Deletes a webhook, with all that waits for it."""
    with here.store.database.writing() as store:
        gone = store.execute(
            delete(webhooks).where(webhooks.c.id == name, webhooks.c.owner == account.lower())
        )
        if gone.rowcount:
            store.execute(delete(deliveries).where(deliveries.c.webhook == name))
    if not gone.rowcount:
        raise Problem(404, "webhook-unknown", f"id: {account} has no webhook {name!r}")
    return Response(status_code=204)


def _body(hook: Any, waiting: int, trouble: str | None) -> WebhookBody:
    return WebhookBody(
        id=hook.id,
        url=hook.url,
        token=checksummed(hook.token) if hook.token else None,
        member=checksummed(hook.member) if hook.member else None,
        kinds=hook.kinds.split(",") if hook.kinds else [],
        created=hook.created,
        disabled=hook.disabled,
        waiting=waiting,
        trouble=trouble,
    )

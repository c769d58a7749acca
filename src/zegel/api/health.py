"""Whether the API runs, whether it can answer, and how it does."""

import time

from fastapi import APIRouter
from sqlalchemy import func, select
from starlette.responses import PlainTextResponse

from zegel.api.service import Here
from zegel.api.values import Body
from zegel.index import schema
from zegel.web.problems import Problem

router = APIRouter(tags=["health"])

_BEHIND = 60


class Health(Body):
    """All is well."""

    status: str = "ok"


class Ready(Body):
    """The last block of the node, and that of the index."""

    status: str = "ok"
    node: int
    index: int


@router.get("/health")
def health() -> Health:
    """Says that the process runs; asks nobody."""
    return Health()


@router.get("/ready")
def ready(here: Here) -> Ready:
    """Says that node and index answer, and that the index is not far behind; else 503."""
    newest = int(here.nodes.node.ask("eth_blockNumber"), 16)
    indexed = here.snapshots.current().head.number
    if newest - indexed > _BEHIND:
        raise Problem(
            503,
            "index-behind",
            f"the index has block {indexed} of {newest}: see that `zegel index run` runs",
        )
    return Ready(node=newest, index=indexed)


@router.get("/metrics", response_class=PlainTextResponse)
def metrics(here: Here) -> str:
    """Counts and times, as Prometheus reads them."""
    blocks = schema.blocks.c
    with here.index.reading() as database:
        number, timestamp = database.execute(
            select(func.max(blocks.number), func.max(blocks.timestamp))
        ).one()
    return here.metrics.text(
        {
            "index_block": ("The last block of the index.", number or 0),
            "streams": ("Callers that listen to events.", sum(here.streams.values())),
            "index_age_seconds": (
                "How old that block is.",
                max(0, int(time.time()) - (timestamp or 0)),
            ),
        }
    )

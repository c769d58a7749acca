"""What the calls of the API work with: index, chain, relay, and the API's own database."""

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated

from fastapi import Depends, Request

from zegel.api.awarding import Awards
from zegel.api.limiting import Limiter
from zegel.api.metrics import Metrics
from zegel.api.settings import Settings
from zegel.api.snapshot import Snapshots
from zegel.api.standing import Programs
from zegel.api.store import Store
from zegel.api.views import Nodes
from zegel.chain.connection import Connection
from zegel.deploy.suite import Suite
from zegel.index.database import Database
from zegel.relay.relay import Relay


@dataclass
class Service:
    """One API. Threads share it."""

    settings: Settings
    suite: Suite
    index: Database
    store: Store
    relay: Relay | None = None
    awards: Awards | None = None
    metrics: Metrics = field(default_factory=Metrics)
    # How many streams each caller has open.
    streams: Counter[str] = field(default_factory=Counter)

    @property
    def connection(self) -> Connection:
        return self.suite.connection

    @cached_property
    def nodes(self) -> Nodes:
        return Nodes(self.connection.url, self.settings.node_answer)

    @cached_property
    def snapshots(self) -> Snapshots:
        return Snapshots(self.index)

    @cached_property
    def passkeys(self) -> str:
        """The contract that checks passkeys."""
        return str(self.suite.registry.functions.passkeys().call())

    @cached_property
    def programs(self) -> Programs:
        return Programs(self.suite, self.nodes)

    @cached_property
    def limiter(self) -> Limiter:
        return Limiter.of(self.settings.limits)


def service_of(request: Request) -> Service:
    found: Service = request.app.state.service
    return found


Here = Annotated[Service, Depends(service_of)]

"""What the chain says of all programs beside the index: pauses, suspensions, issuers, pictures.

What changes by the second is asked once a block, what hardly changes every few seconds.
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from zegel.api.pictures import NOTHING, About, about
from zegel.api.snapshot import Head, Snapshot
from zegel.api.views import Nodes, View
from zegel.deploy.suite import Suite

_SECONDS_STANDING = 15.0


@dataclass(frozen=True)
class Standing:
    """What hardly changes: of a program and of its issuer."""

    transferable: bool
    carries_expiry: bool
    top_up: bool
    cash_out: bool
    accredited: bool
    legal_name: str
    lei: str
    domain: str
    terms: bytes
    valid_until: int
    about: About


@dataclass(frozen=True)
class Moment:
    """What may change with every block."""

    bid: int
    ask: int
    account: int
    version: int
    flags: int
    next_prices: tuple[int, int, int]
    paused: bool
    exchange_on: bool
    supply: int


@dataclass
class Programs:
    """As long as it holds. Threads share it."""

    suite: Suite
    nodes: Nodes
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _standing: dict[str, tuple[float, Standing]] = field(default_factory=dict)
    _moments: tuple[Head | None, dict[str, Moment]] = (None, {})

    def standing(self, snapshot: Snapshot, token: str) -> Standing:
        now = time.monotonic()
        with self._lock:
            old = [
                each
                for each in snapshot.network.programs
                if each not in self._standing or now - self._standing[each][0] > _SECONDS_STANDING
            ]
            if old:
                found = _ask_standing(self, snapshot, old)
                self._standing |= {each: (now, told) for each, told in found.items()}
            return self._standing[token][1]

    def moment(self, snapshot: Snapshot, token: str) -> Moment:
        with self._lock:
            head, found = self._moments
            if head != snapshot.head or token not in found:
                found = _ask_moments(self, list(snapshot.network.programs))
                self._moments = snapshot.head, found
            return found[token]


def _ask_standing(here: Programs, snapshot: Snapshot, tokens: Sequence[str]) -> dict[str, Standing]:
    """Of all tokens in one question; contracts that revert are shown without what they hide."""
    issuers = snapshot.network.issuers
    exchange, registry = here.suite.exchange, here.suite.registry
    views: list[View] = []
    for token in tokens:
        contract = here.suite.connection.contract("PointToken", token)
        views += (
            View(contract, "transferable"),
            View(contract, "contractURI"),
            View(exchange, "carriesExpiry", (token,)),
            View(exchange, "cashSwitchesOf", (token,)),
            View(registry, "isAccredited", (issuers[token],)),
            View(registry, "credentialOf", (issuers[token],)),
        )
    told = iter(here.nodes.ask_any(views))
    return {token: _standing(*(next(told) for _ in range(6))) for token in tokens}


def _standing(
    transferable: Any, uri: Any, carries: Any, cash: Any, accredited: Any, stored: Any
) -> Standing:
    credential = stored[0] if stored else ("", "", "", "", b"", 0, 0)
    _, legal_name, lei, domain, terms, _, valid_until = credential
    top_up, cash_out = cash or (False, False)
    return Standing(
        bool(transferable),
        bool(carries),
        top_up,
        cash_out,
        bool(accredited),
        legal_name,
        lei,
        domain,
        terms,
        valid_until,
        about(uri) if uri else NOTHING,
    )


def _ask_moments(here: Programs, tokens: Sequence[str]) -> dict[str, Moment]:
    exchange = here.suite.exchange
    views: list[View] = []
    for token in tokens:
        contract = here.suite.connection.contract("PointToken", token)
        views += (
            View(exchange, "programOf", (token,)),
            View(exchange, "scheduledPricesOf", (token,)),
            View(contract, "isPaused"),
            View(contract, "isExchangeOn"),
            View(contract, "totalSupply"),
        )
    told = iter(here.nodes.ask(views))
    found: dict[str, Moment] = {}
    for token in tokens:
        program, scheduled, paused, on, supply = (next(told) for _ in range(5))
        bid, ask, account, version, flags = program
        now = bid, ask, account, version, flags
        found[token] = Moment(*now, tuple(scheduled), paused, on, supply)
    return found

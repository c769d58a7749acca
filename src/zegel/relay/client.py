"""Hands signed messages to a relay elsewhere, and asks until they stand in a block.

All of it may be done twice: a relay knows a message by its hash, and its contract takes it once.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests
from hexbytes import HexBytes

from zegel.chain.messages import Message
from zegel.errors import ChainError, RelayRefused

_SECONDS_TO_ANSWER = 30
_SECONDS_TO_MINE = 600
_TRIES = 3
_PAUSE = 0.2
_CARRIED_OUT = ("mined", "final")


@dataclass(frozen=True)
class RelayClient:
    """The relay behind a URL.

    It raises `RelayRefused` where the relay does not take or carry out a message, and `ChainError`
    where none answers.
    """

    url: str

    def hand_in(
        self, message: Message, signature: bytes, beside: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """The relay's receipt for a message; `beside` is what its call needs and nobody signs."""
        body: dict[str, Any] = {
            "typedData": message.typed_data(),
            "signature": "0x" + signature.hex(),
        }
        if beside:
            body["with"] = dict(beside)
        return self._asked("POST", "", body)

    def wait(self, receipt: Mapping[str, Any]) -> HexBytes:
        """The transaction that carried a message out, as soon as it stands in a block."""
        told, end = receipt, time.monotonic() + _SECONDS_TO_MINE
        while told.get("state") not in _CARRIED_OUT:
            if told.get("state") == "failed":
                raise RelayRefused(
                    "Failed", f"{self.url}: it was not carried out: {told.get('reason')}"
                )
            if time.monotonic() > end:
                raise ChainError(
                    f"{self.url}: {receipt.get('id')} is in no block after {_SECONDS_TO_MINE} s: "
                    "do the same again later, it counts once"
                )
            time.sleep(_PAUSE)
            told = self._asked("GET", f"/{receipt.get('id')}")
        return HexBytes(told["transaction"])

    def _asked(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        answer = self._answer(method, self.url.rstrip("/") + "/v1/messages" + path, body)
        try:
            told = answer.json()
        except ValueError:
            told = None
        if not isinstance(told, dict):
            raise ChainError(
                f"{self.url} does not answer as a relay does (HTTP {answer.status_code}): "
                "check the address, or try again later"
            )
        if answer.ok:
            return told
        name = str(told.get("type", "")).rpartition(":")[2]
        reason = "".join(word[:1].upper() + word[1:] for word in name.split("-"))
        detail = told.get("detail") or f"HTTP {answer.status_code}"
        raise RelayRefused(reason, f"the relay at {self.url} refused: {detail}")

    def _answer(self, method: str, url: str, body: object) -> requests.Response:
        for attempt in range(_TRIES):
            time.sleep(_PAUSE * attempt)
            try:
                return requests.request(method, url, json=body, timeout=_SECONDS_TO_ANSWER)
            except requests.RequestException as error:
                last = type(error).__name__
        raise ChainError(
            f"the relay at {self.url} does not answer ({last}): "
            "try again later, name another one, or do without it"
        )

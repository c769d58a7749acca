"""Asks a node until it answers, or has failed too often.

web3's formatters and its patience are left out: a follower asks for gigabytes, and knows better
what may be asked again.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
import requests
from urllib3.exceptions import HTTPError

from zegel.errors import ChainError, WrongChain

Question = tuple[str, Sequence[Any]]

# Such an error will be the same the next time: no such method, wrong arguments.
_LASTING = (-32601, -32602)

_TOO_MANY = 429


@dataclass(frozen=True)
class Patience:
    """How often a question is asked, and how many seconds pass: first, at most, and for an answer.

    The pause doubles from one attempt to the next.
    """

    attempts: int = 10
    pause: float = 0.1
    longest: float = 10.0
    answer: float = 60.0

    def wait(self, attempt: int, asked_for: float = 0.0) -> None:
        time.sleep(min(max(self.pause * 2**attempt, asked_for), self.longest))


class NodeRefused(ChainError):  # noqa: N818 -- as the others of its tree
    """The node understood a question and gives no answer to it."""


@dataclass
class Node:
    """A node at a URL."""

    url: str
    patience: Patience = field(default_factory=Patience)
    _session: requests.Session = field(default_factory=requests.Session, repr=False)

    def ask(self, method: str, *params: Any, once: bool = False) -> Any:
        """The answer to one question. Asked `once`, an error of the node is raised at once."""
        (answer,) = self._answers([(method, params)], once)
        return answer

    def ask_all(self, questions: Sequence[Question]) -> list[Any]:
        """The answers to some questions, in their order."""
        return self._answers(questions, once=False) if questions else []

    def check(self, chain_id: int, genesis: str) -> None:
        """Sees that this is a node of a chain."""
        said, first = self.ask_all([("eth_chainId", ()), ("eth_getBlockByNumber", ("0x0", False))])
        if int(said, 16) != chain_id:
            raise WrongChain(
                f"{self.url} is chain {int(said, 16)}, not {chain_id}: "
                f"name the node of chain {chain_id}"
            )
        if first["hash"] != genesis:
            raise WrongChain(
                f"{self.url} is another chain {chain_id}: its first block is {first['hash']}, "
                f"not {genesis}. Name the node of the right one"
            )

    def trusted(self, what: str, read: Callable[[], Any]) -> Any:
        """What `read` returns, once it finds nothing to doubt in the node's answers."""
        for attempt in range(self.patience.attempts):
            if attempt:
                self.patience.wait(attempt - 1)
            try:
                return read()
            except Doubtful as doubt:
                reason = doubt
        raise ChainError(
            f"{self.url} told {what} wrongly {self.patience.attempts} times: {reason}. "
            "Name a node that has seen all blocks"
        )

    def _answers(self, questions: Sequence[Question], once: bool) -> list[Any]:
        body = orjson.dumps(
            [
                {"jsonrpc": "2.0", "id": number, "method": method, "params": list(params)}
                for number, (method, params) in enumerate(questions)
            ]
        )
        asked_for = 0.0
        for attempt in range(self.patience.attempts):
            if attempt:
                self.patience.wait(attempt - 1, asked_for)
            try:
                told, asked_for = self._post(body)
                return _results(questions, told, once)
            except _FailedError as failure:
                reason = failure
        raise ChainError(
            f"{self.url} failed {self.patience.attempts} times at {questions[0][0]}: {reason}. "
            "Start it, or name another node"
        )

    def _post(self, body: bytes) -> tuple[Any, float]:
        try:
            with self._session.post(
                self.url,
                data=body,
                headers={"Content-Type": "application/json"},
                timeout=self.patience.answer,
                stream=True,
            ) as answer:
                # At once: requests would read ten kilobytes at a time, and wait at each for the
                # thread that works on the answer before.
                content = answer.raw.read(decode_content=True)
        except (requests.RequestException, HTTPError) as error:
            raise _FailedError(type(error).__name__) from None
        if answer.status_code == _TOO_MANY:
            self.patience.wait(0, _seconds(answer.headers.get("Retry-After", "")))
            raise _FailedError("too many requests")
        try:
            return orjson.loads(content), 0.0
        except orjson.JSONDecodeError:
            raise _FailedError(f"HTTP {answer.status_code} without JSON") from None


class Doubtful(Exception):  # noqa: N818 -- says what the answer is
    """The node's answers cannot all be true: it is behind, or changed its mind meanwhile."""


class _FailedError(Exception):
    """This attempt brought no answer."""


def _results(questions: Sequence[Question], told: Any, once: bool) -> list[Any]:
    if not isinstance(told, list) or len(told) != len(questions):
        raise _FailedError(f"no answer but {str(told)[:80]}")
    results: list[Any] = [None] * len(questions)
    for answer in told:
        error = answer.get("error")
        if error is not None:
            lasting = once or error.get("code") in _LASTING
            method = questions[int(answer["id"] or 0)][0]
            failure = f"{method}: {error.get('message')}"
            raise NodeRefused(f"the node refused {failure}") if lasting else _FailedError(failure)
        results[answer["id"]] = answer.get("result")
    return results


def _seconds(text: str) -> float:
    return float(text) if text.isdigit() else 0.0

"""A node asked directly, many questions at a time, until it answers or has failed too often.

web3's formatters and its patience are left out: they take fifty times as long as reading an answer,
and whoever asks here knows that all of it may be asked twice. Those are questions, and transactions
that were signed and written down before.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar, cast

import orjson
import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool
from urllib3.exceptions import HTTPError

from zegel.errors import ChainError, WrongChain

Json = dict[str, Any]
Question = tuple[str, Sequence[Any]]

_T = TypeVar("_T")

_HEADERS = {"Content-Type": "application/json"}

# In one message.
_TOGETHER = 500

# Such an error will be the same the next time: no such method, wrong arguments.
_LASTING = (-32601, -32602)

# Such an error says nothing about the question: too many of them, too much work.
_BUSY = (429, -32005)

_TOO_MANY = 429


@dataclass(frozen=True)
class Patience:
    """How often a question is asked, and how many seconds pass: first, at most, and for an answer.

    The pause doubles from one attempt to the next, and is never quite the same: workers that were
    thrown out together do not come back together.
    """

    attempts: int = 10
    pause: float = 0.1
    longest: float = 10.0
    answer: float = 60.0

    def wait(self, attempt: int, asked_for: float = 0.0) -> None:
        time.sleep(min(max(self.pause * 2**attempt, asked_for), self.longest) * _about_one())

    def insist(self, ask: Callable[[], _T], *faults: type[Exception]) -> _T:
        """What `ask` returns, once it raises none of some faults; raises the last of them."""
        for attempt in range(self.attempts):
            if attempt:
                self.wait(attempt - 1)
            try:
                return ask()
            except faults as fault:
                last = fault
        raise last


class NodeRefused(ChainError):  # noqa: N818 -- as the others of its tree
    """The node understood a question and gives no answer to it."""


@dataclass
class Node:
    """A node at a URL."""

    url: str
    patience: Patience = field(default_factory=Patience)

    def __post_init__(self) -> None:
        # Proxies, certificates and passwords of the environment. requests would look for them every
        # time, which takes longer than the rest of a small question.
        session, adapter = requests.Session(), HTTPAdapter()
        found = session.merge_environment_settings(self.url, {}, None, None, None)
        request = session.prepare_request(requests.Request("POST", self.url, _HEADERS))
        del request.headers["Content-Length"]
        self._headers = request.headers
        self._path = adapter.request_url(request, found["proxies"])
        self._pool = cast(
            HTTPConnectionPool,
            adapter.get_connection_with_tls_context(request, found["verify"], found["proxies"]),
        )

    def __reduce__(self) -> tuple[type["Node"], tuple[str, Patience]]:
        # Another process has connections of its own.
        return Node, (self.url, self.patience)

    def ask(self, method: str, *params: Any, once: bool = False) -> Any:
        """The answer to one question. Asked `once`, an error of the node is raised at once."""
        question = [(method, params)]
        (answer,) = self._asked(question, partial(_results, question, once))
        return answer

    def ask_all(self, questions: Sequence[Question]) -> list[Any]:
        """The answers to some questions, in their order."""
        found: list[Any] = []
        for some in _portions(questions):
            found += self._asked(some, partial(_results, some, False))
        return found

    def answers(self, questions: Sequence[Question]) -> list[Json]:
        """The same with the errors among them: what has a `result`, or an `error`."""
        found: list[Json] = []
        for some in _portions(questions):
            found += self._asked(some, _unless_busy)
        return found

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

    def trusted(self, what: str, read: Callable[[], _T]) -> _T:
        """What `read` returns, once it finds nothing to doubt in the node's answers."""
        try:
            return self.patience.insist(read, Doubtful)
        except Doubtful as doubt:
            raise ChainError(
                f"{self.url} told {what} wrongly {self.patience.attempts} times: {doubt}. "
                "Name a node that has seen all blocks"
            ) from None

    def _asked(self, questions: Sequence[Question], read: Callable[[list[Json]], _T]) -> _T:
        """What `read` makes of the answers, in the order of the questions."""
        body = orjson.dumps(
            [
                {"jsonrpc": "2.0", "id": number, "method": method, "params": list(params)}
                for number, (method, params) in enumerate(questions)
            ]
        )
        try:
            return self.patience.insist(
                lambda: read(_in_order(questions, self._post(body))), _FailedError
            )
        except _FailedError as failure:
            raise ChainError(
                f"{self.url} failed {self.patience.attempts} times at {questions[0][0]}: "
                f"{failure}. Start it, or name another node"
            ) from None

    def _post(self, body: bytes) -> Any:
        try:
            answer = self._pool.urlopen(
                "POST",
                self._path,
                body,
                self._headers,
                retries=False,
                redirect=False,
                timeout=self.patience.answer,
            )
        except HTTPError as error:
            raise _FailedError(type(error).__name__) from None
        if answer.status == _TOO_MANY:
            self.patience.wait(0, _seconds(answer.headers.get("Retry-After", "")))
            raise _FailedError("too many requests")
        try:
            return orjson.loads(answer.data)
        except orjson.JSONDecodeError:
            raise _FailedError(f"HTTP {answer.status} without JSON") from None


class Doubtful(Exception):  # noqa: N818 -- says what the answer is
    """The node's answers cannot all be true: it is behind, or changed its mind meanwhile."""


class _FailedError(Exception):
    """This attempt brought no answer."""


def text_of(error: Any) -> str:
    """What an error says."""
    return str(error.get("message", error) if isinstance(error, dict) else error)


def _portions(questions: Sequence[Question]) -> Iterator[Sequence[Question]]:
    return (questions[start : start + _TOGETHER] for start in range(0, len(questions), _TOGETHER))


def _in_order(questions: Sequence[Question], told: Any) -> list[Json]:
    """As many answers as questions, in their order."""
    # A service that is too busy may answer one error for all.
    if not isinstance(told, list) or len(told) != len(questions):
        raise _FailedError(f"no answer but {str(told)[:80]}")
    if not all(isinstance(answer, dict) for answer in told):
        raise _FailedError("an answer that is none")
    found: dict[Any, Json] = {answer.get("id"): answer for answer in told}
    if found.keys() != set(range(len(questions))):
        raise _FailedError("answers to other questions")
    return [found[number] for number in range(len(questions))]


def _results(questions: Sequence[Question], once: bool, told: Sequence[Json]) -> list[Any]:
    for answer, (method, _) in zip(told, questions, strict=True):
        error = answer.get("error")
        if error is not None:
            lasting = once or error.get("code") in _LASTING
            failure = f"{method}: {text_of(error)}"
            raise NodeRefused(f"the node refused {failure}") if lasting else _FailedError(failure)
    return [answer.get("result") for answer in told]


def _unless_busy(told: Sequence[Json]) -> list[Json]:
    for answer in told:
        error = answer.get("error")
        if isinstance(error, dict) and error.get("code") in _BUSY:
            raise _FailedError(f"too busy: {text_of(error)}")
        if error is None and "result" not in answer:
            raise _FailedError("an answer that is none")
    return list(told)


def _about_one() -> float:
    return random.uniform(0.5, 1)


def _seconds(text: str) -> float:
    return float(text) if text.isdigit() else 0.0

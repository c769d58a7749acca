"""A node asked directly, past web3's formatters, and again when it does not answer.

All that is asked here may be asked twice: questions, and transactions that were signed and written
down before.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

import requests
from web3.exceptions import Web3RPCError
from web3.types import RPCEndpoint

from zegel.chain.connection import Connection
from zegel.errors import ChainError

# With the pauses between them, about half a minute.
_TRIES = 9
_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 8.0

# Requests in one message.
_TOGETHER = 50

Json = dict[str, Any]
Question = tuple[str, Sequence[object]]

_T = TypeVar("_T")


class Node:
    """One node, seen as the JSON that it gives."""

    def __init__(self, connection: Connection) -> None:
        self._provider: Any = connection.web3.provider
        self._url = connection.url

    def ask(self, method: str, *params: object) -> Any:
        """The result of one question."""
        return self.ask_all([(method, params)])[0]

    def ask_all(self, questions: Sequence[Question]) -> list[Any]:
        """The results of many questions, in their order. None of them should be an error."""
        found: list[Any] = []
        for some in _portions(questions):
            found += self.patiently(partial(self._results, some))
        return found

    def answers(self, questions: Sequence[Question]) -> list[Json]:
        """The answers to many questions, in their order. Each may be an error."""
        found: list[Json] = []
        for some in _portions(questions):
            found += self.patiently(partial(self._once, some))
        return found

    def patiently(self, ask: Callable[[], _T]) -> _T:
        """Asks until there is an answer, for about half a minute."""
        pause = _FIRST_PAUSE
        for left in reversed(range(_TRIES)):
            try:
                return ask()
            except (ChainError, Web3RPCError) as error:
                if not left:
                    raise ChainError(f"{self._url} does not answer: {error}") from error
            # Workers that were thrown out together do not come back together.
            time.sleep(pause * random.uniform(0.5, 1))
            pause = min(2 * pause, _LONGEST_PAUSE)
        raise AssertionError("the last try either answers or raises")

    def _results(self, questions: Sequence[Question]) -> list[Any]:
        answers = self._once(questions)
        for answer, (method, _) in zip(answers, questions, strict=True):
            if "error" in answer:
                raise ChainError(f"the node refused {method}: {text_of(answer['error'])}")
        return [answer["result"] for answer in answers]

    def _once(self, questions: Sequence[Question]) -> list[Json]:
        with self._translated():
            if len(questions) == 1:
                method, params = questions[0]
                answers: Any = [self._provider.make_request(RPCEndpoint(method), list(params))]
            else:
                answers = self._provider.make_batch_request(
                    [(RPCEndpoint(method), list(params)) for method, params in questions]
                )
        # A service that is too busy may answer one error for all.
        if not isinstance(answers, list) or len(answers) != len(questions):
            raise ChainError(f"{self._url} answered {len(questions)} questions wrongly")
        for answer in answers:
            if not isinstance(answer, dict) or ("result" not in answer and "error" not in answer):
                raise ChainError(f"{self._url} gave an answer that is none")
            if _is_busy(answer):
                raise ChainError(f"{self._url} is too busy: {answer['error'].get('message')}")
        found: list[Json] = answers
        return found

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except requests.RequestException as error:
            raise ChainError(f"{self._url} does not answer: {error}") from error
        except (ValueError, TypeError, KeyError) as error:
            raise ChainError(f"{self._url} is no node of a chain: it answered no JSON") from error


def _is_busy(answer: Json) -> bool:
    error = answer.get("error")
    return isinstance(error, dict) and (error.get("code") in (429, -32005))


def _portions(questions: Sequence[Question]) -> Iterator[Sequence[Question]]:
    return (questions[start : start + _TOGETHER] for start in range(0, len(questions), _TOGETHER))


def text_of(error: Any) -> str:
    """What an error says."""
    return str(error.get("message", error) if isinstance(error, dict) else error)

"""Many views of contracts in one question to the node, with answers as Python has them."""

import threading
from collections.abc import Sequence
from typing import Any, NamedTuple

from eth_abi.abi import decode
from eth_abi.exceptions import DecodingError
from eth_utils.abi import collapse_if_tuple
from web3.contract import Contract

from zegel.chain.node import Node, Patience, Question
from zegel.chain.raw import view_request
from zegel.errors import ChainError

# Whoever waits in front of a screen would rather hear that the node is away.
_ATTEMPTS = 2


class View(NamedTuple):
    """A view whose arguments take one word each."""

    contract: Contract
    name: str
    arguments: tuple[int | str | bytes, ...] = ()

    def question(self, at: str) -> Question:
        return view_request(self.contract, self.name, *self.arguments, at=at)

    def answer(self, data: str) -> Any:
        outputs = self.contract.get_function_by_name(self.name).abi["outputs"]
        types = [collapse_if_tuple(dict(output)) for output in outputs]
        try:
            values = decode(types, bytes.fromhex(data.removeprefix("0x")))
        except (DecodingError, ValueError):
            raise ChainError(
                f"{self.contract.address} does not answer {self.name}: name the right chain's node"
            ) from None
        return values[0] if len(values) == 1 else values


class Nodes:
    """A node for each thread: sessions are not shared."""

    def __init__(self, url: str, answer: float) -> None:
        self.url = url
        self._patience = Patience(attempts=_ATTEMPTS, pause=0.05, longest=0.5, answer=answer)
        self._mine = threading.local()

    @property
    def node(self) -> Node:
        if not hasattr(self._mine, "node"):
            self._mine.node = Node(self.url, self._patience)
        found: Node = self._mine.node
        return found

    def ask(self, views: Sequence[View], at: str = "latest") -> list[Any]:
        """What views say after a block; raises `ChainError` if one reverts."""
        answers = self.node.ask_all([view.question(at) for view in views])
        return [view.answer(answer) for view, answer in zip(views, answers, strict=True)]

    def ask_any(self, views: Sequence[View], at: str = "latest") -> list[Any]:
        """The same, with None for views that revert or say nothing that can be read."""
        answers = self.node.answers([view.question(at) for view in views])
        return [
            _readable(view, answer.get("result"))
            for view, answer in zip(views, answers, strict=True)
        ]


def _readable(view: View, data: Any) -> Any:
    try:
        return view.answer(data) if isinstance(data, str) else None
    except ChainError:
        return None

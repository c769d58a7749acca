"""Asks a node past web3's formatters, many questions at a time.

web3 turns every answer into rich objects, which takes fifty times as long as reading it. That does
not matter for one transaction, and decides over minutes where a report reads all events.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Any, cast

from eth_utils.abi import function_abi_to_4byte_selector
from web3 import HTTPProvider
from web3.contract import Contract
from web3.contract.contract import ContractFunction
from web3.types import RPCEndpoint

from zegel.chain.connection import Connection
from zegel.errors import ChainError

_AT_ONCE = 500

Request = tuple[str, Sequence[Any]]


def ask(connection: Connection, method: str, *params: Any) -> Any:
    """The node's answer to one question."""
    answer = connection.web3.provider.make_request(RPCEndpoint(method), list(params))
    return _result(method, answer)


def ask_all(
    connection: Connection, requests: Iterable[Request], at_once: int = _AT_ONCE
) -> Iterator[Any]:
    """The node's answers to many questions, in their order."""
    provider = cast(HTTPProvider, connection.web3.provider)
    waiting = iter(requests)
    while some := [(RPCEndpoint(method), params) for method, params in islice(waiting, at_once)]:
        answers = provider.make_batch_request(some)
        if not isinstance(answers, list):
            raise ChainError(f"the node refused {len(some)} requests at once: {answers}")
        by_id = sorted(answers, key=lambda answer: int(answer["id"] or 0))
        for (method, _), answer in zip(some, by_id, strict=True):
            yield _result(method, answer)


def call_request(call: ContractFunction, block: int) -> Request:
    """The question for what a view returns after a block."""
    frame = {"to": call.address, "data": call._encode_transaction_data()}
    return "eth_call", (frame, hex(block))


def view_request(
    contract: Contract, view: str, *arguments: int | str | bytes, at: str | dict[str, str]
) -> Request:
    """The same for a view whose arguments take one word each, much faster; `at` names the block."""
    return "eth_call", ({"to": contract.address, "data": call_data(contract, view, *arguments)}, at)


def call_data(contract: Contract, function: str, *arguments: int | str | bytes) -> str:
    """The data of a call whose arguments take one word each: numbers, addresses, 32 bytes."""
    return _selector(contract, function) + "".join(map(_word, arguments))


@cache
def _selector(contract: Contract, function: str) -> str:
    abi = contract.get_function_by_name(function).abi
    return "0x" + function_abi_to_4byte_selector(abi).hex()


def _word(value: int | str | bytes) -> str:
    """An argument as 64 hexadecimal digits."""
    if isinstance(value, int):
        return f"{value:064x}"
    if isinstance(value, bytes):
        return value.hex().ljust(64, "0")
    return value[2:].lower().rjust(64, "0")


def _result(method: str, answer: Any) -> Any:
    if "error" in answer:
        raise ChainError(f"the node refused {method}: {answer['error'].get('message')}")
    return answer["result"]

"""Reads what a contract says when it refuses: the custom errors of all our contracts."""

from collections.abc import Mapping
from functools import cache
from typing import Any, cast

from eth_abi.abi import decode
from eth_abi.exceptions import DecodingError
from eth_typing import ABIError
from eth_utils import abi as abi_tools
from eth_utils.address import to_checksum_address
from web3.exceptions import ContractLogicError

from zegel.chain import artifacts
from zegel.errors import Refused

_TEXT = bytes.fromhex("08c379a0")  # Error(string)
_PANIC = bytes.fromhex("4e487b71")  # Panic(uint256)
_PANICS = {
    0x01: "assertion failed",
    0x11: "arithmetic overflow",
    0x12: "division by zero",
    0x21: "no such enum value",
    0x32: "index out of bounds",
    0x41: "out of memory",
}


def refusal(error: ContractLogicError, contract: str) -> Refused:
    """The refusal behind web3's error.

    `contract` is the one that was called. An error that only another contract knows came from that
    one.
    """
    data = error.data if isinstance(error.data, str) else ""
    return decoded(bytes.fromhex(data.removeprefix("0x")), contract) or Refused(
        contract, "Reverted", {"reason": error.message or "none given"}
    )


def decoded(data: bytes, contract: str) -> Refused | None:
    """The refusal that revert data stands for, or None if nobody knows it."""
    selector, body = data[:4], data[4:]
    try:
        if selector == _TEXT:
            return Refused(contract, "Error", {"reason": decode(["string"], body)[0]})
        if selector == _PANIC:
            code = decode(["uint256"], body)[0]
            return Refused(contract, "Panic", {"reason": _PANICS.get(code, hex(code))})
        declared = _errors().get(selector)
        if declared is None:
            return None
        owners, abi = declared
        owner = contract if contract in owners or not owners else owners[0]
        return Refused(owner, abi["name"], _arguments(abi["inputs"], body))
    except DecodingError:
        return None


@cache
def _errors() -> dict[bytes, tuple[list[str], ABIError]]:
    """Every custom error by selector, with the contracts that know it."""
    found: dict[bytes, tuple[list[str], ABIError]] = {}
    for name in artifacts.names():
        artifact = artifacts.load(name)
        for entry in artifact.abi:
            if entry["type"] == "error":
                error = cast(ABIError, entry)
                selector = abi_tools.function_abi_to_4byte_selector(error)
                owners, _ = found.setdefault(selector, ([], error))
                if artifact.bytecode:
                    owners.append(name)
    return found


def _arguments(inputs: Any, body: bytes) -> Mapping[str, Any]:
    types = [abi_tools.collapse_if_tuple(part) for part in inputs]
    return _named(inputs, decode(types, body))


def _named(inputs: Any, values: Any) -> Mapping[str, Any]:
    """Values under the names of the ABI, structs as mappings, addresses with their checksum."""
    return {
        part.get("name") or f"argument{number}": _value(part, value)
        for number, (part, value) in enumerate(zip(inputs, values, strict=True))
    }


def _value(part: Any, value: Any) -> Any:
    if part["type"] == "tuple":
        return _named(part["components"], value)
    if part["type"] == "address":
        return to_checksum_address(value)
    return value

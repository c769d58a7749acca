"""Refusals by their custom error, name and arguments.

Brownie decodes the error of a transaction to one line of text, such as
`BudgetExceeded: 0x…, 5, 3`, and hands the error of a call on undecoded. `refused` treats both the
same way.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from brownie.exceptions import VirtualMachineError, decode_typed_error
from eth_utils import is_address, to_bytes
from web3.exceptions import ContractCustomError, ContractLogicError, ContractPanicError


def custom_error(name: str, *args: object) -> str:
    """The text that Brownie makes of a custom error."""
    return f"{name}: {', '.join(str(_as_decoded(arg)) for arg in args)}"


@contextmanager
def refused(name: str, *args: object) -> Iterator[None]:
    """Expects that a transaction or a call is refused with exactly this custom error."""
    with reverting(custom_error(name, *args)):
        yield


@contextmanager
def reverting(expected: str | None) -> Iterator[None]:
    """Expects a revert with this text as Brownie decodes it; `None` for one without any data."""
    try:
        yield
    except VirtualMachineError as error:
        actual = error.revert_msg
    except (ContractCustomError, ContractPanicError, ContractLogicError) as error:
        actual = _text(error.data)
    else:
        pytest.fail(f"was not refused, expected `{expected}`")
    assert (actual or None) == expected, f"refused with `{actual}`, expected `{expected}`"


def _text(data: object) -> str | None:
    given = data if isinstance(data, str) and data.startswith("0x") else "0x"
    return decode_typed_error(given) if len(given) >= 10 else None


def _as_decoded(arg: object) -> object:
    """An argument as eth_abi decodes it: addresses in lower case, bytes as bytes."""
    if isinstance(arg, (tuple, list)):
        return tuple(_as_decoded(item) for item in arg)
    text = str(arg)
    if is_address(text):
        return text.lower()
    if isinstance(arg, str) and text.startswith("0x"):
        return to_bytes(hexstr=text)
    return arg

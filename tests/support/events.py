"""The events of a transaction: all of them, in their order, with all their arguments.

An expected event is written as Solidity emits it, behind the contract that does:

    assert_events(tx, (token, "Transfer", ZERO, member, 500))
"""

from brownie.network.transaction import TransactionReceipt

Event = tuple[object, ...]

ZERO = "0x0000000000000000000000000000000000000000"


def assert_events(tx: TransactionReceipt, *expected: Event) -> None:
    """Asserts that a transaction emitted these events, and no others."""
    actual, wanted = events_of(tx), [plain(event) for event in expected]
    assert actual == wanted, f"emitted {actual}, expected {wanted}"


def events_of(tx: TransactionReceipt) -> list[Event]:
    """The events of a transaction as tuples of emitter, name and arguments."""
    assert len(tx.events) == len(tx.logs), "Brownie could not decode all events"
    return [plain((event.address, event.name, *event.values())) for event in tx.events]


def plain(value: object) -> object:
    """A value that compares: accounts and contracts as addresses, bytes as hexadecimal text."""
    if isinstance(value, (tuple, list)):
        return tuple(plain(item) for item in value)
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if isinstance(value, (bool, int)):
        return int(value)
    return str(value)

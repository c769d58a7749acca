"""Events are read as the contracts declare them."""

from dataclasses import fields

import pytest
from web3.logs import DISCARD

from zegel.chain import artifacts
from zegel.chain import events as e
from zegel.chain.logs import decode, read_events, read_logs
from zegel.errors import ChainError

# Names that Python takes, or that say more than the contract's.
NAMES = {
    "from": {"sender", "source"},
    "to": {"receiver", "target"},
    "value": {"value", "amount"},
    "fromVersion": {"source_version"},
    "toVersion": {"target_version"},
}


def _declared() -> dict[str, list[str]]:
    found = {}
    for name in ("PointToken", "PointExchange", "IssuerRegistry", "OfflineDesk", "AwardDrop"):
        for entry in artifacts.load(name).abi:
            if entry["type"] == "event":
                found[entry["name"]] = [part["name"] for part in entry["inputs"]]
    return found


def _snake(name: str) -> str:
    return "".join("_" + c.lower() if c.isupper() else c for c in name)


@pytest.mark.parametrize("event", e.READ, ids=lambda event: event.__name__)
def test_a_class_has_the_fields_of_its_event(event):
    declared = _declared()[event.__name__]
    own = [field.name for field in fields(event)][len(fields(e.Event)) :]

    # The settings of a new program are left out.
    assert len(own) == len(declared) - (event is e.ProgramCreated)
    for name, field in zip(declared, own, strict=False):
        assert field in NAMES.get(name, {_snake(name)})


def test_events_are_decoded_as_web3_does(suite, awarder, issuer, member):
    token, connection = suite.token("SHOP"), suite.connection
    ref = b"receipt-1".ljust(32, b"\0")
    receipt = awarder.send(token.functions.award(member.address, 1_250, ref))
    block = receipt["blockNumber"]

    found = list(read_events(connection, [token.address], block, block))

    assert [type(event) for event in found] == [e.Transfer, e.Awarded]
    (expected,) = token.events.Awarded().process_receipt(receipt, errors=DISCARD)
    where = {
        "contract": token.address.lower(),
        "block": block,
        "timestamp": connection.timestamp(),
        "transaction": receipt["transactionHash"].to_0x_hex(),
    }
    assert found == [
        e.Transfer(**where, sender=e.ZERO, receiver=member.address.lower(), amount=1_250),
        e.Awarded(
            **where,
            awarder=expected["args"]["awarder"].lower(),
            member=expected["args"]["member"].lower(),
            ref=expected["args"]["ref"],
            amount=expected["args"]["amount"],
        ),
    ]


def test_terms_are_decoded_part_by_part(suite, recorded):
    exchange, connection = suite.exchange, suite.connection
    last = connection.web3.eth.block_number

    (found,) = (
        event
        for event in read_events(connection, [exchange.address], 0, last)
        if isinstance(event, e.TermsSet)
    )

    assert found.program == suite.token("SHOP").address.lower()
    assert found.partner == suite.token("AIR").address.lower()
    assert found.old_terms == e.Terms(0, 0, 0, 0)
    assert found.new_terms == e.Terms(9_500_000_000, 1_767_225_600, 1_798_761_600, 0)
    assert found.version == 2


def test_a_time_that_the_log_does_not_tell_is_asked_for(suite, awarder, member):
    token, connection = suite.token("SHOP"), suite.connection
    receipt = awarder.send(token.functions.award(member.address, 1, bytes(32)))
    block = receipt["blockNumber"]
    logs = list(read_logs(connection, [token.address], block, block))
    for log in logs:
        del log["blockTimestamp"]

    assert {event.timestamp for event in decode(connection, logs)} == {connection.timestamp()}


def test_an_unknown_event_is_not_passed_over(suite, awarder, member):
    token, connection = suite.token("SHOP"), suite.connection
    receipt = awarder.send(token.functions.award(member.address, 1, bytes(32)))
    (log, _) = read_logs(
        connection, [token.address], receipt["blockNumber"], receipt["blockNumber"]
    )
    log["topics"][0] = "0x" + "ab" * 32

    with pytest.raises(ChainError, match=r"emitted an event in block .* that no contract here has"):
        list(decode(connection, [log]))

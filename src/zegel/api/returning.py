"""Purses on their way back: whoever asked for one has it handed back, without paying for it.

The desk hands a purse to its member whoever calls, once the wait is over that the member's own
release began. So nothing is signed here; it goes through the relay's queue and its quotas like any
message, under a name that follows from the release.
"""

from eth_abi.abi import encode
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak
from fastapi import APIRouter

from zegel.api.messages import ReceiptBody, problem_of_relay, receipt_body
from zegel.api.service import Here
from zegel.api.values import Address, Body
from zegel.chain.node import Node
from zegel.deploy.suite import NOBODY
from zegel.errors import RelayRefused
from zegel.relay import queue, states
from zegel.relay.calls import Call
from zegel.relay.clock import ChainClock
from zegel.relay.entering import Entrance, Entry
from zegel.relay.rehearsing import Rehearsal
from zegel.relay.relay import Receipt, Relay
from zegel.web.problems import Problem, documented

router = APIRouter(prefix="/v1", tags=["messages"])

_KIND = "ReturnPurse"

# Where a purse's word has the second from which it may come back.
_RELEASE_SHIFT = 216

# A return that failed is asked for again under another name.
_ATTEMPTS = 8


class Purse(Body):
    """Whose purse, of which program, for which merchant: the zero address for any."""

    token: Address
    member: Address
    merchant: Address = NOBODY


@router.post("/returns", status_code=202, responses=documented(404, 409))
def hand_back(here: Here, purse: Purse) -> ReceiptBody:
    """Hands a purse back whose wait is over: what the relay says of it, as of a message."""
    relay = here.relay
    if relay is None:
        raise Problem(
            409, "no-relay", "this API has no relay: send returnPurse to the desk, or ask another"
        )
    here.snapshots.current().program(purse.token)
    desk = relay.suite.desk
    values = [to_checksum_address(one) for one in (purse.token, purse.member, purse.merchant)]
    releasable_at = desk.functions.purseWord(*values).call() >> _RELEASE_SHIFT
    if not releasable_at:
        raise Problem(
            409, "not-released", f"nobody asked for this purse of {purse.member}: release it first"
        )
    call = Call(
        "OfflineDesk",
        desk.address,
        bytes.fromhex(desk.encode_abi("returnPurse", values)[2:]),
        signer=values[1],
        program=values[0],
    )
    name = encode(["address", "address[]", "uint256"], [desk.address, values, releasable_at])
    try:
        return receipt_body(_entered(relay, call, name))
    except RelayRefused as refused:
        raise problem_of_relay(refused) from None


def _entered(relay: Relay, call: Call, name: bytes) -> Receipt:
    """The receipt of a call that stands in the queue by now."""
    for attempt in range(_ATTEMPTS):
        found = _entered_as(relay, call, "0x" + keccak(name + bytes([attempt])).hex())
        if found.state != states.FAILED:
            break
    return found


def _entered_as(relay: Relay, call: Call, number: str) -> Receipt:
    if relay.receipt(number) is None:
        entry = Entry(number, _KIND, call, _gas(relay, call), relay.now())
        Entrance(relay.queue, relay.limits).enter(entry)
    found = relay.receipt(number)
    assert found is not None
    return found


def _gas(relay: Relay, call: Call) -> int:
    """Plays the call behind what is on its way of the member; raises `RelayRefused`."""
    with relay.queue.reading() as database:
        earlier = queue.earlier(database, call.signer.lower())
    moment = ChainClock(relay.suite.connection).moment()
    rehearsal = Rehearsal(Node(relay.suite.connection.url), relay.limits.message)
    return rehearsal.gas(NOBODY, call.contract, call.target, call.data, earlier, moment)

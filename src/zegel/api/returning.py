"""Purses on their way back, by the relay."""

from eth_utils.address import to_checksum_address
from fastapi import APIRouter

from zegel.api.messages import ReceiptBody, problem_of_relay, receipt_body, relay_of
from zegel.api.service import Here
from zegel.api.values import Address, Body
from zegel.deploy.suite import NOBODY
from zegel.errors import RelayRefused
from zegel.web.problems import documented

router = APIRouter(prefix="/v1", tags=["messages"])


class PurseBody(Body):
    """Whose purse, of which program, for which merchant: the zero address for any."""

    token: Address
    member: Address
    merchant: Address = NOBODY


@router.post("/returns", status_code=202, responses=documented(404, 409))
def give_back(here: Here, purse: PurseBody) -> ReceiptBody:
    """Hands a purse back whose wait is over: what the relay says of it, as of a message."""
    relay = relay_of(here)
    here.snapshots.current().program(purse.token)
    token, member, merchant = map(to_checksum_address, (purse.token, purse.member, purse.merchant))
    try:
        return receipt_body(relay.give_back((token, member, merchant)))
    except RelayRefused as refused:
        raise problem_of_relay(refused) from None

"""Purses on their way back: whoever asked for one has it handed back, without paying for it.

The desk hands a purse to its member whoever calls, once the wait is over that the member's own
release began. So nothing is signed here; the call uses the member's quota, under a name that
follows from the release.
"""

from collections.abc import Iterator

from eth_abi.abi import encode
from eth_typing import ChecksumAddress
from eth_utils.crypto import keccak

from zegel.deploy.suite import Suite
from zegel.errors import RelayRefused
from zegel.relay.calls import Call
from zegel.relay.reasons import NOT_RELEASED

KIND = "ReturnPurse"

# Where a purse's word has the second from which it may come back.
_RELEASE_SHIFT = 216

# A return that failed is asked for again under another name.
_ATTEMPTS = 8

# The program, the member, and the merchant whose purse it is: the zero address for any.
Purse = tuple[ChecksumAddress, ChecksumAddress, ChecksumAddress]


def call_of(suite: Suite, purse: Purse) -> Call:
    """The call that hands a purse back."""
    token, member, _ = purse
    data = bytes.fromhex(suite.desk.encode_abi("returnPurse", list(purse))[2:])
    return Call("OfflineDesk", suite.desk.address, data, signer=member, program=token)


def names_of(suite: Suite, purse: Purse) -> Iterator[str]:
    """What a return is called, by its release: the first, and those for further attempts."""
    view = suite.desk.functions.purseWord(*purse)
    releasable_at = suite.connection.patiently(view.call) >> _RELEASE_SHIFT
    if not releasable_at:
        raise RelayRefused(
            NOT_RELEASED, f"nobody asked for this purse of {purse[1]}: release it first"
        )
    types = ["address", "address[]", "uint256"]
    content = encode(types, [suite.desk.address, list(purse), releasable_at])
    return ("0x" + keccak(content + bytes([attempt])).hex() for attempt in range(_ATTEMPTS))

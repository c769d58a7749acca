"""The clock of the development chain: it stands still, and tests set it.

Every block bears the second to which a test travelled last, so that nothing depends on how fast a
test runs. Anvil also travels to the past.
"""

from datetime import datetime, timezone

from brownie import web3

# In the middle of a month, a quarter and a year, so that no test crosses an epoch by chance.
START = datetime(2026, 2, 11, 12, 0, 0, tzinfo=timezone.utc)

HOUR = 3_600
DAY = 24 * HOUR


def utc(year: int, month: int = 1, day: int = 1, *time: int) -> int:
    """The Unix second of a date in UTC."""
    return int(datetime(year, month, day, *time, tzinfo=timezone.utc).timestamp())


def now() -> int:
    """The second of the latest block, which the next one will have too."""
    return int(web3.eth.get_block("latest")["timestamp"])


def travel_to(moment: datetime | int) -> int:
    """Sets the clock, forwards or backwards; returns the Unix second."""
    if isinstance(moment, datetime):
        if moment.tzinfo is None:
            raise ValueError(f"{moment} has no time zone: say which one, as in tzinfo=timezone.utc")
        moment = int(moment.timestamp())
    _request("evm_setTime", moment)
    _request("evm_setNextBlockTimestamp", moment)
    _request("evm_mine")
    _request("anvil_setBlockTimestampInterval", 0)
    return moment


def _request(method: str, *params: int) -> None:
    answer = web3.provider.make_request(method, list(params))
    if "error" in answer:
        raise RuntimeError(f"{method}{params}: {answer['error']['message']}")

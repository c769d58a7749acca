"""A till at work: it takes points by itself, and asks the chain where there is a network.

Threads share it. Who talks to the chain waits for others who do; who pays waits for nobody but the
disk.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from threading import Lock

from eth_typing import ChecksumAddress
from web3.exceptions import Web3Exception

from zegel.chain.sending import Sender
from zegel.deploy.suite import Suite
from zegel.errors import ChainError, ConfigError, Declined, ZegelError
from zegel.till.accepting import accept
from zegel.till.carrying import Carrier, Own, Relayed
from zegel.till.opening import Till
from zegel.till.refunding import Repaid, pay_back
from zegel.till.sales import Sale
from zegel.till.settling import Outcome, settle
from zegel.till.syncing import sync
from zegel.till.vouchers import Answer
from zegel.till.wordings import FROZEN, NOT_READY, PURSE_SHORT, UNKNOWN_MEMBER

# What a look at the chain may mend.
_MENDED = frozenset({UNKNOWN_MEMBER, PURSE_SHORT, FROZEN, NOT_READY})

# Seconds for which a payment waits for others who talk to the chain.
_PATIENCE = 5.0


@dataclass(frozen=True)
class Line:
    """The way to the chain: found when it is needed, since there may be no network before.

    `account` is the till's, or the merchant's; with a `relay` it only signs. Without one the till
    takes points, and somebody else settles.
    """

    suite: Callable[[], Suite]
    account: Callable[[], Sender] | None = None
    relay: str = ""
    depth: int = 0

    def sender(self) -> Sender:
        if self.account is None:
            raise ConfigError("no account: name the till's or the merchant's by --account")
        return self.account()

    def carrier(self) -> Carrier:
        return Relayed(self.sender(), self.relay) if self.relay else Own(self.sender())


@dataclass
class Counter:
    """`trouble` is why the chain was not reached the last time, `not_settled` why not everything
    was settled; both are empty if all is well."""

    till: Till
    line: Line
    trouble: str = "not asked yet"
    not_settled: str = ""
    # The second at which the chain answered last.
    reached_at: int = 0
    _network: Lock = field(default_factory=Lock, repr=False)

    def take(self, answer: Answer) -> Sale:
        """Takes an answer; looks at the chain first if that may help and there is a network."""
        try:
            return accept(self.till, answer)
        except Declined as declined:
            if declined.name not in _MENDED or self.trouble:
                raise
            if not self._looked_up(answer.member):
                raise
        return accept(self.till, answer)

    def sync(self, asking: Iterable[ChecksumAddress] = ()) -> None:
        """Reads everything anew, also of members who ask."""
        with self._network, self._line():
            sync(self.till, self.line.suite(), asking, depth=self.line.depth)

    def look(self) -> None:
        """Sees whether the chain is still there; raises `ChainError` if not."""
        with self._network, self._line():
            self.line.suite().connection.web3.eth.get_block_number()

    def settle(self) -> Outcome:
        """Settles what is open, and reads everything anew."""
        with self._network, self._line():
            suite = self.line.suite()
            try:
                outcome = settle(self.till, suite, self.line.carrier(), self.line.depth)
            except (ZegelError, Web3Exception) as error:
                self.not_settled = str(error)
                raise
            self.not_settled = "; ".join(outcome.troubles)
            sync(self.till, suite, depth=self.line.depth)
            return outcome

    def pay_back(self) -> Repaid:
        """Makes the transfers of refunds, if the account is the merchant's."""
        with self._network, self._line():
            return pay_back(self.till, self.line.suite(), self.line.sender())

    def owes(self) -> bool:
        """Whether refunds wait for a transfer that this account can make."""
        if self.line.account is None:
            return False
        waits = any(not one.transaction for one in list(self.till.sales.refunds.values()))
        return waits and self.line.sender().address == self.till.place.merchant

    def _looked_up(self, member: ChecksumAddress) -> bool:
        """Whether a member's purses could be read now."""
        if not self._network.acquire(timeout=_PATIENCE):
            return False
        try:
            with self._line():
                sync(
                    self.till,
                    self.line.suite(),
                    [member],
                    everyone=False,
                    depth=self.line.depth,
                )
        except ChainError:
            return False
        finally:
            self._network.release()
        return True

    def _line(self) -> "_Watch":
        return _Watch(self)


@dataclass(frozen=True)
class _Watch:
    """Writes down whether the chain was reached, in words of ours."""

    counter: Counter

    def __enter__(self) -> None:
        pass

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, Web3Exception):
            error = ChainError(f"the node did not do as asked: {error}")
            self.counter.trouble = str(error)
            raise error from None
        if isinstance(error, ChainError):
            self.counter.trouble = str(error)
        elif error is None:
            self.counter.trouble = ""
            self.counter.reached_at = self.counter.till.clock()

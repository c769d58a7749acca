"""Plays a call on the chain as it will be, and says what it uses or why it is refused.

Whatever is on its way of the same signer is played first: otherwise two messages that spend the
same points would both look well, and one that counts behind another would look wrong.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zegel.chain.node import Json, Node, Question, text_of
from zegel.chain.refusals import decoded
from zegel.errors import ChainError, Refused, RelayRefused
from zegel.relay.reasons import NO_POINTS, TOO_MUCH_GAS

_NO_SUCH_METHOD = -32601

# A storage slot that is new in the block and was not in the rehearsal, and what comes with it.
_SLACK = 30_000


@dataclass(frozen=True)
class _Played:
    """What a call used, or nothing and why; and whether the signer holds what it should."""

    used: int | None
    holds: bool
    data: Any = None
    error: Any = None


@dataclass
class Rehearsal:
    """A node on which calls are played. `sender` is who would send them."""

    node: Node
    most: int
    _simulates: bool = field(default=True)

    def gas(
        self,
        sender: str,
        contract: str,
        target: str,
        data: bytes,
        earlier: Sequence[Mapping[str, Any]],
        moment: int,
        holding: Question | None = None,
    ) -> int:
        """The gas to give to a call in a block at a moment; raises `RelayRefused`.

        `earlier` are the target, data and gas of calls that come before it, and `holding` is the
        question for a balance that must be more than nothing.
        """
        calls = [_frame(sender, one["target"], one["data"], one["gas"]) for one in earlier]
        calls.append(_frame(sender, target, data, self.most))
        found = self._simulated(calls, moment, holding) if self._simulates else None
        if found is None:
            found = self._estimated(calls[-1], bool(earlier), holding)
        used = _used(found, contract)
        # A call sees a sixty-fourth less than its caller, and refunds come at the end.
        needed = used + used // 3 + _SLACK
        if needed > self.most:
            raise RelayRefused(
                TOO_MUCH_GAS, f"it may use {needed} gas: this relay pays for {self.most} at most"
            )
        return needed

    def _simulated(
        self, calls: list[Json], moment: int, holding: Question | None
    ) -> _Played | None:
        """Plays all of some calls; nothing if the node cannot play several."""
        block = {"blockOverrides": {"time": hex(moment)}, "calls": calls}
        asked = {"blockStateCalls": [block], "validation": False}
        answer, holds = self._asked(("eth_simulateV1", [asked, "latest"]), holding)
        if "error" in answer:
            if answer["error"].get("code") == _NO_SUCH_METHOD:
                self._simulates = False
                return None
            raise ChainError(f"the node refused eth_simulateV1: {text_of(answer['error'])}")
        last = answer["result"][0]["calls"][-1]
        used = int(last["gasUsed"], 16)
        # Out of gas is no refusal: it may need any amount more.
        if last["status"] == "0x1" or used >= self.most - self.most // 64:
            return _Played(used, holds)
        error = dict(last.get("error") or {})
        return _Played(None, holds, error.get("data") or last.get("returnData"), error)

    def _estimated(self, call: Json, after_others: bool, holding: Question | None) -> _Played:
        """The same by a node of the older kind, with what waits in its pool played first."""
        block = "pending" if after_others else "latest"
        answer, holds = self._asked(("eth_estimateGas", [call, block]), holding)
        if "error" not in answer:
            return _Played(int(answer["result"], 16), holds)
        error = answer["error"]
        data = error.get("data") if isinstance(error, dict) else None
        if not isinstance(data, str) and "revert" not in text_of(error).lower():
            raise ChainError(f"the node refused eth_estimateGas: {text_of(error)}")
        return _Played(None, holds, data, error)

    def _asked(self, question: Question, holding: Question | None) -> tuple[Json, bool]:
        """The answer, and whether a balance is more than nothing."""
        answer, *rest = self.node.answers([question, *([holding] if holding else [])])
        if not rest:
            return answer, True
        if "error" in rest[0]:
            raise ChainError(f"the node refused eth_call: {text_of(rest[0]['error'])}")
        return answer, int(rest[0]["result"], 16) > 0


def _used(played: _Played, contract: str) -> int:
    """The gas that a call used; raises `RelayRefused` if it should not be paid for."""
    if played.used is None:
        raise refused(played.data, played.error, contract)
    if not played.holds:
        raise RelayRefused(NO_POINTS, "the signer has no points of the program: come with some")
    return played.used


def refused(data: Any, error: Any, contract: str) -> RelayRefused:
    """A contract's refusal, as the relay passes it on."""
    found = refusal(data, contract)
    if found is None:
        return RelayRefused("Reverted", f"{contract} refused: {text_of(error) or 'no reason'}")
    return RelayRefused(found.error, str(found))


def refusal(data: Any, contract: str) -> Refused | None:
    """The error that revert data stands for, if anybody knows it."""
    if not isinstance(data, str) or not data.startswith("0x") or len(data) < 10:
        return None
    return decoded(bytes.fromhex(data[2:]), contract)


def _frame(sender: str, target: str, data: bytes, gas: int) -> Json:
    return {"from": sender, "to": target, "data": "0x" + data.hex(), "gas": hex(gas)}

"""What all parts of the model share: the time, what was announced, and what was refused."""

from dataclasses import dataclass, field

DAY = 86_400


@dataclass(frozen=True)
class Event:
    """An event as its contract emits it; arguments in the order of the declaration."""

    address: str
    name: str
    arguments: tuple[object, ...]


@dataclass(frozen=True)
class Reason:
    """Why an action is refused: a named error with its arguments.

    `refusal` is the member of the exchange's enum that a quote gives for it, if there is one.
    """

    error: str
    arguments: tuple[object, ...]
    refusal: str | None = None


class Refused(Exception):  # noqa: N818 -- named like the package's own
    """An action that the contracts must refuse, for one of these reasons."""

    def __init__(self, reasons: list[Reason]) -> None:
        super().__init__(reasons)
        self.reasons = reasons


def refuse_for(reasons: list[Reason]) -> None:
    """Raises if there is any reason to."""
    if reasons:
        raise Refused(reasons)


@dataclass
class World:
    """The clock, in Unix seconds, and the events of the action that is going on."""

    now: int
    events: list[Event] = field(default_factory=list)

    def emit(self, address: str, name: str, *arguments: object) -> None:
        self.events.append(Event(address, name, arguments))

    def take_events(self) -> list[Event]:
        events, self.events = self.events, []
        return events

    @property
    def today(self) -> int:
        return self.now // DAY

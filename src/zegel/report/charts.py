"""Drawings for the report's page: plain SVG, coloured by the page's own style."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from html import escape
from typing import Protocol

from zegel.report import text
from zegel.report.cells import plain
from zegel.report.figures import Month, Program

# Generations follow each other in as many colours; at most four of them live at a time.
GENERATION_COLOURS = 6

_TICKS = 4
_STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Node:
    """One side of some flows: its name, and its colour in the page's style."""

    name: str
    colour: str


class Monthly(Protocol):
    """A program's points, month by month."""

    @property
    def program(self) -> Program: ...

    @property
    def months(self) -> Sequence[Month]: ...


def generations_chart(program: Monthly, width: int, height: int) -> str:
    """Outstanding points at the end of each month, stacked by expiry; below, what expired."""
    return "".join(_Bars(program, width, height).draw())


def flows_chart(
    flows: Mapping[tuple[str, str], int], nodes: Mapping[str, Node], decimals: int, width: int
) -> str:
    """Money moved by conversions: from the programs on the left to those on the right."""
    return "".join(_Sankey(flows, nodes, decimals, width).draw())


def generation_colour(expires: int, expiries: Sequence[int]) -> str:
    """The class that colours a generation."""
    return f"g{expiries.index(expires) % GENERATION_COLOURS}"


def expiries_of(program: Monthly) -> list[int]:
    """All times at which points of a program expire, or expired."""
    return sorted({expires for month in program.months for expires in month.outstanding})


class _Bars:
    _LEFT, _RIGHT, _TOP, _BOTTOM = 62, 8, 12, 26

    def __init__(self, program: Monthly, width: int, height: int) -> None:
        self._program, self._width, self._height = program, width, height
        self._expiries = expiries_of(program)
        self._highest = max((m.closing for m in program.months), default=0) or 1
        self._lowest = max((m.movements.expired for m in program.months), default=0)
        self._step = _tick_step(self._highest)
        top = -(-self._highest // self._step) * self._step
        self._scale = (height - self._TOP - self._BOTTOM) / (top + self._lowest)
        self._zero = self._TOP + top * self._scale

    def draw(self) -> Iterator[str]:
        name = _escaped(self._program.program.name)
        yield (
            f'<svg viewBox="0 0 {self._width} {self._height}" role="img" '
            f'aria-label="{name}: points outstanding at each month-end, by expiry">'
        )
        yield from self._grid()
        months = self._program.months
        pitch = (self._width - self._LEFT - self._RIGHT) / max(len(months), 1)
        for number, month in enumerate(months):
            x = self._LEFT + number * pitch
            yield from self._stack(month.end, month.outstanding, x + pitch * 0.14, pitch * 0.72)
            yield from self._loss(
                month.end, month.movements.expired, x + pitch * 0.14, pitch * 0.72
            )
            yield from self._label(number, month.start, x + pitch / 2)
        yield "</svg>"

    def _grid(self) -> Iterator[str]:
        level = 0
        while level <= -(-self._highest // self._step) * self._step:
            y = self._y(level)
            kind = "axis" if level == 0 else "grid"
            yield (
                f'<line class="{kind}" x1="{self._LEFT}" x2="{self._width - self._RIGHT}" '
                f'y1="{y}" y2="{y}"/>'
            )
            label = _short(level, self._program.program.decimals)
            yield f'<text class="tick" x="{self._LEFT - 8}" y="{y + 4:.1f}">{label}</text>'
            level += self._step

    def _stack(
        self, end: int, outstanding: Mapping[int, int], x: float, width: float
    ) -> Iterator[str]:
        below = 0
        for expires, amount in outstanding.items():
            y = self._y(below + amount)
            colour = generation_colour(expires, self._expiries)
            points = text.amount(amount, self._program.program.decimals)
            when = text.expiry(expires)
            what = "never expire" if when == "never" else f"expire on {when}"
            yield (
                f'<rect class="{colour}" x="{x:.1f}" y="{y}" width="{width:.1f}" '
                f'height="{self._y(below) - y:.1f}">'
                f"<title>{text.month(end)}: {points} points that {what}</title></rect>"
            )
            below += amount

    def _loss(self, end: int, expired: int, x: float, width: float) -> Iterator[str]:
        if expired:
            points = text.amount(expired, self._program.program.decimals)
            yield (
                f'<rect class="expired" x="{x:.1f}" y="{self._zero + 1:.1f}" '
                f'width="{width:.1f}" height="{max(expired * self._scale - 1, 1):.1f}">'
                f"<title>{text.month(end)}: {points} points expired</title></rect>"
            )

    def _label(self, number: int, start: int, x: float) -> Iterator[str]:
        moment = datetime.fromtimestamp(start, timezone.utc)
        wide = self._width > 600
        if moment.month == 1 or number == 0:
            label = f"{moment:%b %Y}" if wide else f"{moment:%Y}"
        elif wide or moment.month in (4, 7, 10):
            label = f"{moment:%b}"
        else:
            return
        yield f'<text class="month" x="{x:.1f}" y="{self._height - 6}">{label}</text>'

    def _y(self, amount: int) -> float:
        return round(self._zero - amount * self._scale, 1)


class _Sankey:
    _GAP, _BAR, _LABEL, _SIDE, _HEIGHT = 22, 14, 30, 245, 420

    def __init__(
        self,
        flows: Mapping[tuple[str, str], int],
        nodes: Mapping[str, Node],
        decimals: int,
        width: int,
    ) -> None:
        self._flows = {pair: value for pair, value in flows.items() if value}
        self._nodes, self._decimals, self._width = nodes, decimals, width
        self._out = {n: sum(v for (a, _), v in self._flows.items() if a == n) for n in nodes}
        self._into = {n: sum(v for (_, b), v in self._flows.items() if b == n) for n in nodes}
        total = sum(self._flows.values()) or 1
        # Every node is high enough for its label, so the picture is higher than its flows.
        self._scale = self._HEIGHT / total
        self._left = self._places(self._out)
        self._right = self._places(self._into)
        ends = [y + h for y, h in (*self._left.values(), *self._right.values())]
        self._height = round(max(ends, default=0)) + 8

    def draw(self) -> Iterator[str]:
        yield (
            f'<svg viewBox="0 0 {self._width} {self._height}" role="img" '
            'aria-label="Money moved between programs by conversions">'
        )
        yield from self._links()
        left, right = self._SIDE, self._width - self._SIDE - self._BAR
        for name, (y, height) in self._left.items():
            yield from self._node(name, self._out[name], left, y, height, "start")
        for name, (y, height) in self._right.items():
            yield from self._node(name, self._into[name], right, y, height, "end")
        yield "</svg>"

    def _places(self, totals: Mapping[str, int]) -> dict[str, tuple[float, float]]:
        """The top and the height of each node of a side."""
        places, y = {}, 8.0
        for name, total in totals.items():
            if total:
                height = max(total * self._scale, 2.0)
                slot = max(height, self._LABEL)
                places[name] = (y + (slot - height) / 2, height)
                y += slot + self._GAP
        return places

    def _links(self) -> Iterator[str]:
        left, right = self._SIDE + self._BAR, self._width - self._SIDE - self._BAR
        middle = (left + right) / 2
        used = {("out", n): y for n, (y, _) in self._left.items()}
        used |= {("into", n): y for n, (y, _) in self._right.items()}
        for source in self._nodes:
            for target in self._nodes:
                value = self._flows.get((source, target), 0)
                if not value:
                    continue
                thick = value * self._scale
                y0, y1 = used["out", source], used["into", target]
                used["out", source] += thick
                used["into", target] += thick
                shape = (
                    f"M{left},{y0:.1f} C{middle},{y0:.1f} {middle},{y1:.1f} {right},{y1:.1f} "
                    f"v{thick:.1f} C{middle},{y1 + thick:.1f} {middle},{y0 + thick:.1f} "
                    f"{left},{y0 + thick:.1f} z"
                )
                title = (
                    f"{self._nodes[source].name} to {self._nodes[target].name}: "
                    f"{text.amount(value, self._decimals)}"
                )
                yield (
                    f'<path class="link {self._nodes[source].colour}" d="{shape}">'
                    f"<title>{_escaped(title)}</title></path>"
                )

    def _node(
        self, name: str, total: int, x: float, y: float, height: float, side: str
    ) -> Iterator[str]:
        node = self._nodes[name]
        yield (
            f'<rect class="{node.colour}" x="{x}" y="{y:.1f}" width="{self._BAR}" '
            f'height="{height:.1f}" rx="2"/>'
        )
        at = x - 10 if side == "start" else x + self._BAR + 10
        centre = y + height / 2
        anchor = "end" if side == "start" else "start"
        value = text.rounded(total, self._decimals, keep=2)
        yield (
            f'<text class="node" text-anchor="{anchor}" x="{at}" y="{centre - 2:.1f}">'
            f"{_escaped(node.name)}</text>"
            f'<text class="tick" style="text-anchor:{anchor}" x="{at}" y="{centre + 14:.1f}">'
            f"{value}</text>"
        )


def _escaped(words: str) -> str:
    """Text as a drawing can hold it."""
    return escape(plain(words))


def _tick_step(highest: int) -> int:
    """A round step with which a few ticks reach the highest value."""
    power = 1
    while True:
        for step in _STEPS:
            if highest <= _TICKS * step * power:
                return step * power
        power *= 10


def _short(units: int, decimals: int) -> str:
    """A round number of points on an axis: 250k."""
    whole = units / 10**decimals
    for limit, letter in ((10**6, "M"), (10**3, "k")):
        if whole >= limit:
            return f"{whole / limit:g}{letter}"
    return f"{whole:g}"

"""Where the lines of a chart go, in points from the lower left corner.

Contract   The same geometry is drawn as SVG and on paper, so that both show the same. A gap in a line is a period
           without a value; a point alone between gaps is a dot.
Bound      At most ``TICKS`` + 1 marks on the axis of values and ``LABELS`` on the axis of time.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from analytics.reports.engine.cells import shown_number
from analytics.reports.types import Chart

TICKS: Final = 5
LABELS: Final = 6

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Frame:
    """The size of the drawing and what is left free around the lines."""

    width: float
    height: float
    left: float = 56.0
    right: float = 10.0
    top: float = 8.0
    bottom: float = 22.0


@dataclass(frozen=True, slots=True)
class Mark:
    """A label at ``place`` of its axis."""

    place: float
    words: str


@dataclass(frozen=True, slots=True)
class DrawnLine:
    name: str
    runs: tuple[tuple[Point, ...], ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    frame: Frame
    values: tuple[Mark, ...]
    times: tuple[Mark, ...]
    lines: tuple[DrawnLine, ...]


def drawing_of(
    chart: Chart, frame: Frame, *, say_day: Callable[[date], str], say_number: Callable[[str], str]
) -> Drawing:
    """``say_number`` writes ``1,234.5k`` in the marks of who reads it."""
    numbers = [shown_number(value, chart.unit) for line in chart.lines for value in line.values if value is not None]
    low, high, step = _scale(min([0.0, *numbers]), max([0.0, *numbers]))
    across = (frame.width - frame.left - frame.right) / max(1, len(chart.days) - 1)
    up = (frame.height - frame.top - frame.bottom) / (high - low)

    def place(index: int, value: float) -> Point:
        shown = shown_number(value, chart.unit)
        return round(frame.left + index * across, 2), round(frame.bottom + (shown - low) * up, 2)

    counts = range(round((high - low) / step) + 1)
    return Drawing(
        frame,
        tuple(Mark(round(frame.bottom + one * step * up, 2), say_number(_number(low + one * step))) for one in counts),
        tuple(_times(chart.days, frame.left, across, say_day)),
        tuple(
            DrawnLine(
                line.name,
                tuple(tuple(place(index, value) for index, value in run) for run in _runs(line.values)),
            )
            for line in chart.lines
        ),
    )


def _scale(low: float, high: float) -> tuple[float, float, float]:
    """Round bounds and the step between marks."""
    rough = (high - low or 1.0) / TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough * (1 - 1e-9))
    return math.floor(low / step) * step, max(math.ceil(high / step - 1e-9), math.floor(low / step) + 1) * step, step


def _number(value: float) -> str:
    for limit, letter in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if abs(value) >= limit:
            size = {"G": 1e9, "M": 1e6, "k": 1e3}[letter]
            return f"{value / size:,.4g}{letter}"
    return f"{value:,.4g}"


def _times(days: Sequence[date], left: float, across: float, say: Callable[[date], str]) -> Iterator[Mark]:
    every = math.ceil(len(days) / LABELS)
    for index in range(0, len(days), every):
        yield Mark(round(left + index * across, 2), say(days[index]))


def _runs(values: Sequence[float | None]) -> Iterator[list[tuple[int, float]]]:
    run: list[tuple[int, float]] = []
    for index, value in enumerate(values):
        if value is not None:
            run.append((index, value))
        elif run:
            yield run
            run = []
    if run:
        yield run

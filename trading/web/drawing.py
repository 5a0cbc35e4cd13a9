"""Lines of server-drawn SVG: pure functions from numbers to the ``d`` of a path."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from trading.selectors.sparklines import Sparkline

WIDTH: Final = 300
HEIGHT: Final = 44
#: A line that moved less than this (in 1/1,000,000) is drawn as nearly flat, not as drama.
SPREAD_MIN: Final = 60_000


@dataclass(frozen=True, slots=True)
class Line:
    """``line`` is the stroke; ``area`` the same closed along the bottom."""

    line: str
    area: str


def sparkline(history: Sparkline | None) -> Line | None:
    return None if history is None else line(history.points, span=history.span_s)


def line(points: Sequence[tuple[int, int]], *, span: int) -> Line | None:
    """``points`` are (x from 0 to ``span``, price); the line keeps its last price until the next point."""
    if not points or span <= 0:
        return None
    prices = [price for _, price in points]
    middle, spread = (max(prices) + min(prices)) / 2, max(max(prices) - min(prices), SPREAD_MIN) * 1.15
    steps: list[str] = []
    for x, price in points:
        left = round(min(x, span) / span * WIDTH, 1)
        top = round(HEIGHT / 2 - (price - middle) / spread * HEIGHT, 1)
        steps.append(f"H{left:g}V{top:g}" if steps else f"M{left:g} {top:g}")
    drawn = "".join(steps)
    return Line(drawn, f"{drawn}V{HEIGHT}H0Z")

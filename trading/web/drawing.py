"""Lines of server-drawn SVG: pure functions from numbers to the ``d`` of a path."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from trading.selectors.sparklines import Sparkline

WIDTH: Final = 300
HEIGHT: Final = 44
#: A line that moved less than this (in 1/1,000,000) is drawn as nearly flat, not as drama.
SPREAD_MIN: Final = 60_000
#: As many as can be told apart at the size of a list's line.
POINTS_MAX: Final = 48


@dataclass(frozen=True, slots=True)
class Line:
    """``line`` is the stroke; ``area`` the same closed along the bottom."""

    line: str
    area: str


def sparkline(history: Sparkline | None) -> Line | None:
    return None if history is None else line(thinned(history.points, span=history.span_s), span=history.span_s)


def thinned(points: Sequence[tuple[int, int]], *, span: int) -> Sequence[tuple[int, int]]:
    """The first point, and the last one of each of ``POINTS_MAX`` equal times; few points stay as they are."""
    if len(points) <= POINTS_MAX or span <= 0:
        return points
    newest = {min(x, span) * POINTS_MAX // span: (x, price) for x, price in points[1:]}
    return points[0], *newest.values()


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

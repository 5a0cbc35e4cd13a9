"""Lines of server-drawn SVG: pure functions from numbers to the ``d`` of a path."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from trading.selectors.sparklines import Sparkline

WIDTH: Final = 300
HEIGHT: Final = 44
#: A line that moved less than this (in 1/1,000,000) is drawn as nearly flat, not as drama.
SPREAD_MIN: Final = 60_000
#: Coordinates have one decimal place, and most of a page's time for its lines was the writing of them.
_TENTHS: Final = tuple(f"{tenths / 10:g}" for tenths in range(max(WIDTH, HEIGHT) * 10 + 1))


@dataclass(frozen=True, slots=True)
class Line:
    """``line`` is the stroke; ``area`` the same closed along the bottom."""

    line: str
    area: str


def sparkline(history: Sparkline) -> Line | None:
    return line(history.points, span=history.span_s)


def line(points: Sequence[tuple[int, int]], *, span: int) -> Line | None:
    """``points`` are (x from 0 to ``span``, price); the line keeps its last price until the next point."""
    if not points or span <= 0:
        return None
    prices = [price for _, price in points]
    middle, spread = (max(prices) + min(prices)) / 2, max(max(prices) - min(prices), SPREAD_MIN) * 1.15
    wide, high = WIDTH * 10 / span, HEIGHT * 10 / spread
    steps = [
        f"H{_TENTHS[round(min(max(x, 0), span) * wide)]}V{_TENTHS[round(HEIGHT * 5 - (price - middle) * high)]}"
        for x, price in points
    ]
    begin = steps[0][1:].replace("V", " ")
    drawn = f"M{begin}{''.join(steps[1:])}"
    return Line(drawn, f"{drawn}V{HEIGHT}H0Z")

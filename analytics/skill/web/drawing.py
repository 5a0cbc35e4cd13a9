"""Calibration curves and profit histories as figures of an SVG: pure functions from numbers to coordinates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import ngettext

from analytics.skill.types import Bin
from common.languages import written

#: The curve is drawn in a square of this many units; the profit in WIDTH by HEIGHT.
SIDE: Final = 300
WIDTH: Final = 600
HEIGHT: Final = 160
_RADIUS: Final = (3.5, 9.0)


@dataclass(frozen=True, slots=True)
class Dot:
    """One tenth: where it stands, how far its interval reaches, and the words for it."""

    x: float
    y: float
    radius: float
    low: float
    high: float
    words: str


@dataclass(frozen=True, slots=True)
class Curve:
    dots: tuple[Dot, ...]
    line: str


@dataclass(frozen=True, slots=True)
class History:
    """``zero`` is the height of no profit; ``marks`` the highest and lowest amount, in cash units."""

    line: str
    area: str
    zero: float
    high: int
    low: int
    starts_at: datetime
    ends_at: datetime
    is_gain: bool


def curve(bins: Sequence[Bin]) -> Curve:
    """Dots from the left below; the line joins them."""
    most = max((one.count for one in bins), default=0)
    dots = tuple(_dot(one, most) for one in bins if one.count)
    return Curve(dots, "".join(f"{'L' if place else 'M'}{dot.x:g} {dot.y:g}" for place, dot in enumerate(dots)))


def _dot(one: Bin, most: int) -> Dot:
    assert one.forecast is not None
    assert one.happened is not None
    assert one.interval is not None
    low, high = one.interval
    smallest, largest = _RADIUS
    radius = smallest + (largest - smallest) * (one.count / most) ** 0.5
    words = ngettext(
        "Said %(said)s %%, happened %(happened)s %% (%(count)s forecast; likely %(low)s to %(high)s %%)",
        "Said %(said)s %%, happened %(happened)s %% (%(count)s forecasts; likely %(low)s to %(high)s %%)",
        one.count,
    ) % {
        "said": f"{one.forecast * 100:.0f}",
        "happened": f"{one.happened * 100:.0f}",
        "count": written(f"{one.count:,}"),
        "low": f"{low * 100:.0f}",
        "high": f"{high * 100:.0f}",
    }
    return Dot(round(one.forecast * SIDE, 1), _up(one.happened), round(radius, 1), _up(low), _up(high), words)


def _up(share: float) -> float:
    return round(SIDE * (1 - share), 1)


def history(points: Sequence[tuple[datetime, int]]) -> History | None:
    """Steps from one settlement to the next; ``None`` for fewer than two."""
    if len(points) < 2:
        return None
    values = [value for _, value in points]
    high, low = max(*values, 0), min(*values, 0)
    spread, start = max(high - low, 1) * 1.1, points[0][0]
    span = max((points[-1][0] - start).total_seconds(), 1.0)

    def top(value: int) -> float:
        if high == low:
            return HEIGHT / 2
        return round((high - value) / spread * HEIGHT + HEIGHT * 0.045, 1)

    steps = [f"M0 {top(values[0]):g}"]
    steps += [f"H{(at - start).total_seconds() / span * WIDTH:.1f}V{top(value):g}" for at, value in points[1:]]
    line, zero = "".join(steps) + f"H{WIDTH}", top(0)
    return History(line, f"{line}V{zero:g}H0Z", zero, high, low, start, points[-1][0], values[-1] >= 0)

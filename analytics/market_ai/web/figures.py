"""Figures of the model card as coordinates, so that templates only write them down.

Contract   ``x`` and ``y`` are pixels of a square plot of ``SIDE``, y downwards. Figures carry the numbers they show,
           for the table beside them.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

SIDE: Final = 280
WIDE: Final = 420
HIGH: Final = 180
_BAR: Final = 240


@dataclass(frozen=True, slots=True)
class Dot:
    """A bin of the reliability diagram; ``low`` and ``high`` are the ends of its 95 % interval in pixels."""

    x: float
    y: float
    low: float
    high: float
    radius: float
    said: float
    happened: float
    contracts: float

    @property
    def left(self) -> float:
        """Of a square of 8 pixels around it."""
        return round(self.x - 4.0, 1)

    @property
    def top(self) -> float:
        return round(self.y - 4.0, 1)


@dataclass(frozen=True, slots=True)
class Bar:
    name: str
    width: float
    is_harmful: bool
    worth: float


@dataclass(frozen=True, slots=True)
class Step:
    x: float
    y: float
    contracts: int
    gain: float


@dataclass(frozen=True, slots=True)
class Curve:
    """``zero`` is the height of the price's own score."""

    steps: tuple[Step, ...]
    points: str
    zero: float


def dots(bins: Sequence[Mapping[str, Any]]) -> tuple[Dot, ...]:
    return tuple(_dot(one) for one in bins)


def _dot(one: Mapping[str, Any]) -> Dot:
    low, high = _wilson(one["happened"], one["contracts"])
    return Dot(
        x=round(one["said"] * SIDE, 1),
        y=_up(one["happened"]),
        low=_up(low),
        high=_up(high),
        radius=round(3.0 + min(7.0, math.sqrt(one["contracts"]) / 4.0), 1),
        said=one["said"],
        happened=one["happened"],
        contracts=one["contracts"],
    )


def _wilson(share: float, count: float) -> tuple[float, float]:
    z = 1.96
    if count <= 0:
        return 0.0, 1.0
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    reach = z / (1 + z * z / count) * math.sqrt(max(0.0, share * (1 - share) / count + z * z / (4 * count * count)))
    return max(0.0, middle - reach), min(1.0, middle + reach)


def _up(share: float) -> float:
    return round((1.0 - share) * SIDE, 1)


def bars(worths: Sequence[Mapping[str, Any]]) -> tuple[Bar, ...]:
    """Widths are on a root scale, or everything beside the price would vanish."""
    largest = max((abs(one["worth"]) for one in worths), default=0.0) or 1.0
    return tuple(
        Bar(one["name"], round(math.sqrt(abs(one["worth"]) / largest) * _BAR, 1), one["worth"] < 0.0, one["worth"])
        for one in worths
    )


def curve(steps: Sequence[Mapping[str, Any]]) -> Curve | None:
    """None with fewer than two sizes."""
    if len(steps) < 2:
        return None
    counts, gains = [one["contracts"] for one in steps], [one["gain"] for one in steps]
    low, high = min(0.0, *gains), max(0.0, *gains)
    span = (high - low) or 1.0
    found = tuple(
        Step(round(WIDE * count / max(counts), 1), round(HIGH * (high - gain) / span, 1), count, gain)
        for count, gain in zip(counts, gains, strict=True)
    )
    points = " ".join(f"{one.x},{one.y}" for one in found)
    return Curve(found, points, round(HIGH * high / span, 1))

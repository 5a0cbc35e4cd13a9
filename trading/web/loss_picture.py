"""What the maker rule of a new market can lose, drawn: pure functions from liquidity and outcomes to SVG.

Method     From equal prices, an outcome that pays and stands at the price ``p`` at the end has cost the rule
           ``b ln(n p)``: nothing at ``1/n``, ``b ln n`` at 1, and below ``1/n`` the rule has earned.
Bound      ``STEPS`` points, whatever the figures.
"""

from dataclasses import dataclass
from math import exp, log
from typing import Final

from common.money import CASH_SCALE, QUANTITY_SCALE
from trading.engine.lmsr import subsidy

WIDTH: Final = 400
HEIGHT: Final = 220
STEPS: Final = 60
_LEFT, _RIGHT, _TOP, _BOTTOM = 8, 392, 34, 186
#: What is earned is drawn down to this part of the worst loss.
_EARNED: Final = 0.45
_LOTS_MAX: Final = 10**11
_FINALS: Final = (99, 90, 75, 50, 25)


@dataclass(frozen=True, slots=True)
class LossRow:
    """``units`` of cash that the rule has lost, below 0: earned, when the right outcome ends at ``percent``."""

    percent: int
    units: int

    @property
    def earned(self) -> int:
        return -self.units


@dataclass(frozen=True, slots=True)
class LossPicture:
    """Places are in a box of ``WIDTH`` by ``HEIGHT``; ``worst`` is the subsidy in units of cash."""

    liquidity: int
    outcomes: int
    worst: int
    start_percent: str
    curve: str
    loss_area: str
    gain_area: str
    zero: float
    top: float
    start_x: float
    rows: tuple[LossRow, ...]


def loss_picture(liquidity: int, outcomes: int) -> LossPicture | None:
    """The picture for a liquidity in lots; ``None`` where there is no maker rule or no such number."""
    if not (0 < liquidity <= _LOTS_MAX and 2 <= outcomes <= 100):
        return None
    span = log(outcomes)
    lowest = exp(-_EARNED * span) / outcomes
    places = [lowest + (1 - lowest) * step / STEPS for step in range(STEPS + 1)]
    points = [(_x(p), _y(log(outcomes * p) / span)) for p in places]
    zero, start = _y(0.0), _x(1 / outcomes)
    losing = [(start, zero), *(point for point in points if point[0] > start)]
    gaining = [*(point for point in points if point[0] < start), (start, zero)]
    return LossPicture(
        liquidity=liquidity,
        outcomes=outcomes,
        worst=subsidy(liquidity, outcomes),
        start_percent=f"{100 / outcomes:.3g}",
        curve=_path(points),
        loss_area=f"{_path(losing)}L{_RIGHT} {zero}Z",
        gain_area=f"{_path(gaining)}L{points[0][0]} {zero}Z",
        zero=zero,
        top=_y(1.0),
        start_x=start,
        rows=tuple(LossRow(percent, _lost(liquidity, outcomes, percent / 100)) for percent in _FINALS),
    )


def _lost(liquidity: int, outcomes: int, price: float) -> int:
    return round(liquidity / QUANTITY_SCALE * log(outcomes * price) * CASH_SCALE)


def _x(price: float) -> float:
    return round(_LEFT + price * (_RIGHT - _LEFT), 1)


def _y(part: float) -> float:
    """``part`` of the worst loss; below 0 it is earned."""
    return round(_TOP + (1 - part) / (1 + _EARNED) * (_BOTTOM - _TOP), 1)


def _path(points: list[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points)

"""A drawing of what was simulated: the load, in instances, and how many there were by each way; plain SVG."""

from collections.abc import Sequence
from html import escape
from typing import Final

from monitoring.scaling.engine.simulation import TARGET_PERCENT, Outcome, Site

_WIDTH: Final = 960
_PLOT: Final = 880
_ROW: Final = 150
_LEFT: Final = 60
_POINTS: Final = 440


def drawing(title: str, loads: Sequence[float], site: Site, outcomes: Sequence[Outcome]) -> str:
    """One row a way: the needed instances as an area, those that there were as a line, and the figures."""
    needed = [load / site.capacity * 100 / TARGET_PERCENT for load in loads]
    top = max(max(needed), *(max(one.counts) for one in outcomes), 1.0)
    height = 40 + _ROW * len(outcomes)
    rows = "".join(_row(one, needed, top, 40 + number * _ROW) for number, one in enumerate(outcomes))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif" '
        f'font-size="13"><rect width="{_WIDTH}" height="{height}" fill="#fff"/>'
        f'<text x="{_LEFT}" y="24" font-size="16">{escape(title)}: needed (grey) and present instances</text>'
        f"{rows}</svg>\n"
    )


def _row(outcome: Outcome, needed: Sequence[float], top: float, y: int) -> str:
    floor, tall = y + _ROW - 24, _ROW - 50
    area = _path(needed, top, floor, tall)
    line = _path([float(count) for count in outcome.counts], top, floor, tall)
    text = f"{outcome.name}: {outcome.late_min:.0f} min late, {outcome.hours:.0f} instance-hours, {outcome.turns} turns"
    return (
        f'<text x="{_LEFT}" y="{y + 16}">{escape(text)}</text>'
        f'<text x="{_LEFT - 8}" y="{floor - tall + 4}" text-anchor="end">{top:.0f}</text>'
        f'<text x="{_LEFT - 8}" y="{floor + 4}" text-anchor="end">0</text>'
        f'<path d="M{_LEFT},{floor}L{area}L{_LEFT + _PLOT},{floor}Z" fill="#ccd3da"/>'
        f'<path d="M{line}" fill="none" stroke="#0b62c4" stroke-width="1.5"/>'
    )


def _path(values: Sequence[float], top: float, floor: int, tall: int) -> str:
    """The highest value of each stretch, so that no peak is lost."""
    step = max(len(values) / _POINTS, 1.0)
    count = int(len(values) / step)
    highest = [max(values[int(at * step) : max(int((at + 1) * step), int(at * step) + 1)]) for at in range(count)]
    return "L".join(
        f"{_LEFT + _PLOT * at / max(count - 1, 1):.1f},{floor - tall * value / top:.1f}"
        for at, value in enumerate(highest)
    )

"""One value of a table, as people read it and as programs do.

Contract   ``plain`` is exact: credits and shares of outcomes as decimal strings, counts as they are, ratios to six
           places. ``words`` is what the business pages show.
"""

from datetime import date
from typing import Final

from analytics.business.selectors.values import NONE_SHOWN, shown_in
from analytics.business.types import Unit
from analytics.reports.types import Cell
from common.money import CASH_SCALE, QUANTITY_SCALE, format_cash, format_quantity

CREDITS: Final = "credits"
#: Shares of outcomes, in lots; not to be taken for ``PART``, a part of a whole.
SHARES: Final = "shares"
PART: Final = "share"
_SCALES: Final = {CREDITS: CASH_SCALE, SHARES: QUANTITY_SCALE}


def plain(cell: Cell, unit: str) -> int | float | str | None:
    """For CSV and JSON."""
    if isinstance(cell, date):
        return cell.isoformat()
    if unit in _SCALES and isinstance(cell, int | float):
        return format_cash(round(cell)) if unit == CREDITS else format_quantity(round(cell))
    return round(cell, 6) if isinstance(cell, float) else cell


def words(cell: Cell, unit: str) -> str:
    """For pages and paper, as the business pages show it."""
    if cell is None or cell == "":
        return NONE_SHOWN
    if isinstance(cell, str):
        return cell
    return cell.isoformat() if isinstance(cell, date) else shown_in(Unit(unit), cell)


def is_number(unit: str) -> bool:
    """Whether a column holds numbers."""
    return unit not in ("", "day")


def shown_number(value: float, unit: str) -> float:
    """What an axis counts: credits rather than their units, per cent rather than parts."""
    return value * 100 if unit == PART else value / _SCALES.get(unit, 1)


def unit_words(unit: str) -> str:
    """Behind the title of a column; nothing for what is simply counted."""
    return {PART: "%", "count": "", "": "", "day": ""}.get(unit, unit)

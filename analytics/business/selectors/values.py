"""A figure as people read it, and as programs do."""

from analytics.business.types import Metric, Unit
from common.money import format_cash, format_quantity

NONE_SHOWN = "–"  # noqa: RUF001 - a dash between figures


def shown(metric: Metric, value: int | float | None) -> str:
    """For people: ``1,234.50``, ``12.3 %``; a dash where there is nothing to tell."""
    return shown_in(metric.unit, value)


def shown_in(unit: Unit, value: int | float | None) -> str:
    if value is None:
        return NONE_SHOWN
    if unit is Unit.CREDITS:
        return f"{value / 10**8:,.2f}"
    if unit is Unit.SHARES:
        return f"{value / 10**4:,.0f}"
    if unit is Unit.SHARE:
        return f"{value * 100:.1f} %"
    if unit is Unit.SCORE:
        return f"{value:.3f}"
    if unit in (Unit.POINTS, Unit.HOURS):
        return f"{value:,.1f}"
    return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"


def exact(metric: Metric, value: int | float | None) -> str | int | float | None:
    """For programs: credits and shares as exact decimal strings, counts as integers, ratios as numbers."""
    if value is None:
        return None
    if metric.unit is Unit.CREDITS:
        return format_cash(round(value))
    if metric.unit is Unit.SHARES:
        return format_quantity(round(value))
    return value if isinstance(value, int) else round(value, 6)

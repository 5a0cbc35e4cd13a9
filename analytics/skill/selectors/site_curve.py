"""How good the site's prices were, by how long before the close they were asked.

Bound      Sums of a horizon and topic: ten rows for a curve, forty for the comparison.
"""

from dataclasses import dataclass
from typing import Final

from analytics.skill.engine.curve import bins_of, curve_error
from analytics.skill.selectors.rows import fetch_all
from analytics.skill.types import ALL_TOPICS, WHOLE, Bin

_BINS: Final = """
SELECT bin, forecasts, said, happened, brier, log_loss FROM skill_sitebin
WHERE hours = %(hours)s AND topic_id = %(topic_id)s
"""
_HORIZONS: Final = """
SELECT hours, bin, forecasts, said, happened, brier, log_loss FROM skill_sitebin WHERE topic_id = %(topic_id)s
"""
_TOPICS: Final = """
SELECT t.slug, t.name, b.bin, b.forecasts, b.said, b.happened, b.brier, b.log_loss
FROM skill_sitebin b JOIN markets_topic t ON t.id = b.topic_id WHERE b.hours = %(hours)s ORDER BY t.position, t.name
"""

_Row = tuple[int, int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class SiteCurve:
    """``brier`` and ``log_loss`` are means, ``error`` the mean distance of the curve from the diagonal."""

    bins: tuple[Bin, ...]
    count: int
    error: float | None
    brier: float | None
    log_loss: float | None


def site_curve(*, hours: int, topic_id: int = ALL_TOPICS) -> SiteCurve:
    """Prices ``hours`` before the close, of one topic or of all."""
    return _curve([_row(row) for row in fetch_all(_BINS, {"hours": hours, "topic_id": topic_id})])


def horizon_curves(topic_id: int = ALL_TOPICS) -> dict[int, SiteCurve]:
    """By hours before the close, those that have any forecast."""
    rows = fetch_all(_HORIZONS, {"topic_id": topic_id})
    found = sorted({row[0] for row in rows})
    return {hours: _curve([_row(row[1:]) for row in rows if row[0] == hours]) for hours in found}


def topic_curves(hours: int) -> dict[tuple[str, str], SiteCurve]:
    """By slug and name of the topic."""
    rows = fetch_all(_TOPICS, {"hours": hours})
    names = dict.fromkeys((row[0], row[1]) for row in rows)
    return {name: _curve([_row(row[2:]) for row in rows if (row[0], row[1]) == name]) for name in names}


def _row(row: tuple[int, ...]) -> _Row:
    place, count, said, happened, brier, log_loss = row
    return place, count, said, happened, brier, log_loss


def _curve(rows: list[_Row]) -> SiteCurve:
    bins = bins_of({place: (count, said, happened) for place, count, said, happened, _, _ in rows})
    count = sum(row[1] for row in rows)
    if not count:
        return SiteCurve(bins, 0, None, None, None)
    brier, log_loss = sum(row[4] for row in rows), sum(row[5] for row in rows)
    return SiteCurve(bins, count, curve_error(bins), brier / count / WHOLE, log_loss / count / WHOLE)

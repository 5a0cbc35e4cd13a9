"""Retention, lifecycle and the way from sign-up to trader, from trader days.

Bound      Trader days of the asked periods only, by index.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from analytics.business.engine.periods import beginning, following, periods
from analytics.business.engine.retention import Cohort, retention_grid
from analytics.business.selectors.rows import fetch_all
from analytics.business.types import Grain


class CohortBy(StrEnum):
    """What makes somebody a member of a cohort."""

    JOINED = "joined"
    FIRST_ORDER = "first_order"


class ReturnEvent(StrEnum):
    """What counts as coming back."""

    ORDER = "order"
    FILL = "fill"


_COLUMN: Final = {CohortBy.JOINED: "joined_on", CohortBy.FIRST_ORDER: "first_order_on"}
_DEED: Final = {ReturnEvent.ORDER: "d.orders > 0", ReturnEvent.FILL: "d.taken + d.made > 0"}
_SIZES: Final = """
SELECT date_trunc('{grain}', t.{column})::date, count(*) FROM business_trader t
WHERE t.{column} >= %(start)s AND t.{column} < %(end)s GROUP BY 1
"""
_RETURNED: Final = """
SELECT date_trunc('{grain}', t.{column})::date, a.period, count(*) FROM (
    SELECT DISTINCT d.user_id, date_trunc('{grain}', d.day)::date AS period FROM business_traderday d
    WHERE d.day >= %(start)s AND d.day < %(end)s AND {deed}
) a JOIN business_trader t ON t.user_id = a.user_id
WHERE t.{column} >= %(start)s AND t.{column} < %(end)s GROUP BY 1, 2
"""
_LIFECYCLE: Final = """
WITH active AS (
    SELECT DISTINCT d.user_id, date_trunc('{grain}', d.day)::date AS period FROM business_traderday d
    WHERE d.day >= %(before)s AND d.day < %(end)s AND d.orders > 0
), told AS (
    SELECT a.period, date_trunc('{grain}', t.first_order_on)::date = a.period AS is_new,
        EXISTS (SELECT FROM active b WHERE b.user_id = a.user_id
                AND b.period = (a.period - interval '1 {grain}')::date) AS was_there
    FROM active a JOIN business_trader t ON t.user_id = a.user_id
)
SELECT period, count(*), count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE was_there AND NOT is_new),
    count(*) FILTER (WHERE NOT was_there AND NOT is_new) FROM told GROUP BY 1
"""
_FUNNEL: Final = """
SELECT count(*), count(*) FILTER (WHERE funded_on IS NOT NULL), count(*) FILTER (WHERE ordered),
    count(*) FILTER (WHERE filled), count(*) FILTER (WHERE filled AND t.joined_on + 13 < %(today)s),
    count(*) FILTER (WHERE filled AND t.joined_on + 13 < %(today)s AND EXISTS (
        SELECT FROM business_traderday d WHERE d.user_id = t.user_id AND d.orders > 0
          AND d.day BETWEEN t.joined_on + 7 AND t.joined_on + 13))
FROM (SELECT *, funded_on IS NOT NULL AND first_order_on IS NOT NULL AS ordered,
        funded_on IS NOT NULL AND first_order_on IS NOT NULL AND first_fill_on IS NOT NULL AS filled
      FROM business_trader) t
WHERE t.joined_on >= %(start)s AND t.joined_on < %(end)s
"""


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """Who was active in a period: ``active`` = new + returning + resurrecting. ``dormant`` were active in the period
    before and aren't now; None while the period isn't over, because they may still come."""

    start: date
    active: int
    new: int
    returning: int
    resurrecting: int
    dormant: int | None


@dataclass(frozen=True, slots=True)
class Step:
    """``of``: how many could have come this far."""

    name: str
    title: str
    count: int
    of: int


def retention(*, start: date, end: date, grain: Grain, by: CohortBy, event: ReturnEvent, today: date) -> list[Cohort]:
    """Cohorts of the periods that touch ``[start, end)``, oldest first."""
    starts = list(periods(start, end, grain))
    span = {"start": starts[0], "end": following(starts[-1], grain)}
    column = _COLUMN[by]
    sizes = fetch_all(_SIZES.format(grain=grain.value, column=column), span)
    returned = fetch_all(_RETURNED.format(grain=grain.value, column=column, deed=_DEED[event]), span)
    found = {(cohort, period): int(count) for cohort, period, count in returned}
    return retention_grid(dict(sizes), found, starts=starts, grain=grain, today=today)


def lifecycle(*, start: date, end: date, grain: Grain, today: date) -> list[Lifecycle]:
    """The periods that touch ``[start, end)``, oldest first."""
    starts = list(periods(start, end, grain))
    before = beginning(starts[0] - timedelta(days=1), grain)
    span = {"before": before, "end": following(starts[-1], grain)}
    found = {row[0]: tuple(int(n) for n in row[1:]) for row in fetch_all(_LIFECYCLE.format(grain=grain.value), span)}
    told = []
    for place, first in enumerate(starts):
        active, new, returning, resurrecting = found.get(first, (0, 0, 0, 0))
        earlier = found.get(starts[place - 1] if place else before, (0, 0, 0, 0))[0]
        dormant = earlier - returning if following(first, grain) <= today else None
        told.append(Lifecycle(first, active, new, returning, resurrecting, dormant))
    return told


def funnel(*, start: date, end: date, today: date) -> list[Step]:
    """How far those came who joined in ``[start, end)``; each step is taken by those of the step before only.

    The second week is told of those whose second week is over.
    """
    [(joined, funded, ordered, filled, could, second)] = fetch_all(
        _FUNNEL, {"start": start, "end": end, "today": today}
    )
    return [
        Step("joined", "Signed up", joined, joined),
        Step("funded", "Got credits", funded, joined),
        Step("ordered", "Placed an order", ordered, funded),
        Step("filled", "Had a fill", filled, ordered),
        Step("second_week", "Traded in the second week", second, could),
    ]

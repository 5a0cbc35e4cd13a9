"""People behind a figure: of a metric, a cell of the retention grid, a stage of the lifecycle, a segment."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from analytics.business.selectors.comebacks import CohortBy, ReturnEvent
from analytics.business.selectors.drill import Span
from analytics.business.selectors.rhythm import MEMBERS
from analytics.business.selectors.rows import fetch_all
from analytics.business.types import Metric
from common.paging import Page, cut, decode_cursor

_FIRSTS: Final = {"sign_ups": "joined_on", "funded_traders": "funded_on", "first_orders": "first_order_on",
                  "first_fills": "first_fill_on"}  # fmt: skip
_ROWS: Final = """
SELECT t.user_id, t.handle, t.is_simulated, t.joined_on, coalesce(d.orders, 0), coalesce(d.fills, 0),
    coalesce(d.volume, 0), coalesce(d.fees, 0)
FROM business_trader t LEFT JOIN LATERAL (
    SELECT sum(orders)::bigint AS orders, sum(taken + made)::bigint AS fills, sum(volume)::bigint AS volume,
        sum(fees)::bigint AS fees
    FROM business_traderday d WHERE d.user_id = t.user_id AND d.day >= %(start)s AND d.day < %(end)s {market}) d ON TRUE
WHERE t.user_id > %(after)s AND {who} ORDER BY t.user_id LIMIT %(limit)s
"""
_OF_MARKETS: Final = """AND d.market_id IN (SELECT market_id FROM business_marketfacts
    WHERE (%(slug)s = '' OR slug = %(slug)s) AND (%(topic)s = '' OR topic = %(topic)s))"""
_ACTIVE: Final = """EXISTS (SELECT FROM business_traderday a WHERE a.user_id = t.user_id AND a.orders > 0
    AND a.day >= %(start)s AND a.day < %(end)s)"""
_WAS_THERE: Final = """EXISTS (SELECT FROM business_traderday b WHERE b.user_id = t.user_id AND b.orders > 0
    AND b.day >= %(before)s AND b.day < %(start)s)"""
STAGES: Final = {
    "new": f"{_ACTIVE} AND t.first_order_on >= %(start)s",
    "returning": f"{_ACTIVE} AND {_WAS_THERE} AND t.first_order_on < %(start)s",
    "resurrecting": f"{_ACTIVE} AND NOT {_WAS_THERE} AND t.first_order_on < %(start)s",
    "dormant": f"{_WAS_THERE} AND NOT {_ACTIVE}",
}
_COHORT: Final = {
    CohortBy.JOINED: "t.joined_on >= %(cohort)s AND t.joined_on < %(cohort_end)s",
    CohortBy.FIRST_ORDER: "t.first_order_on >= %(cohort)s AND t.first_order_on < %(cohort_end)s",
}
_DEED: Final = {ReturnEvent.ORDER: "a.orders > 0", ReturnEvent.FILL: "a.taken + a.made > 0"}


@dataclass(frozen=True, slots=True)
class Who:
    """Which people: a condition on ``t`` and its parameters."""

    condition: str
    parameters: dict[str, Any] = field(default_factory=dict)
    words: str = ""


@dataclass(frozen=True, slots=True)
class TraderRow:
    """What they did in the span; ``volume`` counts both what they took and what others took of them."""

    user_id: int
    handle: str
    is_simulated: bool
    joined_on: date | None
    orders: int
    fills: int
    volume: int
    fees: int


def of_metric(metric: Metric) -> Who:
    """Whose first time lies in the span, or who was active in it."""
    column = _FIRSTS.get(metric.name)
    return Who(f"t.{column} >= %(start)s AND t.{column} < %(end)s" if column else "d.orders > 0")


def of_stage(stage: str, before: date) -> Who:
    """Of the lifecycle; ``before`` is the beginning of the period before the span."""
    return Who(STAGES[stage], {"before": before}, stage)


def of_cohort(start: date, end: date, *, by: CohortBy, event: ReturnEvent) -> Who:
    """Who began in ``[start, end)`` and came back in the span."""
    came = f"""EXISTS (SELECT FROM business_traderday a WHERE a.user_id = t.user_id AND {_DEED[event]}
        AND a.day >= %(start)s AND a.day < %(end)s)"""
    words = f"of the cohort of {start} that came back"
    return Who(f"{_COHORT[by]} AND {came}", {"cohort": start, "cohort_end": end}, words)


def of_segment(segment: str) -> Who:
    """``group:name`` as the segments of ``selectors.rhythm`` are named."""
    return Who(f"t.user_id IN ({MEMBERS})", {"segment": segment}, segment.partition(":")[2])


def of_everybody() -> Who:
    """Whoever had an order or a fill in the span."""
    return Who("d.orders + d.fills > 0")


def trader_rows(who: Who, span: Span, *, limit: int, cursor: str | None) -> Page[TraderRow]:
    """These people by id, with what they did in the span."""
    after = decode_cursor("business-traders", cursor, (int,))[0] if cursor else 0
    statement = _ROWS.format(market=_OF_MARKETS if span.slug or span.topic else "", who=who.condition)
    parameters = span.parameters | who.parameters | {"after": after, "limit": limit + 1}
    rows = [TraderRow(*row) for row in fetch_all(statement, parameters)]
    return cut(rows, limit=limit, kind="business-traders", keys=lambda row: (row.user_id,))

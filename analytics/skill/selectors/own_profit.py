"""What a trader has earned: over time, by market and by topic.

Bound      The marks of the span (hours of a day, days of the rest), the newest markets that are over, open positions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from analytics.skill.selectors.rows import fetch_all
from common import clock

MARKETS_MAX: Final = 100
_POINTS_MAX: Final = 3_000
_MARKS: Final = """
SELECT at, profit FROM skill_mark WHERE user_id = %(user_id)s AND at >= %(since)s ORDER BY at DESC LIMIT %(limit)s
"""
_BEFORE: Final = """
SELECT profit FROM skill_mark WHERE user_id = %(user_id)s AND at < %(since)s ORDER BY at DESC LIMIT 1
"""
_NOW: Final = """
SELECT coalesce((SELECT s.profit FROM skill_standing s
    WHERE s.season = 'all' AND s.topic_id = 0 AND s.user_id = %(user_id)s), 0)
"""
#: Positions of markets whose settlement isn't counted, those that were sold again included.
_OPEN: Final = """
SELECT m.id, m.slug, m.question, t.slug, t.name,
       sum(floor(p.quantity::numeric * coalesce(b.prices[p.outcome + 1], 0) / 100) - p.cost)::bigint, NULL::timestamptz
FROM trading_position p JOIN markets_market m ON m.id = p.market_id JOIN markets_topic t ON t.id = m.topic_id
JOIN trading_marketbook b ON b.market_id = p.market_id
LEFT JOIN skill_foldedmarket f ON f.market_id = p.market_id
WHERE p.user_id = %(user_id)s AND f.settled_at IS NULL GROUP BY 1, 2, 3, 4, 5
ORDER BY 6 DESC, 1 LIMIT %(limit)s
"""
_OVER: Final = """
SELECT m.id, m.slug, m.question, t.slug, t.name, r.profit, r.settled_at
FROM skill_result r JOIN markets_market m ON m.id = r.market_id JOIN markets_topic t ON t.id = r.topic_id
WHERE r.user_id = %(user_id)s ORDER BY r.settled_at DESC, r.market_id DESC LIMIT %(limit)s
"""
_TOPICS: Final = """
SELECT t.slug, t.name, s.profit FROM skill_standing s JOIN markets_topic t ON t.id = s.topic_id
WHERE s.season = 'all' AND s.user_id = %(user_id)s AND s.topic_id IN (SELECT id FROM markets_topic)
"""


class Span(StrEnum):
    DAY = "day"
    MONTH = "month"
    ALL = "all"


_LENGTH: Final = {Span.DAY: timedelta(days=1), Span.MONTH: timedelta(days=30)}


@dataclass(frozen=True, slots=True)
class MarketProfit:
    """Cash units; ``settled_at`` is empty while the market isn't over."""

    market_id: int
    slug: str
    question: str
    topic: str
    topic_name: str
    profit: int
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwnProfit:
    """``settled`` of markets that are over, ``unsettled`` of the others at current prices; ``change`` in the span.
    ``points`` oldest first; ``topics`` slug, name and profit, the best first."""

    settled: int
    unsettled: int
    change: int
    points: tuple[tuple[datetime, int], ...]
    markets: tuple[MarketProfit, ...]
    topics: tuple[tuple[str, str, int], ...]

    @property
    def total(self) -> int:
        return self.settled + self.unsettled


def own_profit(user_id: int, span: Span) -> OwnProfit:
    """As of now."""
    now = clock.now()
    whole = {"user_id": user_id, "limit": MARKETS_MAX}
    unsettled = [MarketProfit(*row) for row in fetch_all(_OPEN, whole)]
    over = [MarketProfit(*row) for row in fetch_all(_OVER, whole)]
    settled = int(fetch_all(_NOW, {"user_id": user_id})[0][0])
    waiting = sum(one.profit for one in unsettled)
    points = _points(user_id, span, now, settled + waiting)
    topics = {slug: (name, profit) for slug, name, profit in fetch_all(_TOPICS, {"user_id": user_id})}
    for one in unsettled:
        topics[one.topic] = (one.topic_name, topics.get(one.topic, ("", 0))[1] + one.profit)
    ranked = sorted(((slug, name, profit) for slug, (name, profit) in topics.items()), key=lambda row: -row[2])
    return OwnProfit(settled, waiting, points[-1][1] - points[0][1], points, (*unsettled, *over), tuple(ranked))


def _points(user_id: int, span: Span, now: datetime, total: int) -> tuple[tuple[datetime, int], ...]:
    """The marks of the span, from what was before it to now."""
    since = now - _LENGTH[span] if span in _LENGTH else datetime.min.replace(tzinfo=now.tzinfo)
    asked = {"user_id": user_id, "since": since, "limit": _POINTS_MAX}
    marks: Sequence[tuple[datetime, int]] = [(at, profit) for at, profit in reversed(fetch_all(_MARKS, asked))]
    before = fetch_all(_BEFORE, asked)
    first = since if span in _LENGTH else (marks[0][0] if marks else now) - timedelta(hours=1)
    start = (first, int(before[0][0]) if before else 0)
    ended = [(min(at + timedelta(hours=1), now), profit) for at, profit in marks]
    return (start, *(point for point in ended if point[0] < now), (now, total))

"""When, where and how people trade: peak hours and days, popular markets, segments and patterns.

Bound      The rollups of the asked days: hours, market days and trader days, by index.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from analytics.business.selectors.rows import fetch_all

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_HOURS: Final = """
SELECT extract(isodow FROM day)::int, hour, sum(trades)::bigint, sum(volume)::bigint FROM business_hourofday
WHERE day >= %(start)s AND day < %(end)s GROUP BY 1, 2
"""
_POPULAR: Final = """
SELECT f.market_id, m.slug, m.question, m.topic, m.status, sum(f.trades)::bigint, sum(f.volume)::bigint,
    (SELECT count(DISTINCT d.user_id) FROM business_traderday d
     WHERE d.market_id = f.market_id AND d.day >= %(start)s AND d.day < %(end)s)
FROM business_marketday f JOIN business_marketfacts m ON m.market_id = f.market_id
WHERE f.day >= %(start)s AND f.day < %(end)s GROUP BY 1, 2, 3, 4, 5 HAVING sum(f.trades) > 0
ORDER BY sum(f.volume) DESC, 1 LIMIT %(limit)s
"""
_TOLD: Final = """
WITH people AS (
    SELECT d.user_id, t.is_simulated, sum(d.volume) AS volume, sum(d.fees) AS fees, sum(d.taken) AS taken,
        sum(d.made) AS made, count(DISTINCT d.market_id) AS markets, count(DISTINCT d.day) AS days,
        t.joined_on >= %(start)s AS is_new
    FROM business_traderday d JOIN business_trader t ON t.user_id = d.user_id
    WHERE d.day >= %(start)s AND d.day < %(end)s AND (d.orders > 0 OR d.taken + d.made > 0)
    GROUP BY d.user_id, t.is_simulated, t.joined_on
), told AS (
    SELECT *, unnest(ARRAY[
        'kind:' || CASE WHEN is_simulated THEN 'simulated' ELSE 'people' END,
        'since:' || CASE WHEN is_new THEN 'new' ELSE 'known' END,
        'size:' || CASE WHEN volume >= 1000 * 1e8 THEN 'large' WHEN volume >= 100 * 1e8 THEN 'medium' ELSE 'small' END,
        'style:' || CASE WHEN taken + made = 0 THEN 'unfilled' WHEN taken >= 4 * made THEN 'takers'
            WHEN made >= 4 * taken THEN 'makers' ELSE 'both' END,
        'breadth:' || CASE WHEN markets = 1 THEN 'one' WHEN markets <= 5 THEN 'few' ELSE 'many' END,
        'often:' || CASE WHEN days = 1 THEN 'once' WHEN days <= 6 THEN 'sometimes' ELSE 'often' END]) AS segment
    FROM people
)
"""
_PEOPLE: Final = _TOLD + "SELECT segment, count(*), sum(volume)::bigint, sum(fees)::bigint FROM told GROUP BY 1"  # noqa: S608 - constants
#: Who is in the segment ``group:name``.
MEMBERS: Final = _TOLD + "SELECT user_id FROM told WHERE segment = %(segment)s"  # noqa: S608 - constants
_TOPICS: Final = """
SELECT m.topic, count(DISTINCT d.user_id), sum(d.volume)::bigint, sum(d.fees)::bigint
FROM business_traderday d JOIN business_marketfacts m ON m.market_id = d.market_id
WHERE d.day >= %(start)s AND d.day < %(end)s GROUP BY 1 ORDER BY 3 DESC, 1 LIMIT 50
"""
#: Segments in the order told, with their words.
SEGMENTS: Final = {
    "kind": {"people": "People", "simulated": "Simulated traders"},
    "since": {"new": "Joined in the span", "known": "Joined before"},
    "size": {"large": "1,000 credits and more", "medium": "100 to 1,000 credits", "small": "Less than 100 credits"},
}
PATTERNS: Final = {
    "style": {
        "takers": "Take what is offered (four fills in five)",
        "makers": "Let others come (four fills in five)",
        "both": "Do both",
        "unfilled": "Had no fill",
    },
    "breadth": {"one": "In one market", "few": "In two to five markets", "many": "In more than five markets"},
    "often": {"once": "On one day", "sometimes": "On two to six days", "often": "On a week of days or more"},
}


@dataclass(frozen=True, slots=True)
class PopularMarket:
    market_id: int
    slug: str
    question: str
    topic: str
    status: str
    trades: int
    volume: int
    traders: int


@dataclass(frozen=True, slots=True)
class Segment:
    """``volume`` counts a trade for the taker and for the maker; ``part`` is that of all people."""

    group: str
    name: str
    title: str
    traders: int
    volume: int
    fees: int
    part: float


@dataclass(frozen=True, slots=True)
class Peaks:
    """``grid[weekday][hour]``: trades, Monday first, hours of UTC. The busiest are None without any trade."""

    grid: tuple[tuple[int, ...], ...]
    weekday: str | None
    hour: int | None

    @property
    def most(self) -> int:
        return max(max(row) for row in self.grid)


def peaks(*, start: date, end: date) -> Peaks:
    """Trades by weekday and hour in ``[start, end)``."""
    grid = [[0] * 24 for _ in WEEKDAYS]
    for weekday, hour, trades, _ in fetch_all(_HOURS, {"start": start, "end": end}):
        grid[weekday - 1][hour] += trades
    days = [sum(row) for row in grid]
    hours = [sum(row[hour] for row in grid) for hour in range(24)]
    shown = tuple(tuple(row) for row in grid)
    if not any(days):
        return Peaks(shown, None, None)
    return Peaks(shown, WEEKDAYS[days.index(max(days))], hours.index(max(hours)))


def popular_markets(*, start: date, end: date, limit: int = 20) -> list[PopularMarket]:
    """The markets with most volume in ``[start, end)``."""
    return [PopularMarket(*row) for row in fetch_all(_POPULAR, {"start": start, "end": end, "limit": limit})]


def topic_segments(*, start: date, end: date) -> list[Segment]:
    """Who traded in which topic; somebody with two topics counts in both, so parts don't sum to one."""
    rows = fetch_all(_TOPICS, {"start": start, "end": end})
    whole = sum(int(row[2]) for row in rows) or 1
    return [Segment("topic", topic, topic, people, vol, fees, vol / whole) for topic, people, vol, fees in rows]


def segments(*, start: date, end: date) -> dict[str, list[Segment]]:
    """Everybody who was active in ``[start, end)``, by each of ``SEGMENTS`` and ``PATTERNS``."""
    rows = {row[0]: (int(row[1]), int(row[2]), int(row[3])) for row in fetch_all(_PEOPLE, {"start": start, "end": end})}
    told = {}
    for group, names in (SEGMENTS | PATTERNS).items():
        found = [(name, title, rows.get(f"{group}:{name}", (0, 0, 0))) for name, title in names.items()]
        people = sum(values[0] for _, _, values in found) or 1
        told[group] = [Segment(group, name, title, *values, values[0] / people) for name, title, values in found]
    return told

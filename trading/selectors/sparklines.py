"""Short price histories for lists of markets: many markets, one statement.

Bound      At most ``parts`` hours of each market are answered, and the one that begins now: all of them, or of a busier
           market the last of each of as many equal times.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from common.clock import now
from trading.selectors.rows import fetch_all

SPAN: Final = timedelta(days=7)
#: Every hour of the span, also that in which it begins.
HOURS: Final = 24 * 7 + 1


@dataclass(frozen=True, slots=True)
class Sparkline:
    """``points`` are (seconds since ``starts_at``, price in 1/1,000,000), oldest first; ``span_s`` the whole width."""

    starts_at: datetime
    span_s: int
    points: tuple[tuple[int, int], ...]


#: A price fits in twenty bits.
_BESIDE_PRICE: Final = 1 << 20
_HOURS: Final = """trading_candle c
    WHERE c.market_id = m.id AND c.outcome = 0 AND c.interval = '1h' AND c.starts_at >= %(since)s"""
# The time and the close are one number, so the greatest is the last: half the time of ordering them.
# Constants only are joined here; every value is a bound parameter.
_SELECT: Final = f"""
SELECT m.id, earliest.open, found.hours
FROM unnest(%(market_ids)s::bigint[]) AS m(id)
CROSS JOIN LATERAL (SELECT c.open FROM {_HOURS} ORDER BY c.starts_at LIMIT 1) earliest
CROSS JOIN LATERAL (
    SELECT CASE WHEN EXISTS (SELECT FROM {_HOURS} OFFSET %(parts)s) THEN %(part)s ELSE interval '1 hour' END AS width
) part
CROSS JOIN LATERAL (
    SELECT array_agg(last.hour) AS hours
    FROM (
        SELECT max(date_part('epoch', c.starts_at)::bigint * {_BESIDE_PRICE} + c.close) AS hour
        FROM {_HOURS} GROUP BY date_bin(part.width, c.starts_at, %(since)s)
    ) last
) found
"""  # noqa: S608


def sparklines(market_ids: Sequence[int], *, parts: int = HOURS) -> dict[int, Sparkline]:
    """The last seven days of outcome 0 of each market that traded in them."""
    since = now() - SPAN
    asked = {"market_ids": list(market_ids), "since": since, "parts": parts, "part": SPAN / parts}
    return {
        market_id: Sparkline(since, int(SPAN.total_seconds()), _points(first, hours, int(since.timestamp())))
        for market_id, first, hours in fetch_all(_SELECT, asked)
    }


def _points(first: int, hours: list[int], since_s: int) -> tuple[tuple[int, int], ...]:
    known = [(hour // _BESIDE_PRICE - since_s, hour % _BESIDE_PRICE) for hour in sorted(hours)]
    return (0, first), *known, (int(SPAN.total_seconds()), known[-1][1])

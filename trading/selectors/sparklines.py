"""Short price histories for lists of markets: many markets, one statement.

Bound      At most ``parts`` hours of each market are read and answered: all of them, or of a busier market the last of
           each of as many equal times.
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
# The index finds each of few hours sooner than it reads them all; the last of the times has no end, whatever another
# clock says. Time and close are one number, which costs half of what two lists in order do.
# Constants only are joined here; every value is a bound parameter.
_SELECT: Final = f"""
SELECT m.id, earliest.open, found.hours
FROM unnest(%(market_ids)s::bigint[]) AS m(id)
CROSS JOIN LATERAL (SELECT c.open FROM {_HOURS} ORDER BY c.starts_at LIMIT 1) earliest
CROSS JOIN LATERAL (
    SELECT CASE WHEN EXISTS (SELECT FROM {_HOURS} OFFSET %(parts)s) THEN %(parts)s ELSE 0 END AS parts
) busy
CROSS JOIN LATERAL (
    SELECT array_agg(date_part('epoch', x.starts_at)::bigint * {_BESIDE_PRICE} + x.close) AS hours
    FROM (
        SELECT c.starts_at, c.close FROM {_HOURS} AND busy.parts = 0
        UNION ALL
        SELECT part.starts_at, part.close
        FROM generate_series(1, busy.parts) AS n
        CROSS JOIN LATERAL (
            SELECT c.starts_at, c.close FROM {_HOURS}
                AND c.starts_at >= %(since)s + (n - 1) * %(part)s
                AND c.starts_at < CASE WHEN n < %(parts)s THEN %(since)s + n * %(part)s ELSE 'infinity' END
            ORDER BY c.starts_at DESC LIMIT 1
        ) part
    ) x
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

"""Short price histories for lists of markets: many markets, one statement.

Contract   A line may be ``AGE_S`` old, a thousandth of its width; the price beside it is read anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from common.caching.memory_cache import memory_cache
from common.clock import now
from trading.selectors.rows import fetch_all

SPAN: Final = timedelta(days=7)
AGE_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Sparkline:
    """``points`` are (seconds since ``starts_at``, price in 1/1,000,000), oldest first; ``span_s`` the whole width."""

    starts_at: datetime
    span_s: int
    points: tuple[tuple[int, int], ...]


_SELECT: Final = """
SELECT c.market_id,
       array_agg(GREATEST(0, extract(epoch FROM c.starts_at - %(since)s))::int ORDER BY c.starts_at),
       array_agg(c.close ORDER BY c.starts_at),
       (array_agg(c.open ORDER BY c.starts_at))[1]
FROM trading_candle c
WHERE c.market_id = ANY(%(market_ids)s) AND c.outcome = 0 AND c.interval = '1h' AND c.starts_at >= %(since)s
GROUP BY c.market_id
"""


def sparklines(market_ids: Sequence[int]) -> dict[int, Sparkline]:
    """The last seven days of outcome 0 of each market that traded in them; nobody may change what is answered."""
    return _sparklines(tuple(market_ids))


@memory_cache(AGE_S, stale_s=AGE_S, entries_max=500)
def _sparklines(market_ids: tuple[int, ...]) -> dict[int, Sparkline]:
    since = now() - SPAN
    rows = fetch_all(_SELECT, {"market_ids": list(market_ids), "since": since})
    span_s = int(SPAN.total_seconds())
    return {
        market_id: Sparkline(since, span_s, ((0, first), *zip(seconds, closes, strict=True), (span_s, closes[-1])))
        for market_id, seconds, closes, first in rows
    }

"""Price history of an outcome, oldest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from trading.selectors.rows import fetch_all

_WHOLE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class CandleView:
    """Prices in 1/1,000,000; ``volume`` in cash units; ``starts_at`` is the beginning of the interval."""

    starts_at: datetime
    open: int
    high: int
    low: int
    close: int
    volume: int
    trades: int

    def mirrored(self) -> "CandleView":
        """The same interval seen from the other outcome of a binary market."""
        return CandleView(
            self.starts_at,
            _WHOLE - self.open,
            _WHOLE - self.low,
            _WHOLE - self.high,
            _WHOLE - self.close,
            self.volume,
            self.trades,
        )


_SELECT: Final = """
SELECT c.starts_at, c.open, c.high, c.low, c.close, c.volume, c.trades
FROM trading_candle c
WHERE c.market_id = %(market_id)s AND c.outcome = %(outcome)s AND c.interval = %(interval)s
  AND (%(after)s::timestamptz IS NULL OR c.starts_at >= %(after)s)
  AND (%(before)s::timestamptz IS NULL OR c.starts_at < %(before)s)
ORDER BY c.starts_at DESC
LIMIT %(limit)s
"""


def candles(
    market_id: int,
    *,
    outcome: int,
    is_binary: bool,
    interval: str,
    after: datetime | None = None,
    before: datetime | None = None,
    limit: int = 1_000,
) -> list[CandleView]:
    """The newest ``limit`` candles that start in ``[after, before)``, oldest first.

    Intervals without a trade have none. A binary market keeps the candles of "yes" only.
    """
    is_mirrored = is_binary and outcome == 1
    rows = fetch_all(
        _SELECT,
        {
            "market_id": market_id,
            "outcome": 0 if is_mirrored else outcome,
            "interval": interval,
            "after": after,
            "before": before,
            "limit": limit,
        },
    )
    views = [CandleView(*row) for row in reversed(rows)]
    return [view.mirrored() for view in views] if is_mirrored else views

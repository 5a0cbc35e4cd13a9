"""Open markets whose estimate is due."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection

from analytics.market_ai.engine.forecasting import MarketStanding

QUIET_S: Final = 10.0
RENEW_S: Final = 3_600.0
_CASH: Final = 100_000_000
_MILLION: Final = 1_000_000
_SELECT: Final = """
SELECT m.id, m.source, t.slug, m.kind = 'binary', m.closes_at, b.seq, b.prices, b.volume, b.trades, b.traders
FROM markets_market m
JOIN markets_topic t ON t.id = m.topic_id
JOIN trading_marketbook b ON b.market_id = m.id
LEFT JOIN market_ai_marketprediction p ON p.market_id = m.id
WHERE m.status IN ('open', 'halted') AND cardinality(b.prices) > 1
  AND (p.market_id IS NULL OR p.made_at < %(renew)s OR (p.made_at < %(quiet)s AND p.seq < b.seq)
       OR p.model_id IS DISTINCT FROM %(model_id)s)
ORDER BY p.made_at NULLS FIRST, m.id
LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class DueMarket:
    """``prices`` as shares of 1, ``volume`` in credits."""

    market_id: int
    source: str
    category: str
    is_binary: bool
    closes_at: datetime
    seq: int
    prices: tuple[float, ...]
    volume: float
    trades: int
    traders: int

    @property
    def contracts(self) -> int:
        """How many outcomes are asked: no is what yes leaves."""
        return 1 if self.is_binary else len(self.prices)

    def standing(self) -> MarketStanding:
        return MarketStanding(self.source, self.is_binary, self.prices, self.traders if self.trades else None)


def due_markets(*, now: datetime, model_id: int | None, limit: int) -> list[DueMarket]:
    """Those without an estimate first, then the oldest."""
    parameters = {
        "renew": now - timedelta(seconds=RENEW_S),
        "quiet": now - timedelta(seconds=QUIET_S),
        "model_id": model_id,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SELECT, parameters)
        rows = cursor.fetchall()
    return [_due(*row) for row in rows]


def _due(*row: Any) -> DueMarket:
    known = dict(zip(DueMarket.__slots__, row, strict=True))
    prices = tuple(price / _MILLION for price in known["prices"])
    return DueMarket(**known | {"prices": prices, "volume": known["volume"] / _CASH})

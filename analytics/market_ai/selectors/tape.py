"""What markets did, as ticks: the one reading of the site's own history, for training and for serving.

Contract   A tick stands at the end of a minute in which something happened, with that minute's last price and the
           totals so far. A minute counts once it is over for ``SETTLED_S``, so that no order of it is still to be
           committed. Traders are counted from their first trade on.
Bound      A statement for any number of markets; rows are minutes with trades after ``since``, not trades.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection

from analytics.market_ai.types import Tick

MINUTE_S: Final = 60.0
SETTLED_S: Final = 10.0
_CASH: Final = 100_000_000
_MILLION: Final = 1_000_000
_CANDLES: Final = """
SELECT c.market_id, c.outcome, extract(epoch FROM c.starts_at)::float8, c.close, c.volume, c.trades
FROM unnest(%(markets)s::bigint[], %(since)s::timestamptz[]) AS k(market_id, since)
JOIN trading_candle c ON c.market_id = k.market_id AND c.interval = '1m' AND c.starts_at >= k.since
    AND c.starts_at <= %(until)s
ORDER BY c.market_id, c.outcome, c.starts_at
"""
_FIRST_TRADES: Final = """
SELECT x.market_id, extract(epoch FROM min(x.at))::float8
FROM (
    SELECT t.market_id, t.taker_id AS trader, t.created_at AS at FROM trading_trade t
    WHERE t.market_id = ANY(%(markets)s)
    UNION ALL
    SELECT t.market_id, t.maker_id, t.created_at FROM trading_trade t
    WHERE t.market_id = ANY(%(markets)s) AND t.maker_id IS NOT NULL
) x GROUP BY x.market_id, x.trader
"""
_ANSWERED: Final = """
SELECT m.id, m.question, m.kind = 'binary', t.slug, m.event_group, m.source, m.opened_at, m.created_at, m.closes_at,
       COALESCE(m.closed_at, m.closes_at), m.resolved_at, m.payouts
FROM markets_market m JOIN markets_topic t ON t.id = m.topic_id
WHERE m.status = 'resolved' AND m.payouts IS NOT NULL AND m.resolved_at IS NOT NULL
  AND (%(after)s::timestamptz IS NULL OR m.resolved_at > %(after)s)
ORDER BY m.resolved_at, m.id
LIMIT %(limit)s
"""

Ticks = dict[tuple[int, int], list[Tick]]


@dataclass(frozen=True, slots=True)
class AnsweredMarket:
    """A resolved market. ``payouts`` in 1/10,000 per outcome."""

    market_id: int
    question: str
    is_binary: bool
    category: str
    event_group: str
    source: str
    opened_at: datetime | None
    created_at: datetime
    closes_at: datetime
    closed_at: datetime
    resolved_at: datetime
    payouts: Sequence[int]


def answered_markets(*, after: datetime | None = None, limit: int = 1_000_000) -> list[AnsweredMarket]:
    """Resolved markets, the oldest answers first."""
    return [AnsweredMarket(*row) for row in _rows(_ANSWERED, {"after": after, "limit": limit})]


def new_ticks(since: Mapping[int, datetime], *, now: datetime) -> Ticks:
    """Of each market the settled minutes from ``since`` on, by market and outcome; totals count from 0 there."""
    until = now - timedelta(seconds=MINUTE_S + SETTLED_S)
    found: Ticks = defaultdict(list)
    parameters = {"markets": list(since), "since": list(since.values()), "until": until}
    for market_id, outcome, starts, close, volume, trades in _rows(_CANDLES, parameters):
        line = found[market_id, outcome]
        before = line[-1] if line else Tick(0.0, 0.0, 0.0, 0)
        # A price without a trade was brought from elsewhere, where nobody counted.
        is_counted = trades > 0 or (before.trades or 0) > 0
        line.append(
            Tick(
                at=starts + MINUTE_S,
                price=close / _MILLION,
                volume=(before.volume or 0.0) + volume / _CASH if is_counted else None,
                trades=(before.trades or 0) + trades if is_counted else None,
            )
        )
    return found


def with_traders(ticks: Ticks) -> Ticks:
    """The same ticks with the traders of their market until then."""
    firsts: dict[int, list[float]] = defaultdict(list)
    markets = sorted({market_id for market_id, _ in ticks})
    for market_id, at in _rows(_FIRST_TRADES, {"markets": markets}):
        firsts[market_id].append(at)
    for moments in firsts.values():
        moments.sort()
    return {
        (market_id, outcome): [
            replace(tick, participants=bisect_left(firsts[market_id], tick.at)) if market_id in firsts else tick
            for tick in line
        ]
        for (market_id, outcome), line in ticks.items()
    }


def continued(ticks: Iterable[Tick], volume: float | None, trades: int | None) -> list[Tick]:
    """``ticks`` whose totals go on from ``volume`` and ``trades``."""
    return [
        replace(
            tick,
            volume=None if tick.volume is None else tick.volume + (volume or 0.0),
            trades=None if tick.trades is None else tick.trades + (trades or 0),
        )
        for tick in ticks
    ]


def _rows(statement: str, parameters: Mapping[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[Any] = cursor.fetchall()
        return rows

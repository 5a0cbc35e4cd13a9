"""What changes about a market while it trades, by prepared statements on primary keys.

Contract   A commit of this process is seen at once, because it is noted here; one of another process within
           ``SEQ_AGE_S``. So a busy market costs its readers one statement a commit, not one a request.
           Inside a transaction the database is always asked.
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Final

from django.db import connection

from trading.selectors.prepared import Prepared, fetch_json


@dataclass(frozen=True, slots=True)
class MarketPulse:
    """Prices in 1/1,000,000 per outcome, volumes cash units, quantities lots."""

    seq: int
    status: str
    prices: list[int]
    prices_24h_ago: list[int]
    volume: int
    volume_24h: int
    trades: int
    traders: int
    maker_quantities: list[int]
    liquidity: int
    last_trade_us: int | None

    @property
    def last_trade_at(self) -> datetime | None:
        return None if self.last_trade_us is None else _EPOCH + timedelta(microseconds=self.last_trade_us)


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SEQ: Final = Prepared(b"om_market_seq", b"SELECT h.seq::text FROM markets_markethead h WHERE h.market_id = $1", 1)
_PULSE: Final = Prepared(
    b"om_market_pulse",
    b"""
    SELECT json_build_array(h.seq, m.status, COALESCE(b.prices, '{}'), COALESCE(b.prices_24h_ago, '{}'),
               COALESCE(b.volume, 0), COALESCE(b.volume_24h, 0), COALESCE(b.trades, 0), COALESCE(b.traders, 0),
               COALESCE(b.maker_quantities, '{}'), m.liquidity_lots + COALESCE(b.added_liquidity, 0),
               (extract(epoch FROM b.last_trade_at) * 1000000)::bigint)::text
    FROM markets_markethead h
    JOIN markets_market m ON m.id = h.market_id
    LEFT JOIN trading_marketbook b ON b.market_id = h.market_id
    WHERE h.market_id = $1
    """,
    1,
)


SEQ_AGE_S: Final = 0.02
_MARKETS_MAX: Final = 10_000
_seqs: dict[int, tuple[int, float]] = {}
_lock = Lock()


def market_seq(market_id: int) -> int | None:
    """The number of the market's newest journal record, or ``None`` when there is no such market."""
    asked_at = time.monotonic()
    known = _seqs.get(market_id)
    if known is not None and asked_at < known[1] and not connection.in_atomic_block:
        return known[0]
    rows = fetch_json(_SEQ, market_id)
    if not rows:
        return None
    note_seq(market_id, int(rows[0]), at=asked_at)
    return int(rows[0])


def note_seq(market_id: int, seq: int, *, at: float | None = None) -> None:
    """Remember a number that was committed, as known ``at`` (``time.monotonic``)."""
    until = (time.monotonic() if at is None else at) + SEQ_AGE_S
    with _lock:
        known = _seqs.get(market_id)
        # A reader that asked before a commit must not hide it.
        if known is not None and known[0] > seq:
            return
        if len(_seqs) >= _MARKETS_MAX:
            _seqs.clear()
        _seqs[market_id] = (seq, until)


def forget_seqs() -> None:
    """Drop what this process knows; for tests, whose databases reuse ids."""
    _seqs.clear()


def market_pulse(market_id: int) -> MarketPulse | None:
    asked_at = time.monotonic()
    rows = fetch_json(_PULSE, market_id)
    if not rows:
        return None
    pulse = MarketPulse(*rows[0])
    note_seq(market_id, pulse.seq, at=asked_at)
    return pulse

"""What the write path of trading has to know of a market, readable in a pipeline of statements.

Contract   ``send_*`` only sends; the caller reads the cursor later. Read after the head lock, the status
           and the clock are those that decide.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final, Protocol

import orjson

from common import clock
from markets.errors import MarketNotFound
from markets.types import MarketKind, MarketStatus


class Cursor(Protocol):
    def execute(self, query: Any, params: Any = ..., /) -> Any: ...
    def fetchone(self) -> Any: ...
    def fetchall(self) -> Any: ...


#: Moments as microseconds, which become datetimes ten times as fast as text does.
#: Of ``markets_market``, for a statement that reads more; see ``terms_from``.
TERMS_COLUMNS: Final = """
status, (extract(epoch FROM closes_at) * 1000000)::bigint,
       (extract(epoch FROM clock_timestamp()) * 1000000)::bigint,
       -- Most markets have none of these, and then nothing is built.
       CASE WHEN num_nonnulls(max_open_orders, max_order_lots, max_position_lots, price_band, post_only_until) > 0 THEN
           json_build_array(max_open_orders, max_order_lots, max_position_lots, price_band,
                            (extract(epoch FROM post_only_until) * 1000000)::bigint)::text END
"""
_TERMS: Final = f"SELECT {TERMS_COLUMNS} FROM markets_market WHERE id = %s::bigint"  # noqa: S608
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_RULES: Final = """
SELECT kind, liquidity_lots, taker_fee_bps, maker_fee_bps, tick, lot,
       ARRAY(SELECT slug::text FROM markets_outcome o WHERE o.market_id = m.id ORDER BY index)
FROM markets_market m WHERE id = %s::bigint
"""


_DECISION: Final = "SELECT status, payouts FROM markets_market WHERE id = %s::bigint"


@dataclass(frozen=True, slots=True)
class OrderControls:
    """What staff ask of orders in one market; quantities in lots, ``price_band`` in ticks, ``None``: the default."""

    max_open_orders: int | None
    max_order_lots: int | None
    max_position_lots: int | None
    price_band: int | None
    post_only_until: datetime | None


@dataclass(frozen=True, slots=True)
class TradingTerms:
    """``now`` is the database's clock, the only one that decides what came too late (but for replays)."""

    status: MarketStatus
    closes_at: datetime
    now: datetime
    controls: OrderControls | None = None

    @property
    def is_open(self) -> bool:
        return self.status is MarketStatus.OPEN and self.now < self.closes_at

    @property
    def is_cancel_allowed(self) -> bool:
        return self.status in (MarketStatus.OPEN, MarketStatus.HALTED) and self.now < self.closes_at


@dataclass(frozen=True, slots=True)
class TradingRules:
    """What never changes once a market is open; ``liquidity`` in lots, fees in basis points."""

    kind: MarketKind
    liquidity: int
    taker_fee_bps: int
    maker_fee_bps: int
    tick: int
    lot: int
    outcomes: tuple[str, ...]


def send_terms(cursor: Cursor, market_id: int) -> None:
    cursor.execute(_TERMS, [market_id])


def terms_of(cursor: Cursor) -> TradingTerms:
    return terms_from(*cursor.fetchone())


def terms_from(status: str, closes_at: int, now: int, controls: str | None) -> TradingTerms:
    """From ``TERMS_COLUMNS``."""
    return TradingTerms(
        MarketStatus(status),
        _moment(closes_at),
        clock.replayed_moment() or _moment(now),
        None if controls is None else _controls(controls),
    )


@lru_cache(1_000)
def _controls(text: str) -> OrderControls:
    orders, size, position, band, post_only_until = orjson.loads(text)
    return OrderControls(orders, size, position, band, None if post_only_until is None else _moment(post_only_until))


def _moment(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)


def trading_rules(cursor: Cursor, market_id: int) -> TradingRules:
    """The market's rules, outcomes by index. Raises ``MarketNotFound``."""
    cursor.execute(_RULES, [market_id])
    row = cursor.fetchone()
    if row is None:
        raise MarketNotFound(f"There is no market {market_id}.", field="/market_id")
    kind, liquidity, taker_fee_bps, maker_fee_bps, tick, lot, outcomes = row
    return TradingRules(MarketKind(kind), liquidity, taker_fee_bps, maker_fee_bps, tick, lot, tuple(outcomes))


def decision(cursor: Cursor, market_id: int) -> tuple[MarketStatus, tuple[int, ...]]:
    """Status and payouts (ticks per outcome, empty while undecided or void) of an existing market."""
    cursor.execute(_DECISION, [market_id])
    status, payouts = cursor.fetchone()
    return MarketStatus(status), tuple(payouts or ())

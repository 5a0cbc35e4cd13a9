"""Price history without trades: candles, and the last price as the market's."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from trading.models import Candle, MarketBook
from trading.models.candle import CandleInterval
from trading.services._history_files import PricePoint

_MICRO: Final = 1_000_000


def write_candles(market_id: int, points: list[PricePoint]) -> None:
    """Store ``points`` (in time order) of a binary market that nobody traded here. Repeating changes nothing."""
    candles = [candle for interval in CandleInterval for candle in _candles(market_id, interval, points)]
    Candle.objects.bulk_create(candles, ignore_conflicts=True, batch_size=1_000)
    if points:
        last = points[-1].price
        MarketBook.objects.filter(market_id=market_id).update(prices=[last, _MICRO - last])


def _candles(market_id: int, interval: CandleInterval, points: list[PricePoint]) -> Iterable[Candle]:
    found: dict[datetime, Candle] = {}
    for point in points:
        starts_at, price = _start(interval, point.at), point.price
        candle = found.get(starts_at)
        if candle is None:
            found[starts_at] = Candle(
                market_id=market_id, outcome=0, interval=interval, starts_at=starts_at,
                open=price, high=price, low=price, close=price, volume=0, trades=0,
            )  # fmt: skip
        else:
            candle.high, candle.low, candle.close = max(candle.high, price), min(candle.low, price), price
    return found.values()


def _start(interval: CandleInterval, at: datetime) -> datetime:
    minute = at.replace(second=0, microsecond=0)
    if interval is CandleInterval.MINUTE:
        return minute
    return minute.replace(minute=0) if interval is CandleInterval.HOUR else minute.replace(hour=0, minute=0)

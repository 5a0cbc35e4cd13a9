"""Contracts out of history files: what a model can learn from without importing them.

Contract   ``ends_at`` is the first moment at which the answer may have been public: a bare date is its start, so a
           price stamped on the day of the event is left out. A numbered phase of an event's day has no clock time and
           comes before the event's end, so it stays. Totals that markets.csv gives for a whole life are not read:
           they aren't known while a market runs.
"""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from analytics.market_ai.engine.groups import groups_of
from analytics.market_ai.types import Contract, Tick
from trading.services.read_history import HistoryFolder, HistoryMarket, HistoryTrade, PricePoint, read_history

_WHOLE: Final = 10_000
_SCALE: Final = 1_000_000


def read_contracts(*, directory: Path) -> tuple[list[Contract], str]:
    """Every answered contract of the folders, with a digest of the files. Void and partly paid ones are left out.

    Raises: HistoryMistakes
    """
    folders = read_history(directory=directory)
    markets = [one for folder in folders for one in folder.markets if one.payouts and max(one.payouts) == _WHOLE]
    loose = {f"{one.source}/{one.source_id}": one.question for one in markets if not one.event_group}
    groups = groups_of(loose)
    return [_contract(one, groups) for one in markets], _digest(folders)


def _contract(market: HistoryMarket, groups: dict[str, str]) -> Contract:
    assert market.payouts is not None
    key = f"{market.source}/{market.source_id}"
    ends_at = market.known_from or market.closes_at
    if any(point.is_phase for point in market.prices):
        ends_at = market.closes_at
    return Contract(
        key=key,
        source=market.source,
        category=market.category,
        group=market.event_group or f"like:{groups[key]}",
        question=market.question,
        opened_at=market.opens_at.timestamp(),
        closes_at=None if market.closed is None else market.closed.timestamp(),
        ends_at=ends_at.timestamp(),
        known_at=max(market.resolves_at, ends_at).timestamp(),
        outcome=int(market.payouts[0] == _WHOLE),
        ticks=tuple(_trade_ticks(market.trades) if market.trades else _price_ticks(market.prices)),
    )


def _trade_ticks(trades: Sequence[HistoryTrade]) -> Iterator[Tick]:
    """After each trade; the value traded is told while every trade so far gives its cost."""
    traders: set[str] = set()
    volume: float | None = 0.0
    for number, trade in enumerate(trades, start=1):
        traders.add(trade.trader_id)
        volume = None if volume is None or trade.cost is None else volume + abs(float(trade.cost))
        yield Tick(
            at=trade.at.timestamp(),
            price=trade.price_after / _SCALE,
            volume=volume,
            trades=number,
            participants=len(traders),
        )


def _price_ticks(points: Sequence[PricePoint]) -> Iterator[Tick]:
    total: float | None = None
    for point in points:
        if point.volume is not None:
            total = max(total or 0.0, point.volume)
        yield Tick(at=point.at.timestamp(), price=point.price / _SCALE, volume=total, spread=point.spread)


def _digest(folders: Sequence[HistoryFolder]) -> str:
    digest = hashlib.sha256()
    for folder in folders:
        for path in folder.files:
            digest.update(f"{folder.name}/{path.name}\n".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()

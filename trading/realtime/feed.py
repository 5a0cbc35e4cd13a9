"""The stream of one market in one process: read once from PostgreSQL, rendered once, given to many.

Contract   ``seq`` is the last record that was given out. Records are given in order and without gaps; a
           new subscription starts from the state at exactly ``seq``, so nothing is missed or doubled.
           Everything that moves ``seq`` or adds a subscription runs under one lock. ``interest`` holds
           a subscription from before it is attached, and keeps the feed alive.
Bound      One read of new records each READ_INTERVAL_S, or back to back while each finds RECORDS_MAX.
"""

import asyncio
import time
from collections.abc import Iterable
from typing import Final

from common import clock
from common.reading import Reader
from common.tuning.reading import tuned
from trading.realtime import frames
from trading.realtime.client import Subscription
from trading.realtime.levels import Levels
from trading.selectors import stream
from trading.selectors.stream import LevelRow, StreamMarket, StreamRecord, StreamTicker

READ_INTERVAL_S: Final = 0.05
RECORDS_MAX: Final = 200
RESUME_MAX: Final = 1_000
CHANNELS: Final = ("book", "trades", "ticker", "lifecycle", "orders", "fills")


class Feed:
    def __init__(self, market: StreamMarket, reader: Reader) -> None:
        self.market = market
        self.seq = market.seq
        self.wanted = market.seq
        self.interest: set[Subscription] = set()
        self._reader = reader
        self._lock = asyncio.Lock()
        self._levels: Levels | None = None
        self._audience: dict[str, set[Subscription]] = {channel: set() for channel in CHANNELS}
        self._read_at = 0.0

    @property
    def is_behind(self) -> bool:
        return self.wanted > self.seq

    @property
    def is_idle(self) -> bool:
        return not self.interest

    async def attach(self, subscription: Subscription, resume_from: int | None) -> None:
        """Add a subscription, which gets what it missed, or a snapshot of the book, and from then on all."""
        async with self._lock:
            if "book" in subscription.channels and self._levels is None:
                await self._load_levels()
            if resume_from is None or not await self._resume(subscription, resume_from):
                self._snapshot(subscription)
            for channel in subscription.channels:
                self._audience[channel].add(subscription)

    def detach(self, subscription: Subscription) -> None:
        self.interest.discard(subscription)
        for subscriptions in self._audience.values():
            subscriptions.discard(subscription)

    async def advance(self) -> None:
        """Give out every record up to ``wanted``, then the ticker."""
        async with self._lock:
            before = self.seq
            if not self._audience["book"]:
                self._levels = None
            count = 0
            while self.is_behind:
                # Far behind it goes on at once, but lets the clients' writers run in between.
                pause_s = (
                    self._read_at + tuned("broadcast_interval_s", READ_INTERVAL_S) - time.monotonic()
                    if count < RECORDS_MAX
                    else 0.0
                )
                await asyncio.sleep(pause_s)
                self._read_at = time.monotonic()
                count = await self._read()
                if not count:
                    self.wanted = self.seq
            if self.seq > before and self._audience["ticker"]:
                self.give_tickers(await self._reader.run(stream.stream_tickers, [self.market.id]))

    def give_tickers(self, tickers: list[StreamTicker], only: Subscription | None = None) -> None:
        """Give a ticker to those who have none that is as new; a read may be overtaken by another."""
        for ticker in tickers:
            # Numbered as the records given out, so that whoever resumes from a ticker misses none.
            tail = frames.ticker_tail(self.market, ticker, min(ticker.seq, self.seq))
            for subscription in {only} if only else self._audience["ticker"]:
                if ticker.seq > subscription.ticker_seqs.get(self.market.id, -1):
                    subscription.ticker_seqs[self.market.id] = ticker.seq
                    subscription.put(tail)

    async def _read(self) -> int:
        """Give out the next records; how many there were."""
        records = await self._reader.run(stream.stream_records, self.market.id, self.seq, RECORDS_MAX)
        for record in records:
            self._give(record)
        return len(records)

    def _give(self, record: StreamRecord) -> None:
        assert record.seq == self.seq + 1, "the journal has no gaps"
        self.seq = record.seq
        levels, audience = self._levels, self._audience
        if levels is not None:
            levels.apply(record.seq, _changes(record))
        if audience["book"]:
            checksum = levels.checksum if levels and levels.seq == record.seq else None
            tail = frames.delta_tail(self.market, record, None if record.seq % frames.CHECKSUM_EVERY else checksum)
            _give_all(audience["book"], [tail])
        if audience["trades"]:
            _give_all(audience["trades"], frames.trade_tails(self.market, record))
        if audience["lifecycle"]:
            _give_all(audience["lifecycle"], frames.lifecycle_tails(self.market, record))
        for channel in ("orders", "fills"):
            for subscription in audience[channel]:
                _give_private(self.market, record, channel, subscription)

    async def _load_levels(self) -> None:
        """Read the book; then catch up with it, since records up to its ``seq`` must not be counted twice."""
        seq, rows = await self._reader.run(stream.stream_levels, self.market)
        outcomes, is_binary = self.market.outcomes, self.market.is_binary
        self._levels = Levels(outcomes, is_binary=is_binary, seq=seq, rows=rows)
        while self.seq < seq and await self._read():
            pass

    def _snapshot(self, subscription: Subscription) -> None:
        if "book" in subscription.channels:
            assert self._levels is not None
            subscription.put(frames.snapshot_tail(self.market, self._levels, clock.now()))

    async def _resume(self, subscription: Subscription, after_seq: int) -> bool:
        """Give what came after ``after_seq``; False when it is too much, or in the future."""
        if self.seq < after_seq:
            await self._read()
        if not 0 <= self.seq - after_seq <= RESUME_MAX:
            return False
        missed = await self._reader.run(stream.stream_records, self.market.id, after_seq, self.seq - after_seq)
        checksum = self._levels.checksum if self._levels else None
        for record in missed:
            self._repeat(subscription, record, checksum if record.seq == self.seq else None)
        return True

    def _repeat(self, subscription: Subscription, record: StreamRecord, checksum: int | None) -> None:
        to, channels = {subscription}, subscription.channels
        if "book" in channels:
            _give_all(to, [frames.delta_tail(self.market, record, checksum)])
        if "trades" in channels:
            _give_all(to, frames.trade_tails(self.market, record))
        if "lifecycle" in channels:
            _give_all(to, frames.lifecycle_tails(self.market, record))
        for channel in ("orders", "fills"):
            if channel in channels:
                _give_private(self.market, record, channel, subscription)


def _changes(record: StreamRecord) -> list[LevelRow]:
    levels = record.effects.levels if record.effects is not None else ()
    return [(level.outcome, level.side, level.price, level.change) for level in levels]


def _give_all(subscriptions: Iterable[Subscription], tails: Iterable[str]) -> None:
    for tail in tails:
        for subscription in subscriptions:
            subscription.put(tail)


def _give_private(market: StreamMarket, record: StreamRecord, channel: str, subscription: Subscription) -> None:
    user_id = subscription.client.visitor.user_id
    assert user_id is not None, "private channels are for those who signed in"
    render = frames.order_tails if channel == "orders" else frames.fill_tails
    for tail in render(market, record, user_id):
        subscription.put(tail)

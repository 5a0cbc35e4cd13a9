"""The stream of one market in one process: read once from PostgreSQL, rendered once, given to many.

Contract   ``seq`` is the last record that was given out. Records are given in order and without gaps; a
           new subscription starts from the state at exactly ``seq``, so nothing is missed or doubled.
           Everything that moves ``seq`` or adds a subscription runs under one lock. ``interest`` holds
           a subscription from before it is attached, and keeps the feed alive.
Bound      One read of new records each READ_INTERVAL_S, or back to back while each finds RECORDS_MAX.
"""

import asyncio
import time
from typing import Final

from common import clock
from common.reading import Reader
from common.tuning.reading import tuned
from trading.realtime import frames
from trading.realtime.audience import Audience
from trading.realtime.client import Subscription
from trading.realtime.levels import Levels
from trading.realtime.states import States
from trading.realtime.traces import WaitingTraces
from trading.selectors import stream
from trading.selectors.stream import LevelRow, StreamMarket, StreamRecord

READ_INTERVAL_S: Final = 0.05
RECORDS_MAX: Final = 200
RESUME_MAX: Final = 1_000


class Feed:
    def __init__(self, market: StreamMarket, reader: Reader) -> None:
        self.market = market
        self.seq = market.seq
        self.wanted = market.seq
        self.interest: set[Subscription] = set()
        self.audience = Audience(market, reader)
        self.states = States(self.audience, reader)
        self.traces = WaitingTraces()
        self._reader = reader
        self._lock = asyncio.Lock()
        self._levels: Levels | None = None
        self._read_at = 0.0

    @property
    def is_behind(self) -> bool:
        return self.wanted > self.seq

    @property
    def is_idle(self) -> bool:
        return not self.interest

    async def attach(
        self, subscription: Subscription, resume_from: int | None = None, *, may_resume: bool = True
    ) -> None:
        """Add a subscription, which gets what it missed, or is told of the gap, and from then on all."""
        async with self._lock:
            if "book" in subscription.channels and self._levels is None:
                await self._load_levels()
            if resume_from is None:
                self._snapshot(subscription)
            elif not (may_resume and await self._resume(subscription, resume_from)):
                subscription.tell_gap(frames.gap_tail(self.market, resume_from, self.seq, clock.now()))
                self._snapshot(subscription)
            self.audience.add(subscription)
            # What was read on the way.
            await self._give_states()

    def detach(self, subscription: Subscription) -> None:
        self.interest.discard(subscription)
        self.audience.discard(subscription)

    async def advance(self) -> None:
        """Give out every record up to ``wanted``, then how things stand."""
        async with self._lock:
            if not self.audience.of["book"]:
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
            await self._give_states()

    async def _give_states(self) -> None:
        if self.states.has_news:
            await self.states.give(self.seq)

    async def _read(self) -> int:
        """Give out the next records; how many there were."""
        records = await self._reader.run(stream.stream_records, self.market.id, self.seq, RECORDS_MAX)
        await self.audience.name_orders(records)
        for record in records:
            self._give(record)
        return len(records)

    def _give(self, record: StreamRecord) -> None:
        assert record.seq == self.seq + 1, "the journal has no gaps"
        self.seq = record.seq
        levels = self._levels
        if levels is not None:
            levels.apply(record.seq, _changes(record))
        is_told = record.seq % frames.CHECKSUM_EVERY == 0 and levels is not None and levels.seq == record.seq
        telling = self.traces.begin(record.seq)
        self.audience.give(record, levels.checksum if is_told and levels is not None else None, telling)
        if telling is not None:
            telling.end(record, self.market.id)
        self.states.note(record)

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
            subscription.put("book", frames.snapshot_tail(self.market, self._levels, clock.now()))

    async def _resume(self, subscription: Subscription, after_seq: int) -> bool:
        """Give what came after ``after_seq``; False, and nothing, when it is too much, too old or in the future."""
        if self.seq < after_seq:
            await self._read()
        if not 0 <= self.seq - after_seq <= RESUME_MAX:
            return False
        missed = await self._reader.run(stream.stream_records, self.market.id, after_seq, self.seq - after_seq)
        if len(missed) < self.seq - after_seq:
            # The oldest are in the archive.
            return False
        await self.audience.name_orders(missed, [subscription])
        self.audience.repeat(subscription, missed, self._checksums(missed))
        return True

    def _checksums(self, missed: list[StreamRecord]) -> dict[int, int]:
        """Those that were told when the records were new, and the last one, which tells that all is well."""
        if self._levels is None or not missed:
            return {}
        if not any(record.seq % frames.CHECKSUM_EVERY == 0 for record in missed):
            return {self.seq: self._levels.checksum}
        found = self._levels.checksums_before([(record.seq, _changes(record)) for record in missed])
        return {seq: checksum for seq, checksum in found.items() if seq == self.seq or not seq % frames.CHECKSUM_EVERY}


def _changes(record: StreamRecord) -> list[LevelRow]:
    levels = record.effects.levels if record.effects is not None else ()
    return [(level.outcome, level.side, level.price, level.change) for level in levels]

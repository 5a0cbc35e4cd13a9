"""How things stand in one market: tickers, candles and positions, read after its records were given out.

Contract   Each subscription gets a state only if it is newer than the one it has. A state is numbered like the newest
           record given out, never higher, so that whoever resumes from it misses no record.
Bound      One statement a channel that somebody hears, each time that the market moved.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from common.reading import Reader
from trading.realtime import frames
from trading.realtime.audience import Audience, user_of
from trading.realtime.client import Subscription
from trading.realtime.own_frames import position_tail
from trading.realtime.shapes import STATE_CHANNELS
from trading.selectors import stream_states
from trading.selectors.stream import StreamRecord
from trading.selectors.stream_states import StreamCandles, StreamPosition, StreamTicker

State = StreamTicker | StreamCandles | StreamPosition
#: Candles that were given out are remembered up to so many.
_CANDLES_MAX: Final = 1_000


class States:
    def __init__(self, audience: Audience, reader: Reader) -> None:
        self._audience = audience
        self._reader = reader
        self._market_id = audience.market.id
        #: Whether a record came since ``give``.
        self.has_news = False
        self._moved_since: datetime | None = None
        self._moved_users: set[int] = set()
        self._is_everybody_moved = False
        self._candles: dict[tuple[int, str, datetime], str] = {}

    def note(self, record: StreamRecord) -> None:
        """Remember what a record moved, until ``give`` tells it."""
        effects, self.has_news = record.effects, True
        if effects is None:
            # The end of a market changes what everybody owns.
            self._is_everybody_moved = True
            return
        self._moved_since = self._moved_since or record.at
        self._moved_users |= {party for party, _ in effects.shares} | {party for party, _ in effects.shares_held}

    async def give(self, seq: int) -> None:
        """Read what moved and tell it. Raises: DatabaseAway"""
        of, ids = self._audience.of, [self._market_id]
        if of["ticker"]:
            self.tell(await self._reader.run(stream_states.stream_tickers, ids), seq)
        if of["candles"] and self._moved_since is not None:
            self.tell(await self._reader.run(stream_states.stream_candles, ids, self._moved_since), seq)
        users = {user_of(one) for one in of["positions"]}
        users &= users if self._is_everybody_moved else self._moved_users
        if users:
            self.tell(await self._reader.run(stream_states.stream_positions, ids, users), seq)
        self._moved_since, self._moved_users = None, set()
        self._is_everybody_moved = self.has_news = False

    def tell(self, states: Iterable[State], seq: int, only: Subscription | None = None) -> None:
        """Give states to those who have none that is as new; a read may be overtaken by another."""
        for state in states:
            number = min(state.seq, seq)
            if isinstance(state, StreamTicker):
                tail = frames.ticker_tail(self._audience.market, state, number)
                self._put("ticker", state.seq, [(None, tail)], only)
            elif isinstance(state, StreamCandles):
                self._tell_candles(state, number, only)
            else:
                self._tell_position(state, number, only)

    def _tell_candles(self, read: StreamCandles, number: int, only: Subscription | None) -> None:
        told = []
        for (key, tail), (_, _, candle) in zip(
            frames.candle_tails(self._audience.market, read, number), read.candles, strict=True
        ):
            key_at = (*key, candle.starts_at)
            # The values alone, without number and time.
            values = tail[tail.index('"data"') :]
            if only is None:
                if self._candles.get(key_at) == values:
                    continue
                if len(self._candles) >= _CANDLES_MAX:
                    self._candles.clear()
                self._candles[key_at] = values
            told.append((key_at, tail))
        self._put("candles", read.seq, told, only)

    def _tell_position(self, position: StreamPosition, number: int, only: Subscription | None) -> None:
        tail = position_tail(self._audience.market, position, number)
        for subscription in {only} if only else self._audience.of["positions"]:
            if user_of(subscription) == position.user_id:
                self._put("positions", position.seq, [(None, tail)], subscription)

    def _put(self, channel: str, seq: int, tails: Iterable[tuple[object, str]], only: Subscription | None) -> None:
        told = list(tails)
        for subscription in [only] if only else self._audience.of[channel]:
            if seq > subscription.state_seqs.get((channel, self._market_id), -1):
                subscription.state_seqs[channel, self._market_id] = seq
                for key, tail in told:
                    subscription.put(channel, tail, (self._market_id, key))


async def current_states(
    reader: Reader, subscription: Subscription, markets: list[int]
) -> list[tuple[int, list[State]]]:
    """How things stand in each market, for a new subscription. Raises: DatabaseAway"""
    found: list[State] = []
    for channel in STATE_CHANNELS:
        if channel not in subscription.channels:
            continue
        if channel == "ticker":
            found += await reader.run(stream_states.stream_tickers, markets)
        elif channel == "candles":
            found += await reader.run(stream_states.stream_candles, markets)
        else:
            found += await reader.run(stream_states.stream_positions, markets, [user_of(subscription)])
    return [(market_id, [state for state in found if state.market_id == market_id]) for market_id in markets]

"""The streams of one process: hears of new journal records, brings feeds forward, tends the clients.

Contract   One hub an event loop, alive while it has clients. Redis says which journal grew; without Redis
           the hub looks itself each POLL_S. With Redis it still looks each TICK_S, so that a lost
           message makes a frame late, never missing.
Bound      One Redis connection, READER threads, one task for each market that is behind.
"""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Final, Self

import redis

from accounts.selectors.admission import dead_visitors
from accounts.types import Visitor
from common import clock
from common.clock import rfc3339
from common.reading import DatabaseAway
from common.sockets import hub as sockets
from common.sockets.consumer import is_cancelled
from trading.realtime import frames
from trading.realtime.client import Client, Subscription, Waiting
from trading.realtime.feed import Feed
from trading.realtime.nudge import CHANNEL
from trading.realtime.states import current_states
from trading.realtime.traces import heard_of
from trading.selectors import stream

POLL_S: Final = 1.0
TICK_S: Final = 5.0
CREDENTIALS_S: Final = 3.0
#: One command may resume this many markets; the others are told of a gap.
RESUMES_MAX: Final = 20
#: Sockets at once in each process. A network may be a whole school, and only those count for it who are nobody.
ACCOUNT_SOCKETS_MAX: Final = 20
NETWORK_SOCKETS_MAX: Final = 50
NOTICES: Final = {
    True: frames.document({"type": "notice", "data": {"code": "live", "detail": "Frames come at once."}}),
    False: frames.document(
        {"type": "notice", "data": {"code": "polling", "detail": "Frames may come a second late for now."}}
    ),
}


class UnknownMarket(Exception):
    """A market that doesn't exist, or that the public cannot see yet."""


class Hub(sockets.Hub[Client]):
    name = "streams"

    def __init__(self) -> None:
        super().__init__()
        self.is_live = True
        self._feeds: dict[int, Feed] = {}
        self._following: set[int] = set()

    @classmethod
    def join(cls, client: Client) -> Self:
        hub = super().join(client)
        if not hub.is_live:
            client.put(NOTICES[False])
        return hub

    def start(self) -> None:
        self.background(self._listen())
        self.background(self.every(POLL_S, self._poll))
        self.background(self.every(TICK_S, self._tick))
        self.background(self.every(CREDENTIALS_S, self.check_credentials))

    def limit_of(self, client: Client) -> int:
        return NETWORK_SOCKETS_MAX if client.visitor.user_id is None else ACCOUNT_SOCKETS_MAX

    def unwelcome(self, visitors: set[Visitor]) -> set[Visitor]:
        return dead_visitors(visitors)

    def gone(self, client: Client) -> None:
        for subscription in client.subscriptions.values():
            self._detach(subscription, subscription.markets)
        client.subscriptions.clear()

    async def attach(
        self, subscription: Subscription, markets: Iterable[int], resume_from: Mapping[int, int] | None = None
    ) -> None:
        """Add ``markets`` to a subscription that holds its frames; all or none.

        Raises: UnknownMarket, DatabaseAway
        """
        wanted, resume = list(markets), resume_from or {}
        resumed = set([market_id for market_id in wanted if market_id in resume][:RESUMES_MAX])
        await self._open_feeds(wanted)
        for market_id in wanted:
            self._feeds[market_id].interest.add(subscription)
        is_attached = False
        try:
            for market_id in wanted:
                feed = self._feeds[market_id]
                await feed.attach(subscription, resume.get(market_id), may_resume=market_id in resumed)
            for market_id, states in await current_states(self.reader, subscription, wanted):
                feed = self._feeds[market_id]
                feed.states.tell(states, feed.seq, subscription)
            is_attached = True
        finally:
            # The server may also end the connection in the middle of this.
            if not is_attached:
                self._detach(subscription, wanted)
        subscription.markets |= set(wanted)

    def detach(self, subscription: Subscription, markets: Iterable[int]) -> None:
        """Take ``markets`` from a subscription."""
        gone = set(markets)
        self._detach(subscription, gone)
        subscription.markets -= gone

    def _detach(self, subscription: Subscription, markets: Iterable[int]) -> None:
        for market_id in markets:
            feed = self._feeds.get(market_id)
            if feed is not None:
                feed.detach(subscription)
                if feed.is_idle:
                    del self._feeds[market_id]

    async def _open_feeds(self, markets: list[int]) -> None:
        # Feeds close while this waits, hence the loop: at its end all of them are there.
        while missing := [market_id for market_id in markets if market_id not in self._feeds]:
            found = {market.id: market for market in await self.reader.run(stream.stream_markets, missing)}
            for market_id in missing:
                if market_id not in found:
                    raise UnknownMarket(f"There is no market {market_id}.")
            for market in found.values():
                self._feeds.setdefault(market.id, Feed(market, self.reader))

    async def _listen(self) -> None:
        """Hear of new records through Redis, for ever."""
        while not is_cancelled():
            try:
                await self.hear(CHANNEL, begun=self._begun, heard=self._heard)
            except (redis.RedisError, OSError):
                self._say_live(False)
                await asyncio.sleep(POLL_S)

    async def _begun(self) -> None:
        self._say_live(True)
        await self._look()

    async def _heard(self, message: bytes) -> None:
        market_id, _, seq = message.partition(b":")
        if market_id.isdigit() and seq.isdigit():
            self._wake(int(market_id), int(seq))
        elif (told := heard_of(message)) is not None and told[0] in self._feeds:
            self._feeds[told[0]].traces.note(told[1])

    def _wake(self, market_id: int, seq: int) -> None:
        feed = self._feeds.get(market_id)
        if feed is not None:
            feed.wanted = max(feed.wanted, seq)
            if feed.is_behind and market_id not in self._following:
                self._following.add(market_id)
                self.background(self._follow(feed))

    async def _follow(self, feed: Feed) -> None:
        try:
            while feed.is_behind:
                await feed.advance()
        except DatabaseAway:
            return
        finally:
            self._following.discard(feed.market.id)

    async def _poll(self) -> None:
        if not self.is_live:
            await self._look()

    async def _look(self) -> None:
        """Compare every feed with PostgreSQL and wake those that are behind."""
        if self._feeds:
            try:
                heads = await self.reader.run(stream.stream_heads, list(self._feeds))
            except DatabaseAway:
                return
            for market_id, seq in heads.items():
                self._wake(market_id, seq)

    async def _tick(self) -> None:
        await self._look()
        moment = rfc3339(clock.now())
        for client in self.clients:
            wanted = {market for subscription in client.subscriptions.values() for market in subscription.markets}
            seqs = {str(market): self._feeds[market].seq for market in sorted(wanted) if market in self._feeds}
            tick = frames.document({"type": "tick", "ts": moment, "markets": seqs})
            is_own = client.visitor.user_id is not None
            client.put_waiting(Waiting(tick[1:], is_own=True) if is_own else Waiting(tick))

    def _say_live(self, is_live: bool) -> None:
        if is_live != self.is_live:
            self.is_live = is_live
            for client in self.clients:
                client.put(NOTICES[is_live])

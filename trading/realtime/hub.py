"""The streams of one process: hears of new journal records, brings feeds forward, tends the clients.

Contract   One hub an event loop, alive while it has clients. Redis says which journal grew; without Redis
           the hub looks itself each POLL_S. With Redis it still looks each TICK_S, so that a lost
           message makes a frame late, never missing.
Bound      One Redis connection, READER threads, one task for each market that is behind.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable, Mapping
from typing import Any, Final
from weakref import WeakKeyDictionary

import redis.asyncio
from django.conf import settings

from accounts.selectors.admission import dead_visitors
from common import clock
from common.clock import rfc3339
from common.reading import DatabaseAway, Reader
from common.sockets import CLOSE_RESTART, CLOSE_SIGNED_OUT, is_cancelled
from trading.realtime import frames
from trading.realtime.client import Client, Subscription, Waiting
from trading.realtime.feed import Feed
from trading.realtime.nudge import CHANNEL
from trading.realtime.states import current_states
from trading.selectors import stream

POLL_S: Final = 1.0
TICK_S: Final = 5.0
CREDENTIALS_S: Final = 3.0
#: One command may resume this many markets; the others get snapshots.
RESUMES_MAX: Final = 20
DISMISSAL_S: Final = 3.0
#: Sockets at once in each process. A network may be a whole school, and only those count for it who are nobody.
ACCOUNT_SOCKETS_MAX: Final = 20
NETWORK_SOCKETS_MAX: Final = 50
NOTICES: Final = {
    True: frames.document({"type": "notice", "data": {"code": "live", "detail": "Frames come at once."}}),
    False: frames.document(
        {"type": "notice", "data": {"code": "polling", "detail": "Frames may come a second late for now."}}
    ),
}

logger = logging.getLogger(__name__)
_hubs: "WeakKeyDictionary[asyncio.AbstractEventLoop, Hub]" = WeakKeyDictionary()


class UnknownMarket(Exception):
    """A market that doesn't exist, or that the public cannot see yet."""


class NoRoom(Exception):
    """The process serves as many sockets as it may."""


def join(client: Client) -> "Hub":
    """Add a client to the hub of this event loop, which starts with its first client.

    Raises: NoRoom
    """
    loop = asyncio.get_running_loop()
    hub = _hubs.get(loop)
    if hub is not None and len(hub.clients) >= settings.STREAM_CONNECTIONS_MAX:
        raise NoRoom
    if hub is None:
        hub = _hubs[loop] = Hub()
        hub.start()
    hub.clients.add(client)
    if not hub.is_live:
        client.put(NOTICES[False])
    return hub


async def dismiss_all() -> None:
    """Ask every client of this event loop to come back later, and wait until they know; for a shutdown."""
    hub = _hubs.get(asyncio.get_running_loop())
    if hub is None:
        return
    for client in list(hub.clients):
        client.close(CLOSE_RESTART)
    try:
        async with asyncio.timeout(DISMISSAL_S):
            while hub.clients:
                await asyncio.sleep(0.02)
    except TimeoutError:
        return


class Hub:
    def __init__(self) -> None:
        self.clients: set[Client] = set()
        self.reader = Reader()
        self.is_live = True
        self._feeds: dict[int, Feed] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._following: set[int] = set()

    def start(self) -> None:
        self._start(self._listen())
        self._start(self._every(POLL_S, self._poll))
        self._start(self._every(TICK_S, self._tick))
        self._start(self._every(CREDENTIALS_S, self._check_credentials))

    def count(self, client: Client, owner: str) -> bool:
        """Count the client among the owner's, until it leaves; False when the owner has as many as may be."""
        limit = NETWORK_SOCKETS_MAX if client.visitor.user_id is None else ACCOUNT_SOCKETS_MAX
        if sum(other.owner == owner for other in self.clients) >= limit:
            return False
        client.owner = owner
        return True

    async def leave(self, client: Client) -> None:
        """Forget a client; the last one switches off the light."""
        self.clients.discard(client)
        for subscription in client.subscriptions.values():
            self._detach(subscription, subscription.markets)
        client.subscriptions.clear()
        loop = asyncio.get_running_loop()
        if not self.clients and _hubs.get(loop) is self:
            del _hubs[loop]
            await self._stop()

    async def _stop(self) -> None:
        while self._tasks:
            for task in self._tasks:
                task.cancel()
            # Again and again, because redis-py swallows a cancellation that comes while it connects.
            await asyncio.wait(self._tasks, timeout=0.1)
        await self.reader.shutdown()

    async def attach(
        self, subscription: Subscription, markets: Iterable[int], resume_from: Mapping[int, int] | None = None
    ) -> None:
        """Add ``markets`` to a subscription that holds its frames; all or none.

        Raises: UnknownMarket, DatabaseAway
        """
        wanted, resume = list(markets), dict(list((resume_from or {}).items())[:RESUMES_MAX])
        await self._open_feeds(wanted)
        for market_id in wanted:
            self._feeds[market_id].interest.add(subscription)
        is_attached = False
        try:
            for market_id in wanted:
                await self._feeds[market_id].attach(subscription, resume.get(market_id))
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
                await self._hear()
            except (redis.RedisError, OSError):
                self._say_live(False)
                await asyncio.sleep(POLL_S)

    async def _hear(self) -> None:
        client = redis.asyncio.Redis.from_url(
            settings.REDIS_URL, socket_connect_timeout=POLL_S, health_check_interval=int(TICK_S)
        )
        async with client, client.pubsub(ignore_subscribe_messages=True) as listener:
            await listener.subscribe(CHANNEL)
            self._say_live(True)
            await self._look()
            while not is_cancelled():
                message = await listener.get_message(timeout=POLL_S)
                if message is not None:
                    self._heard(message["data"])

    def _heard(self, message: bytes) -> None:
        market_id, _, seq = message.partition(b":")
        if market_id.isdigit() and seq.isdigit():
            self._wake(int(market_id), int(seq))

    def _wake(self, market_id: int, seq: int) -> None:
        feed = self._feeds.get(market_id)
        if feed is not None:
            feed.wanted = max(feed.wanted, seq)
            if feed.is_behind and market_id not in self._following:
                self._following.add(market_id)
                self._start(self._follow(feed))

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

    async def _check_credentials(self) -> None:
        visitors = {client.visitor for client in self.clients if client.visitor.user_id is not None}
        if visitors:
            try:
                dead = await self.reader.run(dead_visitors, visitors)
            except DatabaseAway:
                return
            for client in [client for client in self.clients if client.visitor in dead]:
                client.close(CLOSE_SIGNED_OUT)

    def _say_live(self, is_live: bool) -> None:
        if is_live != self.is_live:
            self.is_live = is_live
            for client in self.clients:
                client.put(NOTICES[is_live])

    async def _every(self, interval_s: float, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        while True:
            await asyncio.sleep(interval_s)
            # A task of its own, so that a mistake in one round doesn't end all others.
            await asyncio.wait([self._start(work())])

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            logger.error("A task of the streams failed.", exc_info=task.exception())

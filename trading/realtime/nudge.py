"""Tell the streams of every process that a market's journal has grown.

Contract   Called after the commit, from any thread; never raises for Redis and never waits for it: a thread of
           its own publishes, at most one message a market each PAUSE_S. A lost nudge costs a stream
           a few seconds, since every process also looks at PostgreSQL by itself.
Bound      One connection and one thread a process, replaced should it die; after a failure Redis is left alone
           for REST_S.
Traces     Where they are collected, those of the records go first, as a message that who doesn't collect passes over.
Callers    ``trading.subscribers``: services publish an event, since they may not import this layer.
"""

import atexit
import os
import threading
import time
from collections.abc import Mapping
from functools import cache
from typing import Final

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from common.metrics.registry import registry
from trading.events import Traces
from trading.realtime.traces import message_of

CHANNEL: Final = "om:journal"
TIMEOUT_S: Final = 0.2
REST_S: Final = 1.0
PAUSE_S: Final = 0.005
_LAG: Final = registry.gauge(
    "outbox_lag_seconds", "Age of the oldest commit that this process has not announced to the streams.", merge="max"
).of()


class Nudger:
    """Collects nudges, the newest of each market, and publishes them in the background."""

    def __init__(self, url: str) -> None:
        self._client = redis.Redis.from_url(
            url, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S, retry=Retry(NoBackoff(), 0)
        )
        self._resting_until = 0.0
        self._lock = threading.Lock()
        self._waiting: dict[int, int] = {}
        self._traces: dict[int, Traces] = {}
        self._oldest_at: float | None = None
        self._has_work = threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, market_id: int, seq: int, traces: Traces = ()) -> None:
        with self._lock:
            self._waiting[market_id] = max(seq, self._waiting.get(market_id, 0))
            if traces:
                self._traces[market_id] = self._traces.get(market_id, ()) + traces
            if self._oldest_at is None:
                self._oldest_at = time.monotonic()
            if self._thread is None:
                # A command that ends right after its commit.
                atexit.register(self.flush)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="nudge", daemon=True)
                self._thread.start()
        self._has_work.set()

    def flush(self) -> None:
        """Publish what waits."""
        with self._lock:
            waiting, self._waiting = self._waiting, {}
            oldest_at, self._oldest_at = self._oldest_at, None
        if waiting and not self.publish(waiting):
            # Nobody will say it again, but the streams look for themselves; the lag lasts until one gets through.
            with self._lock:
                self._oldest_at = oldest_at

    @property
    def lag_s(self) -> float:
        """How long ago the oldest change was committed that nobody was told of since."""
        oldest_at = self._oldest_at
        return 0.0 if oldest_at is None else time.monotonic() - oldest_at

    def publish(self, seqs: Mapping[int, int]) -> bool:
        """Whether Redis took the messages."""
        with self._lock:
            traces, self._traces = self._traces, {}
        if time.monotonic() < self._resting_until:
            return False
        try:
            with self._client.pipeline(transaction=False) as pipe:
                for market_id, found in traces.items():
                    pipe.publish(CHANNEL, message_of(market_id, found))
                for market_id, seq in seqs.items():
                    pipe.publish(CHANNEL, f"{market_id}:{seq}")
                pipe.execute()
        except redis.RedisError:
            self._resting_until = time.monotonic() + REST_S
            return False
        return True

    def _run(self) -> None:
        while True:
            self._has_work.wait()
            self._has_work.clear()
            self.flush()
            time.sleep(PAUSE_S)


@cache
def _nudger(url: str) -> Nudger:
    return Nudger(url)


@registry.before_sample
def _measure() -> None:
    # Who has announced nothing yet has no thread for it, and needs none to be up to date.
    _LAG.set(_nudger(settings.REDIS_URL).lag_s if _nudger.cache_info().currsize else 0.0)


# Threads stay behind in a fork, so the child makes its own.
os.register_at_fork(after_in_child=_nudger.cache_clear)


def nudge(market_id: int, seq: int, traces: Traces = ()) -> None:
    """Say that the market's journal now reaches ``seq``; see the module for what it promises."""
    _nudger(settings.REDIS_URL).add(market_id, seq, traces)

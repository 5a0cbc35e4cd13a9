"""Tell the streams of every process that a market's journal has grown.

Contract   Called after the commit, from any thread; never raises for Redis. A lost nudge costs a stream
           a few seconds, since every process also looks at PostgreSQL by itself.
Bound      Blocks at most TIMEOUT_S, and after a failure not at all for PAUSE_S.
Callers    ``trading.subscribers``: services publish an event, since they may not import this layer.
"""

import time
from functools import cache
from typing import Final

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

CHANNEL: Final = "om:journal"
TIMEOUT_S: Final = 0.2
PAUSE_S: Final = 1.0


class Nudger:
    """A publisher with a circuit breaker; shared by threads, where a race costs one more attempt."""

    def __init__(self, url: str) -> None:
        self._client = redis.Redis.from_url(
            url, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S, retry=Retry(NoBackoff(), 0)
        )
        self._resting_until = 0.0

    def publish(self, message: str) -> bool:
        """Whether Redis took the message."""
        if time.monotonic() < self._resting_until:
            return False
        try:
            self._client.publish(CHANNEL, message)
        except redis.RedisError:
            self._resting_until = time.monotonic() + PAUSE_S
            return False
        return True


@cache
def _nudger(url: str) -> Nudger:
    return Nudger(url)


def nudge(market_id: int, seq: int) -> None:
    """Say that the market's journal now reaches ``seq``; see the module for what it promises."""
    _nudger(settings.REDIS_URL).publish(f"{market_id}:{seq}")

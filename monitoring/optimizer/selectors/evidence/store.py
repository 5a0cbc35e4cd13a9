"""What Redis says of itself and of the queues."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import orjson
import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from common import clock
from monitoring.optimizer.types import Queue, Store
from monitoring.selectors.site_gauges import QUEUE_PREFIX, QUEUES
from monitoring.types import SENT_AT

_TIMEOUT_S: Final = 1.0


def store_totals() -> tuple[Store, int]:
    """How Redis stands, and how many keys it has given up since it started."""
    try:
        info: Mapping[str, Any] = client(settings.REDIS_URL).info()
    except redis.RedisError:
        return Store(), 0
    store = Store(
        used=int(info["used_memory"]),
        allowed=int(info.get("maxmemory", 0)),
        fragmentation=float(info.get("mem_fragmentation_ratio", 1.0)),
    )
    return store, int(info["evicted_keys"])


def queues() -> tuple[Queue, ...]:
    """Each queue: how many wait, since when the oldest, and how many are reserved by workers (of all queues)."""
    try:
        asking = client(settings.REDIS_URL)
        reserved = int(asking.hlen(QUEUE_PREFIX + "unacked"))
        return tuple(_queue(asking, name, reserved) for name in QUEUES)
    except redis.RedisError:
        return ()


def _queue(asking: "redis.Redis[bytes]", name: str, reserved: int) -> Queue:
    oldest = asking.lindex(QUEUE_PREFIX + name, -1)
    return Queue(name, int(asking.llen(QUEUE_PREFIX + name)), _age(oldest), reserved)


def _age(message: bytes | None) -> float | None:
    if message is None:
        return 0.0
    try:
        return max(clock.now().timestamp() - float(orjson.loads(message)["headers"][SENT_AT]), 0.0)
    except (ValueError, KeyError, TypeError):
        return None


@cache
def client(url: str) -> "redis.Redis[bytes]":
    return redis.Redis.from_url(
        url, socket_timeout=_TIMEOUT_S, socket_connect_timeout=_TIMEOUT_S, retry=Retry(NoBackoff(), 0)
    )

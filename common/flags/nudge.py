"""Tell every process that a flag was switched; who misses it finds out at its next look."""

from functools import lru_cache

import redis
from django.conf import settings

from common.flags.reading import CHANNEL


def tell_processes(name: str) -> None:
    try:
        _client().publish(CHANNEL, name)
    except redis.RedisError:
        return


@lru_cache(maxsize=1)
def _client() -> "redis.Redis[bytes]":
    return redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=0.3, socket_timeout=0.5)

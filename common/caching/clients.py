"""Connections to Redis for caches: quick to give up, and left alone for a while after a failure.

Bound      A Redis that is away costs one caller one time-out a second; all others go on at once.
"""

import asyncio
import time
from functools import cache
from typing import Any, Final
from weakref import WeakKeyDictionary

import redis
import redis.asyncio
from django.conf import settings
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import NoBackoff
from redis.retry import Retry


class StoreAwayError(Exception):
    """Redis can't be reached, refuses, or is being left alone."""


PAUSE_S: Final = 1.0
#: More callers than connections wait their turn, which takes a fraction of a millisecond each.
_TIMES: Final[dict[str, Any]] = {
    "socket_timeout": 1.0,
    "socket_connect_timeout": 0.3,
    "max_connections": 16,
    "timeout": 3.0,
}
_away_until = 0.0
_of_loop: "WeakKeyDictionary[asyncio.AbstractEventLoop, redis.asyncio.Redis[bytes]]" = WeakKeyDictionary()


@cache
def client() -> "redis.Redis[bytes]":
    retry = Retry(NoBackoff(), 0)
    return redis.Redis(connection_pool=redis.BlockingConnectionPool.from_url(settings.REDIS_URL, **_TIMES, retry=retry))


def async_client() -> "redis.asyncio.Redis[bytes]":
    """The one of the running event loop."""
    loop = asyncio.get_running_loop()
    found = _of_loop.get(loop)
    if found is None:
        pool: redis.asyncio.BlockingConnectionPool[Any] = redis.asyncio.BlockingConnectionPool.from_url(
            settings.REDIS_URL, **_TIMES, retry=AsyncRetry(NoBackoff(), 0)
        )
        found = redis.asyncio.Redis(connection_pool=pool)
        _of_loop[loop] = found
    return found


async def close_async() -> None:
    """Close what the running event loop holds; at its end."""
    found = _of_loop.pop(asyncio.get_running_loop(), None)
    if found is not None:
        await found.connection_pool.disconnect()


def ask(*command: Any) -> Any:
    """Raises StoreAwayError."""
    _check()
    try:
        return client().execute_command(*command)
    except redis.RedisError as error:
        raise _away() from error


async def ask_async(*command: Any) -> Any:
    """Raises StoreAwayError."""
    _check()
    try:
        return await async_client().execute_command(*command)  # type: ignore[no-untyped-call]
    except redis.RedisError as error:
        raise _away() from error


def _check() -> None:
    if time.monotonic() < _away_until:
        raise StoreAwayError


def _away() -> StoreAwayError:
    global _away_until
    _away_until = time.monotonic() + PAUSE_S
    return StoreAwayError()


def forget_failure() -> None:
    """For tests."""
    global _away_until
    _away_until = 0.0

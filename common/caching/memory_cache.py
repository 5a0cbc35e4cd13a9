"""Remember what a function answered, in this process: ``@memory_cache(30)``.

Contract   Arguments make the key (``common.caching.keys``); the answer is shared, so nobody may change it. One
           caller computes, the others wait for that or, in the ``stale_s`` after the time to live, get the old
           answer. A transaction gets kept answers unless it changed a tag; what is computed inside one is never
           kept, because it may have seen what is rolled back.
Bound      ``entries_max`` answers and ``bytes_max`` bytes a function, least recently used first. A hit takes a few
           microseconds.
"""

import inspect
import time
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar

from common.caching.describing import tell
from common.caching.doing import IN_THREAD, ON_LOOP, Doing, finished
from common.caching.flights import Claims, Flights
from common.caching.keys import CallKey, Key, function_name
from common.caching.memory_store import Entry, MemoryStore, size_of
from common.caching.metrics import Reads
from common.caching.policy import Policy, Tags
from common.caching.tags import dropped, is_dirty, is_in_transaction, news

ENTRIES_MAX: Final = 1_000
BYTES_MAX: Final = 16 * 1024 * 1024

P = ParamSpec("P")
R = TypeVar("R")
_now = time.monotonic


def memory_cache(
    ttl: float | None = None,
    *,
    stale_s: float = 0.0,
    jitter: float = 0.1,
    negative_s: float | None = None,
    wait_s: float = 10.0,
    tags: Tags = (),
    entries_max: int = ENTRIES_MAX,
    bytes_max: int = BYTES_MAX,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorate a function or coroutine function; see ``Policy`` for the times."""
    policy = Policy(ttl, stale_s, jitter, negative_s, wait_s, tags)

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        return _decorated(function, _MemoryCache(function, policy, entries_max=entries_max, bytes_max=bytes_max))

    return decorate


class _MemoryCache:
    def __init__(self, function: Callable[..., Any], policy: Policy, *, entries_max: int, bytes_max: int) -> None:
        self.function = function
        self.policy = replace(policy, name=function_name(function))
        self.key_of = CallKey(function).of
        self.reads = Reads("memory", function_name(function))
        self.store = MemoryStore(entries_max=entries_max, bytes_max=bytes_max, name=self.policy.name)
        tell("memory", self.policy, self.store)
        self.flights = Flights()
        self.claims = Claims()

    def kept(self, key: Key) -> Entry | None:
        """A fresh answer that needs no further question; the quick way."""
        entry = self.store.get(key)
        if entry is None or _now() >= entry.fresh_until or is_dirty():
            return None
        if entry.tags and (news.is_due() or dropped.last(entry.tags) > entry.number):
            return None
        self.reads.hit()
        return entry

    async def read(self, doing: Doing, key: Key, args: Any, kwargs: Any) -> Any:
        if is_dirty():
            return await self._bypassed(doing, args, kwargs)
        tags = self.policy.tags_of(args, kwargs)
        if tags:
            await news.catch_up(doing)
        entry = self._good(key)
        if entry is not None:
            return self._served(entry, doing, key, args, kwargs)
        if is_in_transaction():
            return await self._bypassed(doing, args, kwargs)

        async def compute() -> Any:
            return await self._renewed(doing, key, args, kwargs)

        value, is_others = await self.flights.shared(
            (key, dropped.last(tags)), doing, compute, wait_s=self.policy.wait_s
        )
        if is_others:
            self.reads.wait()
        return value

    def _good(self, key: Key) -> Entry | None:
        entry = self.store.get(key)
        if entry is None:
            return None
        if _now() >= entry.stale_until or dropped.last(entry.tags) > entry.number:
            self.store.remove(key)
            return None
        return entry

    def _served(self, entry: Entry, doing: Doing, key: Key, args: Any, kwargs: Any) -> Any:
        if _now() < entry.fresh_until:
            self.reads.hit()
            return entry.value
        self.reads.stale()
        if not is_in_transaction() and self.claims.take(key):

            async def renew(doing: Doing) -> None:
                try:
                    await self._computed(doing, key, args, kwargs)
                finally:
                    self.claims.leave(key)

            if not doing.renew(renew):
                self.claims.leave(key)
        return entry.value

    async def _renewed(self, doing: Doing, key: Key, args: Any, kwargs: Any) -> Any:
        # Somebody may have been done between our look and our turn.
        entry = self._good(key)
        if entry is not None:
            self.reads.wait()
            return entry.value
        self.reads.miss()
        return await self._computed(doing, key, args, kwargs)

    async def _computed(self, doing: Doing, key: Key, args: Any, kwargs: Any) -> Any:
        tags, number = self.policy.tags_of(args, kwargs), dropped.number
        with self.reads.computing():
            value = await doing.compute(self.function, args, kwargs)
        spans = self.policy.spans(value)
        if spans is not None:
            fresh_until = _now() + spans[0]
            self.store.put(key, Entry(value, fresh_until, fresh_until + spans[1], number, tags, size_of(value)))
        return value

    async def _bypassed(self, doing: Doing, args: Any, kwargs: Any) -> Any:
        self.reads.bypass()
        return await doing.compute(self.function, args, kwargs)


def _decorated(function: Callable[..., Any], cache: _MemoryCache) -> Callable[..., Any]:
    key_of, kept, read = cache.key_of, cache.kept, cache.read
    if inspect.iscoroutinefunction(function):

        @wraps(function)
        async def answer_soon(*args: Any, **kwargs: Any) -> Any:
            key = key_of(args, kwargs)
            entry = kept(key)
            return entry.value if entry is not None else await read(ON_LOOP, key, args, kwargs)

        return answer_soon

    @wraps(function)
    def answer(*args: Any, **kwargs: Any) -> Any:
        key = key_of(args, kwargs)
        entry = kept(key)
        return entry.value if entry is not None else finished(read(IN_THREAD, key, args, kwargs))

    return answer

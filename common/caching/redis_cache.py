"""Remember what a function answered, for all processes: ``@redis_cache(30)``.

Contract   As ``memory_cache``, and one process computes for all: it holds a lock with a token of its own for at most
           ``LOCK_S``, the others wait for its answer. Answers are JSON that the return annotation restores
           (``common.caching.codec``), so callers get values of their own.
Away       A Redis that can't be reached, or is full, costs the cache and nothing else: the function computes, once
           for all who ask in this process, and Redis is left alone for a second.
Near       Answers of a function that was tuned to keep them near (``cache_near_s``) may be that much older.
Bound      A hit is one command. An answer longer than ``BYTES_MAX`` isn't kept.
"""

import inspect
import random
import secrets
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, wraps
from hashlib import blake2b
from typing import Any, Final, ParamSpec, TypeVar

from common.caching.clients import StoreAwayError
from common.caching.codec import UNREADABLE, Codec, codec_of
from common.caching.describing import tell
from common.caching.doing import IN_THREAD, ON_LOOP, Doing, finished
from common.caching.flights import Claims, Flights
from common.caching.keys import CallKey, function_name, text_key
from common.caching.metrics import Reads
from common.caching.near_copies import NearCopies
from common.caching.policy import Policy, Tags
from common.caching.tags import is_dirty, is_in_transaction, news, token_key

BYTES_MAX: Final = 1024 * 1024
LOCK_S: Final = 30.0
_PREFIX: Final = "om:cache"
_POLL_S: Final = (0.005, 0.05)
#: Until when it is fresh, and what the tags were before it was computed.
_HEAD: Final = struct.Struct(">d8s")
_RELEASE: Final = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"

P = ParamSpec("P")
R = TypeVar("R")
_now = time.time


def redis_cache(
    ttl: float | None = None,
    *,
    stale_s: float = 0.0,
    jitter: float = 0.1,
    negative_s: float | None = None,
    wait_s: float = 10.0,
    tags: Tags = (),
    version: int = 1,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorate a function or coroutine function; see ``Policy`` for the times.

    Raise ``version`` whenever the meaning of the answer changes, so that old answers aren't read.
    """
    policy = Policy(ttl, stale_s, jitter, negative_s, wait_s, tags, version)

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        return _decorated(function, _RedisCache(function, policy))

    return decorate


@dataclass(frozen=True, slots=True)
class _Call:
    """One call: its entry, its tags' tokens and its arguments."""

    key: str
    tags: tuple[str, ...]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Found:
    """What Redis said: ``mark`` of the tags, and the ``answer`` (of one) if there is a good one."""

    mark: bytes
    answer: tuple[Any, ...] = ()
    is_fresh: bool = False


class _RedisCache:
    def __init__(self, function: Callable[..., Any], policy: Policy) -> None:
        self.function = function
        self.name = function_name(function)
        self.policy = replace(policy, name=self.name)
        self._key = CallKey(function)
        self.reads = Reads("redis", self.name)
        self.flights = Flights()
        self.claims = Claims()
        self.near = NearCopies(self.name)
        tell("redis", self.policy, self.near)

    @cached_property
    def codec(self) -> Codec:
        # At the first use, when every name of the annotation exists.
        return codec_of(self.function)

    def call(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> _Call:
        key = f"{_PREFIX}:{self.name}:{self.policy.version}:{text_key(self._key.of(args, kwargs))}"
        return _Call(key, self.policy.tags_of(args, kwargs), args, kwargs)

    async def read(self, doing: Doing, args: Any, kwargs: Any) -> Any:
        call = self.call(args, kwargs)
        if is_dirty():
            return await self._computed_apart(doing, call, self.reads.bypass)
        try:
            found = await self._found(doing, call)
        except StoreAwayError:
            found = None
        if found is not None and found.answer:
            return self._served(found, doing, call)
        if is_in_transaction():
            return await self._computed_apart(doing, call, self.reads.bypass)
        return await self._shared(doing, call, found)

    def _served(self, found: _Found, doing: Doing, call: _Call) -> Any:
        if found.is_fresh:
            self.reads.hit()
            return found.answer[0]
        self.reads.stale()
        if not is_in_transaction() and self.claims.take(call.key):

            async def renew(doing: Doing) -> None:
                try:
                    await self._renewed(doing, call, found.mark)
                except StoreAwayError:
                    return
                finally:
                    self.claims.leave(call.key)

            if not doing.renew(renew):
                self.claims.leave(call.key)
        return found.answer[0]

    async def _shared(self, doing: Doing, call: _Call, found: _Found | None) -> Any:
        async def compute() -> Any:
            if found is None:
                return await self._computed_apart(doing, call, self.reads.error)
            try:
                return await self._first_or_waited(doing, call)
            except StoreAwayError:
                return await self._computed_apart(doing, call, self.reads.error)

        flight = (call.key, found.mark if found else b"away")
        value, is_others = await self.flights.shared(flight, doing, compute, wait_s=self.policy.wait_s)
        if is_others:
            self.reads.wait()
        return value

    async def _first_or_waited(self, doing: Doing, call: _Call) -> Any:
        """Compute as the only one of all processes, or wait for the one that does."""
        deadline = time.monotonic() + self.policy.wait_s
        while True:
            found = await self._found(doing, call)
            if found.answer:
                self.reads.wait()
                return found.answer[0]
            token = await self._locked(doing, call, found.mark)
            if token or time.monotonic() >= deadline:
                break
            await doing.sleep(random.uniform(*_POLL_S))
        try:
            if token and (again := await self._found(doing, call)).answer:
                # The holder before us was done between our look and our lock.
                self.reads.wait()
                return again.answer[0]
            self.reads.miss()
            return await self._computed(doing, call, found.mark)
        finally:
            if token:
                await self._released(doing, call, found.mark, token)

    async def _renewed(self, doing: Doing, call: _Call, mark: bytes) -> None:
        token = await self._locked(doing, call, mark)
        if not token:
            return
        try:
            await self._computed(doing, call, mark)
        finally:
            await self._released(doing, call, mark, token)

    async def _computed(self, doing: Doing, call: _Call, mark: bytes) -> Any:
        with self.reads.computing():
            value = await doing.compute(self.function, call.args, call.kwargs)
        spans = self.policy.spans(value)
        if spans is not None:
            await self._kept(doing, call, _HEAD.pack(_now() + spans[0], mark) + self.codec.encode(value), sum(spans))
        return value

    async def _computed_apart(self, doing: Doing, call: _Call, count: Callable[[], None]) -> Any:
        count()
        with self.reads.computing():
            return await doing.compute(self.function, call.args, call.kwargs)

    async def _found(self, doing: Doing, call: _Call) -> _Found:
        """Raises StoreAwayError."""
        await news.tell_untold(doing)
        answers = self.near.get(call.key)
        if answers is None:
            answers = await doing.redis("MGET", call.key, *map(token_key, call.tags))
            self.near.put(call.key, answers)
        body, *tokens = answers
        mark = blake2b(repr(tokens).encode(), digest_size=8).digest()
        if body is None or len(body) < _HEAD.size:
            return _Found(mark)
        fresh_until, its_mark = _HEAD.unpack_from(body)
        if its_mark != mark:
            return _Found(mark)
        try:
            return _Found(mark, (self.codec.decode(body[_HEAD.size :]),), _now() < fresh_until)
        except UNREADABLE:
            # Not ours, or of another version: the next answer replaces it.
            return _Found(mark)

    async def _kept(self, doing: Doing, call: _Call, body: bytes, span_s: float) -> None:
        if len(body) > BYTES_MAX:
            return
        self.near.drop(call.key)
        try:
            await doing.redis("SET", call.key, body, "PX", max(1, round(span_s * 1_000)))
            self.reads.written(len(body))
        except StoreAwayError:
            return

    async def _locked(self, doing: Doing, call: _Call, mark: bytes) -> str:
        """The token of the lock, or "" when somebody else has it."""
        token = secrets.token_hex(8)
        is_mine = await doing.redis("SET", _lock_key(call, mark), token, "NX", "PX", round(LOCK_S * 1_000))
        return token if is_mine else ""

    async def _released(self, doing: Doing, call: _Call, mark: bytes, token: str) -> None:
        try:
            await doing.redis("EVAL", _RELEASE, 1, _lock_key(call, mark), token)
        except StoreAwayError:
            return


def _lock_key(call: _Call, mark: bytes) -> str:
    # What was dropped meanwhile is computed anew, not waited for.
    return f"{call.key}:lock:{mark.hex()}"


def _decorated(function: Callable[..., Any], cache: _RedisCache) -> Callable[..., Any]:
    read = cache.read
    if inspect.iscoroutinefunction(function):

        @wraps(function)
        async def answer_soon(*args: Any, **kwargs: Any) -> Any:
            return await read(ON_LOOP, args, kwargs)

        return answer_soon

    @wraps(function)
    def answer(*args: Any, **kwargs: Any) -> Any:
        return finished(read(IN_THREAD, args, kwargs))

    return answer

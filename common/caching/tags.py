"""Forget by name: what changed something drops every answer that carries its tag, once the change is committed.

Contract   ``invalidate_tags`` inside a transaction takes effect when that commits, and not at all when it is rolled
           back; meanwhile this connection reads past all caches. Afterwards no cache of this process and no Redis
           cache gives an older answer; memory caches of other processes follow within ``NEWS_S``.
Away       What Redis could not be told is kept and told as soon as it answers; until then other processes may serve
           an old answer for as long as its time to live.
How        A dropped tag gets a new number here, a new token in Redis, and an entry in a stream that all processes
           read. An answer is good while its tags are what they were before it was computed.
Bound      ``TAGS_MAX`` dropped tags are remembered; beyond them the oldest count as dropped just now.
"""

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any, Final

from django.db import connection, transaction

from common.caching.clients import StoreAwayError
from common.caching.doing import IN_THREAD, Doing, finished
from common.caching.policy import SPAN_MAX_S
from common.caching.resets import after_fork

NEWS_S: Final = 1.0
TAGS_MAX: Final = 10_000
STREAM: Final = "om:cache:dropped"
_NEWS_MAX: Final = 1_000
_STREAM_MAX: Final = 10_000
_TOKEN_MS: Final = round(SPAN_MAX_S * 1_000)


def invalidate_tags(*tags: str) -> None:
    """Drop the answers that carry one of ``tags``, when the transaction commits, or now without one."""
    if connection.in_atomic_block:
        transaction.on_commit(_Drop(tags), robust=True)
    else:
        drop_now(tags)


def drop_now(tags: Iterable[str]) -> None:
    """Drop whatever the transaction does; for what the database knows nothing of."""
    dropped.note(tags)
    news.tell(tags)


class _Drop:
    # Django reads it when a robust hook fails.
    __qualname__ = "invalidate_tags"

    def __init__(self, tags: tuple[str, ...]) -> None:
        self.tags = tags

    def __call__(self) -> None:
        drop_now(self.tags)


def is_in_transaction() -> bool:
    return bool(connection.in_atomic_block)


def is_dirty() -> bool:
    """Whether this transaction has changed what caches hold."""
    return bool(connection.in_atomic_block) and any(isinstance(hook[1], _Drop) for hook in connection.run_on_commit)


def token_key(tag: str) -> str:
    return f"om:cache:tag:{tag}"


class Dropped:
    """When each tag was last dropped, counted by a number that only grows."""

    def __init__(self) -> None:
        self.number = 0
        self._floor = 0
        self._at: OrderedDict[str, int] = OrderedDict()
        self._lock = threading.Lock()
        after_fork(self._renew_lock)

    def note(self, tags: Iterable[str]) -> None:
        with self._lock:
            self.number += 1
            for tag in tags:
                self._at.pop(tag, None)
                self._at[tag] = self.number
            while len(self._at) > TAGS_MAX:
                self._floor = self._at.popitem(last=False)[1]

    def note_all(self) -> None:
        with self._lock:
            self.number += 1
            self._floor = self.number
            self._at.clear()

    def last(self, tags: Iterable[str]) -> int:
        """The number of the newest drop of any of ``tags``."""
        at, floor = self._at, self._floor
        return max((at.get(tag, floor) for tag in tags), default=0)

    def _renew_lock(self) -> None:
        self._lock = threading.Lock()


class News:
    """What other processes dropped, and telling them what was dropped here."""

    def __init__(self) -> None:
        self._who = secrets.token_hex(8)
        self._position: str | None = None
        self._due_at = 0.0
        self._untold: dict[str, None] = {}
        after_fork(self._be_another)

    def is_due(self) -> bool:
        return time.monotonic() >= self._due_at

    def tell(self, tags: Iterable[str]) -> None:
        self._untold.update(dict.fromkeys(tags))
        for oldest in list(self._untold)[:-TAGS_MAX]:
            del self._untold[oldest]
        finished(self.tell_untold(IN_THREAD))

    async def tell_untold(self, doing: Doing) -> None:
        """Never raises for a Redis that is away."""
        try:
            for tag in list(self._untold):
                await doing.redis("SET", token_key(tag), secrets.token_hex(8), "PX", _TOKEN_MS)
                await doing.redis("XADD", STREAM, "MAXLEN", "~", _STREAM_MAX, "*", "tag", tag, "by", self._who)
                self._untold.pop(tag, None)
        except StoreAwayError:
            return

    async def catch_up(self, doing: Doing) -> None:
        """Note what others dropped since the last time; never raises for a Redis that is away."""
        if not self.is_due():
            return
        self._due_at = time.monotonic() + NEWS_S
        await self.tell_untold(doing)
        try:
            await self._read(doing)
        except StoreAwayError:
            return

    async def _read(self, doing: Doing) -> None:
        if self._position is None:
            newest = await doing.redis("XREVRANGE", STREAM, "+", "-", "COUNT", 1)
            self._position = _text(newest[0][0]) if newest else "0-0"
            dropped.note_all()
            return
        found = await doing.redis("XRANGE", STREAM, f"({self._position}", "+", "COUNT", _NEWS_MAX)
        if not found:
            return
        self._position = _text(found[-1][0])
        if len(found) >= _NEWS_MAX:
            # Some may have left the stream unread.
            self._position = None
            dropped.note_all()
            return
        others = [_text(entry[b"tag"]) for _, entry in found if _text(entry[b"by"]) != self._who]
        dropped.note(others)

    def forget(self) -> None:
        """For tests."""
        self._position, self._due_at = None, 0.0
        self._untold.clear()

    def _be_another(self) -> None:
        self._who = secrets.token_hex(8)


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


dropped: Final = Dropped()
news: Final = News()

"""The stream of frames in Redis, to read."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import redis
from django.conf import settings

from monitoring.engine.frame_text import frame_of
from monitoring.engine.intake import Entry
from monitoring.types import STREAM

TIMEOUT_S: Final = 5.0
#: Entries a round trip.
PAGE: Final = 500


class FrameStream:
    def __init__(self, client: "redis.Redis[bytes]") -> None:
        self._client = client

    def after(self, position: str, count: int) -> list[Entry]:
        """The ``count`` oldest entries after ``position``."""
        return self._read(f"({position}", "+", count)

    def between(self, first: str, last: str) -> Iterator[Entry]:
        """Entries from ``first`` to ``last``, both included; an id without its part after the dash means all of it."""
        while entries := self._read(first, last, PAGE):
            yield from entries
            if len(entries) < PAGE:
                return
            first = f"({entries[-1].id}"

    def begins_after(self, position: str) -> bool:
        """Whether what followed ``position`` may have gone before it was read."""
        oldest = self._read("-", "+", 1)
        return bool(oldest) and _order(oldest[0].id) > _order(position)

    def forget_before(self, moment_ms: int) -> None:
        """Drop what arrived before ``moment_ms``."""
        self._client.xtrim(STREAM, minid=str(moment_ms), approximate=False)

    def _read(self, first: str, last: str, count: int) -> list[Entry]:
        rows: Any = self._client.xrange(STREAM, first, last, count)
        return [Entry(entry_id.decode(), _frame(fields)) for entry_id, fields in rows]


@contextmanager
def frame_stream() -> Iterator[FrameStream]:
    """Raises: redis.RedisError when Redis is away"""
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S) as client:
        yield FrameStream(client)


def _frame(fields: dict[bytes, bytes]) -> Any:
    try:
        return frame_of(fields.get(b"f", b""))
    except ValueError:
        return None


def _order(entry_id: str) -> tuple[int, int]:
    milliseconds, _, number = entry_id.partition("-")
    return int(milliseconds), int(number or 0)

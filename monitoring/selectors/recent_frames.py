"""What the processes told within the last seconds, from Redis.

Contract   One round trip. Redis away: ``None``, which callers tell apart from "nobody told".
Bound      ``WINDOW_S`` seconds of frames; kept for ``KEEP_S`` in the process, so that many readers cost one reading.
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import redis
from django.conf import settings

from monitoring.engine.frame_text import frame_of
from monitoring.types import SITE_HOLD_S, STREAM, Frame, Role

TIMEOUT_S: Final = 0.5
WINDOW_S: Final = SITE_HOLD_S + 2
#: A process that told nothing for longer isn't counted among those of now.
FRESH_S: Final = 4
KEEP_S: Final = 0.5
_FIELD: Final = b"f"


@dataclass(frozen=True, slots=True)
class Recent:
    """The newest frame of each process, that of the site included; ``second`` is the newest among them."""

    second: int | None
    frames: tuple[Frame, ...]

    def age_s(self, now: float) -> float | None:
        return None if self.second is None else max(now - self.second, 0.0)


class _Kept:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.until = 0.0
        self.recent: Recent | None = None


_kept = _Kept()


def recent_frames() -> Recent | None:
    """What is known of the last seconds, or None without Redis."""
    with _kept.lock:
        if time.monotonic() >= _kept.until:
            _kept.recent = _read()
            _kept.until = time.monotonic() + KEEP_S
        return _kept.recent


def forget_recent() -> None:
    """Read anew the next time."""
    _kept.until = 0.0


def _read() -> Recent | None:
    now = time.time()
    try:
        rows: Any = _client(settings.REDIS_URL).xrevrange(STREAM, min=f"{(now - WINDOW_S) * 1000:.0f}")
    except redis.RedisError:
        return None
    return newest_of_each(_frames([fields for _, fields in rows]), now)


def newest_of_each(frames: Sequence[Frame], now: float) -> Recent:
    """The newest frame of each process that still tells."""
    newest: dict[str, Frame] = {}
    for frame in frames:
        if frame.process not in newest or frame.at > newest[frame.process].at:
            newest[frame.process] = frame
    held = [frame for frame in newest.values() if now - frame.at <= _hold_s(frame)]
    told = [frame.at for frame in held if frame.role is not Role.SITE]
    return Recent(max(told, default=None), tuple(held))


def _hold_s(frame: Frame) -> int:
    return SITE_HOLD_S if frame.role is Role.SITE else FRESH_S


def _frames(rows: Sequence[dict[bytes, bytes]]) -> list[Frame]:
    frames = []
    for fields in rows:
        try:
            frames.append(frame_of(fields[_FIELD]))
        except (ValueError, KeyError):
            continue
    return frames


@cache
def _client(url: str) -> "redis.Redis[bytes]":
    return redis.Redis.from_url(url, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S)

"""Frames as processes publish them, and a stream in the test's Redis."""

import os
from collections.abc import Iterable, Mapping
from datetime import datetime

import redis
from django.conf import settings

from monitoring.engine.frame_text import text_of
from monitoring.types import Frame, Role


def frame(
    at: int,
    *,
    process: str = "web-1",
    role: Role = Role.WEB,
    number: int | None = None,
    gauges: Mapping[str, float | None] | None = None,
    counters: Mapping[str, float] | None = None,
) -> Frame:
    """A frame of one second; the number is that of the second unless told."""
    return Frame(
        process=process,
        role=role,
        host="h",
        pid=1,
        boot=f"{process}-boot",
        number=at if number is None else number,
        at=at,
        started_at=float(at),
        seconds=1.0,
        gauges=gauges or {},
        counters=counters or {},
        sketches={},
    )


class Stream:
    """Writes entries with ids of our own choice, as if they had arrived at that moment, into a stream of its own."""

    def __init__(self) -> None:
        self.name = f"om:test:{os.getpid()}:frames"
        self.client = redis.Redis.from_url(settings.REDIS_URL)
        self.client.delete(self.name)
        self._last = (0, 0)

    def add(self, *frames: Frame, late_s: float = 0.2) -> None:
        for one in frames:
            self.add_text(text_of(one), arrived_s=one.at + late_s)

    def add_text(self, text: bytes, *, arrived_s: float) -> None:
        wanted = (int(arrived_s * 1000), 0)
        # Like Redis, which has no id below the newest one.
        self._last = wanted if wanted > self._last else (self._last[0], self._last[1] + 1)
        self.client.xadd(self.name, {"f": text}, id="{}-{}".format(*self._last))

    def cut(self) -> None:
        self.client.delete(self.name)

    def close(self) -> None:
        self.client.delete(self.name)
        self.client.close()


def seconds(start: datetime, count: int) -> Iterable[int]:
    first = int(start.timestamp())
    return range(first, first + count)

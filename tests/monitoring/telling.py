"""Frames as processes tell them, for tests."""

import time
from typing import Any

import redis
from django.conf import settings

from common.metrics.keys import key
from common.metrics.sketch import Sketch
from monitoring.engine.frame_text import text_of
from monitoring.types import CHANNEL, STREAM, Frame, Role

_ROUTE = {"method": "GET", "route": "/x"}


def frame(at: int, *, process: str = "web-h-1", role: Role = Role.WEB, number: int = 1, **fields: Any) -> Frame:
    """Ten requests in a second of a process that began a minute before."""
    values: dict[str, Any] = {
        "process": process,
        "role": role,
        "host": "h",
        "pid": 1,
        "boot": "b",
        "number": number,
        "at": at,
        "started_at": at - 60.0,
        "seconds": 1.0,
        "gauges": {"machine_cpu_ratio": 0.5},
        "counters": {key("http_requests_total", _ROUTE | {"status": "200"}): 10.0},
        "sketches": {key("http_request_seconds", _ROUTE): sketch(0.02, count=10)},
    }
    return Frame(**(values | fields))


def sketch(*values: float, count: int = 1) -> dict[str, Any]:
    made = Sketch()
    for value in values * count:
        made.record(value)
    return made.document()


def tell(*frames: Frame) -> None:
    """Publish them as an agent does."""
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        for one in frames:
            client.xadd(STREAM, {"f": text_of(one)})
            client.publish(CHANNEL, text_of(one))


def now() -> int:
    return int(time.time())


def forget_all() -> None:
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.delete(STREAM)

"""The product's worker with tasks that leak and tasks that leave garbage; for a test."""

import gc
import os
from typing import Any

import redis
from django.conf import settings

from opinion_market.celery import app

__all__ = ["app"]

LEAK_BYTES = 30 * 1024 * 1024
_kept: list[bytearray] = []


def _report(list_name: str, number: int) -> None:
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.rpush(list_name, f"{number}:{os.getpid()}")


@app.task(name="tests.leak")
def leak(list_name: str, number: int) -> None:
    _kept.append(bytearray(os.urandom(1024) * (LEAK_BYTES // 1024)))
    _report(list_name, number)


@app.task(name="tests.litter")
def litter(list_name: str, number: int) -> None:
    # Only the collector finds a cycle, and here it doesn't run by itself.
    gc.disable()
    cycle: dict[str, Any] = {"bytes": bytearray(os.urandom(1024) * (LEAK_BYTES // 1024))}
    cycle["self"] = cycle
    _report(list_name, number)

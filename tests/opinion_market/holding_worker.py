"""The product's worker with a task that runs until it is told to go on; for a test."""

import redis
from django.conf import settings

from opinion_market.celery import app

__all__ = ["app"]

HOLD_S = 60


@app.task(name="tests.hold")
def hold(list_name: str) -> None:
    """One entry of the list lets one task end."""
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.blpop([list_name], timeout=HOLD_S)

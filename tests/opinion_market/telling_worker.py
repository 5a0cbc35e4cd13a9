"""The product's worker with a task that tells when it begins and when it has ended; for a test."""

import redis
from django.conf import settings

from opinion_market.celery import app

__all__ = ["app"]

HOLD_S = 60


@app.task(name="tests.hold_and_tell")
def hold_and_tell(name: str, number: int) -> None:
    """One entry of the list ``name`` lets one task end."""
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.rpush(f"{name}-begun", number)
        client.blpop([name], timeout=HOLD_S)
        client.rpush(f"{name}-ended", number)

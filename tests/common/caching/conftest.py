from collections.abc import AsyncIterator, Iterator

import pytest
import redis
from django.conf import settings

from common.caching import clients
from common.caching.memory_store import forget_memory
from common.caching.metrics import READS
from common.caching.tags import news


@pytest.fixture(autouse=True)
def _new_caches() -> Iterator[None]:
    forget_memory()
    for labels in [labels for labels in READS.children if labels[1].startswith("tests.")]:
        del READS.children[labels]
    news.forget()
    clients.forget_failure()
    yield
    clients.forget_failure()


@pytest.fixture
async def loop_connections() -> AsyncIterator[None]:
    """For tests of coroutines: what they opened is closed with their loop."""
    yield
    await clients.close_async()


@pytest.fixture
def store() -> Iterator["redis.Redis"]:
    """Redis without answers of earlier tests."""
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        for key in client.scan_iter("om:cache:*"):
            client.delete(key)
        yield client


def reads(cache: str, function: str) -> dict[str, float]:
    """How often a function of a test was answered in which way."""
    return {
        outcome: count.value
        for (its_cache, name, outcome), count in READS.children.items()
        if its_cache == cache and name.endswith(function) and count.value
    }

import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from pytest_django import Settings

from accounts.errors import TooManyAttempts
from accounts.services import limits
from accounts.types import Limit

FIVE = Limit("test-five", 5, 900)
NINE = Limit("test-nine", 9, 900)


@pytest.fixture
def key() -> str:
    return uuid.uuid4().hex


@pytest.fixture
def redis_away(settings: Settings) -> Iterator[None]:
    """Point the limits at a server that isn't there."""
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    limits._script.cache_clear()
    yield
    limits._script.cache_clear()
    limits._away_until = 0.0


def _accepted(attempts: int, key: str) -> int:
    start = threading.Barrier(min(attempts, 50), timeout=10)

    def attempt(number: int) -> bool:
        if number < start.parties:
            start.wait()
        return limits.take([(FIVE, key)]).is_allowed

    with ThreadPoolExecutor(start.parties) as pool:
        return sum(pool.map(attempt, range(attempts)))


def _as_another_process() -> None:
    limits._buckets = limits.Buckets()


def test_200_parallel_attempts_never_exceed_the_limit(key: str) -> None:
    assert _accepted(200, key) == 5


def test_the_limit_is_shared_between_processes(key: str) -> None:
    assert _accepted(4, key) == 4
    _as_another_process()
    assert _accepted(200, key) == 1


def test_200_parallel_attempts_never_exceed_the_limit_while_redis_is_away(key: str, redis_away: None) -> None:
    assert _accepted(200, key) == 5


def test_the_limit_stays_used_up_when_redis_goes_away(key: str, settings: Settings) -> None:
    assert _accepted(200, key) == 5
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    limits._script.cache_clear()
    try:
        assert _accepted(200, key) == 0
    finally:
        limits._script.cache_clear()
        limits._away_until = 0.0


def test_an_attempt_takes_from_all_buckets_or_none(key: str) -> None:
    for _ in range(5):
        assert limits.take([(FIVE, key), (NINE, key)]).is_allowed
    assert not limits.take([(FIVE, key), (NINE, key)]).is_allowed
    _as_another_process()
    assert not limits.take([(FIVE, key), (NINE, key)]).is_allowed
    assert limits.take([(NINE, key)]).remaining == 3


def test_remaining_and_retry_after(key: str) -> None:
    assert [limits.take([(FIVE, key)]).remaining for _ in range(5)] == [4, 3, 2, 1, 0]
    refused = limits.take([(FIVE, key)])
    assert (refused.is_allowed, refused.remaining) == (False, 0)
    assert 178 < refused.retry_after_s <= 180


def test_an_attempt_that_was_right_is_given_back(key: str) -> None:
    for _ in range(20):
        assert limits.take([(FIVE, key)]).is_allowed
        limits.give_back([(FIVE, key)])
    assert limits.take([(FIVE, key)]).remaining == 4


def test_giving_back_never_overfills(key: str) -> None:
    limits.give_back([(FIVE, key)], cost=100)
    assert limits.take([(FIVE, key)]).remaining == 4


def test_refusal_says_when_to_come_back(key: str) -> None:
    for _ in range(5):
        limits.check([(FIVE, key)])
    with pytest.raises(TooManyAttempts) as caught:
        limits.check([(FIVE, key)])
    assert caught.value.code == "limit.too_many_attempts"
    assert caught.value.detail == "Too many attempts. Try again in 3 minutes."
    assert caught.value.extra == {"retry_after": 180}


def test_keys_are_stored_as_digests(key: str) -> None:
    limits.take([(FIVE, f"alice@example.org {key}")])
    client = limits.redis.Redis.from_url(limits.settings.REDIS_URL)
    names = [name.decode() for name in client.scan_iter("om:limit:test-five:*")]
    assert names
    assert not [name for name in names if "alice" in name]

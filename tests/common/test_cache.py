import pickle

import pytest
import redis
from django.conf import settings as configured
from django.core.cache import caches
from pytest_django import Settings

from common.caching.metrics import READS


@pytest.fixture
def away(settings: Settings) -> None:
    lost = settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = settings.CACHES | {"default": lost}


def test_a_cache_that_is_away_is_empty(away: None) -> None:
    cache = caches["default"]
    cache.set("a", 1)
    cache.delete_many(["a"])
    assert cache.get("a", "nothing") == "nothing"
    assert cache.get_many(["a"]) == {}
    assert cache.set_many({"a": 1}) == ["a"]
    assert "a" not in cache
    assert not cache.touch("a")
    assert not cache.delete("a")


def test_what_is_allowed_once_is_refused_while_the_cache_is_away(away: None) -> None:
    assert not caches["default"].add("code", "used")


@pytest.mark.redis
def test_a_cache_that_is_there_works() -> None:
    cache = caches["default"]
    cache.delete("test-cache")
    assert cache.add("test-cache", 1)
    assert not cache.add("test-cache", 2)
    assert cache.get("test-cache") == 1


@pytest.mark.redis
def test_reads_are_counted(settings: Settings) -> None:
    cache = caches["default"]
    before = {outcome: READS.of("django", "get", outcome).value for outcome in ("hit", "miss", "error")}
    cache.set("test-cache", None)
    assert cache.get("test-cache", 5) is None
    cache.delete("test-cache")
    assert cache.get("test-cache", 5) == 5
    after = {outcome: READS.of("django", "get", outcome).value - before[outcome] for outcome in before}
    assert after == {"hit": 1, "miss": 1, "error": 0}


class Trap:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return pytest.fail, ("foreign code ran",)


@pytest.mark.redis
@pytest.mark.parametrize("secret_key", [None, "another-key-another-key-another-key-another-key-another"])
def test_only_what_this_site_signed_is_unpickled(settings: Settings, secret_key: str | None) -> None:
    cache = caches["default"]
    cache.set("test-cache", {"user": 5}, 60)
    assert cache.get("test-cache") == {"user": 5}
    if secret_key:
        settings.SECRET_KEY = secret_key
    else:
        with redis.Redis.from_url(configured.REDIS_URL) as client:
            client.set(cache.make_key("test-cache"), b"s" * 20 + pickle.dumps(Trap()))
    assert cache.get("test-cache", "nothing") == "nothing"
    assert cache.get_many(["test-cache"]) == {}

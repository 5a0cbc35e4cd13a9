import pytest
from django.core.cache import caches
from pytest_django import Settings


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

"""Settings that change while the site runs, followed through a real Redis."""

from collections.abc import Iterator

import orjson
import pytest

from common.caching import clients
from common.tuning import reading
from common.tuning.declared import TUNABLES, clamped, spec_of
from common.tuning.reading import KEY, follow, forget, known, look, on_change, tuned


@pytest.fixture(autouse=True)
def _as_declared() -> Iterator[None]:
    forget()
    yield
    clients.client().delete(KEY)
    forget()


def tell(**values: object) -> None:
    clients.client().set(KEY, orjson.dumps(values))
    follow()


def test_names_and_bounds() -> None:
    assert spec_of("http_threads") is TUNABLES["http_threads"]
    assert spec_of("cache_ttl_s:a.b") is TUNABLES["cache_ttl_s"]
    assert spec_of("cache_ttl_s") is None
    assert spec_of("http_threads:a") is None
    assert spec_of("unheard_of") is None
    assert (clamped("http_threads", 1), clamped("http_threads", 8), clamped("http_threads", 999)) == (2, 8, 256)


@pytest.mark.redis
def test_what_was_set_is_followed_and_clamped() -> None:
    assert tuned("http_threads", 32) == 32
    tell(http_threads=16, lock_timeout_ms=1, unheard_of=3)
    assert dict(known.values) == {"http_threads": 16, "lock_timeout_ms": 100}
    tell()
    assert tuned("http_threads", 32) == 32


@pytest.mark.redis
def test_listeners_hear_of_changes_only() -> None:
    heard: list[float | None] = []
    on_change("work_mem_kb", heard.append)
    tell(work_mem_kb=2_048)
    tell(work_mem_kb=2_048, http_threads=4)
    tell(http_threads=4)
    assert heard == [2_048, None]
    reading._listeners["work_mem_kb"].remove(heard.append)


@pytest.mark.redis
def test_nonsense_and_a_lost_key_change_nothing() -> None:
    tell(http_threads=16)
    for text in (b"[", b"[1]", b'{"http_threads": "many"}'):
        clients.client().set(KEY, text)
        follow()
        assert tuned("http_threads", 32) == 16
    clients.client().delete(KEY)
    follow()
    assert tuned("http_threads", 32) == 16


@pytest.mark.redis
def test_a_look_asks_redis_every_two_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[object, ...]] = []
    monkeypatch.setattr(reading, "ask", lambda *command: asked.append(command))
    look()
    look()
    assert asked == [("GET", KEY)]
    known.looked_at -= reading.LOOK_S
    look()
    assert len(asked) == 2

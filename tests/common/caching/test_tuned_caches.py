"""What tuning does to caches."""

import time
from collections.abc import Iterator

import pytest

from common.caching import clients
from common.caching.describing import _ASKED, _HOTTEST, measure
from common.caching.memory_cache import memory_cache
from common.caching.memory_store import sweep_memory
from common.caching.metrics import EVICTIONS
from common.caching.redis_cache import redis_cache
from common.tuning.reading import forget, take

calls: list[int] = []


@pytest.fixture(autouse=True)
def _as_declared() -> Iterator[None]:
    calls.clear()
    forget()
    yield
    forget()


@memory_cache(0)
def uncached(number: int) -> int:
    calls.append(number)
    return number


@memory_cache(60, entries_max=100)
def kept(number: int) -> int:
    calls.append(number)
    return number


@redis_cache(60)
def shared(number: int) -> int:
    calls.append(number)
    return number


def name(function: str) -> str:
    return f"{__name__}.{function}"


def test_a_time_to_live_counts_from_the_next_answer_on() -> None:
    uncached(1)
    uncached(1)
    take({f"cache_ttl_s:{name('uncached')}": 5})
    uncached(1)
    uncached(1)
    assert calls == [1, 1, 1]


def test_fewer_entries_are_kept_and_what_goes_is_counted() -> None:
    for number in range(20):
        kept(number)
    take({f"cache_entries_max:{name('kept')}": 10})
    kept(20)
    assert EVICTIONS.of(name("kept")).value == 11


def test_sweeping_drops_what_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    store = kept.__closure__ and next(
        cell.cell_contents.__self__.store for cell in kept.__closure__ if hasattr(cell.cell_contents, "__self__")
    )
    kept(1)
    before = len(store)
    take({"cleanup_round": 1})
    assert (before, len(store)) == (1, 1)
    later = time.monotonic() + 3_600
    monkeypatch.setattr(time, "monotonic", lambda: later)
    sweep_memory()
    assert len(store) == 0


@pytest.mark.redis
def test_near_copies_spare_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    clients.client().flushdb()
    shared(1)
    take({f"cache_near_s:{name('shared')}": 5})
    shared(1)
    asked: list[object] = []
    monkeypatch.setattr(clients, "ask", lambda *command: asked.append(command))
    assert [shared(1) for _ in range(5)] == [1] * 5
    assert (calls, asked) == ([1], [])


@pytest.mark.redis
def test_the_hottest_key_is_told() -> None:
    clients.client().flushdb()
    measure()
    before = (_HOTTEST.of(name("shared")).value, _ASKED.of(name("shared")).value)
    for number in (1, 1, 1, 1, 2):
        shared(number)
    from_now = time.monotonic() + 20
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "monotonic", lambda: from_now)
        measure()
    after = (_HOTTEST.of(name("shared")).value, _ASKED.of(name("shared")).value)
    # A miss looks again when it has the lock, and once more before it computes.
    assert after[1] - before[1] >= 5
    assert 0.5 < (after[0] - before[0]) / (after[1] - before[1]) < 1

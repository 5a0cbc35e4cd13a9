import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import transaction

from common.caching import memory_cache as module
from common.caching.memory_cache import memory_cache
from common.caching.memory_store import MemoryStore, measure, size_of
from common.caching.metrics import BYTES, COMPUTE, ENTRIES
from common.caching.tags import invalidate_tags
from tests.common.caching.conftest import reads


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(module, "_now", found)
    return found


def until(condition: Callable[[], bool]) -> None:
    done = threading.Event()
    for _ in range(500):
        if condition():
            return
        done.wait(0.01)
    raise AssertionError("it never came true")


def test_an_answer_is_kept_until_its_time_is_over(clock: Clock) -> None:
    calls = []

    @memory_cache(60, jitter=0)
    def kept_a_minute(number: int, factor: int = 2) -> int:
        calls.append(number)
        return number * factor

    assert [kept_a_minute(3), kept_a_minute(3, 2), kept_a_minute(factor=2, number=3)] == [6, 6, 6]
    clock.now += 59.9
    assert kept_a_minute(3) == 6
    assert calls == [3]
    clock.now += 0.1
    assert kept_a_minute(3) == 6
    assert kept_a_minute(True) == 2
    assert calls == [3, 3, True]
    assert reads("memory", "kept_a_minute") == {"hit": 3, "miss": 3}
    assert COMPUTE.of("memory", f"{__name__}.{kept_a_minute.__qualname__}").drain().count == 3


def test_jitter_only_shortens(clock: Clock) -> None:
    @memory_cache(100, jitter=0.5)
    def shortened(number: int) -> list[int]:
        return [number]

    first = [shortened(number) for number in range(200)]
    clock.now += 49
    assert all(shortened(number) is first[number] for number in range(200))
    clock.now += 26
    renewed = sum(shortened(number) is not first[number] for number in range(200))
    assert 50 < renewed < 150
    clock.now += 75
    assert all(shortened(number) is not first[number] for number in range(200))


def test_none_is_kept_only_when_asked_for(clock: Clock) -> None:
    calls = []

    @memory_cache(60)
    def forgetful(name: str) -> str | None:
        calls.append(name)
        return None

    @memory_cache(60, jitter=0, negative_s=5)
    def negative(name: str) -> str | None:
        calls.append(name)
        return None

    assert [forgetful("a"), forgetful("a"), negative("b"), negative("b")] == [None] * 4
    assert calls == ["a", "a", "b"]
    clock.now += 5
    assert negative("b") is None
    assert calls == ["a", "a", "b", "b"]


def test_a_mistake_is_raised_and_not_kept() -> None:
    calls = []

    @memory_cache(60)
    def mistaken() -> int:
        calls.append(1)
        if len(calls) == 1:
            raise ValueError("first")
        return 5

    with pytest.raises(ValueError, match="first"):
        mistaken()
    assert mistaken() == mistaken() == 5
    assert len(calls) == 2


def test_200_threads_compute_once() -> None:
    calls, together = [], threading.Barrier(200)

    @memory_cache(60)
    def crowded(key: str) -> object:
        calls.append(key)
        threading.Event().wait(0.2)
        return object()

    def ask(_: int) -> object:
        together.wait(30)
        return crowded("x")

    with ThreadPoolExecutor(200) as pool:
        answers = set(pool.map(ask, range(200)))
    assert len(answers) == len(calls) == 1
    counted = reads("memory", "crowded")
    assert counted["miss"] == 1
    assert sum(counted.values()) == 200


async def test_200_tasks_compute_once() -> None:
    calls = []

    @memory_cache(60)
    async def crowded_loop(key: str) -> object:
        calls.append(key)
        await asyncio.sleep(0.05)
        return object()

    answers = await asyncio.gather(*(crowded_loop("x") for _ in range(200)))
    assert len({id(answer) for answer in answers}) == len(calls) == 1
    assert reads("memory", "crowded_loop") == {"miss": 1, "wait": 199}
    assert await crowded_loop("x") is answers[0]


async def test_a_waiter_takes_over_when_the_first_is_cancelled() -> None:
    calls = []

    @memory_cache(60)
    async def taken_over() -> int:
        calls.append(1)
        await asyncio.sleep(0.05)
        return len(calls)

    first = asyncio.create_task(taken_over())
    await asyncio.sleep(0)
    others = [asyncio.create_task(taken_over()) for _ in range(5)]
    await asyncio.sleep(0.01)
    first.cancel()
    assert await asyncio.gather(*others) == [2] * 5


def test_waiters_get_the_mistake_of_the_one_who_computed() -> None:
    calls, together = [], threading.Barrier(10)

    @memory_cache(60)
    def failing_together() -> int:
        calls.append(1)
        threading.Event().wait(0.2)
        raise LookupError("nothing there")

    def ask(_: int) -> str:
        together.wait(30)
        try:
            return str(failing_together())
        except LookupError as error:
            return str(error)

    with ThreadPoolExecutor(10) as pool:
        assert set(pool.map(ask, range(10))) == {"nothing there"}
    assert len(calls) == 1


def test_who_waits_too_long_computes() -> None:
    release, started = threading.Event(), threading.Event()

    @memory_cache(60, wait_s=0.05)
    def stuck() -> str:
        if not started.is_set():
            started.set()
            release.wait(30)
            return "late"
        return "own"

    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(stuck)
        started.wait(30)
        assert stuck() == "own"
        release.set()
        assert late.result(30) == "late"


def test_a_function_that_asks_itself_does_not_wait_for_itself() -> None:
    depth = []

    @memory_cache(60)
    def circular(number: int) -> int:
        depth.append(number)
        return circular(number) + 1 if len(depth) < 3 else 0

    assert circular(1) == 2


def test_an_old_answer_is_served_while_one_renews_it(clock: Clock) -> None:
    release, calls = threading.Event(), []

    @memory_cache(10, jitter=0, stale_s=20)
    def renewed() -> int:
        calls.append(1)
        if len(calls) > 1:
            release.wait(30)
        return len(calls)

    assert renewed() == 1
    clock.now += 15
    assert [renewed() for _ in range(50)] == [1] * 50
    until(lambda: len(calls) == 2)
    release.set()
    until(lambda: renewed() == 2)
    assert len(calls) == 2
    assert reads("memory", "renewed")["stale"] >= 50
    clock.now += 30
    assert renewed() == 3


async def test_an_old_answer_is_renewed_on_the_loop(clock: Clock) -> None:
    calls = []

    @memory_cache(10, jitter=0, stale_s=20)
    async def renewed_on_loop() -> int:
        calls.append(1)
        return len(calls)

    assert await renewed_on_loop() == 1
    clock.now += 15
    assert [await renewed_on_loop(), await renewed_on_loop()] == [1, 1]
    await asyncio.sleep(0.01)
    assert await renewed_on_loop() == 2


def test_a_failed_renewal_is_logged_and_the_old_answer_stays(clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    calls = []

    @memory_cache(10, jitter=0, stale_s=20)
    def unlucky() -> int:
        calls.append(1)
        if len(calls) == 2:
            raise LookupError("nothing there")
        return len(calls)

    assert unlucky() == 1
    clock.now += 15
    assert unlucky() == 1
    until(lambda: "an answer could not be renewed" in caplog.text)
    until(lambda: unlucky() == 3)


def test_the_least_recently_used_goes_first() -> None:
    @memory_cache(60, entries_max=2)
    def two_kept(number: int) -> list[int]:
        return [number]

    one, two = two_kept(1), two_kept(2)
    assert two_kept(1) is one
    three = two_kept(3)
    assert (two_kept(1) is one, two_kept(3) is three, two_kept(2) is two) == (True, True, False)


def test_bytes_are_bounded_and_told() -> None:
    store = MemoryStore(entries_max=100, bytes_max=10_000)

    def entry(size: int) -> module.Entry:
        return module.Entry(None, 0.0, 0.0, 0, (), size)

    for number in range(20):
        store.put(number, entry(1_000))
    assert (len(store), store.bytes, store.get(9), store.get(10)) == (10, 10_000, None, entry(1_000))
    store.put(10, entry(500))
    assert store.bytes == 9_500
    store.put(11, entry(20_000))
    assert (len(store), store.bytes, store.get(11)) == (9, 8_500, None)
    measure()
    assert BYTES.of("memory").value == 8_500
    assert ENTRIES.of("memory").value == 9
    store.clear()
    assert store.bytes == 0


@pytest.mark.parametrize(
    "value", [["x" * 100] * 1_000, {n: str(n) for n in range(1_000)}, tuple((n, n) for n in range(1_000))]
)
def test_sizes_are_estimated(value: Any) -> None:
    assert 40_000 < size_of(value) < 250_000


@pytest.mark.django_db(transaction=True)
def test_a_transaction_reads_what_is_kept_but_keeps_nothing() -> None:
    calls = []

    @memory_cache(60)
    def in_transaction(number: int) -> int:
        calls.append(number)
        return len(calls)

    assert in_transaction(1) == 1
    with transaction.atomic():
        assert [in_transaction(1), in_transaction(2), in_transaction(2)] == [1, 2, 3]
    assert in_transaction(2) == 4
    assert reads("memory", "in_transaction") == {"miss": 2, "hit": 1, "bypass": 2}


@pytest.mark.django_db(transaction=True)
def test_tags_are_dropped_by_the_commit_and_not_by_a_rollback(store: object) -> None:
    calls = []

    @memory_cache(60, tags=lambda number: (f"number:{number}",))
    def tagged(number: int) -> int:
        calls.append(number)
        return len(calls)

    assert [tagged(1), tagged(2)] == [1, 2]
    with transaction.atomic():
        invalidate_tags("number:1")
        # Dirty from here on: everything is read anew, and kept by nobody.
        assert [tagged(1), tagged(2)] == [3, 4]
    assert [tagged(1), tagged(2)] == [5, 2]
    with pytest.raises(ValueError), transaction.atomic():  # noqa: PT012
        invalidate_tags("number:1")
        raise ValueError
    assert tagged(1) == 5
    with transaction.atomic():
        with pytest.raises(ValueError), transaction.atomic():  # noqa: PT012
            invalidate_tags("number:1")
            raise ValueError
        assert tagged(1) == 5
    invalidate_tags("number:2")
    assert [tagged(1), tagged(2)] == [5, 6]


@pytest.mark.django_db(transaction=True)
def test_what_was_being_computed_when_its_tag_was_dropped_is_not_kept(store: object) -> None:
    release, started, calls = threading.Event(), threading.Event(), []

    @memory_cache(60, tags=("things",))
    def overtaken() -> int:
        calls.append(1)
        if len(calls) == 1:
            started.set()
            release.wait(30)
            return -1
        return len(calls)

    with ThreadPoolExecutor(1) as pool:
        old = pool.submit(overtaken)
        started.wait(30)
        invalidate_tags("things")
        # Not told to wait for the old computation either.
        assert overtaken() == 2
        release.set()
        assert old.result(30) == -1
    assert overtaken() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("loop_connections")
async def test_async_functions_have_tags_too(store: object) -> None:
    calls = []

    @memory_cache(60, tags=("async things",))
    async def tagged_on_loop() -> int:
        calls.append(1)
        return len(calls)

    assert [await tagged_on_loop(), await tagged_on_loop()] == [1, 1]
    invalidate_tags("async things")
    assert await tagged_on_loop() == 2

import asyncio
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
import redis
from django.conf import settings
from django.db import transaction
from django.test import override_settings

from common.caching import clients
from common.caching import redis_cache as module
from common.caching.memory_cache import memory_cache
from common.caching.redis_cache import redis_cache
from common.caching.tags import invalidate_tags, news
from tests.common.caching.conftest import reads
from tests.common.caching.test_memory_cache import until

pytestmark = pytest.mark.redis


@dataclass(frozen=True)
class Answer:
    number: int
    words: tuple[str, ...]


@pytest.fixture(autouse=True)
def _clean(store: "redis.Redis") -> None:
    """Every test here starts without kept answers."""


def test_an_answer_comes_back_with_its_type(store: "redis.Redis") -> None:
    calls = []

    @redis_cache(60)
    def typed(number: int) -> Answer:
        calls.append(number)
        return Answer(number, ("a", "b"))

    assert [typed(1), typed(number=1)] == [Answer(1, ("a", "b"))] * 2
    assert calls == [1]
    assert reads("redis", "typed") == {"miss": 1, "hit": 1}
    (key,) = store.scan_iter("om:cache:*typed*")
    assert key.startswith(f"om:cache:{__name__}.".encode())
    assert 50_000 < store.pttl(key) <= 60_000
    assert b'{"number":1,"words":["a","b"]}' in store.get(key)  # type: ignore[operator]


@pytest.mark.usefixtures("loop_connections")
async def test_coroutine_functions_share_too() -> None:
    calls = []

    @redis_cache(60)
    async def typed_on_loop(number: int) -> Answer:
        calls.append(number)
        await asyncio.sleep(0.05)
        return Answer(number, ())

    answers = await asyncio.gather(*(typed_on_loop(1) for _ in range(200)))
    assert set(answers) == {Answer(1, ())}
    assert await typed_on_loop(1) == Answer(1, ())
    assert calls == [1]
    counted = reads("redis", "typed_on_loop")
    assert (counted["miss"], sum(counted.values())) == (1, 201)


def test_200_threads_compute_once() -> None:
    calls, together = [], threading.Barrier(200)

    @redis_cache(60)
    def crowded_store(key: str) -> int:
        calls.append(key)
        threading.Event().wait(0.2)
        return len(calls)

    def ask(_: int) -> int:
        together.wait(30)
        return crowded_store("x")

    with ThreadPoolExecutor(200) as pool:
        assert set(pool.map(ask, range(200))) == {1}
    counted = reads("redis", "crowded_store")
    assert counted["miss"] == 1
    assert sum(counted.values()) == 200


@pytest.mark.slow
def test_four_processes_compute_once(store: "redis.Redis") -> None:
    command = [sys.executable, "-m", "tests.common.caching.asker"]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "opinion_market.settings.test"}
    asking = [
        subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    for process in asking:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in asking:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    told = [json.loads(process.communicate(timeout=60)[0]) for process in asking]
    assert sum(one["computed"] for one in told) == 1
    assert [one["answers"] for one in told] == [["the answer"]] * 4
    assert sum(sum(one["reads"].values()) for one in told) == 200


def test_an_old_answer_is_served_while_one_renews_it(monkeypatch: pytest.MonkeyPatch) -> None:
    ahead_s, calls = [0.0], []
    monkeypatch.setattr(module, "_now", lambda: time.time() + ahead_s[0])

    @redis_cache(10, jitter=0, stale_s=20)
    def renewed_store() -> int:
        calls.append(1)
        return len(calls)

    assert renewed_store() == 1
    ahead_s[0] = 15
    assert renewed_store() == 1
    until(lambda: renewed_store() == 2)
    assert len(calls) == 2


@pytest.mark.django_db(transaction=True)
def test_tags_are_dropped_by_the_commit(store: "redis.Redis") -> None:
    calls = []

    @redis_cache(60, tags=lambda number: (f"number:{number}",))
    def tagged_store(number: int) -> int:
        calls.append(number)
        return len(calls)

    assert [tagged_store(1), tagged_store(2), tagged_store(1)] == [1, 2, 1]
    with transaction.atomic():
        invalidate_tags("number:1")
        assert tagged_store(1) == 3
    assert [tagged_store(1), tagged_store(2), tagged_store(1)] == [4, 2, 4]
    with transaction.atomic():
        assert [tagged_store(1), tagged_store(3)] == [4, 5]
    assert tagged_store(3) == 6


def test_another_version_is_another_answer() -> None:
    def made(version: int) -> Callable[[], int]:
        @redis_cache(60, version=version)
        def versioned() -> int:
            return version

        return versioned

    assert [made(1)(), made(2)(), made(1)()] == [1, 2, 1]


def test_what_is_not_ours_is_computed_anew(store: "redis.Redis") -> None:
    @redis_cache(60)
    def damaged() -> int:
        return 7

    assert damaged() == 7
    (key,) = store.scan_iter("om:cache:*damaged*")
    for text in (b"", b"nonsense that is long enough", store.get(key)[:16] + b'j"text"'):  # type: ignore[index]
        store.set(key, text)
        assert damaged() == 7
    assert reads("redis", "damaged")["miss"] == 4


def test_a_very_long_answer_is_not_kept(store: "redis.Redis") -> None:
    @redis_cache(60)
    def endless() -> str:
        return os.urandom(module.BYTES_MAX).hex()

    assert endless() != endless()


def test_a_lock_left_behind_delays_and_no_more(store: "redis.Redis") -> None:
    calls = []

    @redis_cache(60, wait_s=0.2)
    def locked_out() -> int:
        calls.append(1)
        return len(calls)

    mark = module.blake2b(b"[]", digest_size=8).hexdigest()
    (key,) = (f"{module._PREFIX}:{__name__}.{locked_out.__qualname__}:1:{module.text_key(())}:lock:{mark}",)
    store.set(key, "somebody who died", px=30_000)
    assert locked_out() == 1
    assert locked_out() == 1
    assert store.get(key) == b"somebody who died"


@override_settings(REDIS_URL="unix:///nowhere/redis.sock")
def test_without_redis_everything_is_computed() -> None:
    calls = []

    @redis_cache(60)
    def alone(number: int) -> int:
        calls.append(number)
        return number

    clients.client.cache_clear()
    try:
        assert [alone(1), alone(1)] == [1, 1]
        invalidate_tags("whatever")
    finally:
        clients.client.cache_clear()
    assert calls == [1, 1]
    assert reads("redis", "alone") == {"error": 2}


@override_settings(REDIS_URL="unix:///nowhere/redis.sock")
@pytest.mark.usefixtures("loop_connections")
async def test_without_redis_coroutines_compute_once_a_process() -> None:
    calls = []

    @redis_cache(60)
    async def alone_on_loop() -> int:
        calls.append(1)
        await asyncio.sleep(0.02)
        return len(calls)

    assert await asyncio.gather(*(alone_on_loop() for _ in range(50))) == [1] * 50
    assert reads("redis", "alone_on_loop") == {"error": 1, "wait": 49}


def test_what_redis_was_not_told_is_told_later(store: "redis.Redis") -> None:
    @redis_cache(60, tags=("late",))
    def told_late() -> str:
        return os.urandom(8).hex()

    first = told_late()
    clients._away_until = time.monotonic() + 60
    invalidate_tags("late")
    clients.forget_failure()
    assert told_late() != first


def test_a_full_redis_costs_the_cache_only(store: "redis.Redis") -> None:
    @redis_cache(60)
    def refused() -> int:
        return 5

    store.config_set("maxmemory", "1")
    try:
        assert [refused(), refused()] == [5, 5]
    finally:
        store.config_set("maxmemory", "256mb")
    assert reads("redis", "refused") == {"error": 2}


def test_news_of_another_process_reach_the_memory_caches(store: "redis.Redis") -> None:
    calls = []

    @memory_cache(60, tags=("news",))
    def informed() -> int:
        calls.append(1)
        return len(calls)

    assert [informed(), informed()] == [1, 1]
    with redis.Redis.from_url(settings.REDIS_URL) as other:
        other.xadd("om:cache:dropped", {"tag": "news", "by": "another process"})
    assert informed() == 1
    news._due_at = 0.0
    assert informed() == 2
    news._due_at = 0.0
    assert informed() == 2

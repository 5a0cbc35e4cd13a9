"""Twenty-two sicknesses of a real system, each seeded and taken away again.

A fault is a context manager: inside it the site is sick. It says which rule has to find it, and of what.
"""

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson
import psycopg
from django.conf import settings
from django.db import connection
from django.test import override_settings

from common import clock
from common.caching import clients
from common.caching.describing import _Clock
from common.caching.memory_cache import memory_cache
from common.caching.redis_cache import redis_cache
from common.request_context import RequestContext, current
from common.request_log import _count_repeats
from common.tuning.reading import take
from monitoring.optimizer.models import Tunable
from monitoring.realtime.agent import Agent
from monitoring.types import Role, SeriesKey
from tests.monitoring.stored import store

Sickness = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class Fault:
    rule: str
    subject: str
    sickness: Sickness


FAULTS: dict[str, Fault] = {}


def fault(rule: str, subject: str) -> Callable[[Callable[[], Iterator[None]]], Sickness]:
    def declare(seed: Callable[[], Iterator[None]]) -> Sickness:
        sickness = contextmanager(seed)
        FAULTS[seed.__name__] = Fault(rule, subject, sickness)
        return sickness

    return declare


def sql(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        # What was counted is told at the end of a transaction, once a second at most.
        cursor.execute("SELECT pg_stat_force_next_flush()")


def forget_statements() -> None:
    """What statements of this database were counted; other tests count those of theirs meanwhile."""
    sql("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
    sql("SELECT pg_stat_statements_reset(0, oid, 0) FROM pg_database WHERE datname = current_database()")


@contextmanager
def table(columns: str = "id serial PRIMARY KEY, trader int, note text", rows: int = 0) -> Iterator[None]:
    sql(f"CREATE TABLE fault_table ({columns})")
    try:
        if rows:
            made = f"SELECT i % 500, 'note ' || i FROM generate_series(1, {rows}) i"
            sql(f"INSERT INTO fault_table (trader, note) {made}", "ANALYZE fault_table")
        yield
    finally:
        sql("DROP TABLE fault_table")


def publish() -> None:
    """Tell Redis what this process has counted."""
    _Clock.read_at = float("-inf")
    _agent().beat(shortest_s=0.0)


@cache
def _agent() -> Agent:
    # One, because each counts from its beginning.
    return Agent(Role.WEB, url=settings.REDIS_URL, data_dir=settings.DATA_DIR)


def measured(**values: float) -> None:
    now = int(clock.now().timestamp())
    store({now - 10: {SeriesKey(name): value for name, value in values.items()}})


def connected() -> Any:
    values = connection.get_connection_params()
    values = {name: value for name, value in values.items() if name not in ("cursor_factory", "context")}
    return psycopg.connect(**values)


@fault("missing_index", "fault_table(trader)")
def missing_index() -> Iterator[None]:
    with table(rows=220_000):
        for number in range(25):
            sql(f"SELECT count(note) FROM fault_table WHERE trader = {number}")
        yield


@fault("n_plus_one", "GET /fault")
def n_plus_one() -> Iterator[None]:
    for _ in range(4):
        context = RequestContext()
        token = current.set(context)
        with connection.cursor() as cursor:
            for number in range(15):
                cursor.execute('SELECT "id" FROM "markets_market" WHERE "topic_id" = %s', [number])
        current.reset(token)
        _count_repeats("GET", "/fault", context)
    publish()
    yield


@memory_cache(0)
def short_lived(number: int) -> int:
    time.sleep(0.004)
    return number


@fault("short_ttl", "short_lived")
def short_ttl() -> Iterator[None]:
    for _ in range(20):
        short_lived(1)
    publish()
    yield


@redis_cache(60)
def hot_answer(number: int) -> int:
    return number


@fault("hot_key", "hot_answer")
def hot_key() -> Iterator[None]:
    for number in range(600):
        hot_answer(number % 20 if number % 10 == 0 else 7)
    publish()
    yield


@memory_cache(60, entries_max=20)
def crowded(number: int) -> int:
    return number


@fault("small_cache", "crowded")
def small_cache() -> Iterator[None]:
    for number in range(300):
        crowded(number % 60)
    publish()
    yield


@redis_cache(60)
def heavy_answer(number: int) -> list[str]:
    return [secrets.token_hex(500) for _ in range(600)]


@fault("large_payload", "heavy_answer")
def large_payload() -> Iterator[None]:
    for number in range(3):
        heavy_answer(number)
    publish()
    yield


@fault("full_store", "redis")
def full_store() -> Iterator[None]:
    client = clients.client()
    client.config_set("maxmemory", int(client.info()["used_memory"] * 1.05))
    try:
        yield
    finally:
        client.config_set("maxmemory", 0)


@fault("unused_index", "fault_unused")
def unused_index() -> Iterator[None]:
    with table(rows=40_000):
        sql("CREATE INDEX fault_unused ON fault_table (note)", "VACUUM ANALYZE fault_table")
        sql(
            "DO $$ DECLARE n int; BEGIN FOR i IN 1..1500 LOOP "
            "SELECT trader INTO n FROM fault_table WHERE id = i; END LOOP; END $$"
        )
        yield


@fault("duplicate_index", "fault_twin")
def duplicate_index() -> Iterator[None]:
    with table(rows=60_000):
        sql(
            "CREATE INDEX fault_first ON fault_table (trader, id)",
            "CREATE INDEX fault_twin ON fault_table (trader, id)",
        )
        sql("ANALYZE fault_table")
        yield


@fault("invalid_index", "fault_invalid")
def invalid_index() -> Iterator[None]:
    with table(rows=1_000), connected() as other:
        other.autocommit = True
        try:
            other.execute("CREATE UNIQUE INDEX CONCURRENTLY fault_invalid ON fault_table (trader)")
        except psycopg.errors.UniqueViolation:
            pass
        other.close()
        yield


@fault("bloat", "fault_table")
def bloat() -> Iterator[None]:
    with table(rows=20_000):
        sql("UPDATE fault_table SET note = 'new'")
        yield


@fault("stale_statistics", "fault_table")
def stale_statistics() -> Iterator[None]:
    with table(rows=1_000):
        sql("INSERT INTO fault_table (trader) SELECT i FROM generate_series(1, 20000) i")
        yield


@fault("lock_convoy", "locks")
def lock_convoy() -> Iterator[None]:
    with table(rows=10), ExitStack() as stack:
        holder = stack.enter_context(connected())
        holder.execute("UPDATE fault_table SET note = 'held' WHERE id = 1")
        others = [stack.enter_context(connected()) for _ in range(4)]
        threads = [threading.Thread(target=_wait_for_row, args=[other]) for other in others]
        for thread in threads:
            thread.start()
        _until("SELECT count(*) = 4 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%''got''%'")
        time.sleep(0.3)
        try:
            yield
        finally:
            holder.rollback()
            for thread in threads:
                thread.join(10)


def _until(question: str) -> None:
    """A thread may start late on a busy machine."""
    deadline = time.monotonic() + 60
    with connection.cursor() as cursor:
        while cursor.execute(question) and not cursor.fetchone()[0]:
            assert time.monotonic() < deadline, question
            time.sleep(0.02)


def _wait_for_row(other: Any) -> None:
    other.execute("UPDATE fault_table SET note = 'got' WHERE id = 1")
    other.rollback()


@fault("idle_in_transaction", "idle")
def idle_in_transaction() -> Iterator[None]:
    with connected() as other:
        other.execute("SELECT 1")
        time.sleep(0.4)
        yield
        other.rollback()


@fault("runaway_statement", "pid")
def runaway_statement() -> Iterator[None]:
    with connected() as other:
        thread = threading.Thread(target=_sleep, args=[other])
        thread.start()
        _until("SELECT count(*) = 1 FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(30)' AND state = 'active'")
        time.sleep(0.5)
        yield
        other.cancel()
        thread.join(10)
        other.rollback()


def _sleep(other: Any) -> None:
    try:
        other.execute("SELECT pg_sleep(30)")
    except psycopg.errors.QueryCanceled:
        return


@fault("slow_statement", "")
def slow_statement() -> Iterator[None]:
    for _ in range(5):
        sql("SELECT pg_sleep(0.11), 'fault'")
    yield


@fault("spill", "work_mem")
def spill() -> Iterator[None]:
    sql("SET work_mem = '64kB'")
    try:
        sql("SELECT count(*) FROM (SELECT md5(i::text) FROM generate_series(1, 200000) i ORDER BY 1 OFFSET 0) x")
        yield
    finally:
        sql("RESET work_mem")


@fault("small_pool", "http_threads")
def small_pool() -> Iterator[None]:
    measured(thread_pool_lag=180.0, cpu_usage=35.0, db_connections=40.0)
    yield


@fault("too_many_connections", "http_threads")
def too_many_connections() -> Iterator[None]:
    measured(db_connections=185.0)
    yield


@fault("memory_growth", "memory_collect_mb")
def memory_growth() -> Iterator[None]:
    publish()
    # This process holds more than nine tenths of as many MiB.
    with override_settings(MEMORY_THRESHOLD_MB=120):
        yield


@fault("starved_queue", "jobs")
def starved_queue() -> Iterator[None]:
    key, client = "om:celery:jobs", clients.client()
    client.lpush(key, orjson.dumps({"headers": {"sent_at": time.time() - 90}}))
    Tunable.objects.create(name="worker_prefetch", value=8, changed_at=clock.now())
    try:
        yield
    finally:
        client.delete(key)
        Tunable.objects.all().delete()
        take({})


@fault("slow_sockets", "broadcast_interval_s")
def slow_sockets() -> Iterator[None]:
    measured(frames_dropped=25.0, event_loop_lag=240.0, sockets=300.0)
    yield

"""What tuning does to a running process: threads, sessions of the database, prefetch, statements that repeat."""

import asyncio
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from common import memory_monitor
from common.memory_monitor import MemoryMonitor
from common.request_context import RequestContext, current
from common.request_log import _count_repeats, _repeated, _repeating
from common.statements import short_statement
from common.tuning.reading import forget, take
from monitoring.realtime import dashboard_hub
from opinion_market import http_bridge, memory
from opinion_market.http_bridge import HttpBridge
from opinion_market.prefetch import reserve
from tests.opinion_market.test_http_bridge import Client, echo, scope

MIB = 1_024 * 1_024


@pytest.fixture(autouse=True)
def _as_declared() -> Iterator[None]:
    forget()
    yield
    forget()


def test_new_requests_go_to_threads_of_the_new_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_bridge, "RETIRE_S", 0.0)
    bridge = HttpBridge(echo, body_max_bytes=100, threads=2)
    asyncio.run(bridge(scope(), (client := Client(b"hi")).receive, client.send))
    old = bridge._pool
    bridge.resize(5)
    asyncio.run(bridge(scope(), (client := Client(b"ho")).receive, client.send))
    assert (client.body, bridge._pool.count) == (b"ho", 5)
    until = time.monotonic() + 5
    while not old.is_closed and time.monotonic() < until:
        time.sleep(0.01)
    assert old.is_closed
    bridge.resize(None)
    assert bridge._pool.count == 2
    asyncio.run(bridge.shutdown())
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer):
            thread.join(5)


def shown(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {name}")
        return str(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_a_thread_takes_new_limits_before_its_next_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "application_name", "opinion-market-web")
    before = shown("statement_timeout")
    take({"statement_timeout_ms": 4_321, "work_mem_kb": 2_048})
    connection.health_check_done = False
    assert (shown("statement_timeout"), shown("work_mem")) == ("4321ms", "2MB")
    take({})
    connection.health_check_done = False
    assert shown("statement_timeout") == before


@pytest.mark.django_db(transaction=True)
def test_a_new_round_opens_a_new_connection() -> None:
    pid = shown_pid()
    take({"reconnect_round": 1})
    connection.health_check_done = False
    assert shown_pid() != pid
    assert shown_pid() == shown_pid()


def shown_pid() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


class Qos:
    value = 4

    def increment_eventually(self, more: int) -> None:
        self.value += more

    def decrement_eventually(self, less: int) -> None:
        self.value -= less


def test_a_worker_reserves_more_or_fewer() -> None:
    consumer: Any = type("Consumer", (), {"qos": Qos(), "pool": type("Pool", (), {"num_processes": 4})()})()
    take({"worker_prefetch": 3})
    reserve(consumer)
    assert consumer.qos.value == 12
    take({"worker_prefetch": 1})
    reserve(consumer)
    assert consumer.qos.value == 4


@pytest.mark.django_db
def test_one_statement_for_each_of_many_things_is_counted() -> None:
    context = RequestContext()
    token = current.set(context)
    for number in range(12):
        with connection.cursor() as cursor:
            cursor.execute('SELECT id FROM "markets_market" WHERE "id" = %s', [number])
    current.reset(token)
    _count_repeats("GET", "/n-plus-one", context)
    labels = ("GET", "/n-plus-one", "SELECT markets_market by id")
    assert (_repeated.of(*labels).value, _repeating.of(*labels).value) == (12, 1)


def test_statements_are_told_in_a_few_words() -> None:
    text = 'SELECT "a"."id" FROM "trading_order" WHERE ("trading_order"."market_id" = %s AND "status" IN (%s, %s))'
    assert short_statement(text) == "SELECT trading_order by market_id, status"
    assert short_statement("UPDATE x SET a = 1") == "UPDATE x"
    assert short_statement("") == "? ?"


def test_a_process_collects_and_a_child_is_replaced_earlier(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.MEMORY_THRESHOLD_MB = 100
    size, collected = [90 * MIB], []
    monkeypatch.setattr(memory_monitor, "resident_bytes", lambda: size[0])
    monitor = MemoryMonitor(100 * MIB, measure=lambda: size[0], collect=lambda: collected.append(1))
    assert monitor.bytes_needed() == 90 * MIB
    assert collected == []
    take({"memory_collect_mb": 80})
    assert not monitor.is_above()
    assert not monitor.is_above()
    # It rests in between.
    assert collected == [1]
    monkeypatch.setattr(memory, "MemoryMonitor", lambda *_, **__: monitor)
    monkeypatch.setattr(memory.pool, "mem_rss", None, raising=False)
    memory._watch_child()
    limit_kib = 100 * 1_024
    assert memory.pool.mem_rss() == 90 * 1_024
    take({"memory_recycle_mb": 85})
    assert memory.pool.mem_rss() > limit_kib
    take({})
    assert memory.pool.mem_rss() <= limit_kib


def test_dashboards_are_told_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    hub, given = dashboard_hub.Hub(), []
    monkeypatch.setattr(hub.seconds, "take", lambda second: ["a frame"])
    monkeypatch.setattr(dashboard_hub, "current_thresholds", dict)
    told = lambda second, *_, every_s: given.append((second, every_s)) or "text"  # noqa: E731
    monkeypatch.setattr(dashboard_hub.live_frames, "metrics", told)
    for second in range(100, 104):
        hub.give(second)
    take({"dashboard_interval_s": 5})
    for second in range(104, 116):
        hub.give(second)
    assert given == [(100, 1), (101, 1), (102, 1), (103, 1), (105, 5), (110, 5), (115, 5)]

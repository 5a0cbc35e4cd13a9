from collections.abc import Iterator

import orjson
import pytest
import redis
from django.conf import settings

from monitoring.engine.exposition import Family, Process, Published
from monitoring.selectors import exposition

pytestmark = pytest.mark.redis


@pytest.fixture(autouse=True)
def client(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[redis.Redis]:
    """Keys of this test's own: the suite shares one Redis."""
    prefix = f"test:{request.node.nodeid}:"
    for name in ("TOTALS", "META", "PROCESSES", "PROCESS_PREFIX"):
        monkeypatch.setattr(exposition, name, prefix + name)
    with redis.Redis.from_url(settings.REDIS_URL) as found:
        yield found
        found.delete(*found.keys(f"{prefix}*") or ["nothing"])


def process(name: str) -> bytes:
    document = {"process": name, "role": "web", "host": "h", "boot": "1", "at": 9, "started_at": 5, "gauges": {"g": 1}}
    return orjson.dumps(document)


def test_what_was_pushed_is_read_in_one_go(client: redis.Redis) -> None:
    key = 'a_total{b="line\\nfeed"}'
    client.hset(exposition.TOTALS, mapping={key: "2"})
    meta = orjson.dumps({"type": "counter", "help": "Two\nlines.", "merge": "sum"})
    client.hset(exposition.META, "a_total", meta)
    client.zadd(exposition.PROCESSES, {"web-1": 9, "gone": 1})
    client.set(f"{exposition.PROCESS_PREFIX}web-1", process("web-1"))
    assert exposition.published_metrics() == Published(
        families={"a_total": Family("a_total", "counter", "Two\nlines.", "sum")},
        totals={key: "2"},
        processes=[Process("web-1", "web", "h", 5, {"g": 1})],
    )


def test_nothing_pushed_is_nothing_published() -> None:
    assert exposition.published_metrics() == Published({}, {}, [])


def test_a_process_that_stopped_pushing_is_gone(client: redis.Redis) -> None:
    client.zadd(exposition.PROCESSES, {"web-1": 9})
    client.set(f"{exposition.PROCESS_PREFIX}web-1", process("web-1"), px=1)
    while client.exists(f"{exposition.PROCESS_PREFIX}web-1"):
        pass
    assert exposition.published_metrics().processes == []

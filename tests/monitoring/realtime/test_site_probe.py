import time
from collections.abc import Iterator
from types import SimpleNamespace

import orjson
import pytest
import redis
from django.db import connection

from monitoring.engine.derive import derive
from monitoring.engine.frame_text import frame_of
from monitoring.realtime.publication import Publication
from monitoring.realtime.site_probe import SiteProbe
from monitoring.selectors import site_gauges as asked
from monitoring.selectors.site_gauges import MEANINGS, QUEUE_PREFIX, site_gauges
from monitoring.types import META, PROCESS_PREFIX, STREAM, Role, SeriesKey
from tests.factories.trading import funded_alice, live_market, place

pytestmark = [pytest.mark.redis, pytest.mark.django_db]


@pytest.fixture
def url(settings: SimpleNamespace) -> str:
    joint = "&" if "?" in settings.REDIS_URL else "?"
    settings.REDIS_URL = f"{settings.REDIS_URL}{joint}db=9"
    return settings.REDIS_URL


@pytest.fixture
def client(url: str) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(url) as client:
        client.flushdb()
        yield client
        client.flushdb()


def message(**headers: object) -> bytes:
    return orjson.dumps({"body": "", "headers": headers, "properties": {}})


def test_the_site_is_told_as_a_frame(client: redis.Redis, url: str) -> None:
    place(funded_alice(), live_market(), price=0.5, shares=10)
    SiteProbe(url).probe()
    ((_, fields),) = client.xrange(STREAM)
    told = frame_of(fields[b"f"])
    assert (told.process, told.role, told.boot, told.number) == ("site", Role.SITE, "site", told.at)
    values = derive([told])
    names = {name for (name, _), value in values.items() if value is not None}
    assert names >= {"open_markets", "book_depth", "active_traders", "ledger_check", "settlement_lag", "queue_age"}
    assert names >= {"db_connections", "redis_memory", "redis_clients", "redis_operations", "queue_length"}
    told_of = [values[SeriesKey(name)] for name in ("open_markets", "book_depth", "active_traders", "ledger_check")]
    assert told_of == [1, 5, 1, 1]
    assert values[SeriesKey("health_score")] == 100
    assert client.ttl(PROCESS_PREFIX + "site") > 5
    assert set(client.hkeys(META)) == {name.encode() for name in MEANINGS}


def test_a_second_probe_in_the_same_second_adds_nothing(client: redis.Redis, url: str) -> None:
    probe = SiteProbe(url)
    told = probe.probe()
    assert not Publication(url).publish(told, {})
    assert client.xlen(STREAM) == 1


def test_the_oldest_waiting_task_tells_the_age_of_its_queue(client: redis.Redis) -> None:
    now = time.time()
    assert site_gauges(now)["queue_age_seconds"] == 0
    client.lpush(f"{QUEUE_PREFIX}celery", message(sent_at=now - 40), message(sent_at=now - 3))
    client.lpush(f"{QUEUE_PREFIX}jobs", message(sent_at=now - 50))
    gauges = site_gauges(now)
    assert (gauges["queue_length"], gauges["queue_age_seconds"]) == (3, pytest.approx(50))


def test_a_task_that_does_not_say_when_it_was_sent_makes_the_age_unknown(client: redis.Redis) -> None:
    client.lpush(f"{QUEUE_PREFIX}celery", message())
    gauges = site_gauges(time.time())
    assert (gauges["queue_length"], gauges["queue_age_seconds"]) == (1, None)


def test_what_is_away_is_unknown_and_the_rest_is_told(settings: SimpleNamespace) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    gauges = site_gauges(time.time())
    assert gauges["redis_memory_bytes"] is None
    assert gauges["queue_age_seconds"] is None
    assert gauges["open_markets"] == 0


def test_a_question_that_fails_leaves_the_others(client: redis.Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> float:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        return 0.0

    monkeypatch.setattr(asked.exchange_pulse, "resting_credits", fail)
    gauges = site_gauges(time.time())
    assert gauges["book_depth_credits"] is None
    assert (gauges["open_markets"], gauges["ledger_check"], gauges["queue_length"]) == (0, 1, 0)

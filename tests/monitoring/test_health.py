"""The probes and the page of health: what decides, what is only told, and to whom."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from common.draining import begin_draining, stop_draining
from common.version import VERSION
from monitoring.models import IngestPosition
from monitoring.selectors import parts
from monitoring.types import Role
from tests.monitoring.api.conftest import _nothing_remembered, alice, ana  # noqa: F401
from tests.monitoring.telling import forget_all, frame, now, tell
from tests.trading.api.conftest import Api

NOWHERE = "unix:///nowhere.sock"


def test_health_touches_no_database(client: Client) -> None:
    answer = client.get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert client.get("/health/").status_code == 200


@pytest.mark.django_db
def test_ready_names_every_part(client: Client) -> None:
    answer = client.get("/ready")
    assert answer.json() == {"status": "ready", "parts": {"database": "ok", "redis": "ok"}}
    assert answer.status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp() - at < interval '1 minute' FROM monitoring_writeprobe")
        assert cursor.fetchall() == [(True,)]


@pytest.mark.django_db
def test_without_redis_the_site_is_ready_and_says_so(client: Client, settings: Any) -> None:
    settings.REDIS_URL = NOWHERE
    answer = client.get("/ready/")
    assert answer.json() == {"status": "ready", "parts": {"database": "ok", "redis": "degraded"}}
    assert answer.status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_database_that_takes_no_writes_is_not_ready(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")
        answer = client.get("/ready")
        cursor.execute("SET default_transaction_read_only = off")
    assert answer.status_code == 503
    assert answer.json() == {"status": "not ready", "parts": {"database": "read only", "redis": "ok"}}


@pytest.mark.django_db
def test_a_migration_that_is_missing_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitoring.selectors.parts.MigrationExecutor.migration_plan", lambda *_: ["one"])
    answer = client.get("/ready")
    assert (answer.status_code, answer.json()["parts"]["database"]) == (503, "migrations pending")


@pytest.mark.django_db
def test_probing_often_writes_once_a_second(client: Client, django_assert_num_queries: Any) -> None:
    client.get("/ready")
    with django_assert_num_queries(0):
        assert client.get("/ready").status_code == 200


@pytest.mark.django_db
@pytest.mark.redis
def test_everybody_learns_a_word_and_staff_the_rest(client: Client, ana: Api, alice: Api) -> None:  # noqa: F811
    forget_all()
    roles = (Role.WEB, Role.WORKER, Role.BEAT)
    tell(*[frame(now(), process=f"{role.value}-h-1", role=role) for role in roles])
    IngestPosition.objects.create(stream="om:metrics:frames", position=f"{now() * 1000}-0")
    answer = client.get("/api/v1/health")
    document = answer.json()
    assert (answer.status_code, document["status"], document["version"]) == (200, "ok", VERSION)
    every = {"database", "redis", "web", "worker", "beat", "measurements"}
    assert document["parts"] == dict.fromkeys(every, "ok")
    assert set(document) == {"status", "version", "at", "parts"}
    assert set(alice.get("/health").json()) == set(document)
    told = ana.get("/health").json()
    assert set(told["ages"]) == {"measurements", "web", "worker", "beat"}
    assert all(0 <= age < 5 for age in told["ages"].values())
    assert sorted(one["process"] for one in told["processes"]) == ["beat-h-1", "web-h-1", "worker-h-1"]
    forget_all()


@pytest.mark.django_db
def test_silence_degrades_and_a_lost_database_is_down(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.REDIS_URL = NOWHERE
    document = client.get("/api/v1/health").json()
    assert document["status"] == "degraded"
    assert document["parts"] == {
        "database": "ok",
        "redis": "degraded",
        "web": "unknown",
        "worker": "unknown",
        "beat": "unknown",
        "measurements": "silent",
    }
    settings.METRICS_ENABLED = False
    assert client.get("/api/v1/health").json()["parts"]["worker"] == "off"
    monkeypatch.setattr(parts, "migrations_state", lambda: "down")
    answer = client.get("/api/v1/health")
    assert (answer.status_code, answer.json()["status"]) == (503, "down")


def test_the_version_is_that_of_the_project(project_dir: Path) -> None:
    with (project_dir / "pyproject.toml").open("rb") as file:
        assert tomllib.load(file)["project"]["version"] == VERSION


def test_a_process_that_is_about_to_end_is_not_ready(client: Client) -> None:
    begin_draining()
    try:
        answer = client.get("/ready")
        assert (answer.status_code, answer.json()) == (503, {"status": "draining"})
        assert client.get("/health").status_code == 200
    finally:
        stop_draining()

"""What the API says of now and of the past."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.types import Role as People
from common.clock import rfc3339
from monitoring.engine.catalogue import CATALOGUE
from monitoring.models import Event, EventKind
from monitoring.services.record_event import record_event
from monitoring.services.roll_up import roll_up
from monitoring.types import AlertLine, AlertPanel, Role, SeriesKey
from tests.monitoring.stored import store
from tests.monitoring.telling import forget_all, frame, now, tell
from tests.trading.api.conftest import Api

pytestmark = [pytest.mark.django_db, pytest.mark.redis]
HISTORY = "/performance-dashboard/metrics/history"
MOMENT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


@pytest.fixture
def at_ten(time_machine: Any) -> datetime:
    time_machine.move_to(MOMENT, tick=False)
    return MOMENT


@pytest.fixture
def told() -> Any:
    forget_all()
    second = now()
    yield [
        frame(second, gauges={"machine_cpu_ratio": 0.9}),
        frame(second, process="worker-h-2", role=Role.WORKER, gauges={}, counters={}, sketches={}),
        frame(second - 3, process="site", role=Role.SITE, gauges={"queue_age_seconds": 0.0}, counters={}, sketches={}),
    ]
    forget_all()


def by_name(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in document["series"]}


def test_now_is_what_the_processes_tell(ana: Api, told: Any) -> None:
    tell(*told)
    document = ana.get("/performance-dashboard/metrics/current").json()
    assert document["source"] == "live"
    assert document["seq"] == told[0].at
    assert 0 <= document["age_s"] < 3
    series = by_name(document)
    assert list(series) == list(CATALOGUE)
    assert (series["cpu_usage"]["value"], series["cpu_usage"]["status"]) == (90.0, "critical")
    assert (series["cpu_usage"]["warn"], series["cpu_usage"]["critical"]) == (70.0, 85.0)
    assert series["throughput"]["value"] == 10.0
    assert series["queue_age"]["value"] == 0.0
    assert series["memory_usage"] | {"help": ""} == {
        "name": "memory_usage",
        "title": "Memory",
        "unit": "%",
        "group": "system",
        "better": "low",
        "warn": 75.0,
        "critical": 90.0,
        "decimals": 1,
        "help": "",
        "value": None,
        "status": "unknown",
    }
    assert document["health"]["status"] == "critical"
    processes = {one["process"]: one for one in document["processes"]}
    assert sorted(processes) == ["web-h-1", "worker-h-2"]
    assert processes["web-h-1"]["values"]["throughput"] == 10.0


def test_without_redis_now_is_what_was_stored(ana: Api, settings: Any) -> None:
    second = now() // 10 * 10
    store({second: {SeriesKey("cpu_usage"): 42.0}})
    settings.REDIS_URL = "unix:///nowhere.sock"
    document = ana.get("/performance-dashboard/metrics/current").json()
    assert document["source"] == "store"
    assert document["seq"] == second
    assert by_name(document)["cpu_usage"]["value"] == 42.0
    assert document["health"] == {"score": 100.0, "status": "good"}
    assert document["processes"] == []


def test_before_anything_was_measured_nothing_is_made_up(ana: Api) -> None:
    forget_all()
    document = ana.get("/performance-dashboard/metrics/current/").json()
    assert (document["source"], document["seq"], document["ts"], document["age_s"]) == ("none", None, None, None)
    assert {one["value"] for one in document["series"]} == {None}
    assert document["health"] == {"score": None, "status": "unknown"}


def test_the_past_comes_in_columns_with_gaps_as_null(ana: Api, at_ten: datetime) -> None:
    first = int(at_ten.timestamp()) - 60
    store({first + 3: {SeriesKey("cpu_usage"): 10.0}, first + 5: {SeriesKey("cpu_usage"): 30.0}})
    store({first + 20: {SeriesKey("cpu_usage"): 99.0}})
    start = rfc3339(at_ten - timedelta(seconds=60))
    document = ana.get(f"{HISTORY}?series=cpu_usage,orders&start={start}").json()
    assert document["resolution"] == "10s"
    assert document["step_s"] == 10
    assert document["times"] == list(range(first, first + 60, 10))
    cpu, orders = document["series"]
    assert cpu["values"] == [20.0, None, 99.0, None, None, None]
    assert cpu["min"] == [10.0, None, 99.0, None, None, None]
    assert cpu["max"] == [30.0, None, 99.0, None, None, None]
    assert cpu["anomaly_count"] == [0, None, 0, None, None, None]
    assert orders["values"] == [None] * 6
    assert (cpu["unit"], cpu["dimension"], cpu["title"]) == ("%", "", "CPU")
    assert "compare" not in cpu
    highest = ana.get(f"{HISTORY}?series=cpu_usage&series=orders&start={start}&aggregate=max&step=60").json()
    assert [line["name"] for line in highest["series"]] == ["cpu_usage", "orders"]
    assert [value for value in highest["series"][0]["values"] if value is not None] == [99.0]


def test_last_week_stands_beside_it(ana: Api, at_ten: datetime) -> None:
    first = int(at_ten.timestamp()) - 120
    week = 7 * 86_400
    store({first + 3: {SeriesKey("cpu_usage"): 10.0}})
    # Samples of that day are gone by now; a minute of rollups stands for each of its six points.
    store({first + 13 - week: {SeriesKey("cpu_usage"): 70.0}})
    roll_up()
    start = rfc3339(at_ten - timedelta(seconds=120))
    line = ana.get(f"{HISTORY}?series=cpu_usage&start={start}&compare=last_week").json()["series"][0]
    assert line["values"] == [10.0] + [None] * 11
    assert line["compare"]["values"] == [70.0] * 6 + [None] * 6


def test_one_dimension_or_each_of_a_kind(ana: Api, at_ten: datetime) -> None:
    first = int(at_ten.timestamp()) - 60
    store(
        {
            first: {
                SeriesKey("throughput", "route:GET /a"): 1.0,
                SeriesKey("throughput", "route:GET /b"): 5.0,
                SeriesKey("response_time_p95", "route:GET /b"): 9.0,
                SeriesKey("throughput", "process:web-h-1"): 6.0,
            }
        }
    )
    start = rfc3339(at_ten - timedelta(seconds=60))
    one = ana.get(f"{HISTORY}?series=throughput&start={start}&dimension=route:GET%20/a").json()
    assert [(line["dimension"], line["values"][0]) for line in one["series"]] == [("route:GET /a", 1.0)]
    each = ana.get(f"{HISTORY}?series=throughput&start={start}&by=route").json()
    assert [line["dimension"] for line in each["series"]] == ["route:GET /b", "route:GET /a"]
    rows = ana.get(f"/performance-dashboard/breakdown?by=route&start={start}").json()["rows"]
    assert [(row["key"], row["values"]["throughput"]) for row in rows] == [("GET /b", 5.0), ("GET /a", 1.0)]
    assert rows[0]["values"] == {
        "throughput": 5.0,
        "response_time": None,
        "response_time_p95": 9.0,
        "error_rate": None,
        "slow_requests": None,
    }
    processes = ana.get(f"/performance-dashboard/breakdown?by=process&start={start}").json()["rows"]
    assert [row["key"] for row in processes] == []
    nobody = ana.get(f"{HISTORY}?series=throughput&start={start}&by=process&compare=last_week").json()
    assert (nobody["series"], len(nobody["times"])) == ([], 6)


@pytest.mark.parametrize(
    ("query", "pointer", "fix"),
    [
        ("", "/series", "Name 1 to 20 series"),
        ("series=cpu", "/series", "There is no series 'cpu'. GET metrics/current lists them."),
        ("series=cpu_usage&range=2h", "/range", "Send one of: 15m, 1h, 6h, 24h, 7d, 30d, 90d."),
        ("series=cpu_usage&range=1h&start=2026-03-01T00:00:00Z", "/range", "Send range, or start and end."),
        ("series=cpu_usage&end=2026-03-01T00:00:00Z", "/start", "Send start with end, or range alone."),
        ("series=cpu_usage&start=2026-03-02T11:00:00Z", "/start", "Send a start before end"),
        ("series=cpu_usage&start=2026-03-01T00:00:00Z&end=2026-03-03T00:00:00Z", "/end", "isn't in the future"),
        ("series=cpu_usage&start=2020-03-01T00:00:00Z", "/start", "two years at most"),
        ("series=cpu_usage&start=yesterday", "/start", "Send RFC 3339"),
        ("series=cpu_usage&step=5", "/step", "Send a number from 10 to 604800."),
        ("series=cpu_usage&range=24h&step=60", "/step", "Send at least 145 s"),
        ("series=cpu_usage&aggregate=median", "/aggregate", "Send one of: mean, min, max, sum, count, last."),
        ("series=cpu_usage&compare=yesterday", "/compare", "Send one of: last_week."),
        ("series=cpu_usage&dimension=host:a", "/dimension", 'Send "process:"'),
        ("series=cpu_usage&by=host", "/by", "Send one of: process, route."),
        ("series=cpu_usage&by=route&dimension=process:a", "/by", "Leave out dimension"),
        ("series=cpu_usage&interval=1", "/interval", "There is no such field."),
        ("series=cpu_usage&range=1h&range=6h", "/range", "Give it once."),
    ],
)
def test_a_bad_question_is_told_its_field_and_fix(
    ana: Api, at_ten: datetime, query: str, pointer: str, fix: str
) -> None:
    answer = ana.get(f"{HISTORY}?{query}")
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == "request.invalid"
    found = {error["pointer"]: error["detail"] for error in problem["errors"]}
    assert list(found) == [pointer]
    assert fix in found[pointer]


def test_events_are_listed_newest_first_and_marked_once(dave: Api, ana: Api) -> None:
    body = {"kind": "deploy", "title": "Version 1.4.2", "key": "deploy-1.4.2"}
    marks = [dave.post("/performance-dashboard/events", body) for _ in range(2)]
    assert [(mark.status_code, mark.json()) for mark in marks] == [(201, {"is_new": True}), (201, {"is_new": False})]
    record_event(kind=EventKind.SCALING, title="Two workers more", series="queue_age")
    items = ana.get("/performance-dashboard/events").json()["items"]
    assert [(item["kind"], item["title"], item["series"]) for item in items] == [
        ("scaling", "Two workers more", "queue_age"),
        ("deploy", "Version 1.4.2", ""),
    ]
    only = ana.get("/performance-dashboard/events?kind=deploy&range=15m").json()["items"]
    assert [item["kind"] for item in only] == ["deploy"]
    refused = ana.get("/performance-dashboard/events?kind=fire")
    assert refused.json()["errors"][0]["pointer"] == "/kind"


def test_only_an_operator_marks_and_never_an_alert(dave: Api, ana: Api) -> None:
    body = {"kind": "alert", "title": "Fire"}
    assert dave.post("/performance-dashboard/events", body).json()["errors"][0]["pointer"] == "/kind"
    assert ana.post("/performance-dashboard/events", body | {"kind": "deploy"}).status_code == 403
    assert Event.objects.count() == 0


def test_alerts_are_those_that_a_product_above_tells(ana: Api, settings: Any) -> None:
    assert ana.get("/performance-dashboard/alerts").json() == {"is_on": True, "items": [], "next_cursor": None}
    settings.ALERT_SOURCE = "tests.monitoring.api.test_measurements.one_alert"
    (alert,) = ana.get("/performance-dashboard/alerts").json()["items"]
    assert (alert["severity"], alert["title"], alert["series"]) == ("emergency", "Ledger", "ledger_check")


def one_alert(*, start: datetime, end: datetime, limit: int) -> AlertPanel:
    return AlertPanel(True, (AlertLine(1, end, "emergency", "Ledger", "It is 0.", "ledger_check", "alerting"),))


def test_the_summary_compares_with_an_hour_ago(ana: Api, told: Any) -> None:
    tell(*told)
    minute = now() // 60 * 60
    cpu = SeriesKey("cpu_usage")
    store({second: {cpu: 20.0} for second in range(minute - 65 * 60, minute - 60 * 60, 10)})
    store({second: {cpu: 30.0} for second in range(minute - 5 * 60, minute, 10)})
    document = ana.get("/advanced-dashboard/dashboard/summary").json()
    names = [card["series"] for card in document["cards"]]
    assert names == [
        "cpu_usage",
        "memory_usage",
        "cache_hit_rate",
        "response_time",
        "throughput",
        "health_score",
    ]
    card = document["cards"][0]
    assert (card["value"], card["status"]) == (90.0, "critical")
    assert card["trend"] == {
        "then": 20.0,
        "now": 30.0,
        "change": 10.0,
        "change_percent": 50.0,
        "direction": "up",
        "verdict": "worse",
    }
    assert len(card["sparkline"]["times"]) == len(card["sparkline"]["values"]) == 60
    assert card["sparkline"]["values"][-5:] == [30.0] * 5
    assert document["cards"][1]["trend"]["direction"] == "unknown"
    assert document["headline"] == "Critical: CPU."
    assert document["health"]["status"] == "critical"
    titles = [insight["title"] for insight in document["insights"]["items"]]
    assert "Nothing is heard from the beat." in titles
    assert "CPU: 90.0 %." in titles
    assert "CPU rose by 50 % within the hour, which is worse." in titles
    assert document["alerts"] == {"is_on": True, "items": []}


@pytest.mark.parametrize(
    "path",
    [
        "/performance-dashboard/metrics/current",
        "/performance-dashboard/metrics/history?series=cpu_usage",
        "/performance-dashboard/breakdown?by=route",
        "/performance-dashboard/alerts",
        "/performance-dashboard/events",
        "/advanced-dashboard/dashboard/summary",
        "/advanced-dashboard/dashboards",
    ],
)
def test_only_staff_who_watch_may_ask(
    path: str, anonymous: Api, carol: Api, alice: Api, ana: Api, dave: Api, key_of: Callable[..., Api]
) -> None:
    found = {
        name: caller.get(path).status_code
        for name, caller in {
            "anonymous": anonymous,
            "no role": carol,
            "trader": alice,
            "analyst": ana,
            "operator": dave,
            "moderator": key_of(People.MODERATOR, "read"),
            "admin": key_of(People.ADMIN, "read"),
            "other scope": key_of(People.ADMIN, "trade"),
        }.items()
    }
    assert found == {
        "anonymous": 401,
        "no role": 403,
        "trader": 403,
        "analyst": 200,
        "operator": 200,
        "moderator": 403,
        "admin": 200,
        "other scope": 403,
    }
    refusal = alice.get(path).json()
    assert refusal["code"] == "auth.permission_missing"

"""The routes of the optimizer, as operators and others meet them."""

from typing import Any

import pytest

from accounts.models import AuditRecord
from accounts.types import Role
from common.tuning.reading import tuned
from monitoring.models import Event
from monitoring.optimizer.models import OptimizerSwitch, Recommendation, Tunable
from monitoring.optimizer.services.tick import tick
from tests.factories.accounts import make_alice, make_dave, make_user
from tests.monitoring.optimizer.proposed import keep_recommendation
from tests.trading.api.conftest import Api, api_of

pytestmark = pytest.mark.django_db(transaction=True)
SWITCHES = (
    "/advanced-performance/start-monitoring",
    "/advanced-performance/stop-monitoring",
    "/advanced-performance/start-optimization",
    "/advanced-performance/stop-optimization",
    "/ai-optimization/start-monitoring",
)
READS = (
    *(
        f"/advanced-performance/{name}"
        for name in ("summary", "metrics", "predictions", "optimization-actions", "health")
    ),
    *(f"/ai-optimization/{name}" for name in ("recommendations", "predictions", "history", "status")),
)


@pytest.fixture
def dave(site: None) -> Api:
    return api_of(make_dave(), "read", "operate")


def audit() -> list[str]:
    found = AuditRecord.objects.filter(action__startswith="optimizer.").order_by("pk")
    return list(found.values_list("action", flat=True))


def test_start_and_stop_last_and_change_nothing_twice(dave: Api) -> None:
    for part in ("monitoring", "optimization"):
        stop, start = f"/advanced-performance/stop-{part}", f"/advanced-performance/start-{part}"
        assert dave.post(stop, {}).json() == {"is_on": False, "is_changed": True}
        assert dave.post(stop, {}).json() == {"is_on": False, "is_changed": False}
        summary = dave.get("/advanced-performance/summary").json()
        assert (summary["is_monitoring"], summary["is_optimizing"]) == (part == "optimization", False)
        assert dave.post(start, {}).json() == {"is_on": True, "is_changed": True}
    assert dave.post("/ai-optimization/start-monitoring", {}).json() == {"is_on": True, "is_changed": False}
    assert audit() == [
        "optimizer.monitoring_stopped", "optimizer.monitoring_started",
        "optimizer.optimization_stopped", "optimizer.optimization_started",
    ]  # fmt: skip
    assert Event.objects.filter(kind="optimizer").count() == 4


def test_nothing_is_looked_at_while_monitoring_is_stopped(dave: Api) -> None:
    dave.post("/advanced-performance/stop-monitoring", {})
    assert tick() is False
    assert OptimizerSwitch.objects.get().optimised_at is None
    assert dave.get("/advanced-performance/health").json()["status"] == "off"
    dave.post("/advanced-performance/start-monitoring", {})
    assert tick() is True
    assert dave.get("/advanced-performance/health").json()["status"] == "ok"


def test_watchers_read_and_traders_do_not(dave: Api) -> None:
    ana = api_of(make_user("ana", roles=(Role.TRADER, Role.ANALYST)), "read", "report")
    alice = api_of(make_alice(), "read", "trade")
    keep_recommendation(number=57)
    for route in READS:
        assert ana.get(route).status_code == 200
        assert alice.get(route).status_code == 403
    decisions = [f"/ai-optimization/recommendations/57/{verb}" for verb in ("approve", "dismiss", "revert")]
    for route in (*SWITCHES, "/advanced-performance/trigger-optimization", *decisions):
        assert ana.post(route, {}).status_code == 403
    assert Recommendation.objects.get().status == "proposed"
    assert audit() == []


def test_a_recommendation_is_approved_watched_and_taken_back(dave: Api) -> None:
    keep_recommendation(number=57)
    opened = dave.get("/ai-optimization/recommendations").json()["items"][0]
    assert (opened["id"], opened["risk"], opened["reversible"], opened["confidence"]) == (57, "low", True, 0.6)
    done = dave.post("/ai-optimization/recommendations/57/approve", {}).json()
    assert (done["status"], done["decided_by"], done["before"]) == ("applied", "dave", {"http_threads": None})
    assert tuned("http_threads", 32) == 48
    assert dave.post("/ai-optimization/recommendations/57/approve", {}).status_code == 409
    assert dave.get("/advanced-performance/summary").json()["settings"][0]["name"] == "http_threads"
    back = dave.post("/ai-optimization/recommendations/57/revert", {"reason": "Too many."}).json()
    assert (back["status"], back["reason"]) == ("reverted", "Too many.")
    assert tuned("http_threads", 32) == 32
    assert [row["id"] for row in dave.get("/ai-optimization/history").json()["items"]] == [57]
    assert [row["id"] for row in dave.get("/advanced-performance/optimization-actions").json()["items"]] == [57]
    assert audit() == ["optimizer.applied", "optimizer.reverted"]
    record = AuditRecord.objects.get(action="optimizer.applied")
    assert record.after == {"act": "set", "target": "http_threads", "value": 48.0, "status": "applied"}


def test_what_is_dismissed_is_not_proposed_again(dave: Api) -> None:
    keep_recommendation(number=57)
    assert dave.post("/ai-optimization/recommendations/57/dismiss", {"reason": "No."}).json()["status"] == "dismissed"
    assert dave.post("/ai-optimization/recommendations/57/revert", {}).status_code == 409
    assert dave.post("/ai-optimization/recommendations/58/dismiss", {}).status_code == 404


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/optimization_type"),
        ({"optimization_type": "magic"}, "/optimization_type"),
        ({"optimization_type": "cache", "parameters": []}, "/parameters"),
        ({"optimization_type": "cache", "parameters": {"speed": 1}}, "/parameters/speed"),
        ({"optimization_type": "database", "parameters": {"setting": "http_threads"}}, "/parameters/value"),
        (
            {"optimization_type": "database", "parameters": {"setting": "http_threads", "value": 1e9}},
            "/parameters/value",
        ),
        ({"optimization_type": "cache", "parameters": {"setting": "http_threads", "value": 8}}, "/parameters/setting"),
    ],
)
def test_mistakes_are_told_with_their_field(body: dict[str, Any], pointer: str, dave: Api) -> None:
    answer = dave.post("/advanced-performance/trigger-optimization", body)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert not Tunable.objects.exists()


def test_rounds_reach_every_process(dave: Api) -> None:
    for kind, name in (("cache", "cleanup_round"), ("memory", "collect_round"), ("connection", "reconnect_round")):
        done = dave.post("/advanced-performance/trigger-optimization", {"optimization_type": kind}).json()
        assert done["round"] == name
        assert tuned(name, 0.0) > 0
    dry = {"optimization_type": "cache", "parameters": {"dry_run": True}}
    assert dave.post("/advanced-performance/trigger-optimization", dry).json()["round"] == ""

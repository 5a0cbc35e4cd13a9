"""The routes of scaling, as operators and others meet them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from accounts.models import AuditRecord
from accounts.types import Role
from common import clock
from monitoring.models import Event
from monitoring.scaling.models import ScalingPolicy, ScalingTarget, Switch
from monitoring.scaling.services.decide_targets import decide_targets
from monitoring.services.make_partitions import make_partitions
from monitoring.types import SeriesKey
from tests.factories.accounts import make_alice, make_dave, make_user
from tests.monitoring.scaling.conftest import Measure
from tests.monitoring.stored import store
from tests.trading.api.conftest import Api, api_of

pytestmark = pytest.mark.django_db
POLICY = {
    "name": "orders", "metric_name": "orders", "scale_up_threshold": 400, "scale_down_threshold": 100,
}  # fmt: skip


@pytest.fixture
def dave(counts: Any) -> Api:
    return api_of(make_dave(), "read", "operate")


@pytest.fixture
def ana(counts: Any) -> Api:
    return api_of(make_user("ana", roles=(Role.TRADER, Role.ANALYST)), "read", "report")


def audit() -> list[str]:
    return list(
        AuditRecord.objects.filter(action__startswith="scaling.").order_by("pk").values_list("action", flat=True)
    )


def test_start_and_stop_last_and_change_nothing_twice(dave: Api) -> None:
    assert dave.get("/auto-scaling/summary").json()["is_on"] is False
    assert dave.post("/auto-scaling/start-scaling", {}).json() == {"is_on": True, "is_changed": True}
    assert dave.post("/auto-scaling/start-scaling", {}).json() == {"is_on": True, "is_changed": False}
    assert dave.get("/auto-scaling/summary").json()["is_on"] is True
    assert dave.post("/auto-scaling/stop-scaling", {}).json() == {"is_on": False, "is_changed": True}
    assert dave.post("/auto-scaling/stop-scaling", {}).json() == {"is_on": False, "is_changed": False}
    assert audit() == ["scaling.started", "scaling.stopped"]
    assert Event.objects.filter(kind="scaling").count() == 2


def test_the_environment_counts_until_somebody_switches(dave: Api, settings: Any) -> None:
    settings.AUTO_SCALING_ENABLED = True
    assert dave.get("/auto-scaling/summary").json()["is_on"] is True
    dave.post("/auto-scaling/stop-scaling", {})
    assert dave.get("/auto-scaling/summary").json()["is_on"] is False


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("start-scaling", {}),
        ("stop-scaling", {}),
        ("pause", {"pause": "none"}),
        ("release", {}),
        ("policies", POLICY),
        ("scale-manual", {"target_instances": 3, "reason": "Final."}),
    ],
)
def test_analysts_read_and_only_operators_act(ana: Api, path: str, body: dict[str, Any]) -> None:
    assert ana.get("/auto-scaling/summary").status_code == 200
    assert ana.post(f"/auto-scaling/{path}", body).status_code == 403
    assert not Switch.objects.exists()
    assert ScalingPolicy.objects.count() == 5
    assert not ScalingTarget.objects.exclude(override_count=None).exists()
    assert audit() == []


@pytest.mark.parametrize("path", ["summary", "policies", "decisions", "recommendations"])
def test_traders_read_nothing(counts: Any, path: str) -> None:
    assert api_of(make_alice(), "read").get(f"/auto-scaling/{path}").status_code == 403


def test_the_default_policies(dave: Api) -> None:
    found = dave.get("/auto-scaling/policies").json()["items"]
    assert [(one["name"], one["scale_up_threshold"], one["cooldown_period"]) for one in found] == [
        ("cpu", 80, 300), ("memory", 85, 300), ("response_time", 100, 300), ("throughput", 1000, 300),
        ("queue_age", 5, 300),
    ]  # fmt: skip
    assert {(one["min_instances"], one["max_instances"]) for one in found} == {(1, 10)}


def test_a_policy_is_made_and_replaced(dave: Api) -> None:
    made = dave.post("/auto-scaling/policies", POLICY | {"max_instances": 8, "cooldown_period": 60})
    assert (made.status_code, made.json()["target"], made.json()["max_instances"]) == (201, "web", 8)
    dave.post("/auto-scaling/policies", POLICY | {"name": "Orders", "scale_up_threshold": 500})
    assert ScalingPolicy.objects.get(name="orders").scale_up_threshold == 500
    assert ScalingPolicy.objects.count() == 6
    assert audit() == ["scaling.policy_saved"] * 2


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"metric_name": "moon"}, "/metric_name"),
        ({"scale_down_threshold": 400}, "/scale_down_threshold"),
        ({"min_instances": 9, "max_instances": 8}, "/min_instances"),
        ({"scale_up_threshold": "many"}, "/scale_up_threshold"),
        ({"target_value": -1}, "/target_value"),
        ({"surprise": 1}, "/surprise"),
    ],
)
def test_a_policy_that_does_not_fit_is_refused(dave: Api, change: dict[str, Any], pointer: str) -> None:
    answer = dave.post("/auto-scaling/policies", POLICY | change)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert ScalingPolicy.objects.count() == 5
    assert audit() == []


def test_a_count_by_hand_is_kept_until_it_expires(dave: Api, counts: Any, measured: Measure) -> None:
    answer = dave.post("/auto-scaling/scale-manual", {"target_instances": 3, "reason": "Final.", "duration_s": 600})
    assert (answer.json()["name"], answer.json()["override"]["count"]) == ("web", 3)
    assert audit() == ["scaling.manual"]
    assert decide_targets() == 1
    advice = dave.get("/auto-scaling/recommendations").json()["items"]
    assert [(one["target"], one["action"], one["instances"], one["recommended_instances"]) for one in advice] == [
        ("web", "add", 2, 3)
    ]
    found = dave.get("/auto-scaling/decisions?changes=true&target=web").json()["items"]
    assert [(one["policy"], one["count"], one["outcome"]) for one in found] == [("manual", 3, "advised")]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"target_instances": 11, "reason": "Final."}, 422, "scaling.count_invalid"),
        ({"target_instances": 3, "reason": "Final.", "target": "moon"}, 404, "scaling.target_unknown"),
        ({"target_instances": 3}, 422, "request.invalid"),
        ({"reason": "Final."}, 422, "request.invalid"),
    ],
)
def test_a_count_that_does_not_fit_is_refused(dave: Api, body: dict[str, Any], status: int, code: str) -> None:
    answer = dave.post("/auto-scaling/scale-manual", body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not ScalingTarget.objects.exclude(override_count=None).exists()
    assert audit() == []


def test_decisions_come_in_pages_that_survive_new_ones(dave: Api, measured: Measure) -> None:
    dave.post("/auto-scaling/start-scaling", {})
    start = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
    for number in range(5):
        with time_machine.travel(start + timedelta(seconds=15 * number), tick=False):
            decide_targets()
    first = dave.get("/auto-scaling/decisions?target=web&limit=2").json()
    with time_machine.travel(start + timedelta(minutes=5), tick=False):
        decide_targets()
    second = dave.get(f"/auto-scaling/decisions?target=web&limit=2&cursor={first['next_cursor']}").json()
    last = dave.get(f"/auto-scaling/decisions?target=web&limit=2&cursor={second['next_cursor']}").json()
    times = [item["at"] for page in (first, second, last) for item in page["items"]]
    assert times == [f"2026-05-04T12:0{second // 60}:{second % 60:02d}.000Z" for second in (60, 45, 30, 15, 0)]
    assert last["next_cursor"] is None
    answer = dave.get("/auto-scaling/decisions?cursor=nonsense")
    assert (answer.status_code, answer.json()["code"]) == (400, "request.cursor_invalid")


def test_a_pause_withholds_until_it_ends(dave: Api, measured: Measure) -> None:
    dave.post("/auto-scaling/start-scaling", {})
    asked = {"pause": "out", "reason": "The database is being moved.", "duration_s": 60}
    paused = dave.post("/auto-scaling/pause", asked).json()
    assert (paused["pause"], paused["pause_reason"]) == ("out", "The database is being moved.")
    measured(cpu_usage=95, memory_usage=70, response_time=50, throughput=1000)
    decide_targets()
    latest = dave.get("/auto-scaling/decisions?target=web").json()["items"][0]
    assert (latest["before"], latest["count"]) == (2, 2)
    assert latest["clamps"] == [{"name": "pause", "before": 3, "after": 2}]
    with time_machine.travel(clock.now() + timedelta(seconds=61), tick=False):
        measured(cpu_usage=95, memory_usage=70, response_time=50, throughput=1000)
        decide_targets()
        assert dave.get("/auto-scaling/decisions?target=web").json()["items"][0]["count"] == 3
        web = next(one for one in dave.get("/auto-scaling/summary").json()["targets"] if one["name"] == "web")
        assert (web["pause"], web["pause_until"]) == ("none", None)
    assert audit() == ["scaling.started", "scaling.paused"]


def test_a_pause_and_a_count_by_hand_end_at_once(dave: Api, measured: Measure) -> None:
    dave.post("/auto-scaling/pause", {"pause": "all", "reason": "a test"})
    assert dave.post("/auto-scaling/pause", {"pause": "none"}).json()["pause"] == "none"
    dave.post("/auto-scaling/scale-manual", {"target_instances": 4, "reason": "the final"})
    assert dave.post("/auto-scaling/release", {}).json()["override"] is None
    assert dave.post("/auto-scaling/release", {}).json()["override"] is None
    assert audit() == ["scaling.paused", "scaling.paused", "scaling.manual", "scaling.released"]


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("pause", {"pause": "all"}, 422, "request.invalid"),
        ("pause", {"pause": "out", "reason": "x", "target": "moon"}, 404, "scaling.target_unknown"),
        ("release", {"target": "moon"}, 404, "scaling.target_unknown"),
        ("what-if", {"name": "cpu", "target_value": 0}, 422, "request.invalid"),
        ("what-if", {"name": "cpu", "target": "moon"}, 404, "scaling.target_unknown"),
    ],
)
def test_what_can_not_be_is_refused_and_changes_nothing(
    dave: Api, path: str, body: dict[str, Any], status: int, code: str
) -> None:
    before = list(ScalingTarget.objects.values())
    answer = dave.post(f"/auto-scaling/{path}", body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert list(ScalingTarget.objects.values()) == before
    assert audit() == []


def test_the_timeline_and_another_policy_on_the_last_day(dave: Api, ana: Api) -> None:
    now = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
    with time_machine.travel(now, tick=False):
        make_partitions()
        values = {int(now.timestamp()) - 60 * back: {SeriesKey("cpu_usage"): 75.0} for back in range(1, 31)}
        store(values)
        dave.post("/auto-scaling/start-scaling", {})
        decide_targets()
        found = ana.get("/auto-scaling/timeline?range=1h").json()
        assert (found["step_s"], len(found["instances"])) == (15, 240)
        assert [count for count in found["instances"] if count is not None] == [2]
        tried = ana.post("/auto-scaling/what-if", {"name": "cpu", "scale_up_threshold": 60}).json()
    assert len(tried["would"]["instances"]) == 1440
    assert tried["now"]["changes"] == 0
    assert tried["would"]["reasons"][0] == {
        "at": "2026-05-04T11:30:00.000Z", "before": 1, "count": 2, "reason": "cpu_usage 75 is above 60",
    }  # fmt: skip
    assert ScalingPolicy.objects.get(name="cpu").scale_up_threshold == 80

"""The routes of scaling, as operators and others meet them."""

from typing import Any

import pytest

from accounts.models import AuditRecord
from accounts.types import Role
from monitoring.models import Event
from monitoring.scaling.models import ScalingPolicy, ScalingTarget, Switch
from monitoring.scaling.services.decide_targets import decide_targets
from tests.factories.accounts import make_alice, make_dave, make_user
from tests.monitoring.scaling.conftest import Measure
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

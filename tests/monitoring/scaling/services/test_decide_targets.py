"""Rounds of decisions on stored measurements."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from common import clock
from monitoring.models import Event
from monitoring.scaling.errors import ActuatorFailed
from monitoring.scaling.models import Actuator, Outcome, ScalingDecision, ScalingTarget, Switch
from monitoring.scaling.services import decide_targets as deciding
from monitoring.scaling.services.decide_targets import decide_targets
from tests.monitoring.scaling.conftest import Measure

pytestmark = pytest.mark.django_db
Counts = dict[str, int | None]


@pytest.fixture(autouse=True)
def on(db: None) -> None:
    Switch.objects.create(pk=1, is_on=True)


@pytest.fixture
def noon(time_machine: Any) -> Any:
    time_machine.move_to("2026-03-02T12:00:00Z", tick=False)
    return time_machine


@pytest.fixture
def pool(counts: Counts) -> ScalingTarget:
    """A worker whose pool is resized."""
    ScalingTarget.objects.filter(name="worker").update(actuator=Actuator.CELERY, cost_cents_per_hour=3)
    return ScalingTarget.objects.get(name="worker")


def last(target: str) -> ScalingDecision:
    return ScalingDecision.objects.filter(target__name=target).latest("at")


def test_advice_is_kept_with_everything_that_led_to_it(noon: Any, counts: Counts, measured: Measure) -> None:
    measured(cpu_usage=91.0, memory_usage=50.0, response_time=20.0, throughput=100.0, queue_age=2.0)
    assert decide_targets() == 2
    decision = last("web")
    assert (decision.before, decision.count, decision.policy, decision.outcome) == (2, 3, "cpu", Outcome.ADVISED)
    assert decision.reason == "cpu_usage 91 is above 80"
    assert decision.inputs == {
        "cpu_usage": 91.0, "memory_usage": 50.0, "response_time": 20.0, "throughput": 100.0,
    }  # fmt: skip
    assert [(one["policy"], one["count"]) for one in decision.proposals] == [
        ("cpu", 3), ("memory", 1), ("response_time", 1), ("throughput", 1),
    ]  # fmt: skip
    assert (last("worker").count, last("worker").outcome) == (1, Outcome.KEPT)
    assert counts == {"web": 2, "worker": 1}


def test_advice_is_marked_once(noon: Any, counts: Counts, measured: Measure) -> None:
    for _ in range(3):
        measured(cpu_usage=91.0, memory_usage=50.0, response_time=20.0, throughput=100.0)
        decide_targets()
        noon.shift(15)
    events = Event.objects.filter(kind="scaling")
    assert [(one.title, one.detail) for one in events] == [("web should scale from 2 to 3", "cpu_usage 91 is above 80")]


def test_a_pool_grows_and_what_it_did_is_measured(
    noon: Any, counts: Counts, pool: ScalingTarget, measured: Measure
) -> None:
    measured(queue_age=20.0)
    decide_targets()
    first = last("worker")
    assert (first.outcome, first.count, first.cost_cents_per_hour, first.metric_before) == (
        Outcome.APPLIED, 2, 3, 20.0,
    )  # fmt: skip
    assert counts["worker"] == 2
    assert Event.objects.filter(title="worker scaled from 1 to 2").count() == 1
    noon.shift(125)
    measured(queue_age=2.0)
    decide_targets()
    first.refresh_from_db()
    assert first.effect == pytest.approx(-0.9)


def test_what_could_not_be_done_is_no_change(
    noon: Any, counts: Counts, pool: ScalingTarget, measured: Measure, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **options: Any) -> bool:
        raise ActuatorFailed("No worker answers.")

    monkeypatch.setattr(deciding, "act", fail)
    measured(queue_age=20.0)
    decide_targets()
    assert (last("worker").outcome, last("worker").detail) == (Outcome.FAILED, "No worker answers.")
    pool.refresh_from_db()
    assert pool.memory["outs"] == []
    assert len(pool.memory["recommendations"]) == 1


def test_after_failures_it_waits_longer_and_longer(
    noon: Any, counts: Counts, pool: ScalingTarget, measured: Measure, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[float] = []

    def fail(*args: Any, **options: Any) -> bool:
        tries.append(clock.now().timestamp())
        raise ActuatorFailed("No worker answers.")

    monkeypatch.setattr(deciding, "act", fail)
    for _ in range(32):
        measured(queue_age=20.0)
        decide_targets()
        noon.shift(15)
    assert [later - one for one, later in pairwise(tries)] == [30, 60, 120, 240]
    waiting = last("worker")
    assert waiting.outcome == Outcome.ADVISED
    assert waiting.detail.startswith("After a failure it is tried again at 12:")


def test_stopped_decides_nothing_but_what_was_set_by_hand(noon: Any, counts: Counts, pool: ScalingTarget) -> None:
    Switch.objects.update(is_on=False)
    assert decide_targets() == 0
    pool.override_count, pool.override_until = 4, clock.now() + timedelta(minutes=5)
    pool.save()
    assert decide_targets() == 1
    assert (last("worker").count, last("worker").policy, counts["worker"]) == (4, "manual", 4)
    noon.shift(301)
    assert decide_targets() == 0


def test_who_can_not_be_counted_is_left_alone(noon: Any, counts: Counts, measured: Measure) -> None:
    counts["web"] = counts["worker"] = None
    measured(cpu_usage=91.0)
    assert decide_targets() == 0
    assert not ScalingDecision.objects.exists()


def test_a_round_that_comes_twice_decides_once(noon: Any, counts: Counts, measured: Measure) -> None:
    measured(cpu_usage=50.0)
    assert (decide_targets(), decide_targets()) == (2, 0)
    noon.shift(15)
    assert decide_targets() == 2


def test_a_lost_metric_takes_nothing_away(noon: Any, counts: Counts, measured: Measure) -> None:
    measured(cpu_usage=5.0, memory_usage=5.0, response_time=1.0)
    decide_targets()
    decision = last("web")
    assert (decision.count, decision.inputs["throughput"]) == (2, None)
    assert decision.reason == "No instance is taken away while throughput is missing."


def test_old_rounds_are_forgotten(noon: Any, counts: Counts, measured: Measure) -> None:
    measured(cpu_usage=91.0, memory_usage=50.0, response_time=20.0, throughput=100.0)
    decide_targets()
    noon.shift(4 * 86_400)
    decide_targets()
    assert ScalingDecision.objects.filter(target__name="web").count() == 2
    assert ScalingDecision.objects.filter(target__name="worker").count() == 1

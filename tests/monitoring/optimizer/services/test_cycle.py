"""One thin path on the real servers: found, applied, watched, kept or taken back."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from alerting.models import Incident
from alerting.types import Severity
from common import clock
from common.caching import clients
from common.tuning.declared import Subsystem
from common.tuning.reading import KEY, forget, tuned
from monitoring.models import Event
from monitoring.optimizer.engine.confidence import Record
from monitoring.optimizer.errors import OptimizationInvalid, SubsystemBusy
from monitoring.optimizer.models import Recommendation, Tunable
from monitoring.optimizer.selectors.records import current_calibration, records
from monitoring.optimizer.selectors.switch import current_strategy
from monitoring.optimizer.services import run_cycle as running
from monitoring.optimizer.services.decide_recommendation import take_back_recommendation
from monitoring.optimizer.services.observe_changes import observe_changes
from monitoring.optimizer.services.run_cycle import run_cycle
from monitoring.optimizer.services.switch_optimizer import switch_optimizer
from monitoring.optimizer.services.tick import tick
from monitoring.optimizer.services.trigger_optimization import trigger_optimization
from monitoring.optimizer.types import CacheUse, Snapshot, Status, Strategy
from tests.factories.accounts import make_dave
from tests.monitoring.optimizer.faults import forget_statements, sql
from tests.monitoring.optimizer.site import History

pytestmark = pytest.mark.django_db(transaction=True)
USE = CacheUse("memory", "a.b.lists", reads_per_s=30, found=0.0, ttl_s=0.0, compute_ms=12.0)
NAME = "cache_ttl_s:a.b.lists"


@pytest.fixture
def sick(monkeypatch: pytest.MonkeyPatch, site: None) -> None:
    """A cached function whose answers are good for no time at all."""
    monkeypatch.setattr(running, "look", lambda before: (Snapshot(caches=(USE,)), {"at": 0}))


def test_what_is_low_in_risk_is_done_and_every_process_follows(sick: None) -> None:
    cycle = run_cycle()
    assert cycle is not None
    assert (cycle.found, cycle.new, cycle.applied, cycle.frozen) == (1, 1, 1, "")
    row = Recommendation.objects.get()
    assert (row.status, row.before, row.rule) == (Status.APPLIED, {NAME: None}, "short_ttl")
    assert Tunable.objects.get().name == NAME
    assert tuned(NAME, 0.0) == 5.0
    assert Event.objects.get().kind == "optimizer"
    again = run_cycle()
    assert again is not None
    assert (again.new, again.applied) == (0, 0)


@pytest.mark.parametrize(("factor", "status"), [(0.5, Status.KEPT), (2.0, Status.REVERTED), (1.0, None)])
def test_a_change_is_judged_by_its_effect(
    factor: float, status: Status | None, site: None, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = history.begin
    history.write(at - timedelta(hours=1), at, response_time=40.0, throughput=100.0)
    monkeypatch.setattr(clock, "now", lambda: at)
    dave = make_dave().pk
    parameters = {"setting": "cache_ttl_s:a.b", "value": 9.0}
    trigger_optimization(actor_id=dave, kind=Subsystem.CACHE, parameters=parameters)
    history.write(at, at + timedelta(minutes=9), response_time=40.0 * factor, throughput=100.0)
    monkeypatch.setattr(clock, "now", lambda: at + timedelta(minutes=9))
    assert observe_changes() == (status is not None)
    row = Recommendation.objects.get()
    assert row.status == (status or Status.OBSERVING)
    assert row.change == pytest.approx(factor - 1, abs=0.01)
    assert Tunable.objects.filter(name="cache_ttl_s:a.b").exists() == (status is not Status.REVERTED)
    counted = {Status.KEPT: Record(kept=1), Status.REVERTED: Record(reverted=1)}
    assert records() == ({"by_hand": counted[status]} if status else {})
    if status is None:
        monkeypatch.setattr(clock, "now", lambda: at + timedelta(minutes=16))
        assert observe_changes() == 1
        row.refresh_from_db()
        assert row.status == Status.INCONCLUSIVE


def test_a_guard_takes_back_what_harms_something_else(
    site: None, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = history.begin
    history.write(at - timedelta(hours=1), at, event_loop_lag=50, sockets=10, error_rate=0.1, throughput=50)
    monkeypatch.setattr(clock, "now", lambda: at)
    parameters = {"setting": "broadcast_interval_s", "value": 0.5}
    trigger_optimization(actor_id=make_dave().pk, kind=Subsystem.SOCKETS, parameters=parameters)
    assert tuned("broadcast_interval_s", 0.05) == 0.5
    history.write(at, at + timedelta(minutes=2), event_loop_lag=20, sockets=10, error_rate=0.9, throughput=50)
    monkeypatch.setattr(clock, "now", lambda: at + timedelta(minutes=2))
    assert observe_changes() == 1
    assert Recommendation.objects.get().status == Status.REVERTED
    assert tuned("broadcast_interval_s", 0.05) == 0.05


def test_one_change_of_a_subsystem_at_a_time(sick: None) -> None:
    dave = make_dave().pk
    parameters = {"setting": "cache_entries_max:a.b", "value": 99.0}
    trigger_optimization(actor_id=dave, kind=Subsystem.CACHE, parameters=parameters)
    cycle = run_cycle()
    assert cycle is not None
    assert (cycle.found, cycle.applied) == (1, 0)
    with pytest.raises(SubsystemBusy):
        trigger_optimization(
            actor_id=dave, kind=Subsystem.CACHE, parameters={"setting": "cache_near_s:c.d", "value": 1.0}
        )
    assert set(Tunable.objects.values_list("name", flat=True)) == {"cache_entries_max:a.b"}


def test_nothing_is_done_by_itself_during_an_incident(
    sick: None, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = history.begin
    monkeypatch.setattr(clock, "now", lambda: now)
    history.write(now - timedelta(minutes=1), now, error_rate=60.0, throughput=10.0)
    cycle = run_cycle()
    assert cycle is not None
    assert (cycle.new, cycle.applied) == (1, 0)
    assert cycle.frozen == "60 % of the requests fail."


def test_a_critical_incident_of_alerting_freezes_too(sick: None) -> None:
    now = clock.now()
    Incident.objects.create(title="The disk is full", severity=Severity.CRITICAL, started_at=now, last_at=now)
    Incident.objects.create(title="A bit slow", severity=Severity.WARNING, started_at=now, last_at=now)
    cycle = run_cycle()
    assert cycle is not None
    assert (cycle.applied, cycle.frozen) == (0, "There is an incident: The disk is full")
    Incident.objects.update(ended_at=now)
    again = run_cycle()
    assert again is not None
    assert (again.applied, again.frozen) == (1, "")


@pytest.mark.parametrize(("strategy", "applied"), [("aggressive", 1), ("balanced", 1), ("conservative", 0)])
def test_strategies_do_more_or_less_by_themselves(strategy: str, applied: int, sick: None, settings: Any) -> None:
    settings.PERFORMANCE_OPTIMIZATION_STRATEGY = strategy
    cycle = run_cycle()
    assert cycle is not None
    assert (cycle.found, cycle.applied, cycle.strategy) == (1, applied, strategy)


def test_a_setting_by_hand_stays_within_its_bounds(site: None) -> None:
    for parameters in (
        {"setting": "http_threads", "value": 1_000},
        {"setting": "cleanup_round", "value": 1},
        {"setting": "unheard_of", "value": 1},
        {"setting": "work_mem_kb", "value": 2_048},
    ):
        with pytest.raises(OptimizationInvalid):
            trigger_optimization(actor_id=make_dave().pk, kind=Subsystem.DATABASE, parameters=parameters)
    assert not Tunable.objects.exists()
    assert not Recommendation.objects.exists()


def test_people_take_a_change_back(site: None) -> None:
    dave = make_dave().pk
    done = trigger_optimization(
        actor_id=dave, kind=Subsystem.DATABASE, parameters={"setting": "http_threads", "value": 8}
    )
    assert done.recommendation is not None
    assert tuned("http_threads", 32.0) == 8.0
    row = take_back_recommendation(actor_id=dave, recommendation_id=done.recommendation.pk, reason="Too few.")
    assert (row.status, row.reason) == (Status.REVERTED, "Too few.")
    # Nobody's wish says anything about a rule.
    assert records() == {}
    assert current_calibration().count == 0
    assert tuned("http_threads", 32.0) == 32.0


def test_a_tick_follows_the_timings_of_the_strategy(site: None, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    begin = clock.now()

    def ticks(strategy: str) -> tuple[list[int], int]:
        settings.PERFORMANCE_OPTIMIZATION_STRATEGY = strategy
        ran, cleanups = [], set()
        for second in range(0, 660, 10):
            monkeypatch.setattr(clock, "now", lambda at=begin + timedelta(seconds=second): at)
            if tick():
                ran.append(second)
            cleanups.add(Tunable.objects.get(name="cleanup_round").value)
        return ran, len(cleanups)

    monkeypatch.setattr(running, "look", lambda before: (Snapshot(), {"at": 0}))
    assert ticks("conservative") == ([0, 600], 3)


def test_a_redis_that_lost_the_settings_has_them_back(site: None) -> None:
    trigger_optimization(
        actor_id=make_dave().pk, kind=Subsystem.DATABASE, parameters={"setting": "http_threads", "value": 8}
    )
    clients.client().delete(KEY)
    forget()
    tick()
    assert tuned("http_threads", 32.0) == 8.0


def test_a_real_look_costs_little_and_finds_nothing_on_a_clean_system(site: None) -> None:
    # What other tests left in this database, autovacuum would have cleared; what they asked for isn't looked at.
    sql("VACUUM (ANALYZE)")
    forget_statements()
    first = run_cycle()
    second = run_cycle()
    assert first is not None
    assert second is not None
    assert list(Recommendation.objects.values_list("rule", flat=True)) == []


def test_the_environment_counts_until_somebody_switches(site: None, settings: Any) -> None:
    assert current_strategy() is Strategy.BALANCED
    settings.PERFORMANCE_OPTIMIZATION_STRATEGY = ""
    settings.PERFORMANCE_CONFIG = replace(settings.PERFORMANCE_CONFIG, strategy="aggressive")
    assert current_strategy() is Strategy.AGGRESSIVE
    settings.PERFORMANCE_OPTIMIZATION_ENABLED = False
    assert tick() is False
    switch_optimizer(actor_id=make_dave().pk, part="monitoring", is_on=True)
    assert tick() is True

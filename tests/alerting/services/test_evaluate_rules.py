"""A round, from measurements to queued messages, in the tables."""

from types import SimpleNamespace

import pytest

from alerting.engine import evaluation
from alerting.engine.conditions import Measured
from alerting.engine.points import Points
from alerting.models import Alert, AlertGroup, AlertingEngine, Delivery, Incident, RuleInstance, TimelineEntry, ToldLog
from alerting.services import evaluate_rules as rounds
from alerting.types import Kind, Rule
from tests.alerting.site import Site


def test_a_breach_becomes_an_alert_an_incident_and_a_message_in_one_round(site: Site) -> None:
    site.channel()
    site.rule()
    site.tell(cpu_usage=91.0)
    found = site.round(after_s=0)
    assert found is not None
    assert (found.rules, found.transitions) == (1, 1)
    alert = Alert.objects.get()
    assert (alert.rule_name, alert.state, alert.severity, alert.value, alert.ended_at) == (
        "CPU",
        "alerting",
        2,
        91,
        None,
    )
    incident = Incident.objects.get()
    assert (incident.status, incident.severity, incident.cause_id, alert.incident_id) == (
        "open", 2, alert.pk, incident.pk,
    )  # fmt: skip
    assert site.titles() == ["Warning: CPU"]
    assert ToldLog.objects.get().channel == "pager"
    assert [line.kind for line in TimelineEntry.objects.order_by("pk")] == ["transition", "notice"]


def test_it_is_not_told_again_and_its_end_is_told_once(site: Site) -> None:
    site.channel()
    site.rule()
    site.tell(cpu_usage=91.0)
    site.round(after_s=0)
    for _ in range(3):
        assert site.round().transitions == 0  # type: ignore[union-attr]
    site.tell(cpu_usage=20.0)
    site.round()
    alert = Alert.objects.get()
    assert (alert.state, alert.ended_at is None) == ("normal", False)
    assert Incident.objects.get().status == "resolved"
    assert site.titles() == ["Warning: CPU"]
    site.round(after_s=300)
    assert site.titles() == ["Warning: CPU", "CPU"]
    assert not AlertGroup.objects.exists()
    site.round(after_s=3_601)
    assert not RuleInstance.objects.exists()


def test_a_rise_is_told_at_once_as_critical(site: Site) -> None:
    site.channel()
    site.rule()
    site.tell(cpu_usage=91.0)
    site.round(after_s=0)
    site.tell(cpu_usage=99.0)
    site.round()
    assert site.titles() == ["Warning: CPU", "Critical: CPU"]
    assert Alert.objects.get().severity == 3
    assert Incident.objects.get().severity == 3


def test_only_what_is_due_is_done_and_by_one_scheduler(site: Site) -> None:
    site.rule()
    site.tell(cpu_usage=91.0)
    assert site.round(after_s=0) is not None
    assert site.round(after_s=29) is None
    assert site.round(after_s=1) is not None
    assert AlertingEngine.objects.get().rounds == 2


def test_a_stopped_engine_does_nothing(site: Site) -> None:
    site.rule()
    site.tell(cpu_usage=91.0)
    AlertingEngine.objects.create(pk=1, is_on=False)
    assert site.round() is None
    assert not Alert.objects.exists()


def test_a_crash_in_the_middle_leaves_the_round_before(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.channel()
    site.rule()
    site.tell(cpu_usage=91.0)

    def crash(*given: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr("alerting.services._flushing.queue_notice", crash)
        with pytest.raises(RuntimeError):
            site.round(after_s=0)
    assert not Alert.objects.exists()
    assert not RuleInstance.objects.exists()
    assert not AlertGroup.objects.exists()
    site.round(after_s=1)
    assert site.titles() == ["Warning: CPU"]


def test_a_rule_that_cannot_be_read_keeps_none_from_theirs(site: Site) -> None:
    broken = site.rule("Broken")
    broken.document = {"expression": "import os"}
    broken.save()
    site.rule()
    site.tell(cpu_usage=91.0)
    found = site.round(after_s=0)
    assert found is not None
    assert (found.rules, found.transitions, list(found.failed)) == (1, 1, ["Broken"])
    assert list(AlertingEngine.objects.get().failed) == ["Broken"]


def test_lost_data_is_told_as_such_and_no_recovery(site: Site) -> None:
    site.channel()
    site.rule()
    site.tell(cpu_usage=91.0)
    site.round(after_s=0)
    site.tell(cpu_usage=None)
    site.round()
    assert Alert.objects.get().state == "no_data"
    assert Alert.objects.get().ended_at is None


def test_each_process_is_an_alert_of_its_own(site: Site) -> None:
    site.channel()
    site.rule(by="process")
    for number in range(3):
        site.tell_of("cpu_usage", f"process:web-{number}", 91.0)
    site.round(after_s=0)
    assert sorted(alert.labels["process"] for alert in Alert.objects.all()) == ["web-0", "web-1", "web-2"]
    # The three are one incident, so that one message tells them.
    assert Incident.objects.count() == 1
    assert Delivery.objects.count() == 1


def test_a_series_that_never_told_anything_is_absent_and_no_number_is_kept(site: Site) -> None:
    site.channel()
    site.rule(condition="absent", levels={"warning": "5m"})
    found = site.round(after_s=0)
    assert found is not None
    assert found.transitions == 1
    alert, line = Alert.objects.get(), TimelineEntry.objects.get(kind="transition")
    assert (alert.state, alert.value, line.facts["value"]) == ("alerting", None, None)
    assert alert.reason == "The condition holds: there never was a value."
    assert site.titles() == ["Warning: CPU"]


def test_a_value_beyond_all_numbers_stops_no_round(site: Site) -> None:
    site.channel()
    site.rule()
    site.tell(cpu_usage=float("inf"))
    found = site.round(after_s=0)
    assert found is not None
    assert (found.transitions, Alert.objects.get().severity, Alert.objects.get().value) == (1, 3, None)
    assert TimelineEntry.objects.get(kind="transition").facts["value"] is None


def test_a_rule_that_fails_is_in_error_and_the_others_go_on(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails is tried again each round, and told after ``for``."""
    real = evaluation.MEASURES[Kind.RATE]

    def fails(rule: Rule, points: Points, now: float) -> Measured | None:
        if rule.name == "Broken":
            raise OverflowError("too large")
        return real(rule, points, now)

    monkeypatch.setitem(evaluation.MEASURES, Kind.RATE, fails)
    site.channel()
    site.rule("Broken", condition="rate", window="5m", **{"for": "1m"})
    site.rule("CPU")
    site.tell(cpu_usage=91.0)
    for attempt in range(3):
        assert Alert.objects.filter(rule_name="Broken").count() == 0
        found = site.round(after_s=30 if attempt else 0)
        assert found is not None
        assert found.rules == 2
    states = {one.rule_name: one.state for one in Alert.objects.all()}
    assert states == {"CPU": "alerting", "Broken": "error"}
    assert Alert.objects.get(rule_name="Broken").reason == (
        "It can't be evaluated for 1m: the arithmetic failed, too large."
    )


def test_a_slow_rule_is_in_error_and_the_others_go_on(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    passed_s = [0.0]
    real = evaluation.MEASURES[Kind.GT]

    def crawls(rule: Rule, points: Points, now: float) -> Measured | None:
        passed_s[0] += 4.0 if rule.name == "Slow" else 0.0
        return real(rule, points, now)

    watched = SimpleNamespace(monotonic=lambda: passed_s[0], perf_counter=lambda: 0.0)
    monkeypatch.setitem(evaluation.MEASURES, Kind.GT, crawls)
    monkeypatch.setattr(rounds, "time", watched)
    site.rule("Slow", by="process", fresh="2m")
    site.rule("Usual", by="process")
    for number in range(4):
        site.tell_of("cpu_usage", f"process:web-{number}", 91.0)
    assert site.round(after_s=0) is not None
    found = Alert.objects.order_by("rule_name", "pk")
    assert [(one.rule_name, one.state) for one in found] == [
        *[("Slow", "alerting")] * 2,
        *[("Slow", "error")] * 2,
        *[("Usual", "alerting")] * 4,
    ]
    assert found[2].reason == "It can't be evaluated: it took too long."

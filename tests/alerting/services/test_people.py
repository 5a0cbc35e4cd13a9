"""What people do with alerts and incidents, and what becomes of them."""

from datetime import timedelta

import pytest

from accounts.models import AuditRecord
from alerting.errors import AlertNotFound, RoutingInvalid
from alerting.models import Alert, EscalationPlan, EscalationRun, Incident, Silence, TimelineEntry, ToldLog, Verdict
from alerting.services.acknowledge import acknowledge_alert
from alerting.services.lapse_acknowledgements import lapse_acknowledgements
from alerting.services.save_silence import create_silence, expire_silence
from alerting.services.take_back_notice import take_back_notice
from alerting.services.work_on_incident import assign_incident, comment_on_incident, judge_alert, resolve_incident
from common import clock
from tests.alerting.site import Site
from tests.factories.accounts import make_dave


@pytest.fixture
def dave(site: Site) -> int:
    return make_dave().pk


@pytest.fixture
def alert(site: Site, dave: int) -> Alert:
    site.channel()
    now = clock.now()
    steps = {"steps": [{"targets": ["channel:pager"], "wait": "5m"}, {"targets": ["channel:pager"], "wait": "5m"}]}
    EscalationPlan.objects.create(name="operators", document=steps, is_default=True, created_at=now, updated_at=now)
    site.rule()
    site.tell(cpu_usage=91.0)
    site.round(after_s=0)
    return Alert.objects.get()


def test_an_acknowledgement_stops_the_escalation_and_lapses_at_its_limit(site: Site, alert: Alert, dave: int) -> None:
    assert EscalationRun.objects.get().status == "running"
    acknowledge_alert(alert_id=alert.pk, by="dave", limit_s=600, actor_id=dave)
    incident = Incident.objects.get()
    assert (incident.status, incident.acknowledged_by) == ("acknowledged", "dave")
    assert incident.acknowledged_until == clock.now() + timedelta(seconds=600)
    assert Alert.objects.get().acknowledged_by == "dave"
    assert EscalationRun.objects.get().status == "acknowledged"
    site.clock.shift(599)
    assert lapse_acknowledgements() == 0
    site.clock.shift(1)
    assert lapse_acknowledgements() == 1
    assert Incident.objects.get().status == "open"
    kinds = list(TimelineEntry.objects.filter(incident=incident).order_by("pk").values_list("kind", flat=True))
    assert kinds[-1] == "lapsed"
    assert AuditRecord.objects.filter(action="alerting.acknowledged").count() == 1


def test_what_is_over_cannot_be_taken(site: Site, alert: Alert, dave: int) -> None:
    site.tell(cpu_usage=1.0)
    site.round()
    assert EscalationRun.objects.get().status == "resolved"
    with pytest.raises(RoutingInvalid):
        acknowledge_alert(alert_id=alert.pk, by="dave", actor_id=dave)
    with pytest.raises(AlertNotFound):
        acknowledge_alert(alert_id=0, by="dave", actor_id=dave)
    assert Alert.objects.get().acknowledged_by == ""


def test_a_worse_alert_of_a_taken_incident_opens_it_again(site: Site, alert: Alert, dave: int) -> None:
    acknowledge_alert(alert_id=alert.pk, by="dave", actor_id=dave)
    site.tell(cpu_usage=99.0)
    site.round()
    incident = Incident.objects.get()
    assert (incident.status, incident.severity) == ("open", 3)


def test_what_somebody_resolved_begins_anew_only_when_it_gets_worse_or_comes_back(
    site: Site, alert: Alert, dave: int
) -> None:
    resolve_incident(incident_id=alert.incident_id or 0, reason="Restarted.", actor="dave", actor_id=dave)
    assert (Alert.objects.get().resolved_by, Incident.objects.get().status) == ("dave", "resolved")
    site.round()
    assert Alert.objects.count() == 1
    site.tell(cpu_usage=99.0)
    site.round()
    assert [one.severity for one in Alert.objects.order_by("pk")] == [2, 3]
    site.tell(cpu_usage=1.0)
    site.round()
    site.tell(cpu_usage=91.0)
    site.round()
    assert [one.ended_at is None for one in Alert.objects.order_by("pk")] == [False, False, True]


def test_assigning_commenting_and_judging_are_in_the_timeline_and_the_audit_trail(alert: Alert, dave: int) -> None:
    incident_id = alert.incident_id or 0
    assign_incident(incident_id=incident_id, assignee="dave", actor="dave", actor_id=dave)
    comment_on_incident(incident_id=incident_id, text="A report runs.", actor="dave", actor_id=dave)
    judge_alert(alert_id=alert.pk, verdict=Verdict.NOISE, actor="dave", actor_id=dave)
    with pytest.raises(RoutingInvalid):
        comment_on_incident(incident_id=incident_id, text="  ", actor="dave", actor_id=dave)
    lines = TimelineEntry.objects.filter(actor="dave").order_by("pk").values_list("kind", "text")
    assert list(lines) == [
        ("assigned", "Assigned to dave."), ("comment", "A report runs."), ("verdict", "Judged: noise."),
    ]  # fmt: skip
    actions = AuditRecord.objects.filter(action__startswith="alerting.").order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["alerting.assigned", "alerting.comment", "alerting.verdict"]


def test_a_silence_keeps_an_alert_from_being_told_and_is_never_deleted(site: Site, dave: int) -> None:
    site.channel()
    site.rule()
    now = clock.now()
    row = create_silence(
        matchers='alertname="CPU"',
        starts_at=now,
        ends_at=now + timedelta(hours=1),
        comment="Load test.",
        author="dave",
        actor_id=dave,
    )
    site.tell(cpu_usage=91.0)
    site.round(after_s=0)
    assert site.titles() == []
    assert Alert.objects.get().suppressed == "silence"
    expire_silence(silence_id=row.pk, actor_id=dave)
    assert Silence.objects.get().ends_at == clock.now()
    with pytest.raises(RoutingInvalid):
        expire_silence(silence_id=row.pk, actor_id=dave)
    site.round(after_s=300)
    assert site.titles() == ["Warning: CPU"]


def test_a_message_that_never_arrived_is_news_again_at_the_next_look(site: Site, alert: Alert) -> None:
    assert take_back_notice(key=ToldLog.objects.get().message_key)
    assert not take_back_notice(key="another")
    site.round()
    assert site.titles() == ["Warning: CPU"]
    site.round(after_s=300)
    assert site.titles() == ["Warning: CPU", "Warning: CPU"]

"""What Alertmanager tells becomes alerts, incidents and messages of the site, once."""

from typing import Any

import pytest
from django.test import Client

from alerting.models import Alert, Delivery, GroupMember, Incident, TimelineEntry
from alerting.services.switch_alerting import switch_alerting
from tests.alerting.site import Site
from tests.factories.accounts import make_alice, make_dave
from tests.trading.api.conftest import Api, api_of

PATH = "/intelligent-alerting/alertmanager"
STARTED = "2026-11-02T11:59:00.123456789Z"


@pytest.fixture
def dave(site: Site) -> Api:
    return api_of(make_dave(), "read", "operate")


def message(*alerts: dict[str, Any], **more: Any) -> dict[str, Any]:
    """As Alertmanager 0.25 writes it."""
    return {
        "receiver": "opinion-market", "status": "firing", "alerts": list(alerts), "groupLabels": {}, "version": "4",
        "commonLabels": {}, "commonAnnotations": {}, "externalURL": "http://alertmanager:9093",
        "groupKey": "{}", "truncatedAlerts": 0, **more,
    }  # fmt: skip


def alert(name: str = "Disk", status: str = "firing", started: str = STARTED, **labels: str) -> dict[str, Any]:
    return {
        "status": status,
        "labels": {"alertname": name, "severity": "critical", **labels},
        "annotations": {"summary": "The disk is 93% full.", "description": "Free space."},
        "startsAt": started,
        "endsAt": "0001-01-01T00:00:00Z" if status == "firing" else "2026-11-02T12:01:00Z",
        "generatorURL": "http://prometheus:9090/graph",
        "fingerprint": "8c1d5a0c9f6b1e22",
    }


def told(dave: Api, *alerts: dict[str, Any]) -> dict[str, int]:
    answer = dave.post(PATH, message(*alerts))
    assert answer.status_code == 200, answer.content
    found: dict[str, int] = answer.json()
    return found


def test_what_fires_is_an_alert_with_an_incident_and_is_told(site: Site, dave: Api) -> None:
    site.channel()
    assert told(dave, alert()) == {"begun": 1, "ended": 0, "known": 0}
    row = Alert.objects.get()
    assert (row.rule_name, row.severity, row.state, row.reason) == ("Disk", 3, "alerting", "The disk is 93% full.")
    assert row.labels == {"alertname": "Disk", "origin": "alertmanager", "severity": "critical"}
    assert row.started_at.isoformat() == "2026-11-02T11:59:00.123456+00:00"
    assert (row.incident.title, row.incident.severity) == ("Critical: Disk", 3) if row.incident else False
    assert TimelineEntry.objects.filter(alert=row, actor="Alertmanager").count() == 1
    shown = dave.get("/intelligent-alerting/alerts?state=firing").json()["items"]
    assert [(one["id"], one["rule_id"], one["rule"]) for one in shown] == [(row.pk, None, "Disk")]
    site.round(after_s=1)
    assert site.titles() == ["Critical: Disk"]


def test_what_is_resolved_ends_it_and_is_told_too(site: Site, dave: Api) -> None:
    site.channel()
    told(dave, alert())
    site.round(after_s=1)
    site.clock.shift(120)
    assert told(dave, alert(status="resolved")) == {"begun": 0, "ended": 1, "known": 0}
    row = Alert.objects.get()
    assert (row.state, row.ended_at is not None, row.resolved_by) == ("normal", True, "Alertmanager")
    assert Incident.objects.get().status == "resolved"
    site.round(after_s=300)
    told_of = [(row.content["title"], row.content["is_resolved"]) for row in Delivery.objects.order_by("pk")]
    assert told_of == [("Critical: Disk", False), ("Disk", True)]


def test_told_again_it_changes_nothing(site: Site, dave: Api) -> None:
    assert told(dave, alert(), alert())["begun"] == 1
    assert told(dave, alert()) == {"begun": 0, "ended": 0, "known": 1}
    assert told(dave, alert(status="resolved"))["ended"] == 1
    # Late repetitions, in any order: that time of firing is over.
    assert told(dave, alert(status="resolved")) == {"begun": 0, "ended": 0, "known": 1}
    assert told(dave, alert()) == {"begun": 0, "ended": 0, "known": 1}
    assert (Alert.objects.count(), Incident.objects.count()) == (1, 1)


def test_a_late_end_does_not_end_a_later_time_of_firing(site: Site, dave: Api) -> None:
    told(dave, alert())
    told(dave, alert(status="resolved"))
    assert told(dave, alert(started="2026-11-02T11:59:30Z"))["begun"] == 1
    assert told(dave, alert(status="resolved")) == {"begun": 0, "ended": 0, "known": 1}
    assert Alert.objects.filter(ended_at=None).count() == 1


def test_labels_tell_alerts_apart_and_not_from_those_of_our_rules(site: Site, dave: Api) -> None:
    site.rule("Disk")
    site.tell(cpu_usage=99.0)
    site.round(after_s=0)
    assert told(dave, alert(), alert(host="b"), alert(host="c"))["begun"] == 3
    assert Alert.objects.filter(ended_at=None).count() == 4
    assert told(dave, alert(status="resolved"), alert(status="resolved", host="b"))["ended"] == 2
    assert Alert.objects.filter(ended_at=None, rule=None).get().labels["host"] == "c"


def test_an_alert_that_somebody_ended_stays_ended(site: Site, dave: Api) -> None:
    told(dave, alert())
    incident = Incident.objects.get()
    assert dave.post(f"/intelligent-alerting/incidents/{incident.pk}/resolve", {}).status_code == 200
    assert told(dave, alert())["begun"] == 0
    assert Alert.objects.get().resolved_by == dave.user.username


def test_words_that_change_are_said_anew(site: Site, dave: Api) -> None:
    told(dave, alert())
    again = alert()
    again["annotations"] = {"summary": "The disk is 97% full."}
    assert told(dave, again)["known"] == 1
    assert Alert.objects.get().reason == "The disk is 97% full."


def test_while_alerting_is_stopped_it_is_kept_and_told_later(site: Site, dave: Api) -> None:
    site.channel()
    switch_alerting(actor_id=dave.user.pk, is_on=False)
    told(dave, alert())
    site.round(after_s=60)
    assert (GroupMember.objects.count(), site.titles()) == (1, [])
    switch_alerting(actor_id=dave.user.pk, is_on=True)
    site.round(after_s=60)
    assert site.titles() == ["Critical: Disk"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (message() | {"version": "3"}, "/version"),
        (message() | {"alerts": [alert(), "x"]}, "/alerts"),
        (message() | {"alerts": [{}] * 1_001}, "/alerts"),
        (message(alert() | {"status": "gone"}), "/alerts/0/status"),
        (message(alert(), alert() | {"startsAt": "yesterday"}), "/alerts/1/startsAt"),
        (message(alert() | {"labels": {}}), "/alerts/0/labels"),
        (message(alert() | {"labels": {"a": 1}}), "/alerts/0/labels"),
        (message(alert() | {"annotations": {"summary": "x" * 4_001}}), "/alerts/0/annotations"),
    ],
)
def test_a_message_that_cannot_be_read_is_refused_whole(
    site: Site, dave: Api, body: dict[str, Any], pointer: str
) -> None:
    answer = dave.post(PATH, body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    assert Alert.objects.count() == 0


def test_members_of_a_later_alertmanager_are_passed_over(site: Site, dave: Api) -> None:
    body = message(alert() | {"newer": 1}, notificationReason="first")
    assert dave.post(PATH, body).json()["begun"] == 1


def test_only_operators_may_tell(site: Site) -> None:
    dave = make_dave()
    assert api_of(dave, "read").post(PATH, message(alert())).status_code == 403
    assert api_of(make_alice(), "read", "trade").post(PATH, message(alert())).status_code == 403
    assert Client().post(f"/api/v1{PATH}", message(alert()), content_type="application/json").status_code == 401
    assert Alert.objects.count() == 0


def test_statements_do_not_grow_with_the_alerts(site: Site, dave: Api, django_assert_max_num_queries: Any) -> None:
    many = [alert(host=str(number)) for number in range(200)]
    with django_assert_max_num_queries(60):
        assert told(dave, *many)["begun"] == 200
    assert Incident.objects.count() == 1

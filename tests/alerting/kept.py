"""What the examples of the API speak of: incident 41 with alert 51 of rule 61, silence 71 and proposal 81."""

from datetime import timedelta

from django.db import connection

from alerting.engine.channels.content import MessageContent, document_of
from alerting.models import (
    Alert,
    AlertRule,
    Channel,
    Delivery,
    EntryKind,
    Incident,
    Silence,
    ThresholdProposal,
    TimelineEntry,
)
from common import clock


def keep_alerting() -> None:
    now = clock.now() - timedelta(minutes=5)
    levels = {"warning": 70, "critical": 95}
    rule = AlertRule.objects.create(
        pk=61,
        name="Worker load",
        document={"expression": "cpu_usage", "condition": "gt", "levels": levels, "for": "1m", "owner": "dave"},
        channels=["in-app"],
        noise=0.5,
        fired_7d=4,
        created_at=now,
        updated_at=now,
    )
    incident = Incident.objects.create(
        pk=41, title="Warning: Worker load", severity=2, started_at=now, last_at=now,
        cause_reason="It is the only alert of the incident.",
    )  # fmt: skip
    alert = Alert.objects.create(
        pk=51,
        rule=rule,
        rule_name=rule.name,
        incident=incident,
        fingerprint="0" * 32,
        labels={"alertname": rule.name},
        series="cpu_usage",
        state="alerting",
        severity=2,
        value=81.5,
        reason="The condition holds for 1m: 81.5.",
        started_at=now,
    )
    incident.cause = alert
    incident.save()
    TimelineEntry.objects.create(
        at=now, kind=EntryKind.TRANSITION, text=alert.reason, rule=rule, alert=alert, incident=incident
    )
    Silence.objects.create(
        pk=71, matchers='{alertname="Disk"}', starts_at=now, ends_at=now + timedelta(hours=2), updated_at=now,
        author="dave", comment="The old logs are being moved.",
    )  # fmt: skip
    ThresholdProposal.objects.create(
        pk=81, rule=rule, made_at=now, severity=2, threshold=70, proposed=84.5, fired=12, would_fire=3,
        reason="75% of 12 alerts in two weeks were noise; cpu_usage passes 84.5 one time in a hundred.",
    )  # fmt: skip
    channel = Channel.objects.get(name="in-app")
    Delivery.objects.create(
        pk=91, key="dead", channel=channel, source="test", status="dead", attempts=4, created_at=now, due_at=now,
        ended_at=now, problem="It answered 503.", content=document_of(MessageContent(title="Test: Worker load")),
    )  # fmt: skip
    with connection.cursor() as cursor:
        for table in ("alertrule", "incident", "alert", "silence", "thresholdproposal", "delivery"):
            cursor.execute(f"SELECT setval('alerting_{table}_id_seq', 100, true)")

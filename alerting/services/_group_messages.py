"""Queues what a group tells, in the transaction that decided it."""

from collections.abc import Mapping

from django.conf import settings

from alerting.engine.channels.content import MessageContent
from alerting.engine.dispatch import Delivery
from alerting.engine.labels import fingerprint
from alerting.engine.notices import Line, notice_of
from alerting.models import EntryKind, GroupMember, TimelineEntry
from alerting.selectors.moments import moment
from alerting.services._escalating import incident_url
from alerting.services.queue_message import queue_message
from alerting.types import ALERT_NAME, SEVERITY, LabelSet


def queue_notice(delivery: Delivery, members: Mapping[LabelSet, GroupMember]) -> None:
    """One message for one channel; its key is the same whoever makes it."""
    lines = [_line(members[alert.labels], alert.is_resolved(delivery.flushed_at)) for alert in delivery.alerts]
    notice = notice_of(lines, delivery.reason)
    row = members[delivery.alerts[0].labels].alert
    incident_id = row.incident_id if row else None
    content = MessageContent(
        title=notice.title,
        text=notice.text,
        severity=notice.severity,
        url=incident_url(incident_id) if incident_id else settings.PUBLIC_URL,
        facts=notice.facts,
        is_resolved=notice.is_resolved,
        alert_id="" if row is None or notice.is_resolved else str(row.pk),
        type="alert.resolved" if notice.is_resolved else "alert.firing",
    )
    queued = queue_message(
        key=delivery.id,
        channel=delivery.key[2],
        content=content,
        thread=fingerprint((("group", delivery.key[0]), ("receiver", delivery.key[1]))),
        deadline_at=moment(delivery.deadline_at),
        source="group",
        reason=delivery.reason.value,
    )
    if queued is not None:
        TimelineEntry.objects.create(
            at=moment(delivery.flushed_at),
            kind=EntryKind.NOTICE,
            text=f"{delivery.key[2]}: {notice.title} ({delivery.reason.value}).",
            incident_id=incident_id,
            facts={"delivery": queued, "channel": delivery.key[2], "alerts": len(delivery.alerts)},
        )


def _line(member: GroupMember, is_resolved: bool) -> Line:
    labels = member.labels
    row, words = member.alert, member.annotations
    return Line(
        id=row.pk if row else 0,
        name=str(labels.get(ALERT_NAME, "alert")),
        where=str(labels.get("process") or labels.get("route") or ""),
        severity=str(labels.get(SEVERITY, "warning")),
        state=str(row.state if row else ""),
        reason=str(row.reason if row else ""),
        value=row.value if row else None,
        is_resolved=is_resolved,
        description=words.get("description", ""),
        runbook=words.get("runbook", ""),
        owner=words.get("owner", ""),
    )

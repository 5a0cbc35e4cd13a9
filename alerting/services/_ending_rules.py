"""Ends what a rule has going on, when it is changed in what it watches, switched off or deleted."""

from django.db.models import QuerySet

from alerting.models import Alert, AlertRule, EntryKind, GroupMember, RuleInstance, TimelineEntry
from alerting.services._incidents import close_incidents
from common import clock


def end_alerts(alerts: QuerySet[Alert], *, reason: str, actor: str) -> int:
    """Within a transaction: end them as of now, and let their groups tell it.

    Returns: how many ended
    """
    now = clock.now()
    rows = list(alerts.filter(ended_at=None).select_for_update())
    for row in rows:
        row.ended_at, row.resolved_by, row.reason = now, actor, reason[:500]
    Alert.objects.bulk_update(rows, ["ended_at", "resolved_by", "reason"], 1_000)
    GroupMember.objects.filter(alert__in=rows, ends_at=None).update(ends_at=now, updated_at=now)
    TimelineEntry.objects.bulk_create(
        TimelineEntry(
            at=now,
            kind=EntryKind.RESOLVED,
            text=reason,
            alert=row,
            incident_id=row.incident_id,
            rule_id=row.rule_id,
            actor=actor,
        )
        for row in rows
    )
    close_incidents({row.incident_id for row in rows if row.incident_id}, now.timestamp())
    return len(rows)


def end_rule(rule: AlertRule, *, reason: str, actor: str) -> None:
    """Forget how its label sets stand; what fires ends."""
    end_alerts(Alert.objects.filter(rule=rule), reason=reason, actor=actor)
    RuleInstance.objects.filter(rule=rule).delete()

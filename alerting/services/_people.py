"""What people do with incidents: each deed has a line in the timeline and a record in the audit trail."""

from typing import Any

from alerting.errors import AlertNotFound
from alerting.events import AlertsChanged
from alerting.models import Alert, EntryKind, Incident, TimelineEntry
from common import clock
from common.audit import record_audit
from common.bus import publish_on_commit


def locked_incident(incident_id: int) -> Incident:
    """Raises: AlertNotFound"""
    row = Incident.objects.select_for_update().filter(pk=incident_id).first()
    if row is None:
        raise AlertNotFound("List them with GET intelligent-alerting/incidents.")
    return row


def known_alert(alert_id: int) -> Alert:
    """Raises: AlertNotFound"""
    row = Alert.objects.filter(pk=alert_id).first()
    if row is None:
        raise AlertNotFound("List them with GET intelligent-alerting/alerts.")
    return row


def note(
    incident: Incident | None,
    kind: EntryKind,
    text: str,
    *,
    actor: str,
    actor_id: int | None,
    ip: str = "",
    alert: Alert | None = None,
    after: dict[str, Any] | None = None,
) -> TimelineEntry:
    """Write the deed down, twice: for people, and for the audit trail."""
    line = TimelineEntry.objects.create(
        at=clock.now(), kind=kind, text=text[:2_000], incident=incident, alert=alert, actor=actor
    )
    target = incident or alert
    assert target is not None
    record_audit(
        actor_id=actor_id,
        action=f"alerting.{kind.value}",
        target=target,
        after={"actor": actor, **(after or {})},
        ip=ip,
    )
    publish_on_commit(AlertsChanged(1))
    return line

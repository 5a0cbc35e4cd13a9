"""Assign, comment and resolve incidents."""

from django.db import transaction

from alerting.errors import RoutingInvalid
from alerting.models import Alert, EntryKind, Incident, TimelineEntry, Verdict
from alerting.services._ending_rules import end_alerts
from alerting.services._people import known_alert, locked_incident, note


def assign_incident(*, incident_id: int, assignee: str, actor: str, actor_id: int, ip: str = "") -> Incident:
    """An empty assignee gives it back.

    Raises: AlertNotFound
    """
    with transaction.atomic():
        incident = locked_incident(incident_id)
        before, incident.assignee = incident.assignee, assignee[:150]
        incident.save(update_fields=["assignee"])
        words = f"Assigned to {assignee}." if assignee else f"No longer assigned to {before}."
        note(incident, EntryKind.ASSIGNED, words, actor=actor, actor_id=actor_id, ip=ip, after={"assignee": assignee})
    return incident


def comment_on_incident(*, incident_id: int, text: str, actor: str, actor_id: int, ip: str = "") -> TimelineEntry:
    """Raises: AlertNotFound, RoutingInvalid without words"""
    if not text.strip():
        raise RoutingInvalid("Write something.", field="text")
    with transaction.atomic():
        incident = locked_incident(incident_id)
        return note(incident, EntryKind.COMMENT, text.strip(), actor=actor, actor_id=actor_id, ip=ip)


def resolve_incident(*, incident_id: int, reason: str, actor: str, actor_id: int, ip: str = "") -> Incident:
    """End its alerts by hand. What still holds begins anew when it gets worse, or after it has ended.

    Raises: AlertNotFound, RoutingInvalid when it has ended
    """
    with transaction.atomic():
        incident = locked_incident(incident_id)
        if incident.ended_at is not None:
            raise RoutingInvalid("The incident is over already.", field="id")
        words = reason.strip() or "Resolved by hand."
        end_alerts(Alert.objects.filter(incident=incident), reason=words, actor=actor)
        note(incident, EntryKind.RESOLVED, words, actor=actor, actor_id=actor_id, ip=ip)
    incident.refresh_from_db()
    return incident


def judge_alert(*, alert_id: int, verdict: Verdict, actor: str, actor_id: int, ip: str = "") -> Alert:
    """Whether it was worth telling: noise scores and proposed thresholds follow.

    Raises: AlertNotFound
    """
    with transaction.atomic():
        alert = known_alert(alert_id)
        alert.verdict = verdict
        alert.save(update_fields=["verdict"])
        words = f"Judged: {verdict.label.lower()}."
        note(
            alert.incident, EntryKind.VERDICT, words, actor=actor, actor_id=actor_id, ip=ip, alert=alert,
            after={"verdict": verdict.value},
        )  # fmt: skip
    return alert

"""Somebody takes an alert, and with it its incident: nobody else is called until the limit, if there is one."""

from datetime import timedelta

from django.db import transaction

from alerting.engine.durations import text
from alerting.errors import RoutingInvalid
from alerting.models import Alert, EntryKind, Incident, IncidentStatus
from alerting.services._escalating import escalation_key
from alerting.services._people import known_alert, locked_incident, note
from alerting.services.acknowledge_escalation import acknowledge_escalation
from common import clock


def acknowledge_alert(
    *, alert_id: int, by: str, limit_s: float | None = None, actor_id: int | None = None, ip: str = ""
) -> Alert:
    """Acknowledge the incident of the alert. ``limit_s`` is until when somebody must do it again; None is for good.

    Raises: AlertNotFound, RoutingInvalid when it has ended
    """
    alert = known_alert(alert_id)
    if alert.incident_id is None:
        raise RoutingInvalid("The alert is over; there is nothing to take.", field="id")
    acknowledge_incident(incident_id=alert.incident_id, by=by, limit_s=limit_s, actor_id=actor_id, ip=ip)
    return known_alert(alert_id)


def acknowledge_incident(
    *, incident_id: int, by: str, limit_s: float | None = None, actor_id: int | None = None, ip: str = ""
) -> Incident:
    """Doing it again names the new person and begins the limit anew.

    Raises: AlertNotFound, RoutingInvalid when it has ended
    """
    with transaction.atomic():
        incident, now = locked_incident(incident_id), clock.now()
        if incident.ended_at is not None:
            raise RoutingInvalid("The incident is over; there is nothing to take.", field="id")
        incident.status = IncidentStatus.ACKNOWLEDGED
        incident.acknowledged_by, incident.acknowledged_at = by[:150], now
        incident.acknowledged_until = None if limit_s is None else now + timedelta(seconds=limit_s)
        incident.save(update_fields=["status", "acknowledged_by", "acknowledged_at", "acknowledged_until"])
        firing = Alert.objects.filter(incident=incident, ended_at=None)
        firing.update(acknowledged_by=by[:150], acknowledged_at=now)
        acknowledge_escalation(key=escalation_key(incident.pk), by=by, limit_s=limit_s)
        words = f"Acknowledged by {by}" + (f" for {text(limit_s)}." if limit_s is not None else ".")
        note(incident, EntryKind.ACKNOWLEDGED, words, actor=by, actor_id=actor_id, ip=ip, after={"limit_s": limit_s})
    return incident

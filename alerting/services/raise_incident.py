"""Nobody acknowledged in time: the incident is as bad as its escalation says."""

from alerting.events import AlertsChanged
from alerting.models import Incident
from common.bus import publish_on_commit


def raise_incident(*, incident_id: int, severity: int) -> None:
    """A worse incident stays as it is."""
    if Incident.objects.filter(pk=incident_id, ended_at=None, severity__lt=severity).update(severity=severity):
        publish_on_commit(AlertsChanged(1))

"""Incidents and their escalations."""

from typing import Final

from django.conf import settings

from alerting.engine.channels.content import MessageContent
from alerting.models import Incident
from alerting.selectors.rules import labels_of
from alerting.services.begin_escalation import begin_escalation
from alerting.services.resolve_escalation import resolve_escalation
from alerting.types import Severity

PREFIX: Final = "incident:"


def escalation_key(incident_id: int) -> str:
    return f"{PREFIX}{incident_id}"


def escalate(incident: Incident) -> None:
    """Begin to call people, if a policy says whom; a worse incident goes on with its severity."""
    if incident.severity < Severity.WARNING or incident.cause is None:
        return
    alert = incident.cause
    content = MessageContent(
        title=incident.title,
        text=alert.reason,
        severity=Severity(incident.severity).name.lower(),
        url=incident_url(incident.pk),
        facts=(("Why this one first", incident.cause_reason),),
        alert_id=str(alert.pk),
    )
    begin_escalation(
        key=escalation_key(incident.pk),
        labels=labels_of(alert.labels),
        severity=Severity(incident.severity),
        policy_name=alert.rule.escalation if alert.rule else "",
        content=content,
        incident_id=incident.pk,
    )


def end_escalation(incident: Incident, reason: str) -> None:
    """Stop calling."""
    resolve_escalation(key=escalation_key(incident.pk), reason=reason)


def incident_url(incident_id: int) -> str:
    return f"{settings.PUBLIC_URL}/operations/alerts/incidents/{incident_id}"

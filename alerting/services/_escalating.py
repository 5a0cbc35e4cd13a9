"""Incidents and their escalations."""

from alerting.models import Incident


def escalate(incident: Incident) -> None:
    """Begin to call people, if a policy says whom."""


def end_escalation(incident: Incident, reason: str) -> None:
    """Stop calling."""

"""The clock of escalations: due times are rows, this only looks."""

from celery import shared_task

from alerting.services import advance_escalations as advancing


@shared_task(acks_late=False)
def advance_escalations() -> int:
    return advancing.advance_escalations()


@shared_task(acks_late=False)
def audit_escalations() -> int:
    """How many were healed."""
    return advancing.audit_escalations()

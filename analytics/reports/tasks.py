"""Celery's part in reports: a look at which turns have come. The jobs themselves are the ledger's."""

from celery import shared_task

from analytics.reports.services import start_due_reports as starting


@shared_task
def start_due_reports() -> int:
    """How many turns were taken."""
    return starting.start_due_reports()

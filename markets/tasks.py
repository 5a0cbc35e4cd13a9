"""Jobs of markets, each safe to repeat."""

from celery import shared_task

from markets.services.snapshot_journal import snapshot_journal


@shared_task
def snapshot_books() -> int:
    return snapshot_journal()

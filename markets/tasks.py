"""Jobs of markets, each safe to repeat."""

from celery import shared_task

from common import clock
from markets.services.request_override import expire
from markets.services.snapshot_journal import snapshot_journal


@shared_task
def expire_overrides() -> int:
    return expire(clock.now())


@shared_task
def snapshot_books() -> int:
    return snapshot_journal()

"""Jobs of markets, each safe to repeat."""

from celery import shared_task

from common import clock
from markets.services.ask_sources import ask_due_sources
from markets.services.end_vote import end_due_votes
from markets.services.request_override import expire
from markets.services.snapshot_journal import snapshot_journal


@shared_task
def expire_overrides() -> int:
    return expire(clock.now())


@shared_task
def ask_sources() -> int:
    return ask_due_sources()


@shared_task
def end_votes() -> int:
    return end_due_votes()


@shared_task
def snapshot_books() -> int:
    return snapshot_journal()

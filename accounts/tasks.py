"""Sweeps of accounts, each safe to run twice."""

from celery import shared_task

from accounts.services import tidy_sessions as tidying


@shared_task(acks_late=False, ignore_result=True)
def tidy_sessions() -> int:
    return tidying.tidy_sessions()

"""Nudges to send: the outbox knows what there is, so a message of Celery may be lost or doubled.

Bound      Integrators' endpoints have at most half of the threads: theirs are receivers that nobody here looks after,
           and alerts must not wait for them.
"""

from threading import BoundedSemaphore
from typing import Final

from celery import shared_task
from django.conf import settings

from alerting.services import deliver
from alerting.services import send_digests as digests
from alerting.services import tell_traders as telling
from alerting.services import tidy_deliveries as tidying
from alerting.services._leasing import due_channels, due_endpoints
from alerting.services.tell_of_series import tell_of_series
from alerting.services.webhooks import queue_events, replay_events, switch_off

#: Others wait for the places.
ENDPOINT_BUDGET_S: Final = 5.0
_PLACES: Final = BoundedSemaphore(max(1, settings.DELIVERY_THREADS // 2))


@shared_task(acks_late=False, ignore_result=True)
def deliver_channel(channel_id: int) -> int:
    return deliver.deliver_channel(channel_id=channel_id)


@shared_task(acks_late=False, ignore_result=True)
def deliver_endpoint(channel_id: int) -> int:
    if not _PLACES.acquire(blocking=False):
        return 0
    try:
        return deliver.deliver_channel(channel_id=channel_id, budget_s=ENDPOINT_BUDGET_S)
    finally:
        _PLACES.release()


@shared_task(acks_late=False, ignore_result=True)
def deliver_due() -> int:
    """How many channels have something to do; each in a task of its own, so that none waits for another."""
    found, endpoints = due_channels(), due_endpoints()
    for channel_id in found:
        deliver_channel.apply_async((channel_id,), retry=False, expires=5)
    for channel_id in endpoints:
        deliver_endpoint.apply_async((channel_id,), retry=False, expires=2)
    return len(found) + len(endpoints)


@shared_task(acks_late=False, ignore_result=True)
def queue_webhook_events() -> int:
    """What happened since the last look, and what was asked for again."""
    return queue_events.queue_events() + replay_events.queue_replays()


@shared_task(acks_late=False, ignore_result=True)
def watch_webhooks() -> int:
    return switch_off.watch_endpoints()


@shared_task(acks_late=False)
def tidy_deliveries() -> int:
    return tidying.tidy_deliveries()


@shared_task(acks_late=False)
def tell_traders() -> int:
    return telling.tell_traders() + tell_of_series()


@shared_task(acks_late=False)
def send_digests() -> int:
    return digests.send_digests()

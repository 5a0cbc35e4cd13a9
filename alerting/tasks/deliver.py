"""Nudges to send: the outbox knows what there is, so a message of Celery may be lost or doubled."""

from celery import shared_task

from alerting.services import deliver
from alerting.services import tell_traders as telling
from alerting.services import tidy_deliveries as tidying
from alerting.services._leasing import due_channels


@shared_task(acks_late=False, ignore_result=True)
def deliver_channel(channel_id: int) -> int:
    return deliver.deliver_channel(channel_id=channel_id)


@shared_task(acks_late=False, ignore_result=True)
def deliver_due() -> int:
    """How many channels have something to do; each in a task of its own, so that none waits for another."""
    found = due_channels()
    for channel_id in found:
        deliver_channel.apply_async((channel_id,), retry=False, expires=5)
    return len(found)


@shared_task(acks_late=False)
def tidy_deliveries() -> int:
    return tidying.tidy_deliveries()


@shared_task(acks_late=False)
def tell_traders() -> int:
    return telling.tell_traders()

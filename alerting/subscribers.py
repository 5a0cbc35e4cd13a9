"""Reactions to facts, each a nudge that a poll repeats if it is lost."""

from typing import Any

from django.apps import AppConfig
from django.core.cache import cache
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from alerting.events import DeliveryEnded, DeliveryQueued, EscalationRaised, EventsQueued, NotificationsChanged
from alerting.realtime.bell_channel import ring
from alerting.services.provide_channels import provide_channels
from alerting.services.provide_rules import provide_rules
from alerting.services.raise_incident import raise_incident
from alerting.services.take_back_notice import take_back_notice
from alerting.tasks.deliver import deliver_channel, deliver_endpoint
from common.bus import subscribe

#: Of many messages at once the first one nudges; the poll is there for the rest.
_NUDGE_S = 1


@subscribe(DeliveryQueued)
def nudge_delivery(event: DeliveryQueued) -> None:
    if cache.add(f"alerting:nudge:{event.channel_id}", 1, timeout=_NUDGE_S):
        deliver_channel.apply_async((event.channel_id,), retry=False, expires=5)


@subscribe(EventsQueued)
def nudge_endpoint(event: EventsQueued) -> None:
    if cache.add(f"alerting:nudge:{event.channel_id}", 1, timeout=_NUDGE_S):
        deliver_endpoint.apply_async((event.channel_id,), retry=False, expires=5)


@subscribe(DeliveryEnded)
def forget_what_did_not_arrive(event: DeliveryEnded) -> None:
    if event.source == "group" and not event.is_delivered:
        take_back_notice(key=event.key)


@subscribe(EscalationRaised)
def raise_what_nobody_took(event: EscalationRaised) -> None:
    kind, _, number = event.key.partition(":")
    if kind == "incident" and number.isdigit():
        raise_incident(incident_id=int(number), severity=event.severity)


@receiver(post_migrate, dispatch_uid="alerting.provide_channels")
def begin_with_channels(sender: AppConfig, **kwargs: Any) -> None:
    if sender.label == "alerting":
        provide_channels()
        provide_rules()


@subscribe(NotificationsChanged)
def ring_bell(event: NotificationsChanged) -> None:
    ring(event.user_id)

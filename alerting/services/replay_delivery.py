"""Send again what was given up."""

from django.db import transaction
from django.db.models import F

from alerting.errors import DeliveryNotFound
from alerting.events import DeliveryQueued
from alerting.models import ENDPOINT_SOURCE, Channel, Delivery, DeliveryStatus
from common import clock
from common.audit import record_audit
from common.bus import publish_on_commit


def replay_delivery(*, actor_id: int, delivery_id: int, ip: str = "") -> None:
    """With the same key, and as many attempts as at first; a deadline doesn't count any more.

    Raises: DeliveryNotFound
    Publishes: DeliveryQueued
    """
    with transaction.atomic():
        row = Delivery.objects.select_for_update().exclude(source=ENDPOINT_SOURCE).filter(pk=delivery_id).first()
        if row is None or row.status not in (DeliveryStatus.DEAD, DeliveryStatus.EXPIRED):
            raise DeliveryNotFound("No message with this id was given up.", field="id")
        Delivery.objects.filter(pk=row.pk).update(
            status=DeliveryStatus.WAITING,
            due_at=clock.now(),
            deadline_at=None,
            failed=0,
            ended_at=None,
            bundle="",
            replays=F("replays") + 1,
        )
        Channel.objects.filter(pk=row.channel_id).update(rests_until=None)
        record_audit(actor_id=actor_id, action="alerting.delivery_replayed", target=row, ip=ip)
        publish_on_commit(DeliveryQueued(row.channel_id))

"""Let go of what is old: messages that ended, references of threads, notifications."""

from datetime import timedelta
from typing import Final

from alerting.models import Delivery, DeliveryStatus, Notification, ThreadMark
from common import clock

KEEP_DAYS: Final = 30
#: What was given up stays longer, so that it can be sent again.
KEEP_DEAD_DAYS: Final = 90
_BATCH: Final = 5_000


def tidy_deliveries() -> int:
    """How many messages went; at most one batch a time, so that no statement takes long."""
    now = clock.now()
    old = Delivery.objects.filter(ended_at__lt=now - timedelta(days=KEEP_DAYS), status=DeliveryStatus.DELIVERED)
    dead = Delivery.objects.filter(ended_at__lt=now - timedelta(days=KEEP_DEAD_DAYS))
    ids = [*old.values_list("pk", flat=True)[:_BATCH], *dead.values_list("pk", flat=True)[:_BATCH]]
    Delivery.objects.filter(pk__in=ids).delete()
    ThreadMark.objects.filter(updated_at__lt=now - timedelta(days=KEEP_DAYS)).delete()
    lines = Notification.objects.filter(created_at__lt=now - timedelta(days=KEEP_DEAD_DAYS))
    Notification.objects.filter(pk__in=lines.values_list("pk", flat=True)[:_BATCH]).delete()
    return len(ids)

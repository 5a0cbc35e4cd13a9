"""The end of a message: delivered, given up or too late.

Contract   Under the token of the lease, so that a worker that was thought dead changes nothing any more.
Publishes  DeliveryEnded for each message that ended
"""

from collections.abc import Sequence

from alerting.events import DeliveryEnded
from alerting.models import Delivery, DeliveryStatus
from common import clock
from common.bus import publish_on_commit


def end(rows: Sequence[Delivery], status: DeliveryStatus, problem: str) -> int:
    """How many ended; those whose lease has passed to another worker don't."""
    now, ended = clock.now(), 0
    for row in rows:
        mine = Delivery.objects.filter(pk=row.pk, attempts=row.attempts, status=DeliveryStatus.WAITING)
        if mine.update(status=status, ended_at=now, is_leased=False, problem=problem[:300]):
            ended += 1
            publish_on_commit(DeliveryEnded(row.pk, row.key, row.source, status == DeliveryStatus.DELIVERED))
    return ended

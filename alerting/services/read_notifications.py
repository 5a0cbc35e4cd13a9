"""Note that somebody has seen their notifications."""

from alerting.events import NotificationsChanged
from alerting.models import Notification
from common import clock
from common.bus import publish_on_commit


def read_notifications(*, user_id: int, upto_id: int) -> int:
    """How many lines were new until now; those after ``upto_id`` stay new.

    Publishes: NotificationsChanged
    """
    mine = Notification.objects.filter(user=user_id, read_at=None, pk__lte=upto_id)
    count = mine.update(read_at=clock.now())
    publish_on_commit(NotificationsChanged(user_id))
    return count

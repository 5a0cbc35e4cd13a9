"""The only writer of people's lists of notifications.

Contract   One row for a person and key: told again, it changes and is new again. Runs in the caller's transaction.
Publishes  NotificationsChanged, one for each person.
"""

from collections.abc import Sequence
from datetime import datetime

from alerting.events import NotificationsChanged
from alerting.models import Notification
from alerting.services.webhooks.queue_notices import queue_notices
from common import clock
from common.bus import publish_on_commit


def write_notices(
    people: Sequence[int],
    *,
    kind: str,
    key: str,
    title: str,
    text: str = "",
    url: str = "",
    severity: str = "",
    at: datetime | None = None,
) -> None:
    now = clock.now()
    rows = [
        Notification(
            user_id=user_id,
            kind=kind,
            key=key,
            title=title[:200],
            text=text[:500],
            url=url[:300],
            severity=severity,
            created_at=at or now,
            updated_at=now,
        )
        for user_id in people
    ]
    Notification.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["user", "key"],
        update_fields=["title", "text", "url", "severity", "updated_at", "read_at"],
    )
    queue_notices(rows)
    for user_id in people:
        publish_on_commit(NotificationsChanged(user_id))

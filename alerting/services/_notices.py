"""The only writer of people's lists of notifications.

Contract   One row for a person and key: told again, it changes and is new again. Runs in the caller's transaction.
           Words are kept beside what they say in English, which programs get; readers have them in their language.
Publishes  NotificationsChanged, one for each person.
"""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.utils import translation

from alerting.engine.words import Text, document_of
from alerting.events import NotificationsChanged
from alerting.models import Notification
from alerting.selectors.wording import said
from alerting.services.webhooks.queue_notices import queue_notices
from common import clock
from common.bus import publish_on_commit


def write_notices(
    people: Sequence[int],
    *,
    kind: str,
    key: str,
    title: Text,
    text: Text = "",
    url: str = "",
    severity: str = "",
    at: datetime | None = None,
) -> None:
    now = clock.now()
    with translation.override(settings.LANGUAGE_CODE):
        plain_title, plain_text = said(title), said(text)
    rows = [
        Notification(
            user_id=user_id,
            kind=kind,
            key=key,
            title=plain_title[:200],
            text=plain_text[:500],
            words=document_of(title, text),
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
        update_fields=["title", "text", "words", "url", "severity", "updated_at", "read_at"],
    )
    queue_notices(rows)
    for user_id in people:
        publish_on_commit(NotificationsChanged(user_id))

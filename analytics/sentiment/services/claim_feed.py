"""Take the feed that is due longest, so that nobody else fetches it meanwhile."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from analytics.sentiment.models import Feed
from common import clock


@dataclass(frozen=True, slots=True)
class ClaimedFeed:
    id: int
    url: str
    etag: str
    last_modified: str


def claim_feed() -> ClaimedFeed | None:
    """The feed to fetch now, put off by its interval; ``None`` when nothing is due."""
    now = clock.now()
    with transaction.atomic():
        due = Feed.objects.filter(is_on=True, due_at__lte=now).order_by("due_at")
        feed = due.select_for_update(skip_locked=True).first()
        if feed is None:
            return None
        feed.due_at = now + timedelta(seconds=feed.interval_s)
        feed.save(update_fields=["due_at"])
    return ClaimedFeed(feed.pk, feed.url, feed.etag, feed.last_modified)

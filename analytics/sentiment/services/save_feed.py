"""Make or change a feed, fetch it now, or forget it: by staff, audited."""

from dataclasses import asdict, dataclass
from typing import Final

from django.db import transaction

from analytics.sentiment.errors import FeedInvalid
from analytics.sentiment.models import Feed
from common import clock
from common.audit import record_audit
from common.outgoing.client import check_address

INTERVAL_S_MIN: Final = 60
INTERVAL_S_MAX: Final = 7 * 86_400


@dataclass(frozen=True, slots=True)
class FeedSpec:
    name: str
    url: str
    is_on: bool
    interval_s: int


def save_feed(*, actor_id: int | None, spec: FeedSpec, feed_id: int | None = None, ip: str = "") -> Feed:
    """Keep the feed and let it be fetched soon; a new address is asked from the beginning.

    Raises: FeedInvalid, OutgoingRefused
    """
    if not INTERVAL_S_MIN <= spec.interval_s <= INTERVAL_S_MAX:
        detail = f"Fetch it every {INTERVAL_S_MIN} to {INTERVAL_S_MAX:,} seconds."
        raise FeedInvalid(detail, field="/interval_s")
    check_address(spec.url)
    with transaction.atomic():
        feed = Feed() if feed_id is None else Feed.objects.select_for_update().get(pk=feed_id)
        before = {} if feed_id is None else {name: getattr(feed, name) for name in asdict(spec)}
        if feed.url != spec.url:
            feed.etag = feed.last_modified = feed.error = ""
            feed.failures = 0
        feed.name, feed.url, feed.is_on, feed.interval_s = spec.name, spec.url, spec.is_on, spec.interval_s
        feed.due_at = clock.now()
        feed.save()
        action = "sentiment.feed_changed" if before else "sentiment.feed_made"
        record_audit(actor_id=actor_id, action=action, target=feed, before=before, after=asdict(spec), ip=ip)
    return feed


def fetch_soon(*, actor_id: int, feed_id: int, reason: str, ip: str = "") -> None:
    """Let the next round fetch the feed, whatever its interval."""
    with transaction.atomic():
        feed = Feed.objects.select_for_update().get(pk=feed_id)
        feed.due_at = clock.now()
        feed.save(update_fields=["due_at"])
        record_audit(actor_id=actor_id, action="sentiment.feed_fetched", target=feed, reason=reason, ip=ip)

"""Fetch the feeds that are due, and keep what is new.

Contract   Each fetch passes the one guard of outgoing requests, every redirect too. What was fetched before isn't sent
           again by servers that know ETag or Last-Modified. A failure is kept with its feed, which is then asked less
           and less often, at least once a day.
Bound      FEEDS_MAX feeds a call, BYTES_MAX and TIMEOUT_S an answer.
"""

from datetime import timedelta
from typing import Final
from urllib.parse import urljoin

from django.db import transaction
from django.db.models import F

from analytics.sentiment.engine.feed_text import entries_of
from analytics.sentiment.errors import FeedUnreadable
from analytics.sentiment.models import Feed
from analytics.sentiment.services.claim_feed import ClaimedFeed, claim_feed
from analytics.sentiment.services.keep_articles import keep_articles
from common import clock
from common.outgoing.client import Answer, fetch
from common.outgoing.errors import OutgoingFailed, OutgoingRefused

FEEDS_MAX: Final = 5
BYTES_MAX: Final = 2_000_000
TIMEOUT_S: Final = 10.0
REDIRECTS_MAX: Final = 3
BACKOFF_MAX: Final = timedelta(days=1)
_MOVED: Final = {301, 302, 303, 307, 308}
_ACCEPT: Final = "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.8"


def fetch_feeds() -> int:
    """Fetch what is due.

    Returns: how many new articles were kept
    """
    kept = 0
    for _ in range(FEEDS_MAX):
        claimed = claim_feed()
        if claimed is None:
            break
        kept += fetch_feed(claimed)
    return kept


def fetch_feed(claimed: ClaimedFeed) -> int:
    """Fetch one feed and keep what is new; how many articles that is."""
    try:
        answer = _ask(claimed)
        entries = [] if answer.status == 304 else entries_of(_body(answer))
    except (OutgoingRefused, OutgoingFailed, FeedUnreadable) as problem:
        _note_failure(claimed.id, str(getattr(problem, "detail", problem)))
        return 0
    with transaction.atomic():
        kept = keep_articles(feed_id=claimed.id, entries=entries)
        _note_success(claimed.id, answer, kept)
    return kept


def _ask(claimed: ClaimedFeed) -> Answer:
    headers = {"Accept": _ACCEPT}
    if claimed.etag:
        headers["If-None-Match"] = claimed.etag
    if claimed.last_modified:
        headers["If-Modified-Since"] = claimed.last_modified
    url = claimed.url
    for _ in range(REDIRECTS_MAX + 1):
        answer = fetch("GET", url, headers=headers, timeout_s=TIMEOUT_S, bytes_max=BYTES_MAX)
        if answer.status not in _MOVED:
            return answer
        url = urljoin(url, answer.headers.get("location", ""))
    raise FeedUnreadable(f"It is moved more than {REDIRECTS_MAX} times.")


def _body(answer: Answer) -> bytes:
    if not answer.is_success:
        raise FeedUnreadable(f"The server answered {answer.status}.")
    if answer.is_cut:
        raise FeedUnreadable(f"It is larger than {BYTES_MAX // 1_000_000} MB.")
    return answer.body


def _note_success(feed_id: int, answer: Answer, kept: int) -> None:
    now = clock.now()
    Feed.objects.filter(pk=feed_id).update(
        fetched_at=now, succeeded_at=now, error="", failures=0, articles=F("articles") + kept
    )
    if answer.status != 304:
        etag, changed = answer.headers.get("etag", ""), answer.headers.get("last-modified", "")
        # One that doesn't fit is of no use, and half of one would be wrong.
        Feed.objects.filter(pk=feed_id).update(
            etag=etag if len(etag) <= 300 else "", last_modified=changed if len(changed) <= 100 else ""
        )


def _note_failure(feed_id: int, problem: str) -> None:
    now = clock.now()
    with transaction.atomic():
        feed = Feed.objects.select_for_update().get(pk=feed_id)
        feed.fetched_at, feed.error, feed.failures = now, problem[:300], feed.failures + 1
        feed.due_at = now + min(timedelta(seconds=feed.interval_s) * 2 ** min(feed.failures, 10), BACKOFF_MAX)
        feed.save(update_fields=["fetched_at", "error", "failures", "due_at"])

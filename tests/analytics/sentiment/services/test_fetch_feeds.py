"""Feeds over real connections: what is new is kept once, what goes wrong is told."""

import socket
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest
import time_machine

from accounts.models import AuditRecord
from analytics.sentiment.models import Article, ArticleLink, Feed
from analytics.sentiment.services.fetch_feeds import fetch_feeds
from analytics.sentiment.services.keep_articles import link_market
from analytics.sentiment.services.save_feed import FeedSpec, fetch_soon, save_feed
from common import clock
from common.outgoing.errors import OutgoingRefused
from tests.common.outgoing.receivers import Behaviour, Receiver, answering, receiver, redirecting, resetting
from tests.factories.accounts import make_dave
from tests.factories.markets import make_market

pytestmark = pytest.mark.django_db


def rss(*titles: str, age: timedelta = timedelta()) -> bytes:
    date = format_datetime(clock.now() - age)
    items = "".join(f"<item><title>{t}</title><guid>{t}</guid><pubDate>{date}</pubDate></item>" for t in titles)
    return f'<rss version="2.0"><channel><title>News</title>{items}</channel></rss>'.encode()


def feed_of(url: str, name: str = "News") -> Feed:
    return Feed.objects.create(name=name, url=url, due_at=clock.now())


def conditional(body: bytes) -> Behaviour:
    """Answers 304 to whoever knows the ETag."""

    def behave(connection: socket.socket, found: Receiver) -> None:
        request = connection.recv(65_536)
        found.requests.append(request)
        if b'If-None-Match: "v1"' in request:
            connection.sendall(b'HTTP/1.1 304 Not Modified\r\nETag: "v1"\r\nContent-Length: 0\r\n\r\n')
        else:
            head = f'HTTP/1.1 200 OK\r\nETag: "v1"\r\nContent-Length: {len(body)}\r\n\r\n'
            connection.sendall(head.encode() + body)

    return behave


def _due(feed: Feed) -> None:
    Feed.objects.filter(pk=feed.pk).update(due_at=clock.now())


def test_new_articles_are_linked_once_and_asked_for_with_their_etag(settings: Any) -> None:
    market = make_market(question="Will it rain in Lisbon tomorrow?")
    with receiver(conditional(rss("Terrible rain floods Lisbon", "Nothing else"))) as found:
        settings.OUTGOING_ALLOWED_HOSTS = (found.allowed,)
        feed = feed_of(found.url("/rss"))
        assert fetch_feeds() == 2
        assert fetch_feeds() == 0
        assert len(found.requests) == 1, "it isn't due again"
        _due(feed)
        assert fetch_feeds() == 0
        assert b'If-None-Match: "v1"' in found.requests[1]
    feed.refresh_from_db()
    assert (feed.articles, feed.error, feed.failures, feed.etag) == (2, "", 0, '"v1"')
    link = ArticleLink.objects.get()
    assert (link.market_id, link.article.title) == (market.pk, "Terrible rain floods Lisbon")
    assert link.score < -3_000


def test_the_same_story_of_two_feeds_is_one(settings: Any) -> None:
    with receiver(answering(200, rss("Rain in Lisbon"))) as one, receiver(answering(200, rss("Rain in Lisbon"))) as two:
        settings.OUTGOING_ALLOWED_HOSTS = (one.allowed, two.allowed)
        feeds = [feed_of(one.url(), "One"), feed_of(two.url(), "Two")]
        assert fetch_feeds() == 1
        for feed in feeds:
            _due(feed)
        assert fetch_feeds() == 0
    assert Article.objects.count() == 1


def test_old_articles_are_left_out(settings: Any) -> None:
    with receiver(answering(200, rss("Rain in Lisbon", age=timedelta(days=8)))) as found:
        settings.OUTGOING_ALLOWED_HOSTS = (found.allowed,)
        feed_of(found.url())
        assert fetch_feeds() == 0


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        (answering(404, b"gone"), "answered 404"),
        (answering(200, b"<html>"), "neither RSS nor Atom"),
        (answering(200, b"x" * 2_000_001), "larger than 2 MB"),
        (resetting, "reset"),
    ],
)
def test_failures_are_told_and_back_off(settings: Any, behaviour: Behaviour, words: str) -> None:
    with time_machine.travel(clock.now(), tick=False), receiver(behaviour) as found:
        settings.OUTGOING_ALLOWED_HOSTS = (found.allowed,)
        feed = feed_of(found.url())
        assert fetch_feeds() == 0
        feed.refresh_from_db()
        assert words in feed.error
        assert (feed.failures, feed.due_at - clock.now()) == (1, timedelta(seconds=1_800))
    assert not Article.objects.exists()


def test_inward_addresses_are_refused_also_behind_a_redirect(settings: Any) -> None:
    with receiver(answering(200, rss("Secret"))) as inner:
        with pytest.raises(OutgoingRefused):
            save_feed(actor_id=make_dave().pk, spec=FeedSpec("Inner", inner.url(), True, 900))
        assert not Feed.objects.exists()
        with receiver(redirecting(inner.url())) as outer:
            settings.OUTGOING_ALLOWED_HOSTS = (outer.allowed,)
            feed = feed_of(outer.url())
            fetch_feeds()
        assert inner.connections == 0
    feed.refresh_from_db()
    assert feed.failures == 1
    assert not Article.objects.exists()


def test_redirects_are_followed(settings: Any) -> None:
    with receiver(answering(200, rss("Rain in Lisbon"))) as inner, receiver(redirecting(inner.url())) as outer:
        settings.OUTGOING_ALLOWED_HOSTS = (outer.allowed, inner.allowed)
        feed_of(outer.url())
        assert fetch_feeds() == 1


def test_a_market_that_opens_gets_the_articles_of_the_week(settings: Any) -> None:
    with receiver(answering(200, rss("Heavy rain expected in Lisbon"))) as found:
        settings.OUTGOING_ALLOWED_HOSTS = (found.allowed,)
        feed_of(found.url())
        fetch_feeds()
    market = make_market(question="Will it rain in Lisbon tomorrow?")
    assert (link_market(market_id=market.pk), link_market(market_id=market.pk)) == (1, 1)
    assert ArticleLink.objects.get().market_id == market.pk


def test_staff_make_change_and_fetch_feeds() -> None:
    dave = make_dave()
    feed = save_feed(actor_id=dave.pk, spec=FeedSpec("News", "https://example.org/rss", True, 900))
    Feed.objects.update(etag='"v1"', error="The server answered 500.", failures=3)
    save_feed(actor_id=dave.pk, feed_id=feed.pk, spec=FeedSpec("News", "https://example.org/atom", True, 600))
    feed.refresh_from_db()
    assert (feed.etag, feed.error, feed.failures, feed.interval_s) == ("", "", 0, 600)
    fetch_soon(actor_id=dave.pk, feed_id=feed.pk, reason="The story of the day.")
    actions = list(AuditRecord.objects.order_by("id").values_list("action", flat=True))
    assert actions == ["sentiment.feed_made", "sentiment.feed_changed", "sentiment.feed_fetched"]

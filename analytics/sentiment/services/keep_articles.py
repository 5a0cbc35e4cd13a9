"""Keep the entries of a feed that are new, with their tone and the markets they are about."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from analytics.sentiment.engine.lexicon import VERSION, tone_of
from analytics.sentiment.engine.linking import QuestionIndex, words_of
from analytics.sentiment.models import Article, ArticleLink
from analytics.sentiment.selectors.questions import open_questions
from analytics.sentiment.types import WINDOW_S, Entry, Question
from common import clock

SCALE: Final = 10_000
_RECENT: Final = 500


def keep_articles(*, feed_id: int, entries: Sequence[Entry]) -> int:
    """Keep what no feed has brought and what isn't older than a week; call it in a transaction.

    Returns: how many articles are new
    """
    now = clock.now()
    articles = [_article(feed_id, entry, now) for entry in entries if not _is_old(entry, now)]
    known = set(
        Article.objects.filter(feed_id=feed_id, key__in=[a.key for a in articles]).values_list("key", flat=True)
    )
    fresh = list({article.fingerprint: article for article in articles if article.key not in known}.values())
    Article.objects.bulk_create(fresh, ignore_conflicts=True)
    # Of two workers that bring the same story one is ignored, and has no row of its own.
    stored = list(Article.objects.filter(feed_id=feed_id, key__in=[a.key for a in fresh]))
    if stored:
        _link(stored, open_questions(), now)
    return len(stored)


def link_market(*, market_id: int) -> int:
    """Link the newest articles of the last week to a market that was just opened; how many are about it."""
    questions = open_questions()
    now = clock.now()
    recent = Article.objects.filter(published_at__gt=now - timedelta(seconds=WINDOW_S)).order_by("-id")[:_RECENT]
    return _link(list(recent), questions, now, only=market_id)


def _link(articles: Sequence[Article], questions: Sequence[Question], now: datetime, only: int | None = None) -> int:
    index = QuestionIndex(questions)
    links = [
        ArticleLink(
            article=article,
            market_id=match.market_id,
            known_at=now,
            overlap=round(match.overlap * SCALE),
            score=article.score,
        )
        for article in articles
        for match in index.matches(f"{article.title} {article.summary}")
        if only in (None, match.market_id)
    ]
    ArticleLink.objects.bulk_create(links, ignore_conflicts=True)
    return len(links)


def _is_old(entry: Entry, now: datetime) -> bool:
    return entry.published_at is not None and (now - entry.published_at).total_seconds() > WINDOW_S


def _article(feed_id: int, entry: Entry, now: datetime) -> Article:
    # Some feeds announce the future.
    published_at = min(entry.published_at or now, now)
    story = " ".join([*sorted(words_of(entry.title)), published_at.date().isoformat()])
    return Article(
        feed_id=feed_id,
        key=entry.key,
        fingerprint=hashlib.sha256(story.encode()).hexdigest(),
        title=entry.title,
        summary=entry.summary,
        url=entry.url,
        published_at=published_at,
        fetched_at=now,
        score=round(tone_of(f"{entry.title}. {entry.summary}") * SCALE),
        lexicon=VERSION,
    )

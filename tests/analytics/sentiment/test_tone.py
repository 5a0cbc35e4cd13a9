"""The tone of a moment is what was known then, by one statement."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from analytics.sentiment.models import Article, ArticleLink, Feed, ScoredComment
from analytics.sentiment.selectors.tone import Tone, news_tones, social_tones
from analytics.sentiment.services.score_comments import score_comments
from markets.models import Market
from markets.services.moderate_comment import delete_comment, hide_comment, restore_comment
from markets.services.post_comment import post_comment
from tests.factories.accounts import make_alice, make_bob, make_dave
from tests.factories.markets import make_market

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def market() -> Market:
    with time_machine.travel(NOON - HOUR):
        return make_market(closes_at=NOON + timedelta(days=60))


def _say(market: Market, text: str, at: datetime) -> int:
    with time_machine.travel(at, tick=False):
        number = post_comment(market_id=market.pk, author_id=make_alice().pk, text=text)
        score_comments()
    return number


def test_the_past_doesnt_change(market: Market, django_assert_num_queries: Any) -> None:
    number = _say(market, "I love it, what a great result!", NOON)
    score = ScoredComment.objects.get().score / 10_000
    assert score > 0.8
    with time_machine.travel(NOON + 2 * HOUR, tick=False):
        hide_comment(comment_id=number, actor_id=make_dave().pk, reason="It is off the topic.")
        score_comments()
    with time_machine.travel(NOON + 4 * HOUR, tick=False):
        restore_comment(comment_id=number, actor_id=make_dave().pk, reason="It was not.")
    moments = [(market.pk, NOON + step * HOUR) for step in (-0.1, 0, 1, 2, 3)]
    with django_assert_num_queries(1):
        tones = social_tones(moments)
    half = 2 ** (-1 / 48)
    assert tones == [
        Tone(0.0, 0),
        Tone(pytest.approx(score / 4), 1),  # type: ignore[arg-type]
        Tone(pytest.approx(score * half / (half + 3)), 1),  # type: ignore[arg-type]
        Tone(0.0, 0),
        Tone(0.0, 0),
    ]


def test_new_texts_weigh_more_and_old_ones_end(market: Market) -> None:
    _say(market, "A terrible disaster.", NOON)
    _say(market, "A wonderful success!", NOON + timedelta(days=4))
    early, late, over = social_tones([(market.pk, NOON + timedelta(days=days)) for days in (1, 5, 12)])
    assert early.value < 0 < late.value
    assert (early.count, late.count, over) == (1, 2, Tone(0.0, 0))


def test_scoring_is_safe_to_repeat(market: Market) -> None:
    alice, bob = make_alice(), make_bob()
    number = post_comment(market_id=market.pk, author_id=alice.pk, text="Good.")
    gone = post_comment(market_id=market.pk, author_id=bob.pk, text="Bad.")
    delete_comment(comment_id=gone, author_id=bob.pk)
    assert (score_comments(), score_comments()) == (1, 0)
    assert list(ScoredComment.objects.values_list("comment_id", flat=True)) == [number]


def test_news_of_other_markets_dont_count(market: Market) -> None:
    feed = Feed.objects.create(name="News", url="https://example.org/feed", due_at=NOON)
    facts = {"published_at": NOON, "fetched_at": NOON, "lexicon": "test", "title": "T"}
    article = Article.objects.create(feed=feed, key="a", fingerprint="a", score=-5_000, **facts)
    ArticleLink.objects.create(article=article, market=market, known_at=NOON, overlap=6_000, score=-5_000)
    tones = news_tones([(market.pk, NOON), (market.pk + 1, NOON), (market.pk, NOON - HOUR)])
    assert tones == [Tone(-0.125, 1), Tone(0.0, 0), Tone(0.0, 0)]
    assert news_tones([]) == []

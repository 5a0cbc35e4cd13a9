from datetime import timedelta

import pytest
from django.test import Client

from analytics.sentiment.models.feed import Article, ArticleLink, Feed
from tests.factories.rows import NOW, row_market

pytestmark = pytest.mark.django_db


def test_headlines_about_the_market_newest_first(client: Client) -> None:
    market, other = row_market(), row_market()
    feed = Feed.objects.create(name="Weather Daily", url="https://news.example/rss", due_at=NOW)
    for number, about in enumerate((market, market, other)):
        at = NOW + timedelta(minutes=number)
        article = Article.objects.create(
            feed=feed, key=str(number), fingerprint=str(number), title=f"Story {number}",
            published_at=at, fetched_at=at, score=0, lexicon="1",
        )  # fmt: skip
        ArticleLink.objects.create(article=article, market=about, known_at=at, overlap=5_000, score=0)
    marks = client.get(f"/markets/{market.slug}/news-marks").json()["marks"]
    assert [(mark["kind"], mark["text"]) for mark in marks] == [
        ("news", "Weather Daily: Story 1"),
        ("news", "Weather Daily: Story 0"),
    ]
    assert client.get("/markets/none/news-marks").status_code == 404

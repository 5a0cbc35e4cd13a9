"""The articles that are about a market, newest first.

Bound      One statement, by the index of links; at most ``limit`` rows.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection

_SELECT: Final = """
SELECT a.title, f.name, l.known_at
FROM sentiment_articlelink l
JOIN sentiment_article a ON a.id = l.article_id
JOIN sentiment_feed f ON f.id = a.feed_id
WHERE l.market_id = %(market_id)s
ORDER BY l.known_at DESC LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class ArticleView:
    """``known_at`` is when the site knew of it."""

    title: str
    feed: str
    known_at: datetime


def articles_about(market_id: int, *, limit: int) -> tuple[ArticleView, ...]:
    with connection.cursor() as cursor:
        cursor.execute(_SELECT, {"market_id": market_id, "limit": limit})
        return tuple(ArticleView(*row) for row in cursor.fetchall())

"""The tone of what is written about markets, as it was known at a moment.

Contract   A text counts once its tone is known and as long as it is shown: asking for a moment in the past gives what
           was answered then. Value = sum of weight x score / (sum of weights + NEUTRAL_TEXTS), where the weight of a
           text halves every HALF_LIFE_S; nothing older than WINDOW_S counts.
Bound      One statement however many moments; TEXTS_MAX texts a moment.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.db import connection

from analytics.sentiment.types import HALF_LIFE_S, NEUTRAL_TEXTS, TEXTS_MAX, WINDOW_S, Tone

__all__ = ["Tone", "news_tones", "social_tones"]

_SELECT: Final = """
SELECT COALESCE(sum(x.score * x.weight) / (sum(x.weight) + %(neutral)s) / 10000, 0)::float8, count(x.score)
FROM unnest(%(markets)s::bigint[], %(moments)s::timestamptz[]) WITH ORDINALITY AS k(market_id, at, number)
LEFT JOIN LATERAL (
    SELECT t.score, power(2.0, -extract(epoch FROM k.at - t.known_at) / %(half_life)s) AS weight
    FROM {table} t
    WHERE t.market_id = k.market_id AND t.known_at <= k.at AND t.known_at > k.at - make_interval(secs => %(window)s)
      {shown}
    ORDER BY t.known_at DESC LIMIT %(texts)s
) x ON true
GROUP BY k.number ORDER BY k.number
"""
_SOCIAL: Final = _SELECT.format(table="sentiment_scoredcomment", shown="AND (t.until IS NULL OR t.until > k.at)")
_NEWS: Final = _SELECT.format(table="sentiment_articlelink", shown="")


def social_tones(moments: Sequence[tuple[int, datetime]]) -> list[Tone]:
    """The tone of comments for each (market id, moment), in their order."""
    return _tones(_SOCIAL, moments)


def news_tones(moments: Sequence[tuple[int, datetime]]) -> list[Tone]:
    """The tone of articles for each (market id, moment), in their order."""
    return _tones(_NEWS, moments)


def _tones(statement: str, moments: Sequence[tuple[int, datetime]]) -> list[Tone]:
    if not moments:
        return []
    parameters: dict[str, Any] = {
        "markets": [market_id for market_id, _ in moments],
        "moments": [at for _, at in moments],
        "neutral": NEUTRAL_TEXTS,
        "half_life": HALF_LIFE_S,
        "window": WINDOW_S,
        "texts": TEXTS_MAX,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [Tone(value, count) for value, count in cursor.fetchall()]

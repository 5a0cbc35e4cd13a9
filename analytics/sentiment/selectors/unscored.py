"""Comments whose tone isn't known, or is but shouldn't count, or the reverse.

Bound   The newest ``COMMENTS_MAX`` comments are looked at; whoever is further behind catches up by events.
"""

from dataclasses import dataclass
from typing import Final

from django.db import connection

COMMENTS_MAX: Final = 2_000
_SELECT: Final = """
WITH newest AS (SELECT c.* FROM markets_comment c ORDER BY c.id DESC LIMIT %(limit)s)
SELECT n.id, n.market_id, n.text, n.status = 'shown', s.comment_id IS NOT NULL FROM newest n
LEFT JOIN sentiment_scoredcomment s ON s.comment_id = n.id
WHERE (s.comment_id IS NULL AND n.status = 'shown')
   OR (s.until IS NULL AND n.status <> 'shown' AND s.comment_id IS NOT NULL)
   OR (s.until IS NOT NULL AND n.status = 'shown')
ORDER BY n.id
"""


@dataclass(frozen=True, slots=True)
class UnscoredComment:
    id: int
    market_id: int
    text: str
    is_shown: bool
    is_scored: bool


def unscored_comments() -> list[UnscoredComment]:
    with connection.cursor() as cursor:
        cursor.execute(_SELECT, {"limit": COMMENTS_MAX})
        return [UnscoredComment(*row) for row in cursor.fetchall()]

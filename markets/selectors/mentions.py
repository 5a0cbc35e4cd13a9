"""Comments that may speak to somebody: after an id, with those they name and whom they answer."""

from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

BATCH: Final = 200

_AFTER: Final = """
SELECT c.id, c.author_id, u.username, m.slug, m.question, c.text, p.author_id
FROM markets_comment c
JOIN accounts_user u ON u.id = c.author_id
JOIN markets_market m ON m.id = c.market_id
LEFT JOIN markets_comment p ON p.id = c.parent_id
WHERE c.id > %(after)s AND c.status = 'shown'
ORDER BY c.id LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class SpokenComment:
    """``answers_id`` is the author of the comment that it replies to."""

    id: int
    author_id: int
    author: str
    market_slug: str
    question: str
    text: str
    answers_id: int | None


def comments_after(comment_id: int) -> list[SpokenComment]:
    """At most ``BATCH``, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(_AFTER, {"after": comment_id, "limit": BATCH})
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return [SpokenComment(*row) for row in rows]


def newest_comment() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(max(id), 0) FROM markets_comment")
        row = cursor.fetchone()
    return int(row[0]) if row else 0

"""The questions that articles are compared with."""

from typing import Final

from django.db import connection

from analytics.sentiment.types import Question

QUESTIONS_MAX: Final = 20_000
_SELECT: Final = """
SELECT m.id, m.question || ' ' || array_to_string(m.tags, ' ') FROM markets_market m
WHERE m.status IN ('open', 'halted') ORDER BY m.id DESC LIMIT %(limit)s
"""


def open_questions() -> list[Question]:
    """Of the newest markets that can be traded, or will be again."""
    with connection.cursor() as cursor:
        cursor.execute(_SELECT, {"limit": QUESTIONS_MAX})
        return [Question(*row) for row in cursor.fetchall()]

"""How many markets stand where, for whoever looks after them."""

from typing import Final

from django.db import connection

from markets.types import MarketStatus

#: What somebody still has work with; those that are over would only be counted for the sake of it.
STANDING: Final = (
    MarketStatus.DRAFT,
    MarketStatus.OPEN,
    MarketStatus.HALTED,
    MarketStatus.CLOSED,
    MarketStatus.PROPOSED,
    MarketStatus.DISPUTED,
)
_SELECT: Final = """
SELECT s, (SELECT count(*) FROM (SELECT FROM markets_market WHERE status = s LIMIT %s) AS found)
FROM unnest(%s::text[]) WITH ORDINALITY AS wanted (s, place) ORDER BY place"""


def status_counts(most: int = 1_000) -> dict[MarketStatus, int]:
    """Markets of each standing status, in the order of a market's life, each counted up to ``most``."""
    with connection.cursor() as cursor:
        cursor.execute(_SELECT, [most, [str(status) for status in STANDING]])
        return {MarketStatus(status): count for status, count in cursor.fetchall()}

"""Look at the books of open markets and add what is seen to the day; the past of a book can't be read later."""

from datetime import UTC
from typing import Final

from django.db import connection

from analytics.business.selectors.open_books import open_books
from common import clock

MARKETS_MAX: Final = 500
_ADD: Final = """
INSERT INTO business_bookday AS r (day, market_id, samples, spreads, spread, depth_1, depth_5, depth_10)
SELECT %s::date, b.market_id, 1, (b.spread IS NOT NULL)::int, coalesce(b.spread, 0), b.one, b.five, b.ten
FROM unnest(%s::bigint[], %s::int[], %s::bigint[], %s::bigint[], %s::bigint[]) AS b (market_id, spread, one, five, ten)
ORDER BY 2 ON CONFLICT (day, market_id) DO UPDATE SET samples = r.samples + 1, spreads = r.spreads + excluded.spreads,
    spread = r.spread + excluded.spread, depth_1 = r.depth_1 + excluded.depth_1,
    depth_5 = r.depth_5 + excluded.depth_5, depth_10 = r.depth_10 + excluded.depth_10
"""


def sample_books() -> int:
    """Add one sample of each open market, of the ``MARKETS_MAX`` busiest. Returns how many."""
    books = open_books(limit=MARKETS_MAX)
    if books:
        columns = [list(column) for column in zip(*books, strict=True)]
        with connection.cursor() as cursor:
            cursor.execute(_ADD, [clock.now().astimezone(UTC).date(), *columns])
    return len(books)

"""What every list of rows behind a figure is asked by; see ``drill_markets``, ``drill_traders`` and ``drill_ledger``.

Contract   Every list has a cursor that survives inserts. What the rows show sums to the figure that led to them.
Bound      A market's trades, records and entries are read between the first and last of the asked days, by index.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

NEWEST: Final = 2**63 - 1
#: Where the rows of the asked days of a market begin and end; for statements that begin with it.
ENDS: Final = """
WITH ends AS (
    SELECT f.market_id, min(f.first_trade) AS first_trade, max(f.last_trade) AS last_trade,
        min(f.first_seq) AS first_seq, max(f.last_seq) AS last_seq
    FROM business_marketday f JOIN business_marketfacts m ON m.market_id = f.market_id
    WHERE m.slug = %(slug)s AND f.day >= %(start)s AND f.day < %(end)s GROUP BY 1)
"""


@dataclass(frozen=True, slots=True)
class Span:
    """Days ``[start, end)``; only of one market, or of the markets of one topic, when that is given."""

    start: date
    end: date
    slug: str = ""
    topic: str = ""

    @property
    def parameters(self) -> dict[str, Any]:
        return {"start": self.start, "end": self.end, "slug": self.slug, "topic": self.topic}

"""Net revenue by day and market, source by source."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from analytics.business.selectors.drill import Span
from analytics.business.selectors.rows import fetch_all
from common.paging import Page, cut, decode_cursor

# One row for each day and market that has any source, whichever rollup tells it.
_REVENUE: Final = """
WITH parts AS (
    SELECT day, market_id, taker_fees, maker_fees, 0 AS refunded, 0 AS result, 0 AS income
    FROM business_marketday WHERE day >= %(start)s AND day < %(end)s AND (taker_fees <> 0 OR maker_fees <> 0)
    UNION ALL
    SELECT day, market_id, 0, 0, CASE WHEN transfer_kind = 'void' THEN amount ELSE 0 END, 0, amount
    FROM business_ledgerday
    WHERE day >= %(start)s AND day < %(end)s AND account_kind = 'fees' AND transfer_kind <> 'fees'
    UNION ALL
    SELECT settled_on, market_id, 0, 0, 0, maker_result, 0
    FROM business_marketfacts WHERE settled_on >= %(start)s AND settled_on < %(end)s AND maker_result <> 0
), summed AS (
    SELECT day, market_id, sum(taker_fees)::bigint AS taker_fees, sum(maker_fees)::bigint AS maker_fees,
        sum(refunded)::bigint AS refunded, sum(result)::bigint AS result, sum(income)::bigint AS income
    FROM parts WHERE (day, market_id) > (%(day)s::date, %(market)s) GROUP BY 1, 2
)
SELECT s.day, s.market_id, coalesce(m.slug, ''), coalesce(m.question, 'Outside of markets'), s.taker_fees,
    s.maker_fees, s.refunded, s.result, s.income + s.result
FROM summed s LEFT JOIN business_marketfacts m ON m.market_id = s.market_id
WHERE (%(slug)s = '' OR m.slug = %(slug)s) AND (%(topic)s = '' OR m.topic = %(topic)s)
    AND (NOT %(only_unexplained)s OR s.income <> s.taker_fees + s.maker_fees + s.refunded)
ORDER BY 1, 2 LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class RevenueRow:
    """Cash units. ``refunded`` is below zero; ``maker_result`` counts on the day of the settlement."""

    day: date
    market_id: int
    slug: str
    question: str
    taker_fees: int
    maker_fees: int
    refunded: int
    maker_result: int
    net: int

    @property
    def unexplained(self) -> int:
        return self.net - self.taker_fees - self.maker_fees - self.refunded - self.maker_result


def revenue_rows(span: Span, *, limit: int, cursor: str | None, only_unexplained: bool = False) -> Page[RevenueRow]:
    """Days and markets that net revenue is the sum of; or only those where its sources say something else."""
    day, market = decode_cursor("business-revenue", cursor, (str, int)) if cursor else ("0001-01-01T00:00:00+00:00", -1)
    parameters = {"day": str(day)[:10], "market": market, "limit": limit + 1, "only_unexplained": only_unexplained}
    rows = [RevenueRow(*row) for row in fetch_all(_REVENUE, span.parameters | parameters)]
    return cut(
        rows, limit=limit, kind="business-revenue", keys=lambda row: (f"{row.day}T00:00:00+00:00", row.market_id)
    )

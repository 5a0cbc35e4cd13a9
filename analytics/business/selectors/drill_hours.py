"""Hours of days behind the peak hours, and the trades of one of them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from analytics.business.selectors.drill import NEWEST, Span
from analytics.business.selectors.drill_markets import TradeRow
from analytics.business.selectors.rows import fetch_all
from common.paging import Page, cut, decode_cursor

_HOURS: Final = """
SELECT day, hour, trades, volume FROM business_hourofday
WHERE day >= %(start)s AND day < %(end)s AND trades > 0 AND (day, hour) > (%(day)s::date, %(after)s)
  AND (%(weekday)s::int IS NULL OR extract(isodow FROM day) = %(weekday)s)
  AND (%(hour)s::int IS NULL OR hour = %(hour)s)
ORDER BY 1, 2 LIMIT %(limit)s
"""
# Through the markets of the day, whose first and last trades are known: no more is read than that day's trades.
_TRADES: Final = """
SELECT t.id, t.created_at, o.name, t.taker_side, t.price, t.quantity, t.cost, u.username, coalesce(v.username, ''),
    t.taker_fee, t.maker_fee, m.slug, m.question
FROM business_marketday f JOIN business_marketfacts m ON m.market_id = f.market_id
JOIN trading_trade t ON t.market_id = f.market_id AND t.id BETWEEN f.first_trade AND f.last_trade
    AND t.created_at >= %(since)s AND t.created_at < %(until)s
JOIN markets_outcome o ON o.market_id = t.market_id AND o.index = t.outcome
JOIN accounts_user u ON u.id = t.taker_id LEFT JOIN accounts_user v ON v.id = t.maker_id
WHERE f.day = %(start)s AND t.id < %(before)s ORDER BY t.id DESC LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class When:
    """Only days of this ``weekday`` (Monday is 1) and only this ``hour`` of UTC, when given."""

    weekday: int | None = None
    hour: int | None = None


@dataclass(frozen=True, slots=True)
class HourRow:
    day: date
    hour: int
    trades: int
    volume: int


@dataclass(frozen=True, slots=True)
class HourTrade:
    trade: TradeRow
    slug: str
    question: str


def hour_rows(when: When, span: Span, *, limit: int, cursor: str | None) -> Page[HourRow]:
    """Hours with trades, oldest first."""
    day, after = decode_cursor("business-hours", cursor, (str, int)) if cursor else ("0001-01-01T00:00:00+00:00", -1)
    parameters = {"day": str(day)[:10], "after": after, "weekday": when.weekday, "hour": when.hour, "limit": limit + 1}
    rows = [HourRow(*row) for row in fetch_all(_HOURS, span.parameters | parameters)]
    return cut(rows, limit=limit, kind="business-hours", keys=lambda row: (f"{row.day}T00:00:00+00:00", row.hour))


def hour_trades(day: date, hour: int, *, limit: int, cursor: str | None) -> Page[HourTrade]:
    """Trades of all markets in that hour of UTC, newest first."""
    before = decode_cursor("business-hour-trades", cursor, (int,))[0] if cursor else NEWEST
    since = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    parameters = {"since": since, "until": since + timedelta(hours=1), "before": before, "limit": limit + 1}
    found = fetch_all(_TRADES, {"start": day} | parameters)
    rows = [HourTrade(TradeRow(*row[:11]), *row[11:]) for row in found]
    return cut(rows, limit=limit, kind="business-hour-trades", keys=lambda row: (row.trade.id,))

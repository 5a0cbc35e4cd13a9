"""Note what everybody had earned at the end of each day before the marks of profit began.

Contract   Marks that are there stay, so it is safe to repeat. A market whose oldest records are archived counts from
           its settlement on. Liquidity counts when its market is over, as in the marks of the hour.
Bound      One market at a time, by days; no day older than ``DAYS_MAX``. Meant to be run by hand, or by the demo.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Min

from analytics.skill.engine.past_profits import DayMoves, day_profits
from analytics.skill.models import FoldedMarket, Mark, Result
from analytics.skill.selectors.rows import fetch_all
from common import clock

DAYS_MAX: Final = 400
_BATCH: Final = 5_000
_WHOLE: Final = "SELECT EXISTS (SELECT 1 FROM markets_marketevent WHERE market_id = %(market_id)s AND seq = 1)"
_OWN: Final = """FROM markets_marketevent e, json_array_elements(e.data->%(part)s) c
WHERE e.market_id = %(market_id)s AND e.at < %(until)s AND (e.data->'lp') IS NULL AND (c->>0)::bigint > 0"""
_CASH: Final = f"""
SELECT (e.at AT TIME ZONE 'UTC')::date, (c->>0)::bigint, sum((c->>1)::bigint)::bigint {_OWN} GROUP BY 1, 2
"""
_SHARES: Final = f"""
SELECT (e.at AT TIME ZONE 'UTC')::date, (c->>0)::bigint, (c->>1)::int, sum((c->>2)::bigint)::bigint {_OWN}
GROUP BY 1, 2, 3
"""
_PRICES: Final = """
SELECT DISTINCT ON (1) (at AT TIME ZONE 'UTC')::date, ARRAY(SELECT json_array_elements_text(data->'p')::int)
FROM markets_marketevent WHERE market_id = %(market_id)s AND at < %(until)s AND (data->'p') IS NOT NULL
ORDER BY 1, seq DESC
"""
#: What was added to somebody's profit in a day, by person and day.
Changes = dict[int, dict[date, int]]


def backfill_profits() -> int:
    """How many marks were added."""
    today = clock.now().astimezone(UTC).date()
    changes: Changes = defaultdict(lambda: defaultdict(int))
    for folded in FoldedMarket.objects.order_by("pk").iterator():
        _add_market(changes, folded, today)
    return _store(changes, today)


def _add_market(changes: Changes, folded: FoldedMarket, today: date) -> None:
    over = folded.settled_at.astimezone(UTC).date() if folded.settled_at else None
    last = today - timedelta(days=1) if over is None else min(today, over) - timedelta(days=1)
    reached: dict[int, int] = {}
    if fetch_all(_WHOLE, {"market_id": folded.pk})[0][0]:
        for user_id, day, profit in _profits(folded.pk, last):
            changes[user_id][day] += profit - reached.get(user_id, 0)
            reached[user_id] = profit
    if over is not None and over < today:
        for user_id, profit in Result.objects.filter(market_id=folded.pk).values_list("user_id", "profit"):
            changes[user_id][over] += profit - reached.get(user_id, 0)


def _profits(market_id: int, last: date) -> Iterator[tuple[int, date, int]]:
    asked = {"market_id": market_id, "until": _end_of(last)}
    moves: dict[int, dict[date, DayMoves]] = defaultdict(lambda: defaultdict(DayMoves))
    for day, user_id, amount in fetch_all(_CASH, {**asked, "part": "cash"}):
        moves[user_id][day].cash = amount
    for day, user_id, outcome, lots in fetch_all(_SHARES, {**asked, "part": "sh"}):
        moves[user_id][day].shares[outcome] = lots
    prices = dict(fetch_all(_PRICES, asked))
    for user_id, own in moves.items():
        for day, profit in day_profits(own, prices, last):
            yield user_id, day, profit


def _store(changes: Mapping[int, Mapping[date, int]], today: date) -> int:
    with transaction.atomic():
        begun = dict(Mark.objects.order_by().values_list("user_id").annotate(first=Min("at")))
        rows = list(_marks(changes, begun, today))
        for start in range(0, len(rows), _BATCH):
            Mark.objects.bulk_create(rows[start : start + _BATCH], ignore_conflicts=True)
    return len(rows)


def _marks(changes: Mapping[int, Mapping[date, int]], begun: Mapping[int, datetime], today: date) -> Iterator[Mark]:
    for user_id, by_day in changes.items():
        profit, day = 0, min(by_day)
        until = begun.get(user_id, _last_hour(today))
        while _last_hour(day) < until:
            profit += by_day.get(day, 0)
            if day >= today - timedelta(days=DAYS_MAX):
                yield Mark(user_id=user_id, at=_last_hour(day), profit=profit)
            day += timedelta(days=1)


def _last_hour(day: date) -> datetime:
    return datetime.combine(day, time(23), tzinfo=UTC)


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=UTC)

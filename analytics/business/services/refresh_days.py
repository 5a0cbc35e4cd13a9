"""Work out the site's days whose rollups have changed.

Contract   A site day is what the rollups say at this moment, so that an incremental run and a rebuild agree. Days
           without any activity get their row too, so that means over days are means over all of them.
Locks      The marks, taken before the rollups are read: a writer that marks the same day waits, or is read.
Bound      ``BATCH`` days a transaction; after ``budget_s`` the rest waits for the next run.
"""

import time
from datetime import UTC, date
from typing import Final

from django.db import connection, transaction

from common import clock

BATCH: Final = 31
_MARK_GAP: Final = """
INSERT INTO business_dirtyday (day)
SELECT n::date FROM (SELECT max(day) AS last FROM business_siteday) s,
    LATERAL generate_series(coalesce(s.last + 1, %(today)s::date), %(today)s::date, interval '1 day') AS n
ORDER BY 1 ON CONFLICT (day) DO UPDATE SET day = excluded.day
"""
# The first day that has anything opens the calendar; what is missing between is a day on which nothing happened.
_MARK_MISSING: Final = """
INSERT INTO business_dirtyday (day)
SELECT n::date FROM (SELECT min(day) AS first FROM business_siteday) s,
    LATERAL generate_series(s.first, %(today)s::date, interval '1 day') AS n
WHERE NOT EXISTS (SELECT FROM business_siteday d WHERE d.day = n::date)
ORDER BY 1 ON CONFLICT (day) DO UPDATE SET day = excluded.day
"""
_TAKE: Final = """
DELETE FROM business_dirtyday WHERE day IN (
    SELECT day FROM business_dirtyday WHERE day <= %(today)s ORDER BY day DESC LIMIT %(batch)s FOR UPDATE SKIP LOCKED
) RETURNING day
"""
_WASH: Final = """
UPDATE business_marketday r SET wash_quantity = w.quantity FROM (
    SELECT day, market_id, sum(2 * least(low_bought, high_bought))::bigint AS quantity
    FROM business_pairday WHERE day = ANY (%(days)s::date[]) GROUP BY 1, 2
) w WHERE r.day = w.day AND r.market_id = w.market_id AND r.wash_quantity <> w.quantity
"""
_MARKET_SUMS: Final = (
    "orders", "trades", "quantity", "volume", "rule_volume", "taker_fees", "maker_fees", "impact", "wash_quantity",
    "created", "opened", "resolved", "voided", "disputed",
)  # fmt: skip
_LEDGER_SUMS: Final = {
    "fee_income": "amount) FILTER (WHERE account_kind = 'fees' AND transfer_kind <> 'fees'",
    "fees_refunded": "-amount) FILTER (WHERE account_kind = 'fees' AND transfer_kind = 'void'",
    "granted": "amount) FILTER (WHERE account_kind = 'wallet' AND transfer_kind = 'grant'",
    "subsidies_paid": "credited - amount) FILTER (WHERE account_kind = 'issuance' AND transfer_kind = 'subsidy'",
    "subsidies_returned": "credited) FILTER (WHERE account_kind = 'issuance' AND transfer_kind = 'subsidy'",
    "paid_out": "amount) FILTER (WHERE account_kind = 'wallet' AND transfer_kind IN ('settlement', 'void')",
}
_SETTLED_SUMS: Final = {
    "maker_result": "sum(maker_result)",
    "settled": "count(*)",
    "resolve_s": "sum(resolve_s)",
    "resolve_count": "count(resolve_s)",
    "brier": "sum(brier)",
    "log_loss": "sum(log_loss)",
    "scored": "sum(scored)",
}
_PEOPLE: Final = {
    "sign_ups": "joined_on",
    "funded": "funded_on",
    "first_orders": "first_order_on",
    "first_fills": "first_fill_on",
}
_ACTIVE: Final = {"dau": 0, "wau": 6, "mau": 29}


def _of(columns: dict[str, str]) -> str:
    return ", ".join(f"coalesce({text}, 0)::bigint AS {name}" for name, text in columns.items())


def _statement() -> str:
    markets = _of({name: f"sum({name})" for name in _MARKET_SUMS})
    ledger = _of({name: f"sum({text})" for name, text in _LEDGER_SUMS.items()})
    people = ", ".join(
        f"(SELECT count(*) FROM business_trader t WHERE t.{column} = d.day) AS {name}"  # noqa: S608
        for name, column in _PEOPLE.items()
    )
    active = ", ".join(
        f"(SELECT count(DISTINCT a.user_id) FROM business_traderday a"  # noqa: S608
        f" WHERE a.day BETWEEN d.day - {back} AND d.day AND a.orders > 0) AS {name}"
        for name, back in _ACTIVE.items()
    )
    names = [*_MARKET_SUMS, *_LEDGER_SUMS, *_SETTLED_SUMS, *_PEOPLE, *_ACTIVE]
    columns = ", ".join(names)
    return f"""
INSERT INTO business_siteday (day, days, {columns})
SELECT d.day, 1, {columns} FROM unnest(%(days)s::date[]) AS d (day)
CROSS JOIN LATERAL (SELECT {markets} FROM business_marketday m WHERE m.day = d.day) m
CROSS JOIN LATERAL (SELECT {ledger} FROM business_ledgerday l WHERE l.day = d.day) l
CROSS JOIN LATERAL (SELECT {_of(_SETTLED_SUMS)} FROM business_marketfacts s WHERE s.settled_on = d.day) s
CROSS JOIN LATERAL (SELECT {people}) p
CROSS JOIN LATERAL (SELECT {active}) a
ON CONFLICT (day) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in names)}
"""  # noqa: S608 - names of columns only


_REFRESH: Final = _statement()


def refresh_days(*, budget_s: float = 20.0) -> int:
    """Bring the site's days up to date with the rollups.

    Returns: how many days were worked out
    """
    ends_at, days = time.monotonic() + budget_s, 0
    today = clock.now().astimezone(UTC).date()
    _execute(_MARK_GAP, today=today)
    while True:
        done = _refresh_batch(today)
        days += done
        if done < BATCH:
            _execute(_MARK_MISSING, today=today)
            done = _refresh_batch(today)
            days += done
        if not done or time.monotonic() >= ends_at:
            return days


def _refresh_batch(today: date) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_TAKE, {"today": today, "batch": BATCH})
        days = [row[0] for row in cursor.fetchall()]
        if days:
            cursor.execute(_WASH, {"days": days})
            cursor.execute(_REFRESH, {"days": days})
    return len(days)


def _execute(statement: str, **parameters: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)

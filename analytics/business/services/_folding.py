"""The statements that add what is new to the rollups.

Contract   Inside the transaction that moves the positions. Every statement adds sums of a span to rows that are there,
           or makes them; each marks the days whose site figures change with it.
Why        A day that is over and was told before is restated when something comes late: ``_RESTATED`` keeps what.
"""

from collections.abc import Mapping
from typing import Any, Final

from django.db import connection

from analytics.business.selectors import sources

_MARK: Final = """
INSERT INTO business_dirtyday (day) SELECT DISTINCT day FROM ({days}) changed WHERE day IS NOT NULL ORDER BY 1
ON CONFLICT (day) DO UPDATE SET day = excluded.day
"""
#: Whoever was active on a day counts in the 30 days that begin with it.
_ACTIVE_DAYS: Final = """SELECT n.day::date AS day FROM (SELECT DISTINCT day FROM put) p,
    LATERAL generate_series(p.day, least(p.day + 29, greatest(p.day, %(today)s::date)), interval '1 day') AS n (day)"""
_RESTATED: Final = """restated AS (
    INSERT INTO business_restatement (recorded_at, day, market_id, trades, volume, fee_income)
    SELECT %(now)s, f.day, f.market_id, {trades}, {volume}, {fees} FROM found f
    JOIN business_siteday known ON known.day = f.day WHERE f.day < %(today)s::date - 1 {only})"""


def _adding(name: str, key: str, columns: str) -> str:
    """An upsert that adds ``columns`` of ``found``."""
    names = [column.strip() for column in columns.split(",")]
    sums = ", ".join(f"{column} = r.{column} + excluded.{column}" for column in names)
    return f"""put AS (
    INSERT INTO business_{name} AS r ({key}, {columns}) SELECT {key}, {columns} FROM found ORDER BY {key}
    ON CONFLICT ({key}) DO UPDATE SET {sums} RETURNING day)"""  # noqa: S608 - names of columns only


def _with(*parts: str, then: str) -> str:
    return "WITH " + ",\n".join(parts) + then


def _found(select: str) -> str:
    return f"found AS ({select})"


_FACTS: Final = _with(
    sources.SPANS,
    _found(sources.FACTS),
    then="""
INSERT INTO business_marketfacts AS r (market_id, slug, question, topic, kind, status) SELECT * FROM found
ON CONFLICT (market_id) DO UPDATE SET slug = excluded.slug, question = excluded.question, topic = excluded.topic,
    kind = excluded.kind, status = excluded.status
""",
)
_TRADE_DAYS: Final = _with(
    sources.SPANS,
    sources.TRADES,
    _found(sources.TRADE_DAYS),
    _adding("marketday", "day, market_id", "trades, quantity, volume, rule_volume, taker_fees, maker_fees, impact"),
    _RESTATED.format(trades="f.trades", volume="f.volume", fees="0", only=""),
    then=_MARK.format(days="SELECT day FROM put"),
)
# After the days were made: the rows behind a day lie between its first and last trade, its first and last record.
_ENDS: Final = _with(
    sources.SPANS,
    sources.TRADES,
    sources.RECORDS,
    f"traded AS ({sources.TRADE_DAYS}), recorded AS ({sources.RECORD_DAYS})",
    then="""
UPDATE business_marketday r SET first_trade = least(r.first_trade, t.first_trade),
    last_trade = greatest(r.last_trade, t.last_trade), first_seq = least(r.first_seq, f.first_seq),
    last_seq = greatest(r.last_seq, f.last_seq)
FROM recorded f LEFT JOIN traded t ON t.day = f.day AND t.market_id = f.market_id
WHERE r.day = f.day AND r.market_id = f.market_id
""",
)
_RECORD_DAYS: Final = _with(
    sources.SPANS,
    sources.RECORDS,
    _found(sources.RECORD_DAYS),
    _adding("marketday", "day, market_id", "orders, created, opened, resolved, voided, disputed"),
    then=_MARK.format(days="SELECT day FROM put"),
)
_TRADER_DAYS: Final = _with(
    sources.SPANS,
    sources.TRADES,
    sources.RECORDS,
    _found(sources.TRADER_DAYS),
    _adding("traderday", "day, user_id, market_id", "orders, taken, made, volume, fees"),
    """firsts AS (
    INSERT INTO business_trader AS r (user_id, first_order_on, first_fill_on)
    SELECT user_id, min(day) FILTER (WHERE orders > 0), min(day) FILTER (WHERE taken + made > 0) FROM found
    GROUP BY 1 ORDER BY 1
    ON CONFLICT (user_id) DO UPDATE SET first_order_on = least(r.first_order_on, excluded.first_order_on),
        first_fill_on = least(r.first_fill_on, excluded.first_fill_on)
    WHERE (r.first_order_on, r.first_fill_on) IS DISTINCT FROM
        (least(r.first_order_on, excluded.first_order_on), least(r.first_fill_on, excluded.first_fill_on)))""",
    then=_MARK.format(days=_ACTIVE_DAYS),
)
_PAIR_DAYS: Final = _with(
    sources.SPANS,
    sources.TRADES,
    _found(sources.PAIR_DAYS),
    _adding("pairday", "day, market_id, outcome, low_id, high_id", "low_bought, high_bought"),
    then=_MARK.format(days="SELECT day FROM put"),
)
_HOURS: Final = _with(
    sources.SPANS,
    sources.TRADES,
    sources.RECORDS,
    _found(sources.HOURS),
    _adding("hourofday", "day, hour", "orders, trades, volume"),
    then=" SELECT count(*) FROM put",
)
_LEDGER_KEY: Final = "day, market_id, account_kind, transfer_kind"
_LEDGER_RESTATED: Final = _RESTATED.format(
    trades="0", volume="0", fees="f.amount", only="AND f.account_kind = 'fees' AND f.transfer_kind <> 'fees'"
)
_LEDGER_DAYS: Final = _with(
    sources.SPANS,
    _found(sources.LEDGER_DAYS),
    _adding("ledgerday", _LEDGER_KEY, "amount, credited, entries"),
    _LEDGER_RESTATED,
    then=_MARK.format(days="SELECT day FROM put"),
)
_ISSUED_DAYS: Final = _with(
    _found(sources.ISSUED_DAYS),
    _adding("ledgerday", _LEDGER_KEY, "amount, credited, entries"),
    then=_MARK.format(days="SELECT day FROM put"),
)
# What the maker rule won is what came back of its subsidy, less the subsidy: all entries of issuance for the market.
_SETTLED: Final = _with(
    sources.SPANS,
    sources.RECORDS,
    sources.LAST_ENDS,
    _found(sources.SETTLED),
    """was AS (
    SELECT r.market_id, r.settled_on FROM business_marketfacts r JOIN found f ON f.market_id = r.market_id), put AS (
    UPDATE business_marketfacts r SET settled_on = f.settled_on, resolve_s = f.resolve_s,
        maker_result = CASE WHEN f.settled_on IS NOT NULL THEN coalesce((
            SELECT sum(d.amount) FROM business_ledgerday d
            WHERE d.market_id = r.market_id AND d.account_kind = 'issuance'), 0) ELSE 0 END
    FROM found f WHERE r.market_id = f.market_id RETURNING r.settled_on AS day)""",
    then=_MARK.format(days="SELECT day FROM put UNION ALL SELECT settled_on FROM was"),
)
#: Scores of a result that was taken back.
_UNSCORED: Final = _with(
    sources.SPANS,
    sources.RECORDS,
    sources.LAST_ENDS,
    """gone AS (
    DELETE FROM business_scoredoutcome s USING last_ends e WHERE s.market_id = e.market_id)""",
    then=""" UPDATE business_marketfacts r SET scored = 0, brier = 0, log_loss = 0
FROM last_ends e WHERE r.market_id = e.market_id AND r.scored > 0
""",
)
_SCORES: Final = _with(
    sources.SPANS,
    sources.RECORDS,
    sources.LAST_ENDS,
    _found(sources.SCORES),
    """put AS (
    INSERT INTO business_scoredoutcome AS r (market_id, outcome, settled_on, probability, payout)
    SELECT market_id, outcome, settled_on, probability, payout FROM found
    ON CONFLICT (market_id, outcome) DO UPDATE SET probability = excluded.probability, payout = excluded.payout,
        settled_on = excluded.settled_on
    RETURNING market_id, probability, payout), sums AS (
    SELECT market_id, count(*) AS scored, sum((probability - payout)::bigint * (probability - payout)) AS brier,
        sum(round(-1e6 * (payout / 1e6 * ln(p) + (1 - payout / 1e6) * ln(1 - p)))) AS log_loss
    FROM (SELECT *, least(greatest(probability / 1e6, 0.001), 0.999) AS p FROM put) held GROUP BY 1)""",
    then="""
UPDATE business_marketfacts r SET scored = s.scored, brier = s.brier, log_loss = s.log_loss
FROM sums s WHERE r.market_id = s.market_id
""",
)
_DATES: Final = _with(
    """put AS (
    UPDATE business_trader SET joined_on = least(signed_up_on, first_order_on),
        funded_on = least(funded_on, first_order_on)
    WHERE (joined_on, funded_on) IS DISTINCT FROM
        (least(signed_up_on, first_order_on), least(funded_on, first_order_on))
    RETURNING joined_on, funded_on, first_order_on, first_fill_on, signed_up_on)""",
    then=_MARK.format(
        days="SELECT unnest(ARRAY[joined_on, funded_on, first_order_on, first_fill_on, signed_up_on]) AS day FROM put"
    ),
)
_SIGN_UPS: Final = _with(
    _found(sources.SIGN_UPS),
    """put AS (
    INSERT INTO business_trader AS r (user_id, handle, is_simulated, signed_up_on, funded_on)
    SELECT user_id, handle, is_simulated, signed_up_on, funded_on FROM found ORDER BY 1
    ON CONFLICT (user_id) DO UPDATE SET handle = excluded.handle, is_simulated = excluded.is_simulated,
        signed_up_on = excluded.signed_up_on, funded_on = least(excluded.funded_on, r.funded_on)
    WHERE (r.handle, r.is_simulated, r.signed_up_on) IS DISTINCT FROM
        (excluded.handle, excluded.is_simulated, excluded.signed_up_on)
        OR (r.funded_on IS NULL AND excluded.funded_on IS NOT NULL)
    RETURNING r.funded_on, r.signed_up_on)""",
    then=_MARK.format(days="SELECT unnest(ARRAY[funded_on, signed_up_on]) AS day FROM put"),
)
_SPAN_STATEMENTS: Final = (
    _FACTS, _TRADE_DAYS, _RECORD_DAYS, _ENDS, _TRADER_DAYS, _PAIR_DAYS, _HOURS, _LEDGER_DAYS, _SETTLED, _UNSCORED,
    _SCORES,
)  # fmt: skip


def add_spans(parameters: Mapping[str, Any]) -> None:
    """Add everything that happened in the spans, see ``selectors.sources``; ``now`` and ``today`` beside them."""
    with connection.cursor() as cursor:
        for statement in _SPAN_STATEMENTS:
            cursor.execute(statement, parameters)
        cursor.execute(_DATES)


def add_issued(parameters: Mapping[str, Any]) -> None:
    """Add what issuance gave outside of markets in ``(after, upto]`` of its entries."""
    with connection.cursor() as cursor:
        cursor.execute(_ISSUED_DAYS, parameters)


def add_sign_ups(*, after: int) -> None:
    """Know everybody whose id is above ``after``; repeating it changes nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_SIGN_UPS, {"after": after})
        cursor.execute(_DATES)

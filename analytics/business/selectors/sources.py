"""What the rollups are made of: aggregates of new trades, journal records and ledger entries, as SELECTs.

Contract   Each SELECT reads the spans that are given as four arrays: markets, the ``seq`` after which and up to which
           it reads, and the newest trade that was read before. Within a market ids of trades rise with ``seq``,
           because both are given under the market's lock; so a span is complete once its last ``seq`` is visible.
Why SQL    Tables of ``trading``, ``markets`` and ``accounts`` are read by name, downwards and for reading only, as the
           selectors of trading do: a day of a market must not cross the wire trade by trade.
"""

from typing import Final

SPANS: Final = """spans AS (
    SELECT * FROM unnest(%(markets)s::bigint[], %(after)s::bigint[], %(upto)s::bigint[], %(trades)s::bigint[])
        AS s (market_id, after, upto, trade_id))"""
TRADES: Final = """new_trades AS (
    SELECT t.*, (t.created_at AT TIME ZONE 'UTC')::date AS day FROM spans s
    JOIN trading_trade t ON t.market_id = s.market_id AND t.id > s.trade_id AND t.seq <= s.upto)"""
RECORDS: Final = """new_records AS (
    SELECT e.market_id, e.seq, e.kind, e.actor_id, e.at, (e.at AT TIME ZONE 'UTC')::date AS day FROM spans s
    JOIN markets_marketevent e ON e.market_id = s.market_id AND e.seq > s.after AND e.seq <= s.upto)"""
TRADE_DAYS: Final = """
    SELECT day, market_id, count(*) AS trades, sum(quantity)::bigint AS quantity, sum(cost)::bigint AS volume,
        coalesce(sum(cost) FILTER (WHERE maker_order_id IS NULL), 0)::bigint AS rule_volume,
        sum(taker_fee)::bigint AS taker_fees, sum(maker_fee)::bigint AS maker_fees,
        sum(abs(probability - price * 100))::bigint AS impact, min(id) AS first_trade, max(id) AS last_trade
    FROM new_trades GROUP BY 1, 2"""
RECORD_DAYS: Final = """
    SELECT day, market_id, count(*) FILTER (WHERE kind = 'order_placed') AS orders,
        count(*) FILTER (WHERE kind = 'created') AS created, count(*) FILTER (WHERE kind = 'opened') AS opened,
        count(*) FILTER (WHERE kind = 'resolved') AS resolved, count(*) FILTER (WHERE kind = 'voided') AS voided,
        count(*) FILTER (WHERE kind = 'disputed') AS disputed, min(seq) AS first_seq, max(seq) AS last_seq
    FROM new_records GROUP BY 1, 2"""
TRADER_DAYS: Final = """
    SELECT day, user_id, market_id, sum(orders)::bigint AS orders, sum(taken)::bigint AS taken,
        sum(made)::bigint AS made, sum(volume)::bigint AS volume, sum(fees)::bigint AS fees
    FROM (
        SELECT day, taker_id AS user_id, market_id, 0 AS orders, 1 AS taken, 0 AS made, cost AS volume,
            taker_fee AS fees FROM new_trades
        UNION ALL SELECT day, maker_id, market_id, 0, 0, 1, cost, maker_fee FROM new_trades WHERE maker_id IS NOT NULL
        UNION ALL SELECT day, actor_id, market_id, 1, 0, 0, 0, 0 FROM new_records
            WHERE kind = 'order_placed' AND actor_id IS NOT NULL
    ) deeds GROUP BY 1, 2, 3"""
PAIR_DAYS: Final = """
    SELECT day, market_id, outcome, least(taker_id, maker_id) AS low_id, greatest(taker_id, maker_id) AS high_id,
        coalesce(sum(quantity) FILTER (WHERE (taker_side = 'buy') = (taker_id < maker_id)), 0)::bigint AS low_bought,
        coalesce(sum(quantity) FILTER (WHERE (taker_side = 'buy') <> (taker_id < maker_id)), 0)::bigint AS high_bought
    FROM new_trades WHERE maker_id IS NOT NULL GROUP BY 1, 2, 3, 4, 5"""
HOURS: Final = """
    SELECT day, hour, sum(orders)::bigint AS orders, sum(trades)::bigint AS trades, sum(volume)::bigint AS volume
    FROM (
        SELECT day, extract(hour FROM created_at AT TIME ZONE 'UTC')::int AS hour, 0 AS orders, 1 AS trades,
            cost AS volume FROM new_trades
        UNION ALL SELECT day, extract(hour FROM at AT TIME ZONE 'UTC')::int, 1, 0, 0 FROM new_records
            WHERE kind = 'order_placed'
    ) deeds GROUP BY 1, 2"""
LEDGER_DAYS: Final = """
    SELECT (t.created_at AT TIME ZONE 'UTC')::date AS day, t.market_id, a.kind AS account_kind,
        t.kind AS transfer_kind, sum(e.amount)::bigint AS amount,
        coalesce(sum(e.amount) FILTER (WHERE e.amount > 0), 0)::bigint AS credited, count(*) AS entries
    FROM spans s JOIN trading_ledgertransfer t ON t.market_id = s.market_id AND t.seq > s.after AND t.seq <= s.upto
    JOIN trading_ledgerentry e ON e.transfer_id = t.id JOIN trading_account a ON a.id = e.account_id
    GROUP BY 1, 2, 3, 4"""
#: Transfers outside of markets move credits out of issuance, whose lock orders them: its entries are read in order.
ISSUED_DAYS: Final = """
    SELECT (t.created_at AT TIME ZONE 'UTC')::date AS day, 0::bigint AS market_id, a.kind AS account_kind,
        t.kind AS transfer_kind, sum(e.amount)::bigint AS amount,
        coalesce(sum(e.amount) FILTER (WHERE e.amount > 0), 0)::bigint AS credited, count(*) AS entries
    FROM trading_account issuance
    JOIN trading_ledgerentry own ON own.account_id = issuance.id AND own.id > %(after)s AND own.id <= %(upto)s
    JOIN trading_ledgertransfer t ON t.id = own.transfer_id AND t.market_id IS NULL
    JOIN trading_ledgerentry e ON e.transfer_id = t.id JOIN trading_account a ON a.id = e.account_id
    WHERE issuance.kind = 'issuance' GROUP BY 1, 2, 3, 4"""
FACTS: Final = """
    SELECT m.id AS market_id, m.slug, m.question, o.slug AS topic, m.kind, m.status
    FROM spans s JOIN markets_market m ON m.id = s.market_id JOIN markets_topic o ON o.id = m.topic_id"""
#: The last word of the span about each market's settlement: it was settled, or that was undone.
LAST_ENDS: Final = """last_ends AS (
    SELECT DISTINCT ON (market_id) * FROM new_records WHERE kind IN ('settled', 'settlement_undone')
    ORDER BY market_id, seq DESC)"""
#: Markets whose settlement is in the span; empty columns where it was undone.
SETTLED: Final = """
    SELECT r.market_id, CASE WHEN r.kind = 'settled' THEN r.day END AS settled_on,
        CASE WHEN r.kind = 'settled' AND m.closed_at IS NOT NULL AND m.resolved_at >= m.closed_at
                AND m.status = 'resolved' THEN extract(epoch FROM m.resolved_at - m.closed_at)::bigint END AS resolve_s
    FROM last_ends r JOIN markets_market m ON m.id = r.market_id"""
#: The hour that was over a day before the close is the last that counts, so that nothing of the end is foreseen.
SCORES: Final = """
    SELECT r.market_id, c.outcome, r.day AS settled_on, c.close AS probability,
        m.payouts[c.outcome + 1] * 100 AS payout
    FROM last_ends r JOIN markets_market m ON m.id = r.market_id AND m.status = 'resolved'
    JOIN markets_outcome o ON o.market_id = m.id AND (o.index = 0 OR m.kind <> 'binary')
    JOIN LATERAL (
        SELECT k.outcome, k.close FROM trading_candle k
        WHERE k.market_id = m.id AND k.outcome = o.index AND k.interval = '1h'
          AND k.starts_at <= least(m.closed_at, m.closes_at) - interval '25 hours'
        ORDER BY k.starts_at DESC LIMIT 1) c ON TRUE
    WHERE r.kind = 'settled'"""
SIGN_UPS: Final = """
    SELECT u.id AS user_id, u.username AS handle, u.is_simulated,
        (u.date_joined AT TIME ZONE 'UTC')::date AS signed_up_on, (a.created_at AT TIME ZONE 'UTC')::date AS funded_on
    FROM accounts_user u LEFT JOIN trading_account a ON a.user_id = u.id WHERE u.id > %(after)s"""
BEHIND: Final = """
SELECT h.market_id, coalesce(p.seq, 0), h.seq FROM markets_markethead h
LEFT JOIN business_position p ON p.market_id = h.market_id
WHERE h.seq > coalesce(p.seq, 0) ORDER BY h.market_id LIMIT %(limit)s
"""
NEWEST_ISSUED: Final = """
SELECT coalesce((SELECT e.id FROM trading_account a JOIN trading_ledgerentry e ON e.account_id = a.id
    WHERE a.kind = 'issuance' ORDER BY e.id DESC LIMIT 1), 0)
"""

"""The statements that add what is new to the track records, one market at a time.

Contract   Inside the transaction that moves the market's ``FoldedMarket``. Tables of ``trading`` and ``markets`` are
           read by name, downwards and for reading only. A settlement is added with ``sign`` 1 and taken back with -1
           from the same result rows, so that both leave nothing behind.
"""

from typing import Final

from analytics.skill.types import LOG_HIGH, LOG_LOW

#: Of the newest state: the head, what is folded, the settlement that is to be counted.
BEHIND: Final = """
SELECT h.market_id, h.seq, coalesce(f.seq, 0), coalesce(f.trade_id, 0), coalesce(f.prices, '{}'), f.settled_at,
       coalesce(f.payouts, '{}'), b.settled_at, m.topic_id,
       CASE WHEN m.status = 'resolved' THEN m.payouts ELSE '{}' END,
       (SELECT count(*) FROM markets_outcome o WHERE o.market_id = m.id)
FROM markets_markethead h
JOIN markets_market m ON m.id = h.market_id
JOIN trading_marketbook b ON b.market_id = h.market_id
LEFT JOIN skill_foldedmarket f ON f.market_id = h.market_id
WHERE h.seq > coalesce(f.seq, 0) OR b.settled_at IS DISTINCT FROM f.settled_at
ORDER BY h.market_id LIMIT %(limit)s
"""
_LOSS: Final = "round(-1e6 * ln(least(greatest({p}, {low}), {high}) / 1e6::float8))::bigint"


def _yes(probability: str) -> str:
    return _LOSS.format(p=probability, low=LOG_LOW, high=LOG_HIGH)


def _no(probability: str) -> str:
    return _LOSS.format(p=f"1000000 - {probability}", low=LOG_LOW, high=LOG_HIGH)


_SUMS: Final = "trades, said, said_squares, said_yes, said_no, market, market_squares, market_yes, market_no"
_ADDED: Final = ", ".join(f"{name} = t.{name} + excluded.{name}" for name in _SUMS.split(", "))
#: Everybody who took something with a command says the price that it led to; the market said the one before.
FORECASTS: Final = f"""
WITH records AS MATERIALIZED (
    SELECT seq, ARRAY(SELECT json_array_elements_text(data->'p')::int) AS after FROM markets_marketevent
    WHERE market_id = %(market_id)s AND seq > %(after)s AND seq <= %(upto)s AND (data->'p') IS NOT NULL
),
priced AS MATERIALIZED (
    SELECT seq, after, coalesce(lag(after) OVER (ORDER BY seq), %(prices)s::int[]) AS before FROM records
),
fresh AS MATERIALIZED (
    SELECT id, seq, outcome, taker_id FROM trading_trade
    WHERE market_id = %(market_id)s AND id > %(trade_id)s AND seq <= %(upto)s
),
said AS (
    SELECT t.taker_id, t.outcome, p.after[t.outcome + 1] AS q, p.before[t.outcome + 1] AS p
    FROM (SELECT DISTINCT seq, outcome, taker_id FROM fresh) t JOIN priced p ON p.seq = t.seq
),
put AS (
    INSERT INTO skill_forecast AS t (market_id, user_id, outcome, bin, {_SUMS})
    SELECT %(market_id)s, taker_id, outcome, least(9, q / 100000), count(*), sum(q), sum(q::bigint * q),
        sum({_yes("q")}), sum({_no("q")}), sum(p), sum(p::bigint * p), sum({_yes("p")}), sum({_no("p")})
    FROM said GROUP BY taker_id, outcome, least(9, q / 100000)
    ON CONFLICT (market_id, user_id, outcome, bin) DO UPDATE SET {_ADDED}
)
SELECT (SELECT count(*) FROM fresh), (SELECT coalesce(max(id), %(trade_id)s) FROM fresh),
       (SELECT after FROM records ORDER BY seq DESC LIMIT 1)
"""  # noqa: S608 - built of constants of this module
#: What everybody has earned, and the scores of those who took trades in a market that was resolved.
RESULTS: Final = """
WITH paid AS (
    SELECT place - 1 AS outcome, ticks * 100 AS o
    FROM unnest(%(payouts)s::int[]) WITH ORDINALITY AS p (ticks, place)
),
scored AS (
    SELECT f.user_id, sum(f.trades) AS trades,
        sum(f.said_squares - 2 * p.o::numeric * f.said + f.trades::numeric * p.o * p.o) AS brier,
        sum(f.market_squares - 2 * p.o::numeric * f.market + f.trades::numeric * p.o * p.o) AS market_brier,
        sum(p.o::numeric * f.said_yes + (1000000 - p.o)::numeric * f.said_no) AS log_loss,
        sum(p.o::numeric * f.market_yes + (1000000 - p.o)::numeric * f.market_no) AS market_log_loss
    FROM skill_forecast f JOIN paid p ON p.outcome = f.outcome WHERE f.market_id = %(market_id)s GROUP BY f.user_id
),
earned AS (
    SELECT user_id, -sum(cost)::bigint AS profit FROM (
        SELECT user_id, cost FROM trading_position WHERE market_id = %(market_id)s AND user_id IS NOT NULL
        UNION ALL SELECT user_id, cost FROM trading_provision WHERE market_id = %(market_id)s
    ) owned GROUP BY user_id
)
INSERT INTO skill_result (market_id, user_id, topic_id, settled_at, season, profit, trades, brier, market_brier,
    log_loss, market_log_loss)
SELECT %(market_id)s, user_id, %(topic_id)s, %(settled_at)s, %(season)s, coalesce(e.profit, 0), s.trades,
    round(s.brier / s.trades / 1000000), round(s.market_brier / s.trades / 1000000),
    round(s.log_loss / s.trades / 1000000), round(s.market_log_loss / s.trades / 1000000)
FROM earned e FULL JOIN scored s USING (user_id)
"""
_STANDING: Final = "markets, won, profit, scored, brier, market_brier, log_loss, market_log_loss"
_STANDING_ADDED: Final = ", ".join(f"{name} = t.{name} + excluded.{name}" for name in _STANDING.split(", "))
STANDINGS: Final = f"""
INSERT INTO skill_standing AS t (season, topic_id, user_id, {_STANDING})
SELECT s.season, o.topic_id, r.user_id, %(sign)s, %(sign)s * (r.profit > 0)::int, %(sign)s * r.profit,
    %(sign)s * (r.trades IS NOT NULL)::int, %(sign)s * coalesce(r.brier, 0), %(sign)s * coalesce(r.market_brier, 0),
    %(sign)s * coalesce(r.log_loss, 0), %(sign)s * coalesce(r.market_log_loss, 0)
FROM skill_result r
CROSS JOIN LATERAL (VALUES (r.season), ('all')) AS s (season)
CROSS JOIN LATERAL (VALUES (r.topic_id), (0::bigint)) AS o (topic_id)
WHERE r.market_id = %(market_id)s ORDER BY 1, 2, 3
ON CONFLICT (season, topic_id, user_id) DO UPDATE SET {_STANDING_ADDED}
"""  # noqa: S608 - built of constants of this module
#: One forecast for each outcome and tenth: the mean of what a trader said there.
TRADER_BINS: Final = """
INSERT INTO skill_traderbin AS t (user_id, bin, forecasts, said, happened)
SELECT f.user_id, f.bin, %(sign)s * count(*), %(sign)s * sum(round(f.said::numeric / f.trades))::bigint,
    %(sign)s * sum((%(payouts)s::int[])[f.outcome + 1] * 100)
FROM skill_forecast f WHERE f.market_id = %(market_id)s GROUP BY f.user_id, f.bin ORDER BY 1, 2
ON CONFLICT (user_id, bin) DO UPDATE SET forecasts = t.forecasts + excluded.forecasts, said = t.said + excluded.said,
    happened = t.happened + excluded.happened
"""
#: The newest hour that was over so long before the close; of a binary market yes only, because no is its mirror.
SITE_FORECASTS: Final = f"""
INSERT INTO skill_siteforecast (market_id, outcome, hours, topic_id, probability, payout, brier, log_loss)
SELECT m.id, o.index, h.hours, m.topic_id, c.close, y.payout,
    round((c.close - y.payout)::numeric * (c.close - y.payout) / 1000000),
    round((y.payout::numeric * {_yes("c.close")} + (1000000 - y.payout)::numeric * {_no("c.close")}) / 1000000)
FROM markets_market m
JOIN markets_outcome o ON o.market_id = m.id AND (o.index = 0 OR m.kind <> 'binary')
CROSS JOIN LATERAL (SELECT (%(payouts)s::int[])[o.index + 1] * 100 AS payout) y
CROSS JOIN unnest(%(horizons)s::int[]) AS h (hours)
JOIN LATERAL (
    SELECT k.close FROM trading_candle k WHERE k.market_id = m.id AND k.outcome = o.index AND k.interval = '1h'
      AND k.starts_at <= least(m.closed_at, m.closes_at) - (h.hours + 1) * interval '1 hour'
    ORDER BY k.starts_at DESC LIMIT 1) c ON TRUE
WHERE m.id = %(market_id)s
"""  # noqa: S608 - built of constants of this module
SITE_BINS: Final = """
INSERT INTO skill_sitebin AS t (hours, topic_id, bin, forecasts, said, happened, brier, log_loss)
SELECT f.hours, o.topic_id, least(9, f.probability / 100000), %(sign)s * count(*), %(sign)s * sum(f.probability),
    %(sign)s * sum(f.payout), %(sign)s * sum(f.brier), %(sign)s * sum(f.log_loss)
FROM skill_siteforecast f CROSS JOIN LATERAL (VALUES (f.topic_id), (0::bigint)) AS o (topic_id)
WHERE f.market_id = %(market_id)s GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
ON CONFLICT (hours, topic_id, bin) DO UPDATE SET forecasts = t.forecasts + excluded.forecasts,
    said = t.said + excluded.said, happened = t.happened + excluded.happened, brier = t.brier + excluded.brier,
    log_loss = t.log_loss + excluded.log_loss
"""
#: After a settlement was taken back: what nobody is left in.
EMPTIED: Final = (
    """DELETE FROM skill_standing t USING skill_result r WHERE r.market_id = %(market_id)s AND t.user_id = r.user_id
    AND t.markets = 0""",
    """DELETE FROM skill_traderbin t USING skill_result r WHERE r.market_id = %(market_id)s AND t.user_id = r.user_id
    AND t.forecasts = 0""",
    "DELETE FROM skill_sitebin WHERE forecasts = 0",
    "DELETE FROM skill_result WHERE market_id = %(market_id)s",
    "DELETE FROM skill_siteforecast WHERE market_id = %(market_id)s",
)

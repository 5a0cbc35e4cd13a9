"""Two signs that somebody should look at the exchange, for who watches it each few seconds.

Contract   ``maker_loss_share`` is what makers would lose at worst, of what they may lose at most, over the markets that
           are open. ``back_and_forth_share`` is the part of the newest volume between pairs of people who have lately
           traded with each other in both directions.
Bound      The books of open markets; the newest ``TRADES_MAX`` trades.
"""

from typing import Any, Final

from trading.selectors.rows import fetch_one

TRADES_MAX: Final = 1_000
SPAN_S: Final = 900
#: So often in each direction before it is more than chance.
_TIMES_MIN: Final = 2

# With q the maker's shares and b its liquidity, the loss at worst is b ln n - b ln(sum of exp((q - max q) / b)).
_MAKER: Final = """
WITH books AS (
    SELECT (m.liquidity_lots + k.added_liquidity)::float8 AS b, k.maker_quantities AS shares,
        (SELECT max(one) FROM unnest(k.maker_quantities) one)::float8 AS most
    FROM trading_marketbook k JOIN markets_market m ON m.id = k.market_id
    WHERE k.settled_at IS NULL AND m.status = 'open' AND m.liquidity_lots > 0 AND cardinality(k.maker_quantities) > 1
)
SELECT sum(b * ln(cardinality(shares)) - b * ln(spread)) / NULLIF(sum(b * ln(cardinality(shares))), 0)
FROM books, LATERAL (SELECT sum(exp(greatest((one - most) / b, -700))) AS spread FROM unnest(shares) one) parts
"""
_WASH: Final = """
WITH newest AS (
    SELECT market_id, taker_id, maker_id, taker_side, outcome, quantity, created_at
    FROM trading_trade ORDER BY id DESC LIMIT %(trades)s
), recent AS (
    SELECT *, least(taker_id, maker_id) AS one, greatest(taker_id, maker_id) AS other,
        (taker_side = 'buy') = (taker_id < maker_id) AS is_there
    FROM newest WHERE created_at > statement_timestamp() - make_interval(secs => %(seconds)s)
), pairs AS (
    SELECT market_id, outcome, one, other FROM recent WHERE maker_id IS NOT NULL
    GROUP BY 1, 2, 3, 4
    HAVING count(*) FILTER (WHERE is_there) >= %(times)s AND count(*) FILTER (WHERE NOT is_there) >= %(times)s
)
SELECT COALESCE(sum(r.quantity) FILTER (WHERE p.one IS NOT NULL), 0)::float8 / NULLIF(sum(r.quantity), 0)
FROM recent r LEFT JOIN pairs p USING (market_id, outcome, one, other)
"""


def maker_loss_share() -> float | None:
    """0 to 1; None when no open market has a maker."""
    return _share(_MAKER, {})


def back_and_forth_share() -> float | None:
    """0 to 1; None when nobody traded lately."""
    return _share(_WASH, {"trades": TRADES_MAX, "seconds": SPAN_S, "times": _TIMES_MIN})


def _share(statement: str, parameters: dict[str, Any]) -> float | None:
    row = fetch_one(statement, parameters)
    return None if row is None or row[0] is None else float(row[0])

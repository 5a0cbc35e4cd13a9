"""What must hold in the tables at any moment, as statements that find the rows at fault.

Contract   Each statement has the named parameter ``market`` (null: all) and returns nothing when the
           invariant holds, else up to 20 rows whose columns tell what is wrong. Sums over accounts are
           always taken over all markets.
"""

from dataclasses import dataclass
from typing import Final

from django.db import connection

from trading.selectors.orders import ANSWERED_ORDER


@dataclass(frozen=True, slots=True)
class Invariant:
    """``code`` is I1, I2, ...; an invariant may take several statements."""

    code: str
    title: str
    statement: str


#: Replaces ``{booked}``: orders as booked; in a binary market one on outcome 1 stands on the other side of outcome 0.
_BOOKED: Final = """booked AS (
    SELECT o.*, CASE WHEN m.kind = 'binary' THEN 0 ELSE o.outcome END AS book,
        CASE WHEN m.kind = 'binary' AND o.outcome = 1 THEN 10000 - o.price ELSE o.price END AS booked_price,
        CASE WHEN m.kind = 'binary' AND o.outcome = 1 THEN (CASE o.side WHEN 'buy' THEN 'sell' ELSE 'buy' END)
            ELSE o.side END AS booked_side
    FROM trading_order o JOIN markets_market m ON m.id = o.market_id WHERE {o})"""


def _all(code: str, title: str, statement: str, *tables: str) -> Invariant:
    """``{t}`` in a statement becomes the condition on the market of table alias ``t``."""
    statement = statement.replace("{booked}", _BOOKED).replace("{answered}", ANSWERED_ORDER)
    for table in tables:
        condition = f"(%(market)s::bigint IS NULL OR {table}.market_id = %(market)s)"
        statement = statement.replace("{" + table + "}", condition)
    return Invariant(code, title, statement + "\nLIMIT 20")


INVARIANTS: Final = (
    _all("I1", "the entries of every transfer sum to zero", """
        SELECT t.id AS transfer, count(e.id) AS entries, coalesce(sum(e.amount), 0) AS sum
        FROM trading_ledgertransfer t LEFT JOIN trading_ledgerentry e ON e.transfer_id = t.id
        WHERE {t} GROUP BY t.id HAVING count(e.id) < 2 OR sum(e.amount) <> 0""", "t"),
    _all("I1", "all entries sum to zero", """
        SELECT sum(amount) AS sum FROM trading_ledgerentry HAVING sum(amount) <> 0"""),
    _all("I2", "every account has what its entries sum to", """
        SELECT a.id AS account, a.kind, a.cash, coalesce(e.sum, 0) AS entries
        FROM trading_account a LEFT JOIN (
            SELECT account_id, sum(amount) AS sum FROM trading_ledgerentry GROUP BY account_id) e ON e.account_id = a.id
        WHERE a.cash <> coalesce(e.sum, 0) AND (a.user_id IS NOT NULL OR {a})""", "a"),
    _all("I2", "every entry carries the balance after it", """
        SELECT entry, account_id, balance, before, amount FROM (
            SELECT e.id AS entry, e.account_id, e.balance, e.amount,
                lag(e.balance, 1, 0::bigint) OVER (PARTITION BY e.account_id ORDER BY e.id) AS before
            FROM trading_ledgerentry e JOIN trading_account a ON a.id = e.account_id
            WHERE a.user_id IS NOT NULL OR {a}) chained
        WHERE balance <> before + amount""", "a"),
    _all("I3", "no account has less than it holds", """
        SELECT a.id AS account, a.kind, a.cash, a.held FROM trading_account a
        WHERE (a.held < 0 OR (a.kind <> 'issuance' AND a.cash < a.held)) AND (a.user_id IS NOT NULL OR {a})""", "a"),
    _all("I3", "every wallet holds what its open orders need", """
        SELECT a.id AS account, a.user_id, a.held, coalesce(o.held, 0) AS orders FROM trading_account a
        LEFT JOIN (SELECT user_id, sum(hold_cash) AS held FROM trading_order
                WHERE status IN ('open', 'waiting', 'triggered') GROUP BY user_id) o
            ON o.user_id = a.user_id
        WHERE a.held <> coalesce(o.held, 0) AND (a.user_id IS NOT NULL OR {a})""", "a"),
    _all("I3", "every position holds what its open sells need", """
        SELECT p.market_id, p.user_id, p.outcome, p.quantity, p.held, coalesce(o.held, 0) AS orders
        FROM trading_position p LEFT JOIN (
            SELECT market_id, user_id, outcome, sum(hold_shares) AS held FROM trading_order
            WHERE status IN ('open', 'waiting', 'triggered') GROUP BY 1, 2, 3) o USING (market_id, user_id, outcome)
        WHERE {p} AND (p.held <> coalesce(o.held, 0) OR p.held < 0 OR p.quantity < p.held)""", "p"),
    _all("I4", "every order has its record, which comes at its place", """
        SELECT o.id AS "order", o.market_id, o.seq, e.kind FROM trading_order o
        LEFT JOIN markets_marketevent e ON e.market_id = o.market_id AND e.seq = o.seq
        WHERE {o} AND (e.kind NOT IN ('order_placed', 'pair_placed') OR e.id IS NULL AND NOT EXISTS (
            SELECT 1 FROM markets_journalfile f
            WHERE f.market_id = o.market_id AND o.seq BETWEEN f.first_seq AND f.last_seq))""", "o"),
    _all("I4", "every record of an order has exactly one order, and that of a pair two", """
        SELECT e.market_id, e.seq, count(o.id) AS orders FROM markets_marketevent e
        LEFT JOIN trading_order o ON o.market_id = e.market_id AND o.seq = e.seq
        WHERE {e} AND e.kind IN ('order_placed', 'pair_placed') GROUP BY 1, 2, e.kind
        HAVING count(o.id) <> CASE e.kind WHEN 'pair_placed' THEN 2 ELSE 1 END""", "e"),
    _all("I5", "an accepted answer is that of its one order", """
        SELECT s.user_id, s.client_order_id, s.status, count(o.id) AS orders FROM trading_submission s
        LEFT JOIN trading_order o ON o.user_id = s.user_id AND o.client_order_id = s.client_order_id
            AND o.id = {answered}
        WHERE s.status < 300 AND s.client_order_id NOT LIKE 'key:%%'
            AND (%(market)s::bigint IS NULL OR o.market_id = %(market)s)
        GROUP BY 1, 2, 3 HAVING count(o.id) <> 1"""),
    _all("I5", "a refused answer made no order, and no key made two", """
        SELECT o.user_id, o.client_order_id, count(*) AS orders, min(s.status) AS status FROM trading_order o
        LEFT JOIN trading_submission s ON s.user_id = o.user_id AND s.client_order_id = o.client_order_id
        WHERE {o} GROUP BY 1, 2 HAVING count(*) > 1 OR min(s.status) >= 300""", "o"),
    _all("I6", "the records of a market are numbered without gaps up to its head", """
        SELECT h.market_id, h.seq AS head, e.records, e.first, e.last, f.records AS archived, f.last AS archived_to
        FROM markets_markethead h
        LEFT JOIN (SELECT market_id, count(*) AS records, min(seq) AS first, max(seq) AS last
                FROM markets_marketevent GROUP BY 1) e ON e.market_id = h.market_id
        LEFT JOIN (SELECT market_id, sum(last_seq - first_seq + 1) AS records, max(last_seq) AS last
                FROM markets_journalfile WHERE verified_at IS NOT NULL GROUP BY 1) f ON f.market_id = h.market_id
        WHERE {h} AND (coalesce(e.last, f.last, 0) <> h.seq
            OR coalesce(e.records, 0) <> coalesce(e.last - e.first + 1, 0)
            OR coalesce(e.first, 1) > coalesce(f.last, 0) + 1
            OR coalesce(f.records, 0) <> coalesce(f.last, 0))""", "h"),
    _all("I8", "no book is crossed or locked at rest", """
        WITH {booked}
        SELECT market_id, book, max(booked_price) FILTER (WHERE booked_side = 'buy') AS bid,
            min(booked_price) FILTER (WHERE booked_side = 'sell') AS ask
        FROM booked WHERE status = 'open' GROUP BY 1, 2
        HAVING max(booked_price) FILTER (WHERE booked_side = 'buy')
            >= min(booked_price) FILTER (WHERE booked_side = 'sell')""", "o"),
    _all("I9", "what an order filled is what its trades say", """
        SELECT o.id AS "order", o.filled, coalesce(t.quantity, 0) AS traded, o.status FROM trading_order o
        LEFT JOIN (
            SELECT order_id, sum(quantity) AS quantity FROM (
                SELECT taker_order_id AS order_id, quantity FROM trading_trade
                UNION ALL SELECT maker_order_id, quantity FROM trading_trade WHERE maker_order_id IS NOT NULL) s
            GROUP BY order_id) t ON t.order_id = o.id
        WHERE {o} AND (o.filled <> coalesce(t.quantity, 0) OR (o.status = 'filled' AND o.filled < o.quantity
            AND o.cost_max IS NULL) OR (o.status = 'open' AND o.filled >= o.quantity))""", "o"),
    _all("I9", "every trade is of its two orders", """
        SELECT t.id AS trade, t.market_id, t.taker_order_id, t.maker_order_id FROM trading_trade t
        LEFT JOIN trading_order o ON o.id = t.taker_order_id AND o.user_id = t.taker_id AND o.market_id = t.market_id
        LEFT JOIN trading_order m ON m.id = t.maker_order_id AND m.user_id = t.maker_id AND m.market_id = t.market_id
        WHERE {t} AND (o.id IS NULL OR (t.maker_order_id IS NOT NULL AND m.id IS NULL))""", "t"),
    _all("I9", "no trade is worse than an order's limit", """
        WITH {booked}
        SELECT t.id AS trade, b.id AS "order", b.booked_side, b.booked_price, t.price, t.quantity, t.cost
        FROM (SELECT *, taker_order_id AS order_id FROM trading_trade
            UNION ALL SELECT *, maker_order_id FROM trading_trade WHERE maker_order_id IS NOT NULL) t
        JOIN booked b ON b.id = t.order_id
        WHERE b.price IS NOT NULL AND (b.priority IS NULL OR t.seq >= (
                -- An amended order has traded at its older prices before.
                SELECT max(e.seq) FROM markets_marketevent e WHERE e.market_id = t.market_id
                    AND e.kind = 'order_amended' AND (e.data -> 'c' ->> 2)::bigint = b.id))
            AND ((b.booked_side = 'buy' AND t.cost > b.booked_price * t.quantity)
            OR (b.booked_side = 'sell' AND t.cost < b.booked_price * t.quantity))""", "o"),
    _all("I10", "equal shares exist of every outcome, and collateral backs them", """
        SELECT s.market_id, s.outcomes, s.lowest, s.highest, a.cash AS collateral FROM (
            SELECT m.id AS market_id, count(o.id) AS outcomes, min(coalesce(p.quantity, 0)) AS lowest,
                max(coalesce(p.quantity, 0)) AS highest
            FROM markets_market m JOIN markets_outcome o ON o.market_id = m.id
            LEFT JOIN (SELECT market_id, outcome, sum(quantity) AS quantity FROM trading_position GROUP BY 1, 2) p
                ON p.market_id = m.id AND p.outcome = o.index
            GROUP BY m.id) s
        JOIN trading_account a ON a.market_id = s.market_id AND a.kind = 'collateral'
        WHERE {s} AND (s.lowest <> s.highest OR a.cash <> s.lowest * 10000)""", "s"),
    _all("I10", "the maker rule holds what its quantities say and hasn't lost more than its subsidy", """
        SELECT b.market_id, b.maker_quantities, p.outcome, p.quantity, a.cash FROM trading_marketbook b
        JOIN trading_account a ON a.market_id = b.market_id AND a.kind = 'maker'
        CROSS JOIN LATERAL (SELECT max(q) AS top FROM unnest(b.maker_quantities) AS q) q
        LEFT JOIN trading_position p ON p.market_id = b.market_id AND p.user_id IS NULL
        WHERE {b} AND (a.cash < 0 OR p.quantity <> CASE WHEN b.settled_at IS NULL
            THEN q.top - b.maker_quantities[p.outcome + 1] ELSE 0 END)""", "b"),
    _all("I10", "what providers have added is what the maker rule was given", """
        SELECT b.market_id, b.added_liquidity, coalesce(p.lots, 0) AS provided, m.liquidity_lots
        FROM trading_marketbook b
        JOIN markets_market m ON m.id = b.market_id
        LEFT JOIN (SELECT market_id, sum(quantity) AS lots FROM trading_provision GROUP BY 1) p
            ON p.market_id = b.market_id
        WHERE {b} AND (b.added_liquidity <> coalesce(p.lots, 0) OR (b.added_liquidity > 0 AND (m.liquidity_lots = 0
            OR b.settled_at IS NOT NULL)))""", "b"),
    _all("I11", "nobody trades with themselves", """
        SELECT t.id AS trade, t.market_id, t.taker_id FROM trading_trade t
        WHERE {t} AND t.taker_id = t.maker_id""", "t"),
    _all("I12", "nothing executes after the close or a halt", """
        WITH states AS (
            SELECT e.market_id, e.seq, e.kind, e.at, m.closes_at, max(CASE
                WHEN e.kind IN ('opened', 'resumed', 'halted', 'closed', 'resolved', 'voided') THEN e.seq END)
                OVER (PARTITION BY e.market_id ORDER BY e.seq) AS since
            FROM markets_marketevent e JOIN markets_market m ON m.id = e.market_id WHERE {e})
        SELECT s.market_id, s.seq, s.kind, s.at, s.closes_at, l.kind AS after FROM states s
        LEFT JOIN markets_marketevent l ON l.market_id = s.market_id AND l.seq = s.since
        WHERE s.kind IN ('order_placed', 'pair_placed', 'sets_minted', 'sets_merged', 'no_converted', 'liquidity_added',
                'liquidity_withdrawn')
            AND (l.kind NOT IN ('opened', 'resumed') OR s.at >= s.closes_at OR l.kind IS NULL AND NOT EXISTS (
                SELECT 1 FROM markets_journalfile f WHERE f.market_id = s.market_id))""", "e"),
    _all("I13", "a market is settled once, and nothing of it is left", """
        SELECT b.market_id, b.settled_at, r.records, r.payments, a.cash, p.shares, o.orders FROM trading_marketbook b
        CROSS JOIN LATERAL (
            SELECT greatest(count(*) FILTER (WHERE e.kind = 'settled')
                    - count(*) FILTER (WHERE e.kind = 'settlement_undone'), (SELECT count(*) FROM markets_journalfile f
                    WHERE f.market_id = b.market_id AND b.settled_at IS NOT NULL
                        AND b.seq BETWEEN f.first_seq AND f.last_seq)) AS records,
                (SELECT coalesce(sum(CASE WHEN EXISTS (SELECT FROM markets_marketevent u WHERE u.market_id = t.market_id
                        AND u.seq = t.seq AND u.kind = 'settlement_undone') THEN -1 ELSE 1 END), 0)
                    FROM trading_ledgertransfer t
                    WHERE t.market_id = b.market_id AND t.kind IN ('settlement', 'void')) AS payments
            FROM markets_marketevent e
            WHERE e.market_id = b.market_id AND e.kind IN ('settled', 'settlement_undone')) r
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(abs(cash)), 0) AS cash FROM trading_account WHERE market_id = b.market_id) a
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(quantity), 0) AS shares FROM trading_position WHERE market_id = b.market_id) p
        CROSS JOIN LATERAL (
            SELECT count(*) AS orders FROM trading_order
            WHERE market_id = b.market_id AND status IN ('open', 'waiting', 'triggered')) o
        WHERE {b} AND ((b.settled_at IS NULL AND (r.records <> 0 OR r.payments <> 0)) OR (b.settled_at IS NOT NULL
            AND (r.records <> 1 OR r.payments > 1 OR a.cash <> 0 OR p.shares <> 0 OR o.orders <> 0)))""", "b"),
)  # fmt: skip


def rows_at_fault(invariant: Invariant, market_id: int | None = None) -> list[dict[str, object]]:
    """Up to 20 rows that break the invariant, each by column name."""
    with connection.cursor() as cursor:
        cursor.execute(invariant.statement, {"market": market_id})
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

"""The statements that write a batch, one for each table.

Contract   Each sends one set-based statement and reads nothing. Rows come as tuples in the order of the
           columns. Plans are made once a connection and must not depend on how big the tables were
           then: ``KEEP_TO_INDEXES`` is sent first in the transaction. ``now`` is ISO 8601.
Why        Rows are unfolded in the select list: in FROM every array would first fill a store of its own, which cost
           a tenth of an order's time.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import psycopg

from common.arrays import for_one_row, integers, texts, words
from trading.services._pipeline import Pipeline

Rows = Sequence[tuple[Any, ...]]

KEEP_TO_INDEXES: Final = """
SELECT set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
       set_config('enable_mergejoin', 'off', true), set_config('plan_cache_mode', 'force_generic_plan', true)
"""

_INSERT_ORDERS: Final = """
INSERT INTO trading_order (market_id, id, user_id, client_order_id, outcome, side, type, time_in_force, price, quantity,
    cost_max, post_only, self_trade_policy, valid_until, filled, cost, fee, hold_cash, hold_shares, status, seq,
    created_at, updated_at)
SELECT %s::bigint, unnest(%s::bigint[]), unnest(%s::bigint[]), unnest(%s::text[]), unnest(%s::smallint[]),
    unnest(%s::text[]), unnest(%s::text[]), unnest(%s::text[]), unnest(%s::int[]), unnest(%s::bigint[]),
    unnest(%s::bigint[]), unnest(%s::bool[]), unnest(%s::text[]), unnest(%s::timestamptz[]), unnest(%s::bigint[]),
    unnest(%s::bigint[]), unnest(%s::bigint[]), unnest(%s::bigint[]), unnest(%s::bigint[]), unnest(%s::text[]),
    unnest(%s::bigint[]), %s::timestamptz, %s::timestamptz
"""
_UPDATE_ORDERS: Final = """
UPDATE trading_order o SET filled = u.filled, cost = u.cost, fee = u.fee, hold_cash = u.hold_cash,
    hold_shares = u.hold_shares, status = u.status, updated_at = %s::timestamptz
FROM (SELECT unnest(%s::bigint[]) AS id, unnest(%s::bigint[]) AS filled, unnest(%s::bigint[]) AS cost,
    unnest(%s::bigint[]) AS fee, unnest(%s::bigint[]) AS hold_cash, unnest(%s::bigint[]) AS hold_shares,
    unnest(%s::text[]) AS status) AS u
WHERE o.id = u.id
"""
_UPDATE_ORDER_TERMS: Final = """
UPDATE trading_order o SET price = u.price, quantity = u.quantity, priority = coalesce(u.priority, o.priority),
    proceeds_min = u.proceeds_min, reduce_only = u.reduce_only
FROM (SELECT unnest(%s::bigint[]) AS id, unnest(%s::int[]) AS price, unnest(%s::bigint[]) AS quantity,
    unnest(%s::bigint[]) AS priority, unnest(%s::bigint[]) AS proceeds_min, unnest(%s::bool[]) AS reduce_only) AS u
WHERE o.id = u.id
"""
_INSERT_TRADES: Final = """
INSERT INTO trading_trade (market_id, created_at, id, seq, line, kind, outcome, taker_side, price, quantity, cost,
    taker_order_id, taker_id, taker_fee, maker_order_id, maker_id, maker_fee, probability)
SELECT %s::bigint, %s::timestamptz, unnest(%s::bigint[]), unnest(%s::bigint[]), unnest(%s::smallint[]),
    unnest(%s::text[]), unnest(%s::smallint[]), unnest(%s::text[]), unnest(%s::smallint[]), unnest(%s::bigint[]),
    unnest(%s::bigint[]), unnest(%s::bigint[]), unnest(%s::bigint[]), unnest(%s::bigint[]), unnest(%s::bigint[]),
    unnest(%s::bigint[]), unnest(%s::bigint[]), unnest(%s::int[])
"""
_INSERT_TRANSFERS: Final = """
WITH transfers AS (
    INSERT INTO trading_ledgertransfer (market_id, created_at, memo, id, kind, seq)
    SELECT %s::bigint, %s::timestamptz, '', unnest(%s::bigint[]), unnest(%s::text[]), unnest(%s::bigint[])
)
INSERT INTO trading_ledgerentry (transfer_id, account_id, amount, balance)
SELECT unnest(%s::bigint[]), unnest(%s::bigint[]), unnest(%s::bigint[]), unnest(%s::bigint[])
"""
_UPSERT_POSITIONS: Final = """
INSERT INTO trading_position AS p (market_id, updated_at, user_id, outcome, quantity, held, cost)
SELECT %s::bigint, %s::timestamptz, unnest(%s::bigint[]), unnest(%s::smallint[]), unnest(%s::bigint[]),
    unnest(%s::bigint[]), unnest(%s::bigint[])
ON CONFLICT (market_id, user_id, outcome) DO UPDATE SET quantity = excluded.quantity, held = excluded.held,
    cost = p.cost + excluded.cost, updated_at = excluded.updated_at
"""
_INSERT_SUBMISSIONS: Final = """
INSERT INTO trading_submission (created_at, user_id, client_order_id, request_digest, status, answer)
SELECT %s::timestamptz, unnest(%s::bigint[]), unnest(%s::text[]), unnest(%s::bytea[]), unnest(%s::smallint[]),
    unnest(string_to_array(%s::text, E'\n'))
"""
_UPSERT_CANDLES: Final = """
INSERT INTO trading_candle AS c (market_id, outcome, interval, starts_at, open, high, low, close, volume, trades)
SELECT %s::bigint, u.outcome, i.name, date_trunc(i.unit, %s::timestamptz, 'UTC'), u.open, u.high, u.low, u.close,
    u.volume, u.trades
FROM (SELECT unnest(%s::smallint[]) AS outcome, unnest(%s::int[]) AS open, unnest(%s::int[]) AS high,
    unnest(%s::int[]) AS low, unnest(%s::int[]) AS close, unnest(%s::bigint[]) AS volume, unnest(%s::int[]) AS trades)
    AS u,
    (VALUES ('1m', 'minute'), ('1h', 'hour'), ('1d', 'day')) AS i (name, unit)
ON CONFLICT (market_id, outcome, interval, starts_at) DO UPDATE SET high = greatest(c.high, excluded.high),
    low = least(c.low, excluded.low), close = excluded.close, volume = c.volume + excluded.volume,
    trades = c.trades + excluded.trades
"""
#: Only balances that are as they were read give way. If one isn't, ``seq`` becomes NULL, which the table refuses:
#: nothing of the batch is kept, see ``is_refused_for_balances``. Accounts are locked in the order given.
_UPDATE_BALANCES_AND_BOOK: Final = """
WITH accounts AS (
    UPDATE trading_account a SET cash = u.cash, held = u.held
    FROM (SELECT unnest(%s::bigint[]) AS id, unnest(%s::bigint[]) AS cash, unnest(%s::bigint[]) AS held,
        unnest(%s::bigint[]) AS cash_read, unnest(%s::bigint[]) AS held_read) AS u
    WHERE a.id = u.id AND a.cash = u.cash_read AND a.held = u.held_read
    RETURNING a.id
)
UPDATE trading_marketbook SET seq = CASE WHEN (SELECT count(*) FROM accounts) = %s::bigint THEN %s::bigint END,
    maker_quantities = %s::bigint[], prices = %s::int[],
    volume = volume + %s::bigint, trades = trades + %s::bigint, traders = %s::int,
    last_trade_at = CASE WHEN %s::bigint > 0 THEN %s::timestamptz ELSE last_trade_at END
WHERE market_id = %s::bigint
"""


_UPDATE_ORDER_TIES: Final = """
UPDATE trading_order o SET trigger_price = u.trigger_price, linked_to = u.linked_to, group_id = u.group_id,
    quantity = u.quantity
FROM (SELECT unnest(%s::bigint[]) AS id, unnest(%s::int[]) AS trigger_price, unnest(%s::bigint[]) AS linked_to,
    unnest(%s::bigint[]) AS group_id, unnest(%s::bigint[]) AS quantity) AS u
WHERE o.id = u.id
"""
_UPSERT_PROVISIONS: Final = """
WITH provisions AS (
    INSERT INTO trading_provision AS p (market_id, updated_at, user_id, quantity, cost)
    SELECT %s::bigint, %s::timestamptz, unnest(%s::bigint[]), unnest(%s::bigint[]), unnest(%s::bigint[])
    ON CONFLICT (market_id, user_id) DO UPDATE SET quantity = excluded.quantity,
        cost = p.cost + excluded.cost, updated_at = excluded.updated_at
)
UPDATE trading_marketbook SET added_liquidity = added_liquidity + %s::bigint WHERE market_id = %s::bigint
"""


def is_refused_for_balances(error: Exception) -> bool:
    """Whether ``update_balances_and_book`` met a balance that wasn't as it was read."""
    cause = error.__cause__
    return isinstance(cause, psycopg.errors.NotNullViolation) and (cause.diag.table_name, cause.diag.column_name) == (
        "trading_marketbook",
        "seq",
    )


def insert_orders(pipe: Pipeline, market_id: int, now: str, rows: Rows) -> None:
    if len(rows) == 1:
        pipe.send(for_one_row(_INSERT_ORDERS), [market_id, *rows[0], now, now])
    elif rows:
        c = list(zip(*rows, strict=True))
        pipe.send(
            _INSERT_ORDERS,
            [
                market_id, integers(c[0]), integers(c[1]), texts(c[2]), integers(c[3]), words(c[4]), words(c[5]),
                words(c[6]), integers(c[7]), integers(c[8]), integers(c[9]), words(c[10]), words(c[11]), texts(c[12]),
                *[integers(column) for column in c[13:18]], words(c[18]), integers(c[19]), now, now,
            ],
        )  # fmt: skip


def update_orders(pipe: Pipeline, now: str, rows: Rows) -> None:
    if len(rows) == 1:
        pipe.send(for_one_row(_UPDATE_ORDERS), [now, *rows[0]])
    elif rows:
        c = list(zip(*rows, strict=True))
        pipe.send(_UPDATE_ORDERS, [now, *[integers(column) for column in c[:6]], words(c[6])])


def update_order_terms(pipe: Pipeline, terms: Mapping[int, tuple[Any, ...]]) -> None:
    if terms:
        columns = list(zip(*terms.values(), strict=True))
        pipe.send(_UPDATE_ORDER_TERMS, [*[integers(column) for column in columns[:5]], words(columns[5])])


def insert_trades(pipe: Pipeline, market_id: int, now: str, rows: Rows) -> None:
    if len(rows) == 1:
        pipe.send(for_one_row(_INSERT_TRADES), [market_id, now, *rows[0]])
    elif rows:
        c = list(zip(*rows, strict=True))
        columns = [words(column) if number in (3, 5) else integers(column) for number, column in enumerate(c)]
        pipe.send(_INSERT_TRADES, [market_id, now, *columns])


def insert_transfers(pipe: Pipeline, market_id: int, now: str, *, transfers: Rows, entries: Rows) -> None:
    if transfers:
        ids, kinds, seqs = zip(*transfers, strict=True)
        lines = [integers(column) for column in zip(*entries, strict=True)]
        pipe.send(_INSERT_TRANSFERS, [market_id, now, integers(ids), words(kinds), integers(seqs), *lines])


def upsert_positions(pipe: Pipeline, market_id: int, now: str, rows: Rows) -> None:
    if rows:
        pipe.send(_UPSERT_POSITIONS, [market_id, now, *[integers(column) for column in zip(*rows, strict=True)]])


def update_order_ties(pipe: Pipeline, ties: Mapping[int, tuple[Any, ...]]) -> None:
    """Before ``update_orders``: an order's quantity has to be known when something of it is filled."""
    if ties:
        pipe.send(_UPDATE_ORDER_TIES, [integers(column) for column in zip(*ties.values(), strict=True)])


def upsert_provisions(pipe: Pipeline, market_id: int, now: str, rows: Rows, *, added: int) -> None:
    """Rows of user id, lots as they are now and change of cost; ``added`` is the change of the rule's b."""
    if rows:
        values = [integers(column) for column in zip(*rows, strict=True)]
        pipe.send(_UPSERT_PROVISIONS, [market_id, now, *values, added, market_id])


def insert_submissions(pipe: Pipeline, now: str, rows: Rows) -> None:
    if len(rows) == 1:
        user_id, key, digest, status, answer = rows[0]
        pipe.send(for_one_row(_INSERT_SUBMISSIONS), [now, user_id, key, rf"\x{digest.hex()}", status, answer])
    elif rows:
        users, keys, digests, statuses, answers = zip(*rows, strict=True)
        hexed = "{" + ",".join([rf'"\\x{digest.hex()}"' for digest in digests]) + "}"
        # Answers are JSON without line breaks, see ``journal.append``.
        lines = "\n".join(answers)
        pipe.send(_INSERT_SUBMISSIONS, [now, integers(users), texts(keys), hexed, integers(statuses), lines])


def upsert_candles(pipe: Pipeline, market_id: int, now: str, rows: Rows) -> None:
    if rows:
        pipe.send(_UPSERT_CANDLES, [market_id, now, *[integers(column) for column in zip(*rows, strict=True)]])


def update_balances_and_book(pipe: Pipeline, market_id: int, now: str, *, accounts: Rows, seq: int, **to: Any) -> None:
    statement, balances = _UPDATE_BALANCES_AND_BOOK, ["{}"] * 5
    if len(accounts) == 1:
        statement, balances = for_one_row(statement), list(accounts[0])
    elif accounts:
        balances = [integers(column) for column in zip(*accounts, strict=True)]
    pipe.send(
        statement,
        [
            *balances, len(accounts), seq, integers(to["maker_quantities"]), integers(to["prices"]), to["volume"],
            to["trades"], to["traders"], to["trades"], now, market_id,
        ],
    )  # fmt: skip

"""A market's whole journal as rows of a file, with its rules and with the figures that it must come to.

Rows       First ``rules`` (seq 0), then what the tables held at the newest record (``figures.*``), then every record.
Contract   The figures are of one snapshot, the records those up to its ``seq``. Public rows tell of levels, trades and
           prices; full ones also of who did it, holds, cash and shares.
Bound      A few thousand rows in memory, however long the journal is; a transaction is open only for the figures.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final, NamedTuple

import orjson

from common.streaming import cursor_chunks
from markets.selectors.journal_records import kept_records
from trading.selectors.journal import public_data
from trading.selectors.rows import fetch_all, fetch_one
from trading.selectors.snapshot import one_snapshot

HEADER: Final = ("market_id", "seq", "at", "kind", "actor_id", "data")


class ExportRow(NamedTuple):
    """In the order of ``HEADER``; ``data`` is JSON text."""

    market_id: int
    seq: int
    at: str
    kind: str
    actor_id: int | None
    data: str


_RULES: Final = """
SELECT h.seq, now(), m.created_at, m.kind, (SELECT count(*) FROM markets_outcome o WHERE o.market_id = m.id),
       m.liquidity_lots, m.taker_fee_bps, m.maker_fee_bps, m.tick, m.lot, m.closes_at, m.slug,
       ARRAY(SELECT o.slug::text FROM markets_outcome o WHERE o.market_id = m.id ORDER BY o.index)
FROM markets_market m JOIN markets_markethead h ON h.market_id = m.id WHERE m.id = %(market_id)s
"""
_LEVELS: Final = """
SELECT CASE WHEN m.kind = 'binary' THEN 0 ELSE r.outcome END,
       CASE WHEN m.kind = 'binary' AND r.outcome = 1 THEN CASE r.side WHEN 'buy' THEN 'sell' ELSE 'buy' END
            ELSE r.side END,
       CASE WHEN m.kind = 'binary' AND r.outcome = 1 THEN 10000 - r.price ELSE r.price END,
       sum(r.quantity - r.filled)::bigint
FROM trading_order r JOIN markets_market m ON m.id = r.market_id
WHERE r.market_id = %(market_id)s AND r.status = 'open' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
_TRADES: Final = "SELECT count(*) FROM trading_trade WHERE market_id = %(market_id)s"
#: Parties that are no traders have negative numbers, as in the journal.
_FULL: Final[dict[str, str]] = {
    "orders": """
SELECT id, user_id, outcome, side, price, quantity, filled, cost, fee, hold_cash, hold_shares, status
FROM trading_order WHERE market_id = %(market_id)s ORDER BY id
""",
    "positions": """
SELECT coalesce(user_id, -1), outcome, quantity, held FROM trading_position
WHERE market_id = %(market_id)s AND (quantity <> 0 OR held <> 0) ORDER BY 1, 2
""",
    "cash": """
SELECT coalesce(a.user_id, CASE a.kind WHEN 'maker' THEN -1 WHEN 'collateral' THEN -2 ELSE -3 END) AS party,
       sum(e.amount)::bigint
FROM trading_ledgertransfer t
JOIN trading_ledgerentry e ON e.transfer_id = t.id
JOIN trading_account a ON a.id = e.account_id
WHERE t.market_id = %(market_id)s AND a.kind IN ('wallet', 'maker', 'collateral', 'fees')
GROUP BY 1 HAVING sum(e.amount) <> 0 ORDER BY 1
""",
    "held": """
SELECT user_id, sum(hold_cash)::bigint FROM trading_order
WHERE market_id = %(market_id)s AND status IN ('open', 'waiting', 'triggered')
GROUP BY 1 HAVING sum(hold_cash) <> 0 ORDER BY 1
""",
}
_MARKETS: Final = """
SELECT h.market_id, h.seq FROM markets_markethead h JOIN markets_market m ON m.id = h.market_id
WHERE %(market_id)s::bigint IS NULL OR h.market_id = %(market_id)s ORDER BY h.market_id
"""


def exact_time(at: datetime) -> str:
    """RFC 3339 in UTC with every microsecond that is kept."""
    return at.isoformat().replace("+00:00", "Z")


def exported_markets(market_id: int | None) -> list[tuple[int, int]]:
    """Ids and newest ``seq`` of one market, or of all."""
    return [(found, seq) for found, seq in fetch_all(_MARKETS, {"market_id": market_id})]


def export_rows(market_id: int, *, is_full: bool) -> Iterator[ExportRow]:
    """Every row of one market's export.

    Raises: JournalNotKept
    """
    seq = 0
    with one_snapshot():
        for row in _state_rows(market_id, is_full):
            seq = max(seq, row.seq)
            yield row
    for record in kept_records(market_id, upto_seq=seq):
        actor_id, data = record.actor_id, record.data
        if not is_full:
            actor_id, data = None, orjson.dumps(public_data(orjson.loads(data))).decode()
        yield ExportRow(market_id, record.seq, exact_time(record.at), record.kind, actor_id, data)


def _state_rows(market_id: int, is_full: bool) -> Iterator[ExportRow]:
    which = {"market_id": market_id}
    found = fetch_one(_RULES, which)
    assert found is not None, "markets are never deleted"
    seq, now, created_at, *values, outcomes = found
    names = (
        "kind", "outcomes", "liquidity", "taker_fee_bps", "maker_fee_bps", "tick", "lot", "closes_at", "slug",
    )  # fmt: skip
    rules = dict(zip(names, values, strict=True)) | {"outcome_slugs": outcomes}
    rules["closes_at"] = exact_time(rules["closes_at"])
    yield ExportRow(market_id, 0, exact_time(created_at), "rules", None, orjson.dumps(rules).decode())

    def figure(name: str, value: Any) -> ExportRow:
        return ExportRow(market_id, seq, exact_time(now), f"figures.{name}", None, orjson.dumps(value).decode())

    trades = fetch_one(_TRADES, which)
    assert trades is not None
    yield figure("seq", seq)
    yield figure("trades", trades[0])
    statements = {"levels": _LEVELS} | (_FULL if is_full else {})
    for name, statement in statements.items():
        yield figure(name, [])
        for chunk in cursor_chunks(statement, which, size=500):
            yield figure(name, chunk)

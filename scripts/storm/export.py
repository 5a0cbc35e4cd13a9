"""Journal and final rows as files that the checker reads, from one snapshot of the database."""

from pathlib import Path
from typing import Any, Final

import psycopg

#: In the order that the checks rely on.
_QUERIES: Final = {
    "markets": """
        SELECT m.id, m.kind, m.status, m.liquidity_lots, m.taker_fee_bps, m.maker_fee_bps, m.tick, m.lot, h.seq,
            (SELECT json_agg(o.slug ORDER BY o.index) FROM markets_outcome o WHERE o.market_id = m.id) AS outcomes
        FROM markets_market m JOIN markets_markethead h ON h.market_id = m.id ORDER BY m.id""",
    "events": "SELECT market_id, seq, kind, at, actor_id, data FROM markets_marketevent ORDER BY market_id, seq",
    "orders": "SELECT * FROM trading_order ORDER BY id",
    "trades": "SELECT * FROM trading_trade ORDER BY market_id, seq, line",
    "submissions": "SELECT user_id, client_order_id, status, answer::json AS answer FROM trading_submission",
    "accounts": "SELECT id, kind, user_id, market_id, cash, held FROM trading_account ORDER BY id",
    "positions": "SELECT market_id, user_id, outcome, quantity, held FROM trading_position",
    "transfers": "SELECT id, kind, market_id, seq FROM trading_ledgertransfer ORDER BY id",
    "entries": "SELECT id, transfer_id, account_id, amount, balance FROM trading_ledgerentry ORDER BY id",
}


def export(connection: psycopg.Connection[Any], directory: Path) -> None:
    """Write one file of JSON lines for each table; call it in a transaction with one snapshot."""
    for name, query in _QUERIES.items():
        with (directory / f"{name}.jsonl").open("w", encoding="utf-8") as file:
            for (line,) in connection.execute(f"SELECT row_to_json(t)::text FROM ({query}) AS t"):  # noqa: S608  constants
                file.write(line + "\n")

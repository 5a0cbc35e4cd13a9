"""Everything that trading has stored, to compare before and after."""

from typing import Any

from django.db import connection

TABLES = (
    "trading_account",
    "trading_order",
    "trading_submission",
    "trading_trade",
    "trading_position",
    "trading_ledgertransfer",
    "trading_ledgerentry",
    "trading_candle",
    "trading_marketbook",
    "markets_markethead",
    "markets_marketevent",
)


def everything(*, but: tuple[str, ...] = ()) -> dict[str, list[tuple[Any, ...]]]:
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            if table not in but:
                cursor.execute(f"SELECT t::text FROM {table} t ORDER BY 1")
                found[table] = cursor.fetchall()
    return found

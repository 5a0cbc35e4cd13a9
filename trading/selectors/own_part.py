"""What one trader has to do with one market, in one statement: positions, open orders, a part of the maker rule."""

import json
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final

from trading.selectors.liquidity import LIQUIDITY, LIQUIDITY_COLUMNS, LiquidityView, liquidity_of
from trading.selectors.orders import ORDERS, OrderRow
from trading.selectors.positions import POSITIONS, PositionView
from trading.selectors.rows import fetch_one

_POSITIONS_MAX: Final = 1_000
_NEWEST: Final = 2**63 - 1
_POSITION_MOMENTS: Final = [place for place, one in enumerate(fields(PositionView)) if one.name == "updated_at"]
_ORDER_MOMENTS: Final = [
    place for place, one in enumerate(fields(OrderRow)) if one.name in {"valid_until", "created_at", "updated_at"}
]


@dataclass(frozen=True, slots=True)
class OwnPart:
    """``orders`` are those that rest or wait, newest first; ``liquidity`` is that of the market with the trader's."""

    positions: tuple[PositionView, ...]
    orders: tuple[OrderRow, ...]
    liquidity: LiquidityView | None


def _rows(statement: str, columns: int, *, limit: str) -> str:
    """The rows as lists; the columns are named anew, since two of a statement may have one name."""
    names = ", ".join(f"c{place}" for place in range(columns))
    limited = statement.replace("%(limit)s", limit)
    return f"(SELECT json_agg(json_build_array({names})) FROM ({limited}) found ({names}))::text"  # noqa: S608


# Constants only are joined here; every value is a bound parameter.
_SELECT: Final = f"""
SELECT {_rows(POSITIONS, len(fields(PositionView)), limit=str(_POSITIONS_MAX))},
    {_rows(ORDERS, len(fields(OrderRow)), limit="%(limit)s")},
    {_rows(LIQUIDITY, LIQUIDITY_COLUMNS, limit="1")}
"""


def own_part(user_id: int, market_id: int, *, orders_max: int) -> OwnPart:
    asked = {
        "user_id": user_id, "market_id": market_id, "status": "open", "client_order_id": "", "before": _NEWEST,
        "limit": orders_max,
    }  # fmt: skip
    row = fetch_one(_SELECT, asked)
    assert row is not None
    positions, orders, liquidity = (json.loads(text or "[]") for text in row)
    return OwnPart(
        tuple(PositionView(*_read(one, _POSITION_MOMENTS)) for one in positions),
        tuple(OrderRow(*_read(one, _ORDER_MOMENTS)) for one in orders),
        liquidity_of(liquidity[0]) if liquidity else None,
    )


def _read(row: list[Any], moments: list[int]) -> list[Any]:
    for place in moments:
        row[place] = row[place] and datetime.fromisoformat(row[place])
    return row

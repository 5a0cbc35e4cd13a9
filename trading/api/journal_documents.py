"""Journal records as everybody may read them: what changed in the book, who stays unnamed in it.

A lifecycle record shows its data as it is. A command's record shows the levels, trades and prices it changed,
never an order's owner, holds or balances.
"""

from typing import Any, Final

from common.clock import rfc3339
from common.money import format_cash, format_price, format_quantity
from markets.types import COMMAND_KINDS
from trading.api.documents import probability
from trading.selectors.journal import JournalRecord

#: Keys of other records that may be shown.
_SHOWN: Final = frozenset(
    [
        "question",
        "kind",
        "outcomes",
        "scale",
        "reason",
        "payouts",
        "value",
        "challenge_ends_at",
        "liquidity",
        "closes_at",
    ]
)


def record_document(record: JournalRecord, slugs: tuple[str, ...]) -> dict[str, Any]:
    is_command = record.kind in COMMAND_KINDS
    data = _command(record.data, slugs) if is_command else _lifecycle(record.data)
    return {"seq": record.seq, "kind": record.kind, "at": rfc3339(record.at), "data": data}


def _lifecycle(data: dict[str, Any]) -> dict[str, Any]:
    shown = {name: value for name, value in data.items() if name in _SHOWN}
    if shown.get("payouts"):
        shown["payouts"] = [format_price(tick) for tick in shown["payouts"]]
    return shown


def _command(data: dict[str, Any], slugs: tuple[str, ...]) -> dict[str, Any]:
    return {
        "levels": [
            {
                "outcome": slugs[outcome],
                "side": side,
                "price": format_price(price),
                "change": format_quantity(change),
            }
            for outcome, side, price, change in data["l"]
        ],
        "trades": [
            {
                "kind": kind,
                "outcome": slugs[outcome],
                "side": side,
                "price": format_price(price),
                "quantity": format_quantity(quantity),
                "cost": format_cash(cost),
            }
            for kind, outcome, side, price, quantity, cost, *_ in data["f"]
        ],
        "prices": {slug: probability(price) for slug, price in zip(slugs, data["p"], strict=False)},
    }

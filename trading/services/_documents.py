"""The JSON of answers to commands that aren't one order, of dry runs, and of refusals.

Contract   Built once, stored, and repeated byte for byte; decimal strings, RFC 3339 times.
"""

from typing import Final

import orjson

from common.money import PAYOUT_PER_LOT
from common.problems import problem_from_error
from trading.errors import error_from
from trading.services._order_answers import (
    OrderFacts,
    Setting,
    account_document,
    fill_document,
    fill_values,
    format_cash,
    format_quantity,
    order_document,
    order_values,
)
from trading.types import Effects, MergeSets, MintSets, OrderView, PlacePair, Refusal

_MICRO: Final = 1_000_000


def preview_text(
    setting: Setting, view: OrderView, facts: OrderFacts, effects: Effects, *, cash: int, held: int
) -> str:
    """The answer to a dry run: without ids, with the probabilities after it."""
    document = order_document(order_values(setting, view, facts)) | {"id": None, "dry_run": True}
    fills = fill_values(setting, view, effects, [None] * len(effects.fills))
    document["fills"] = [fill_document(fill) for fill in fills]
    document["account"] = account_document(cash, held)
    document["prices"] = {
        slug: f"{price / _MICRO:.6f}" for slug, price in zip(setting.outcomes, effects.prices, strict=True)
    }
    return orjson.dumps(document).decode()


def pair_text(setting: Setting, command: PlacePair, effects: Effects, *, seq: int, cash: int, held: int) -> str:
    """The answer to a pair: both orders in the order in which they were sent."""
    views = {view.order_id: view for view in effects.orders}
    orders = [
        order_document(order_values(setting, views[order_id], OrderFacts(f"order-{order_id}", setting.at, seq)))
        for order_id in command.order_ids
    ]
    return orjson.dumps({"orders": orders, "account": account_document(cash, held)}).decode()


def sets_text(setting: Setting, command: MintSets | MergeSets, *, seq: int, cash: int, held: int) -> str:
    document = {
        "market_id": setting.market_id,
        "action": "mint" if isinstance(command, MintSets) else "merge",
        "quantity": format_quantity(command.quantity),
        "cost": format_cash(command.quantity * PAYOUT_PER_LOT),
        "seq": seq,
        "created_at": setting.at,
        "account": account_document(cash, held),
    }
    return orjson.dumps(document).decode()


def problem_text(refusal: Refusal) -> tuple[int, str]:
    """Status and problem document of a refusal."""
    error = error_from(refusal)
    return error.status, orjson.dumps(problem_from_error(error)).decode()

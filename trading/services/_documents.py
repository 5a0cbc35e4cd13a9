"""The JSON of answers: orders as they were asked for, and problems.

Contract   Built once, stored, and repeated byte for byte; decimal strings, RFC 3339 times.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, NamedTuple

import orjson

from common import money
from common.clock import rfc3339
from common.money import PAYOUT_PER_LOT
from common.problems import problem_from_error
from trading.errors import error_from
from trading.types import Effects, Fill, MergeSets, MintSets, OrderView, PlacePair, Refusal, Ties, named_ends

_NO_TIES: Final = Ties()
_MICRO: Final = 1_000_000
# The same prices and sizes come again and again, and an answer is built for every order.
format_price = lru_cache(10_001)(money.format_price)
format_quantity = lru_cache(10_000)(money.format_quantity)
# Most fees, costs and holds are nothing, or alike.
format_cash = lru_cache(10_000)(money.format_cash)


@dataclass(frozen=True, slots=True)
class Setting:
    """What is the same for every answer of a batch."""

    market_id: int
    outcomes: Sequence[str]
    is_binary: bool
    at: str


class OrderFacts(NamedTuple):
    """What an order's answer says beside its view; ``seq`` is the record of this command."""

    client_order_id: str
    created_at: str
    seq: int


def order_text(
    setting: Setting,
    view: OrderView,
    facts: OrderFacts,
    effects: Effects,
    trade_ids: Iterable[int],
    *,
    cash: int,
    held: int,
) -> str:
    """The answer to an order or its cancel; ``cash`` and ``held`` are the trader's after the command."""
    document = order_document(setting, view, facts)
    is_mirrored = setting.is_binary and view.spec.outcome == 1
    document["fills"] = [
        {"id": trade_id, **_fill_document(fill, is_mirrored)}
        for fill, trade_id in zip(effects.fills, trade_ids, strict=True)
        if fill.taker_order_id == view.order_id
    ]
    document["account"] = account_document(cash, held)
    return orjson.dumps(document).decode()


def preview_text(
    setting: Setting, view: OrderView, facts: OrderFacts, effects: Effects, *, cash: int, held: int
) -> str:
    """The answer to a dry run: without ids, with the probabilities after it."""
    document = order_document(setting, view, facts) | {"id": None, "dry_run": True}
    is_mirrored = setting.is_binary and view.spec.outcome == 1
    fills = [fill for fill in effects.fills if fill.taker_order_id == view.order_id]
    document["fills"] = [_fill_document(fill, is_mirrored) for fill in fills]
    document["account"] = account_document(cash, held)
    document["prices"] = {
        slug: f"{price / _MICRO:.6f}" for slug, price in zip(setting.outcomes, effects.prices, strict=True)
    }
    return orjson.dumps(document).decode()


def order_document(setting: Setting, view: OrderView, facts: OrderFacts) -> dict[str, Any]:
    spec = view.spec
    valid_until, expires_at = named_ends(spec.time_in_force, spec.valid_until)
    ties = spec.ties or _NO_TIES
    return {
        "id": view.order_id,
        "market_id": setting.market_id,
        "outcome": setting.outcomes[spec.outcome],
        "side": spec.side,
        "type": spec.type,
        "time_in_force": spec.time_in_force,
        "price": None if spec.price is None else format_price(spec.price),
        "trigger_price": None if ties.trigger_price is None else format_price(ties.trigger_price),
        "quantity": format_quantity(view.quantity),
        "max_cost": None if spec.cost_max is None else format_cash(spec.cost_max),
        "min_proceeds": None if spec.proceeds_min is None else format_cash(spec.proceeds_min),
        "post_only": spec.post_only,
        "reduce_only": spec.reduce_only,
        "self_trade_policy": spec.self_trade_policy,
        "valid_until": None if valid_until is None else rfc3339(valid_until),
        "expires_at": None if expires_at is None else rfc3339(expires_at),
        "client_order_id": facts.client_order_id,
        "linked_order_id": ties.linked_to,
        "order_group_id": ties.group_id,
        "status": view.status,
        "filled": format_quantity(view.filled),
        "remaining": format_quantity(view.remaining),
        "average_price": average_price(view.cost, view.filled),
        "cost": format_cash(view.cost),
        "fee": format_cash(view.fee),
        "seq": facts.seq,
        "created_at": facts.created_at,
        "updated_at": setting.at,
    }


def pair_text(setting: Setting, command: PlacePair, effects: Effects, *, seq: int, cash: int, held: int) -> str:
    """The answer to a pair: both orders in the order in which they were sent."""
    views = {view.order_id: view for view in effects.orders}
    orders = [
        order_document(setting, views[order_id], OrderFacts(f"order-{order_id}", setting.at, seq))
        for order_id in command.order_ids
    ]
    return orjson.dumps({"orders": orders, "account": account_document(cash, held)}).decode()


def _fill_document(fill: Fill, is_mirrored: bool) -> dict[str, Any]:
    price = PAYOUT_PER_LOT - fill.price if is_mirrored else fill.price
    cost = fill.quantity * PAYOUT_PER_LOT - fill.cost if is_mirrored else fill.cost
    return {
        "kind": fill.kind,
        "price": format_price(price),
        "quantity": format_quantity(fill.quantity),
        "cost": format_cash(cost),
        "fee": format_cash(fill.taker_fee),
    }


def account_document(cash: int, held: int) -> dict[str, str]:
    return {"cash": format_cash(cash), "held": format_cash(held), "available": format_cash(cash - held)}


def average_price(cost: int, filled: int) -> str | None:
    """Credits a share to six places, ``None`` before the first fill."""
    if not filled:
        return None
    micro = (2 * cost * 100 + filled) // (2 * filled)
    whole, rest = divmod(micro, _MICRO)
    digits = f"{rest:06d}"
    return f"{whole}.{digits[:4]}{digits[4:].rstrip('0')}"


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

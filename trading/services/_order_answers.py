"""The answer to an order: kept as values, told as the document that is written from them.

Reason     An answer is kept for ever with each order, and about two thirds of its text were names and punctuation.
Contract   What is kept is told byte for byte the same whenever it is asked for: the first time, too, its document is
           written from what is kept. So what a form says never changes; another document is another form, with a
           number of its own and its values at the end. Any other answer is kept as it is told, and begins with a brace;
           so is that to an order while programs may run that don't know the form.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, NamedTuple

import orjson

from common import money
from common.clock import rfc3339
from common.money import PAYOUT_PER_LOT
from trading.types import Effects, Fill, OrderView, Ties, named_ends

#: The number of the form below.
_FORM: Final = 1
_NO_TIES: Final = Ties()
_MICRO: Final = 1_000_000
# The same prices and sizes come again and again, and a document is written for every order.
format_price = lru_cache(10_001)(money.format_price)
format_quantity = lru_cache(10_000)(money.format_quantity)
# Most fees, costs and holds are nothing, or alike.
format_cash = lru_cache(10_000)(money.format_cash)

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Setting:
    """What is the same for every answer of a batch."""

    market_id: int
    outcomes: tuple[str, ...]
    is_binary: bool
    at: str


class OrderFacts(NamedTuple):
    """What an order's answer says beside its view; ``seq`` is the record of this command."""

    client_order_id: str
    created_at: str
    seq: int


class OrderValues(NamedTuple):
    """An order in an answer. Prices in ticks, quantities in lots, credits in cash units, moments as they are told;
    ``until`` is told as ``valid_until`` or ``expires_at``."""

    order_id: int | None
    market_id: int
    outcome: str
    side: str
    type: str
    time_in_force: str
    price: int | None
    trigger_price: int | None
    quantity: int
    cost_max: int | None
    proceeds_min: int | None
    post_only: bool
    reduce_only: bool
    self_trade_policy: str
    until: str | None
    client_order_id: str
    linked_to: int | None
    group_id: int | None
    status: str
    filled: int
    remaining: int
    cost: int
    fee: int
    seq: int
    created_at: str
    updated_at: str


class FillValues(NamedTuple):
    """A fill of the order, at prices of the outcome that was asked for; units as above."""

    trade_id: int | None
    kind: str
    price: int
    quantity: int
    cost: int
    fee: int


def order_values(setting: Setting, view: OrderView, facts: OrderFacts) -> OrderValues:
    spec = view.spec
    ties = spec.ties or _NO_TIES
    return OrderValues(
        view.order_id,
        setting.market_id,
        setting.outcomes[spec.outcome],
        spec.side,
        spec.type,
        spec.time_in_force,
        spec.price,
        ties.trigger_price,
        view.quantity,
        spec.cost_max,
        spec.proceeds_min,
        spec.post_only,
        spec.reduce_only,
        spec.self_trade_policy,
        None if spec.valid_until is None else rfc3339(spec.valid_until),
        facts.client_order_id,
        ties.linked_to,
        ties.group_id,
        view.status,
        view.filled,
        view.remaining,
        view.cost,
        view.fee,
        facts.seq,
        facts.created_at,
        setting.at,
    )


def fill_values(
    setting: Setting, view: OrderView, effects: Effects, trade_ids: Iterable[int | None]
) -> list[FillValues]:
    """What the order took; ``trade_ids`` are those of all the fills."""
    is_mirrored = setting.is_binary and view.spec.outcome == 1
    return [
        _fill_values(fill, trade_id, is_mirrored)
        for fill, trade_id in zip(effects.fills, trade_ids, strict=True)
        if fill.taker_order_id == view.order_id
    ]


def _fill_values(fill: Fill, trade_id: int | None, is_mirrored: bool) -> FillValues:
    price = PAYOUT_PER_LOT - fill.price if is_mirrored else fill.price
    cost = fill.quantity * PAYOUT_PER_LOT - fill.cost if is_mirrored else fill.cost
    return FillValues(trade_id, fill.kind, price, fill.quantity, cost, fill.taker_fee)


def kept_text(order: OrderValues, fills: Iterable[FillValues], *, cash: int, held: int) -> str:
    """The answer as it is kept; ``cash`` and ``held`` are the trader's after the command."""
    return orjson.dumps((_FORM, tuple(order), [tuple(fill) for fill in fills], cash, held)).decode()


def told_text(kept: str) -> str:
    """The document of an answer that is kept."""
    if not kept.startswith("["):
        return kept
    form, order, fills, cash, held = orjson.loads(kept)
    assert form == _FORM, "a form that was never written"
    return document_text(OrderValues(*order), [FillValues(*fill) for fill in fills], cash=cash, held=held)


def document_text(order: OrderValues, fills: Iterable[FillValues], *, cash: int, held: int) -> str:
    document = order_document(order)
    document["fills"] = [{"id": fill.trade_id, **fill_document(fill)} for fill in fills]
    document["account"] = account_document(cash, held)
    return orjson.dumps(document).decode()


def order_document(order: OrderValues) -> Document:
    valid_until, expires_at = named_ends(order.time_in_force, order.until)
    return {
        "id": order.order_id,
        "market_id": order.market_id,
        "outcome": order.outcome,
        "side": order.side,
        "type": order.type,
        "time_in_force": order.time_in_force,
        "price": None if order.price is None else format_price(order.price),
        "trigger_price": None if order.trigger_price is None else format_price(order.trigger_price),
        "quantity": format_quantity(order.quantity),
        "max_cost": None if order.cost_max is None else format_cash(order.cost_max),
        "min_proceeds": None if order.proceeds_min is None else format_cash(order.proceeds_min),
        "post_only": order.post_only,
        "reduce_only": order.reduce_only,
        "self_trade_policy": order.self_trade_policy,
        "valid_until": valid_until,
        "expires_at": expires_at,
        "client_order_id": order.client_order_id,
        "linked_order_id": order.linked_to,
        "order_group_id": order.group_id,
        "status": order.status,
        "filled": format_quantity(order.filled),
        "remaining": format_quantity(order.remaining),
        "average_price": average_price(order.cost, order.filled),
        "cost": format_cash(order.cost),
        "fee": format_cash(order.fee),
        "seq": order.seq,
        "created_at": order.created_at,
        "updated_at": order.updated_at,
    }


def fill_document(fill: FillValues) -> Document:
    return {
        "kind": fill.kind,
        "price": format_price(fill.price),
        "quantity": format_quantity(fill.quantity),
        "cost": format_cash(fill.cost),
        "fee": format_cash(fill.fee),
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

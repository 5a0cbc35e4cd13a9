"""From the items of one batch to commands: each is read by itself, so that one mistake costs one item."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from common.api.fields import Fields
from common.errors import DomainError
from trading.api.order_forms import ID_MAX, order_from
from trading.api.pair_forms import pair_from
from trading.errors import OrderNotFound
from trading.selectors.orders import markets_of_orders
from trading.types import CancelOrder, Command

ITEMS_MAX: Final = 100
_ACTIONS: Final = ("place", "cancel", "pair")

#: A command with its market, or why there is none.
Item = tuple[int, Command] | DomainError


@dataclass(frozen=True, slots=True)
class _Cancel:
    order_id: int
    valid_until: datetime | None


def items_of(body: dict[str, Any]) -> list[dict[str, Any]]:
    """The raw items.

    Raises: RequestInvalid
    """
    fields = Fields(body)
    items = fields.value("items", is_required=True)
    if items is not None and not (isinstance(items, list) and all(isinstance(item, dict) for item in items)):
        fields.refuse("items", "field.not_a_list", 'Send a list of objects, such as [{"action": "cancel", ...}].')
    elif items is not None and not 0 < len(items) <= ITEMS_MAX:
        fields.refuse("items", "field.count", f"Send 1 to {ITEMS_MAX} items.")
    fields.finish()
    return list(items)


def commands_of(items: list[dict[str, Any]], user_id: int) -> list[Item]:
    """What each item asks for, in their order."""
    read = [_read(item, user_id) for item in items]
    asked = {one.order_id for one in read if isinstance(one, _Cancel)}
    markets = markets_of_orders(user_id, asked) if asked else {}
    return [_located(one, markets, user_id) if isinstance(one, _Cancel) else one for one in read]


def _read(item: dict[str, Any], user_id: int) -> Item | _Cancel:
    try:
        return _parsed(item, user_id)
    except DomainError as refusal:
        return refusal


def _parsed(item: dict[str, Any], user_id: int) -> Item | _Cancel:
    action = item.get("action", "place")
    if action == "cancel":
        fields = Fields(item)
        fields.value("action")
        order_id = fields.integer("order_id", low=1, high=ID_MAX)
        valid_until = fields.moment("valid_until")
        fields.finish()
        return _Cancel(order_id, valid_until)
    if action == "pair":
        return pair_from({name: value for name, value in item.items() if name != "action"}, user_id, key="")
    if action != "place" or item.get("dry_run"):
        fields = Fields({name: item[name] for name in ("action", "dry_run") if name in item})
        if action != "place":
            fields.refuse("action", "field.not_a_choice", f"Send one of: {', '.join(_ACTIONS)}.")
        else:
            fields.refuse("dry_run", "field.not_allowed", "Send a dry run to POST /orders; a batch is for real.")
        fields.finish()
    command, _ = order_from({name: value for name, value in item.items() if name != "action"}, user_id)
    return command.spec.market_id, command


def _located(cancel: _Cancel, markets: Mapping[int, int], user_id: int) -> Item:
    market_id = markets.get(cancel.order_id)
    if market_id is None:
        return OrderNotFound(f"There is no order {cancel.order_id} of yours.")
    return market_id, CancelOrder(user_id, cancel.order_id, cancel.valid_until)

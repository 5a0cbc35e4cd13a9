"""From the body of a pair to its command."""

from dataclasses import replace
from typing import Any, Final

from common.api.fields import Fields
from common.errors import DomainError
from trading.api.order_forms import order_from
from trading.errors import PairInvalid
from trading.services.pair_key import pair_key
from trading.types import OrderSpec, PlacePair

#: What a single order may say and the two of a pair may not: it is said of both, or not at all.
_OF_BOTH: Final = ("client_order_id", "dry_run", "valid_until")


def pair_from(body: dict[str, Any], user_id: int, *, key: str) -> tuple[int, PlacePair]:
    """The market and the command.

    Raises: RequestInvalid, PairInvalid, and what ``order_from`` raises, with pointers to the order
    """
    fields = Fields(body)
    orders = fields.value("orders", is_required=True)
    if orders is not None and not (isinstance(orders, list) and len(orders) == 2 and _are_objects(orders)):
        fields.refuse("orders", "field.count", "Send a list of two orders.")
    valid_until = fields.moment("valid_until")
    fields.finish()
    first, second = (_leg(order, number, user_id) for number, order in enumerate(orders))
    if first.market_id != second.market_id:
        raise PairInvalid("Both orders of a pair are on one market.", field="/orders/1/market_id")
    name, digest = pair_key(key, first, second)
    return first.market_id, PlacePair(user_id, first, second, name, digest, valid_until=valid_until)


def _are_objects(orders: list[Any]) -> bool:
    return all(isinstance(order, dict) for order in orders)


def _leg(order: dict[str, Any], number: int, user_id: int) -> OrderSpec:
    parent = f"/orders/{number}"
    fields = Fields({name: order[name] for name in _OF_BOTH if name in order}, parent=parent)
    for name in _OF_BOTH:
        if fields.value(name) is not None:
            fields.refuse(name, "field.not_allowed", "The orders of a pair don't have it; leave it out.")
    fields.finish()
    try:
        command, _ = order_from(order, user_id)
    except DomainError as refusal:
        refusal.errors = tuple(replace(error, pointer=parent + error.pointer) for error in refusal.errors)
        raise
    return command.spec

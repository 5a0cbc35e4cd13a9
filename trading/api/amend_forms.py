"""From the body of an amend to new terms; what fits the order is the engine's to check."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from common.api.fields import Fields
from trading.api.order_forms import price_ticks, quantity_lots


class NewTerms(NamedTuple):
    """Ticks and lots; ``None`` leaves what is."""

    price: int | None
    quantity: int | None
    decrease: int | None
    valid_until: datetime | None


def terms_from(body: Mapping[str, Any]) -> NewTerms:
    """Raises: RequestInvalid, PriceOffGrid, PriceOutOfRange, QuantityInvalid"""
    fields = Fields(dict(body))
    price, quantity, decrease = fields.decimal("price"), fields.decimal("quantity"), fields.decimal("decrease_by")
    valid_until = fields.moment("valid_until")
    if price is None and quantity is None and decrease is None and not fields.errors:
        fields.refuse("price", "field.required", "Send a new price, a new quantity, both, or decrease_by.")
    if decrease is not None and (price is not None or quantity is not None):
        fields.refuse("decrease_by", "field.not_allowed", "It stands alone; leave price and quantity out.")
    fields.finish()
    return NewTerms(
        None if price is None else price_ticks(price),
        None if quantity is None else quantity_lots(quantity),
        None if decrease is None else quantity_lots(decrease, field="/decrease_by"),
        valid_until,
    )

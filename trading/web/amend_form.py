"""The small form that edits an open order in its row: a price in cents and a number of shares."""

from collections.abc import Callable, Mapping
from typing import Final

from django.utils.translation import gettext

from common.languages import typed
from common.money import QUANTITY_LOTS_MAX, parse_quantity
from trading.errors import PriceOutOfRange, QuantityInvalid
from trading.selectors.orders import OrderRow
from trading.web.forms import parse_cents

_LENGTH_MAX: Final = 24


def new_terms(sent: Mapping[str, str], order: OrderRow) -> tuple[int | None, int | None]:
    """Ticks and lots, each ``None`` where the order has it already or nothing was written.

    Raises: PriceOutOfRange, QuantityInvalid
    """
    price, refusal = _read(sent.get("price", ""), parse_cents)
    if refusal:
        raise PriceOutOfRange(
            gettext("Price: %(refusal)s. Give it in cents, such as 62 or 62.5.") % {"refusal": refusal}, field="/price"
        )
    quantity, refusal = _read(sent.get("quantity", ""), parse_quantity)
    if quantity is not None and quantity > QUANTITY_LOTS_MAX:
        refusal = gettext("more shares than any market can hold")
    if refusal:
        raise QuantityInvalid(
            gettext("Shares: %(refusal)s. Give a number such as 10.") % {"refusal": refusal}, field="/quantity"
        )
    return (None if price == order.price else price), (None if quantity == order.quantity else quantity)


def _read(text: str, parse: Callable[[str], int]) -> tuple[int | None, str]:
    """The number, and why there is none."""
    text = text.strip()[:_LENGTH_MAX]
    if not text:
        return None, ""
    try:
        return parse(typed(text)), ""
    except ValueError as error:
        return None, f"{text!r} {error}"

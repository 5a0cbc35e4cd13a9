"""Give an open order other terms."""

from datetime import datetime

from trading.services._command_keys import command_key
from trading.services.answer import Answer
from trading.services.submit import submit
from trading.types import AmendOrder


def amend_order(
    *,
    user_id: int,
    market_id: int,
    order_id: int,
    price: int | None = None,
    quantity: int | None = None,
    decrease: int | None = None,
    key: str = "",
    valid_until: datetime | None = None,
) -> Answer:
    """Change ``price`` (ticks) or the whole order's ``quantity`` (lots), or take ``decrease`` lots off what remains.

    All or nothing; a refusal leaves the order as it stands. The same ``key`` again gets the first answer.

    Raises: MarketNotFound, TradingBusy
    """
    name, digest = command_key(key, "amend", order_id, price, quantity, decrease)
    command = AmendOrder(user_id, order_id, price, quantity, decrease, name, digest, valid_until=valid_until)
    return submit(command, market_id=market_id)

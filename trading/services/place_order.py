"""Place an order: the door for forms, where a fresh key is as good as any."""

from hashlib import sha256
from uuid import uuid4

from trading.services.answer import Answer
from trading.services.submit import submit
from trading.types import OrderSpec, PlaceOrder


def place_order(*, user_id: int, spec: OrderSpec, client_order_id: str = "") -> Answer:
    """Match and rest the order, all or nothing; the same ``client_order_id`` and spec get the first answer.

    Raises: MarketNotFound, TradingBusy
    """
    key = client_order_id or uuid4().hex
    digest = sha256(repr(spec).encode()).digest()
    return submit(PlaceOrder(user_id, spec, key, digest))

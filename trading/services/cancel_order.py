"""Take an open order out of its book."""

from trading.models import Order
from trading.services._documents import problem_text
from trading.services.answer import Answer
from trading.services.submit import submit
from trading.types import CancelOrder, Refusal


def cancel_order(*, user_id: int, order_id: int) -> Answer:
    """Cancel the user's open order; another's order doesn't exist for them.

    Raises: TradingBusy
    """
    market_id = Order.objects.filter(pk=order_id, user_id=user_id).values_list("market_id", flat=True).first()
    if market_id is None:
        refusal = Refusal("order.not_found", "You have no order with this number.", "/order_id")
        status, body = problem_text(refusal)
        return Answer(status, body, refusal=refusal)
    return submit(CancelOrder(user_id, order_id), market_id=market_id)

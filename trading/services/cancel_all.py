"""Cancel many open orders of one market: one trader's, or everybody's when it is over."""

from typing import Final

from trading.models import Order
from trading.services.execute_commands import execute
from trading.types import CancelOrder, Side

_BATCH: Final = 1_000


def cancel_all(
    market_id: int, *, user_id: int | None = None, side: Side | None = None, outcome: int | None = None
) -> int:
    """Cancel the open orders of a trader, or of everybody when ``user_id`` is empty; of one side or outcome if given.

    In batches, each kept by itself; orders that are filled meanwhile are skipped. For everybody it works
    whatever the market's status. Returns how many were cancelled.
    """
    cancelled = after = 0
    while True:
        open_orders = Order.objects.filter(market_id=market_id, status="open", pk__gt=after).order_by("pk")
        if user_id is not None:
            open_orders = open_orders.filter(user_id=user_id)
        if side is not None:
            open_orders = open_orders.filter(side=side)
        if outcome is not None:
            open_orders = open_orders.filter(outcome=outcome)
        rows = list(open_orders.values_list("user_id", "pk")[:_BATCH])
        if not rows:
            return cancelled
        answers = execute(market_id, [CancelOrder(*row) for row in rows], is_system=user_id is None)
        cancelled += sum(answer.is_accepted for answer in answers)
        after = rows[-1][1]

"""Cancel what is left of an order group, on whatever markets."""

from collections import defaultdict

from common.errors import DomainError
from trading.models import Order
from trading.services.execute_commands import execute
from trading.types import ALIVE, CancelOrder


def cancel_group(group_id: int) -> int:
    """Cancel the open orders of the group, market by market; how many. What fills meanwhile is left out.

    A market that is busy is left to the sweep: nothing of a tripped group trades there meanwhile.
    """
    rows = Order.objects.filter(group_id=group_id, status__in=ALIVE).order_by("pk")
    by_market: dict[int, list[CancelOrder]] = defaultdict(list)
    for market_id, user_id, order_id in rows.values_list("market_id", "user_id", "pk"):
        by_market[market_id].append(CancelOrder(user_id, order_id))
    cancelled, failure = 0, None
    for market_id, cancels in by_market.items():
        try:
            cancelled += sum(answer.is_accepted for answer in execute(market_id, cancels, is_system=True))
        except DomainError as error:
            failure = error
    if failure is not None:
        raise failure
    return cancelled

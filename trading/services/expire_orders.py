"""Cancel orders whose time is over, on a market where nobody trades meanwhile."""

from typing import Final

from common import clock
from trading.models import Order
from trading.models.order import OPEN_FILTERS
from trading.services.execute_commands import execute
from trading.types import CancelOrder, TimeInForce

_BATCH: Final = 1_000


def expire_orders(market_id: int) -> int:
    """Cancel the good-till-date orders that have ended; how many. What fills meanwhile is left out.

    Orders that end while others trade are cancelled by ``execute`` before it decides anything, so none of them is
    ever filled late; this frees their holds when nothing else happens.
    """
    rows: list[tuple[int, int]] = []
    for rest_or_wait in OPEN_FILTERS:
        ended = Order.objects.filter(
            rest_or_wait, market_id=market_id, time_in_force=TimeInForce.GTD, valid_until__lte=clock.now()
        )
        rows += ended.order_by("pk").values_list("user_id", "pk")[:_BATCH]
    answers = execute(market_id, [CancelOrder(*row) for row in rows], is_system=True)
    return sum(answer.is_accepted for answer in answers)

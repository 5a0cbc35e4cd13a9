"""Cancel many open orders of one market: one trader's, or everybody's when it is over."""

from typing import Final

from django.db.models import QuerySet

from trading.models import Order
from trading.models.order import OPEN_FILTERS
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
    cancelled = 0
    for rest_or_wait in OPEN_FILTERS:
        chosen = Order.objects.filter(rest_or_wait, market_id=market_id).order_by("pk")
        if user_id is not None:
            chosen = chosen.filter(user_id=user_id)
        if side is not None:
            chosen = chosen.filter(side=side)
        if outcome is not None:
            chosen = chosen.filter(outcome=outcome)
        cancelled += cancel_chosen(market_id, chosen, is_system=user_id is None)
    return cancelled


def cancel_chosen(market_id: int, chosen: "QuerySet[Order]", *, is_system: bool) -> int:
    """Cancel these orders of one market, which come by id; how many were still there."""
    cancelled = after = 0
    while rows := list(chosen.filter(pk__gt=after).values_list("user_id", "pk")[:_BATCH]):
        answers = execute(market_id, [CancelOrder(*row) for row in rows], is_system=is_system)
        cancelled += sum(answer.is_accepted for answer in answers)
        after = rows[-1][1]
    return cancelled

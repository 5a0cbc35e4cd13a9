"""Stop trading for a while; orders stay in the book."""

from django.db import transaction

from markets.events import MarketHalted
from markets.services._transition import begin, clean_reason, finish
from markets.types import Action


def halt_market(*, market_id: int, actor_id: int | None, reason: str) -> int:
    """Halt an open market. ``reason`` is public.

    Returns:   the ``seq`` of the journal record
    Raises:    MarketNotFound, WrongStatus, ActionNotAllowed, MarketInvalid
    Publishes: MarketHalted
    """
    with transaction.atomic():
        transition = begin(Action.HALT, market_id, actor_id)
        return finish(transition, MarketHalted, data={"reason": clean_reason(reason)})

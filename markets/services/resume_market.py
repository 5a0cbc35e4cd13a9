"""Go on trading after a halt."""

from django.db import transaction

from markets.events import MarketResumed
from markets.services._transition import begin, finish
from markets.types import Action


def resume_market(*, market_id: int, actor_id: int | None) -> int:
    """Open a halted market again.

    Returns:   the ``seq`` of the journal record
    Raises:    MarketNotFound, WrongStatus, ActionNotAllowed
    Publishes: MarketResumed
    """
    with transaction.atomic():
        transition = begin(Action.RESUME, market_id, actor_id)
        return finish(transition, MarketResumed)

"""End trading for good; the answer comes next."""

from django.db import transaction

from markets.events import MarketClosed
from markets.services._answer_source import begin_asking
from markets.services._committee import vote_columns
from markets.services._transition import begin, finish
from markets.types import Action


def close_market(*, market_id: int, actor_id: int | None) -> int:
    """Close an open or halted market, at its time or before it.

    Returns:   the ``seq`` of the journal record
    Raises:    MarketNotFound, WrongStatus, ActionNotAllowed
    Publishes: MarketClosed
    """
    with transaction.atomic():
        transition = begin(Action.CLOSE, market_id, actor_id)
        begin_asking(transition.market, transition.at)
        votes = vote_columns(transition.market, transition.at)
        return finish(transition, MarketClosed, changes={"closed_at": transition.at, **votes})

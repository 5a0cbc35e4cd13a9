"""Let a draft be traded. ``trading.services.open_market`` funds the maker rule first and calls this."""

from django.db import transaction

from markets.errors import MarketInvalid
from markets.events import MarketOpened
from markets.services._transition import begin, finish
from markets.types import Action


def open_market(*, market_id: int, actor_id: int | None) -> int:
    """Open a draft that closes in the future (an imported one may close in the past).

    Returns:   the ``seq`` of the journal record
    Raises:    MarketNotFound, WrongStatus, ActionNotAllowed, MarketInvalid
    Publishes: MarketOpened
    """
    with transaction.atomic():
        transition = begin(Action.OPEN, market_id, actor_id)
        market = transition.market
        if market.closes_at <= transition.at and not market.source:
            raise MarketInvalid("The market would close in the past. Choose a later closes_at.", field="/closes_at")
        return finish(transition, MarketOpened, changes={"opened_at": transition.at})

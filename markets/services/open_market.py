"""Let a draft be traded. ``trading.services.open_market`` funds the maker rule first and calls this."""

from django.conf import settings
from django.db import transaction

from markets.errors import ApprovalNeeded, MarketInvalid
from markets.events import MarketOpened
from markets.models import Market
from markets.services._transition import begin, finish, parties_of
from markets.services.place_event import follow_markets_of_event
from markets.types import Action, Party


def open_market(*, market_id: int, actor_id: int | None) -> int:
    """Open a draft that closes in the future (an imported one may close in the past).

    Returns:   the ``seq`` of the journal record
    Raises:    MarketNotFound, WrongStatus, ActionNotAllowed, ApprovalNeeded, MarketInvalid
    Publishes: MarketOpened
    """
    with transaction.atomic():
        transition = begin(Action.OPEN, market_id, actor_id)
        market = transition.market
        _check_approved(market, actor_id)
        if market.closes_at <= transition.at and not market.source:
            raise MarketInvalid("The market would close in the past. Choose a later closes_at.", field="/closes_at")
        seq = finish(transition, MarketOpened, changes={"opened_at": transition.at})
        follow_markets_of_event(market.event_group)
        return seq


def _check_approved(market: Market, actor_id: int | None) -> None:
    """Where staff look at new markets first, its creator doesn't open one alone."""
    if settings.MARKET_APPROVAL and actor_id is not None and Party.OPERATOR not in parties_of(market, actor_id):
        raise ApprovalNeeded("Staff look at new markets first: send it for approval from its preview.")

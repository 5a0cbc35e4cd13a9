"""End trading for good; the answer comes next."""

from django.db import transaction

from markets.events import MarketClosed
from markets.services._answer_source import begin_asking
from markets.services._committee import vote_columns
from markets.services._transition import Transition, begin, clean_reason, finish, parties_of
from markets.types import Action, Party


def close_market(*, market_id: int, actor_id: int | None, reason: str = "") -> int:
    """Close an open or halted market, at its time or before it. Its creator says why; ``reason`` is public.

    Returns:   the ``seq`` of the journal record
    Raises:    MarketNotFound, WrongStatus, ActionNotAllowed, MarketInvalid
    Publishes: MarketClosed
    """
    with transaction.atomic():
        transition = begin(Action.CLOSE, market_id, actor_id)
        data = {"reason": clean_reason(reason)} if reason or _has_to_say_why(transition) else {}
        begin_asking(transition.market, transition.at)
        votes = vote_columns(transition.market, transition.at)
        return finish(transition, MarketClosed, changes={"closed_at": transition.at, **votes}, data=data)


def _has_to_say_why(transition: Transition) -> bool:
    return not {Party.SYSTEM, Party.OPERATOR} & parties_of(transition.market, transition.actor_id)

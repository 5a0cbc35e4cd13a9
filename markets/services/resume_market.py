"""Go on trading after a halt."""

from datetime import timedelta
from typing import Final

from django.db import transaction

from common.clock import rfc3339
from markets.errors import MarketInvalid
from markets.events import MarketResumed
from markets.services._transition import begin, finish
from markets.types import Action

POST_ONLY_S_MAX: Final = 86_400


def resume_market(*, market_id: int, actor_id: int | None, post_only_s: int = 0) -> int:
    """Open a halted market again; for ``post_only_s`` seconds orders only rest, so that a book can form.

    Returns:   the ``seq`` of the journal record
    Raises:    MarketNotFound, WrongStatus, ActionNotAllowed, MarketInvalid
    Publishes: MarketResumed
    """
    with transaction.atomic():
        transition = begin(Action.RESUME, market_id, actor_id)
        if not 0 <= post_only_s <= POST_ONLY_S_MAX:
            raise MarketInvalid(f"Send 0 to {POST_ONLY_S_MAX} seconds.", field="/post_only_s")
        until = transition.at + timedelta(seconds=post_only_s) if post_only_s else None
        data = {"post_only_until": rfc3339(until)} if until is not None else {}
        return finish(transition, MarketResumed, changes={"post_only_until": until}, data=data)

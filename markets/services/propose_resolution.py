"""Say how a market ends; anybody may challenge it for a while."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction

from markets.engine.resolution import check_payouts
from markets.events import ResolutionProposed
from markets.services._transition import begin, clean_reason, finish
from markets.types import Action


def propose_resolution(*, market_id: int, actor_id: int | None, payouts: Sequence[int], reason: str) -> int:
    """Propose ``payouts`` (1/10,000 credit per share of each outcome) for a closed market.

    Returns:   the ``seq`` of the journal record
    Raises:    MarketNotFound, WrongStatus, ActionNotAllowed, ResolutionInvalid, MarketInvalid
    Publishes: ResolutionProposed
    """
    with transaction.atomic():
        transition = begin(Action.PROPOSE, market_id, actor_id)
        market = transition.market
        vector = check_payouts(payouts, market.outcomes.count())
        text = clean_reason(reason)
        changes = {
            "proposed_payouts": list(vector),
            "proposed_by_id": actor_id,
            "proposed_at": transition.at,
            "proposal_reason": text,
            "challenge_ends_at": transition.at + timedelta(seconds=market.challenge_window_s),
        }
        data = {"payouts": list(vector), "reason": text}
        return finish(transition, ResolutionProposed, changes=changes, data=data)

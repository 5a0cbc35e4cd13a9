"""Challenge a proposed resolution, so that staff decides."""

from django.db import transaction

from markets.errors import ChallengeWindowOver
from markets.events import ResolutionDisputed
from markets.services._transition import begin, clean_reason, finish
from markets.types import Action


def dispute_resolution(*, market_id: int, actor_id: int, reason: str) -> int:
    """Dispute the proposal within its challenge window.

    Returns:   the ``seq`` of the journal record
    Raises:    MarketNotFound, WrongStatus, ActionNotAllowed, ChallengeWindowOver, MarketInvalid
    Publishes: ResolutionDisputed
    """
    with transaction.atomic():
        transition = begin(Action.DISPUTE, market_id, actor_id)
        ends_at = transition.market.challenge_ends_at
        assert ends_at is not None, "a proposed market has a challenge window"
        if transition.at >= ends_at:
            raise ChallengeWindowOver("The challenge window is over. Write to the staff of this site instead.")
        text = clean_reason(reason)
        changes = {"dispute_reason": text, "disputed_by_id": actor_id}
        return finish(transition, ResolutionDisputed, changes=changes, data={"reason": text})

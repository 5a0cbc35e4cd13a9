"""Make a resolution final: an unchallenged proposal after its window, or the decision on a dispute."""

from collections.abc import Sequence

from django.db import transaction

from common.clock import rfc3339
from markets.engine.resolution import check_payouts
from markets.errors import ChallengeWindowOpen, ResolutionInvalid
from markets.events import MarketResolved
from markets.services._decision import decided_by, proposed
from markets.services._transition import Transition, approval, begin, check_approved, finish
from markets.types import Action, MarketStatus, OverrideKind


def confirm_resolution(
    *,
    market_id: int,
    actor_id: int | None,
    payouts: Sequence[int] | None = None,
    value: str = "",
    approved_by: int | None = None,
) -> int:
    """Resolve the market. Settling the positions is the work of ``trading``.

    Proposed market: as proposed, once the challenge window is over; ``payouts`` may only repeat the proposal.
    Disputed market: staff decides; ``payouts`` may differ from the proposal if two people say so (empty: the proposal
    stands).
    ``value`` of a numeric or date market says the payouts of its bucket.

    Returns:   the ``seq`` of the journal record
    Raises:    MarketNotFound, WrongStatus, ActionNotAllowed, ChallengeWindowOpen, ApprovalNeeded,
               ResolutionInvalid
    Publishes: MarketResolved
    """
    with transaction.atomic():
        transition = begin(Action.CONFIRM, market_id, actor_id)
        market = transition.market
        decided = decided_by(market, payouts or (), value)
        if not decided.payouts:
            decided = proposed(market)
        vector = check_payouts(decided.payouts, market.outcomes.count())
        if market.status == MarketStatus.PROPOSED:
            _check_unchallenged(transition, vector)
        elif list(vector) != market.proposed_payouts or decided.value != market.proposed_value:
            check_approved(transition, approved_by, OverrideKind.RESOLVE)
        changes = {"payouts": list(vector), "resolved_value": decided.value, "resolved_at": transition.at}
        data = {"payouts": list(vector), **decided.told, **approval(approved_by)}
        return finish(transition, MarketResolved, changes=changes, data=data)


def _check_unchallenged(transition: Transition, vector: tuple[int, ...]) -> None:
    market = transition.market
    assert market.challenge_ends_at is not None, "a proposed market has a challenge window"
    if transition.at < market.challenge_ends_at:
        moment = rfc3339(market.challenge_ends_at)
        raise ChallengeWindowOpen(f"Wait until {moment}.", extra={"challenge_ends_at": moment})
    if list(vector) != market.proposed_payouts:
        raise ResolutionInvalid("Only a disputed resolution can be changed; dispute it first.", field="/payouts")

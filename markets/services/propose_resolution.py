"""Say how a market ends; anybody may challenge it for a while."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction

from accounts.selectors.people import has_permission
from markets.engine.drafting import CHALLENGE_WINDOW_S_MIN
from markets.engine.resolution import check_payouts
from markets.events import ResolutionProposed
from markets.models import Market
from markets.services._decision import decided_by
from markets.services._transition import begin, clean_reason, finish
from markets.types import Action


def propose_resolution(
    *, market_id: int, actor_id: int | None, payouts: Sequence[int] = (), reason: str, value: str = ""
) -> int:
    """Propose ``payouts`` (1/10,000 credit per share of each outcome) for a closed market, or the ``value`` of a
    numeric or date market, which is paid by its bucket.

    The challenge window is the market's own, and at least an hour when the proposer is no operator.

    Returns:   the ``seq`` of the journal record
    Raises:    MarketNotFound, WrongStatus, ActionNotAllowed, ResolutionInvalid, MarketInvalid
    Publishes: ResolutionProposed
    """
    with transaction.atomic():
        transition = begin(Action.PROPOSE, market_id, actor_id)
        market = transition.market
        decided = decided_by(market, payouts, value)
        vector = check_payouts(decided.payouts, market.outcomes.count())
        text = clean_reason(reason)
        changes = {
            "proposed_payouts": list(vector),
            "proposed_value": decided.value,
            "proposed_by_id": actor_id,
            "proposed_at": transition.at,
            "proposal_reason": text,
            "challenge_ends_at": transition.at + _window(market, actor_id),
        }
        data = {"payouts": list(vector), "reason": text, **decided.told}
        return finish(transition, ResolutionProposed, changes=changes, data=data)


def _window(market: Market, actor_id: int | None) -> timedelta:
    # Somebody who both opened the market and names its answer must not be paid before anybody can object.
    is_free = actor_id is None or bool(market.source) or has_permission(actor_id, "markets.operate_market")
    return timedelta(
        seconds=market.challenge_window_s if is_free else max(market.challenge_window_s, CHALLENGE_WINDOW_S_MIN)
    )

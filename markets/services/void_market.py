"""Call a market off; traders get back what they put in."""

from django.db import transaction

from markets.events import MarketVoided
from markets.services._transition import approval, begin, check_approved, clean_reason, finish
from markets.types import Action, MarketStatus, OverrideKind


def void_market(*, market_id: int, actor_id: int | None, reason: str, approved_by: int | None = None) -> int:
    """Void a market that has no answer. The refund is the work of ``trading``. Once it was open, two people do it.

    Returns:   the ``seq`` of the journal record
    Raises:    MarketNotFound, WrongStatus, ActionNotAllowed, ApprovalNeeded, MarketInvalid
    Publishes: MarketVoided
    """
    with transaction.atomic():
        transition = begin(Action.VOID, market_id, actor_id)
        if transition.market.status != MarketStatus.DRAFT:
            check_approved(transition, approved_by, OverrideKind.VOID)
        return finish(
            transition,
            MarketVoided,
            changes={"resolved_at": transition.at, "closed_at": transition.market.closed_at or transition.at},
            data={"reason": clean_reason(reason), **approval(approved_by)},
        )

"""Count the votes of a committee whose time is over."""

from django.db import transaction
from django.db.models.functions import Now

from common import clock
from common.errors import DomainError
from markets.engine.votes import count_votes
from markets.locks import lock_head
from markets.models import CommitteeSeat, Market
from markets.services.call_staff import call_staff
from markets.services.propose_resolution import propose_resolution
from markets.types import MarketStatus

BATCH_MAX = 100


def end_due_votes() -> int:
    """Count all that are due; safe to run twice at once. How many results were proposed."""
    due = Market.objects.filter(
        status=MarketStatus.CLOSED.value, is_staff_turn=False, vote_ends_at__isnull=False, vote_ends_at__lte=Now()
    )
    return sum(end_vote(market_id=pk) for pk in due.order_by("pk").values_list("pk", flat=True)[:BATCH_MAX])


def end_vote(*, market_id: int) -> bool:
    """Propose what the committee has decided, or hand the market over to staff. Whether a result was proposed.

    Publishes: ResolutionProposed or StaffCalled
    """
    with transaction.atomic():
        lock_head(None, market_id)
        market = Market.objects.get(pk=market_id)
        is_due = market.vote_ends_at is not None and market.vote_ends_at <= clock.now()
        if market.status != MarketStatus.CLOSED or market.is_staff_turn or not is_due:
            return False
        seats = list(CommitteeSeat.objects.filter(market=market))
        ballots = [(tuple(seat.payouts), seat.value) for seat in seats if seat.payouts is not None]
        count = count_votes(ballots, len(seats))
        if count.winner is None:
            call_staff(market_id=market_id, reason=count.told)
            return False
        payouts, value = count.winner
        try:
            propose_resolution(
                market_id=market_id,
                actor_id=None,
                payouts=() if value else payouts,
                value=value,
                reason=count.told,
            )
        except DomainError as refusal:
            call_staff(market_id=market_id, reason=refusal.detail)
            return False
    return True

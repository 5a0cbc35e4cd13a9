"""Say as a member of a market's committee how it ended."""

from collections.abc import Sequence

from django.db import transaction

from accounts.selectors.people import is_active
from accounts.services.record_audit import record_audit
from common import clock
from common.bus import publish_on_commit
from markets.engine.resolution import check_payouts
from markets.errors import ActionNotAllowed, VoteOver, WrongStatus
from markets.events import VoteCast
from markets.locks import lock_head
from markets.models import CommitteeSeat, Market
from markets.services import journal
from markets.services._decision import decided_by
from markets.services._transition import clean_reason
from markets.types import EventKind, MarketStatus


def cast_vote(
    *, market_id: int, actor_id: int, reason: str, payouts: Sequence[int] = (), value: str = "", ip: str = ""
) -> int:
    """Cast or change one's vote, until the vote ends; everybody can read it and its reason.

    Returns:   the ``seq`` of the journal record
    Raises:    MarketNotFound, WrongStatus, ActionNotAllowed, VoteOver, ResolutionInvalid, MarketInvalid
    Publishes: VoteCast
    """
    with transaction.atomic():
        seq, now = lock_head(None, market_id) + 1, clock.now()
        market = Market.objects.get(pk=market_id)
        if market.status != MarketStatus.CLOSED:
            detail = f"This market is {market.status}; its committee votes while it is closed."
            raise WrongStatus(detail, extra={"market_status": market.status})
        seat = CommitteeSeat.objects.filter(market=market, member_id=actor_id).first()
        if seat is None or not is_active(actor_id):
            raise ActionNotAllowed("Only members of this market's committee vote.")
        if market.is_staff_turn or market.vote_ends_at is None or now >= market.vote_ends_at:
            raise VoteOver("The vote is over.")
        decided = decided_by(market, payouts, value)
        seat.payouts = list(check_payouts(decided.payouts, market.outcomes.count()))
        seat.value, seat.reason, seat.voted_at = decided.told.get("value", ""), clean_reason(reason), now
        seat.save(update_fields=["payouts", "value", "reason", "voted_at"])
        data = {"payouts": seat.payouts, "reason": seat.reason, **decided.told}
        journal.record(market_id, EventKind.VOTE_CAST, at=now, actor_id=actor_id, data=data)
        record_audit(
            actor_id=actor_id,
            action="markets.vote",
            target=market,
            reason=seat.reason,
            after=decided_after(seat),
            ip=ip,
        )
        publish_on_commit(VoteCast(market_id, seq))
    return seq


def decided_after(seat: CommitteeSeat) -> dict[str, object]:
    return {"payouts": seat.payouts, "value": seat.value}

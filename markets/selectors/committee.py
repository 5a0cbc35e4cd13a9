"""The committee of a market, with what each has said."""

from dataclasses import dataclass
from datetime import datetime

from markets.models import CommitteeSeat, Market


@dataclass(frozen=True, slots=True)
class SeatView:
    """``payouts`` are empty until the member votes."""

    member_id: int
    handle: str
    payouts: tuple[int, ...]
    value: str
    reason: str
    voted_at: datetime | None


@dataclass(frozen=True, slots=True)
class CommitteeView:
    """``vote_ends_at`` is empty until trading has ended; ``is_open``: votes count now."""

    seats: tuple[SeatView, ...]
    vote_window_s: int
    vote_ends_at: datetime | None
    is_staff_turn: bool


def committee(market_id: int) -> CommitteeView | None:
    """``None`` for a market that no committee decides."""
    market = Market.objects.filter(pk=market_id, resolution_policy="committee").first()
    if market is None:
        return None
    found = CommitteeSeat.objects.filter(market_id=market_id).select_related("member").order_by("pk")
    seats = tuple(
        SeatView(
            seat.member_id, seat.member.username, tuple(seat.payouts or ()), seat.value, seat.reason, seat.voted_at
        )
        for seat in found
    )
    return CommitteeView(seats, market.vote_window_s, market.vote_ends_at, market.is_staff_turn)

"""The committee on the page of a market: who has said what, and the form of a member."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from common.clock import now
from common.languages import outcome_word
from markets.selectors.committee import SeatView
from markets.types import ResolutionPolicy
from trading.selectors.committee import committee_with_holders
from trading.selectors.market_detail import MarketDetail
from trading.web.lifecycle_forms import VoteForm


@dataclass(frozen=True, slots=True)
class Seat:
    """``paid``: name and ticks of the outcomes that the member's vote pays."""

    view: SeatView
    holds_shares: bool
    paid: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """What some members say, and how many; ``paid`` as a seat's."""

    paid: tuple[tuple[str, int], ...]
    value: str
    votes: int


@dataclass(frozen=True, slots=True)
class CommitteePart:
    """``form`` is for a member while the vote goes on; ``tally`` begins with what most say."""

    seats: tuple[Seat, ...]
    tally: tuple[Tally, ...]
    voted: int
    vote_ends_at: datetime | None
    is_open: bool
    form: VoteForm | None
    close_reason: str


def committee_part(request: HttpRequest, market: MarketDetail, sent: VoteForm | None) -> CommitteePart | None:
    """``sent`` stands where it was, with its errors."""
    found = committee_with_holders(market.id) if market.resolution_policy == ResolutionPolicy.COMMITTEE else None
    if found is None:
        return None
    view, holders, close_reason = found
    seats = tuple(Seat(seat, seat.member_id in holders, _paid(market, seat)) for seat in view.seats)
    is_over = view.vote_ends_at is None or view.vote_ends_at <= now()
    is_open = market.status == "closed" and not is_over and not view.is_staff_turn
    is_member = request.user.is_authenticated and any(s.member_id == request.user.pk for s in view.seats)
    form = (sent or VoteForm(market=market)) if is_open and is_member else sent
    voted = sum(bool(seat.payouts) for seat in view.seats)
    return CommitteePart(seats, _tally(seats), voted, view.vote_ends_at, is_open, form, close_reason)


def _tally(seats: tuple[Seat, ...]) -> tuple[Tally, ...]:
    said = Counter((seat.paid, seat.view.value) for seat in seats if seat.view.payouts)
    return tuple(Tally(paid, value, votes) for (paid, value), votes in said.most_common())


def _paid(market: MarketDetail, seat: SeatView) -> tuple[tuple[str, int], ...]:
    return tuple(
        (outcome_word(o.name), ticks) for o, ticks in zip(market.outcomes, seat.payouts, strict=False) if ticks
    )

"""Committees of markets: what they say, and their votes."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from common.api.access import PUBLIC, VOTE
from common.api.fields import Fields, json_body
from common.api.responses import json_response
from common.api.views import ApiView
from common.client_ip import client_ip
from markets.errors import CommitteeNotFound
from markets.selectors.committee import CommitteeView, SeatView, committee
from markets.services.cast_vote import cast_vote
from trading.api import committee_operations
from trading.api.documents import moment, payouts
from trading.api.lifecycle_forms import payouts_of
from trading.api.market_views import visible_market
from trading.api.order_views import user_id_of
from trading.selectors.holders import holders_among
from trading.selectors.market_pulse import note_seq
from trading.selectors.outcomes import market_outcomes

_REASON_LENGTH_MAX: Final = 2_000


class MarketCommitteeView(ApiView):
    access = PUBLIC

    @committee_operations.get_committee
    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        market_id, _ = visible_market(request, key)
        return _response(market_id)


class MarketVoteView(ApiView):
    access = VOTE

    @committee_operations.cast_vote
    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        body = json_body(request)
        market_id, _ = visible_market(request, key)
        market = market_outcomes(market_id)
        assert market is not None
        fields = Fields(body)
        value = fields.text("value", length_max=40)
        said = payouts_of(fields, market.slugs, is_required=not value)
        reason = fields.text("reason", length_max=_REASON_LENGTH_MAX, is_required=True)
        fields.finish()
        seq = cast_vote(
            market_id=market_id,
            actor_id=user_id_of(request),
            payouts=said,
            value=value,
            reason=reason,
            ip=client_ip(request),
        )
        note_seq(market_id, seq)
        return _response(market_id)


def _response(market_id: int) -> HttpResponse:
    view = committee(market_id)
    if view is None:
        raise CommitteeNotFound("No committee decides this market.")
    return json_response(_document(market_id, view))


def _document(market_id: int, view: CommitteeView) -> dict[str, Any]:
    holders = holders_among(market_id, [seat.member_id for seat in view.seats])
    return {
        "seats": [_seat(seat, seat.member_id in holders) for seat in view.seats],
        "vote_window_s": view.vote_window_s,
        "vote_ends_at": moment(view.vote_ends_at),
        "needs_staff": view.is_staff_turn,
    }


def _seat(seat: SeatView, holds_shares: bool) -> dict[str, Any]:
    vote = None
    if seat.voted_at is not None:
        vote = {
            "payouts": payouts(seat.payouts),
            "value": seat.value or None,
            "reason": seat.reason,
            "voted_at": moment(seat.voted_at),
        }
    return {"member": seat.handle, "holds_shares": holds_shares, "vote": vote}

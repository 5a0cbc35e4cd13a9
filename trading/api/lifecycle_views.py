"""The life of a market, step by step; who may do what is decided by ``markets``."""

from django.http import HttpRequest, HttpResponse

from common.api.access import OPERATE, OWN_MARKET, TRADE
from common.api.fields import json_body
from common.api.views import ApiView
from common.client_ip import client_ip
from markets.types import Action
from trading.api import operations
from trading.api.caches import market_answer
from trading.api.lifecycle_forms import step_fields
from trading.api.market_views import visible_market
from trading.api.order_views import user_id_of
from trading.selectors.outcomes import market_outcomes
from trading.services.change_lifecycle import LifecycleStep, change_lifecycle


class OpenMarketView(ApiView):
    access = OWN_MARKET

    @operations.open_market
    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        return _changed(request, key, Action.OPEN)


class ProposeResolutionView(ApiView):
    access = OWN_MARKET

    @operations.propose_resolution
    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        return _changed(request, key, Action.PROPOSE)


class CloseOwnMarketView(ApiView):
    access = OWN_MARKET

    @operations.close_own_market
    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        return _changed(request, key, Action.CLOSE, is_early=True)


class DisputeResolutionView(ApiView):
    access = TRADE

    @operations.dispute_resolution
    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        return _changed(request, key, Action.DISPUTE)


class OperateMarketView(ApiView):
    """Halt, resume, close, confirm and void."""

    access = OPERATE

    @operations.operate_market
    def post(self, request: HttpRequest, key: str, action: str) -> HttpResponse:
        return _changed(request, key, Action(action))


def _changed(request: HttpRequest, key: str, action: Action, *, is_early: bool = False) -> HttpResponse:
    """Do it and answer the market as it is afterwards."""
    body = json_body(request)
    market_id, _ = visible_market(request, key)
    market = market_outcomes(market_id)
    assert market is not None
    said = step_fields(action, body, market.slugs, is_early=is_early)
    change_lifecycle(
        LifecycleStep(
            market_id=market_id,
            actor_id=user_id_of(request),
            action=action,
            reason=said.reason,
            payouts=said.payouts,
            value=said.value,
            post_only_s=said.post_only_s,
            ip=client_ip(request),
        )
    )
    answer = market_answer(market_id)
    assert answer is not None, "markets are never deleted"
    headers = {"Cache-Control": "no-store", "X-Market-Seq": str(answer.rendered.seq)}
    return HttpResponse(answer.rendered.body, content_type="application/json", headers=headers)

"""What operators do only in pairs: ask, approve, decline."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from common.api.access import OPERATE
from common.api.fields import Fields, json_body
from common.api.responses import json_response
from common.api.views import ApiView
from common.client_ip import client_ip
from common.clock import rfc3339
from markets.errors import OverrideNotFound
from markets.selectors.overrides import OverrideView, override_view, overrides
from markets.services.decide_override import decline_override
from markets.services.request_override import request_override
from markets.types import OverrideKind
from trading.api import override_operations
from trading.api.documents import moment, payouts
from trading.api.lifecycle_forms import payouts_of
from trading.api.market_views import visible_market
from trading.api.order_views import user_id_of
from trading.selectors.outcomes import market_outcomes
from trading.services.approve_override import approve_override

_REASON_LENGTH_MAX: Final = 2_000
_ID_MAX: Final = 2**63 - 1


class OverridesView(ApiView):
    access = OPERATE

    @override_operations.list_overrides
    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        market_id, _ = visible_market(request, key)
        return json_response({"items": [_document(view) for view in overrides(market_id)]})

    @override_operations.request_override
    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        body = json_body(request)
        market_id, _ = visible_market(request, key)
        market = market_outcomes(market_id)
        assert market is not None
        fields = Fields(body)
        kind = fields.choice("kind", OverrideKind)
        reason = fields.text("reason", length_max=_REASON_LENGTH_MAX, is_required=True)
        said: dict[str, Any] = {}
        if kind is OverrideKind.RESOLVE:
            value = fields.text("value", length_max=40)
            said = {"value": value, "payouts": payouts_of(fields, market.slugs, is_required=not value)}
        fields.finish()
        override = request_override(
            market_id=market_id, actor_id=user_id_of(request), kind=kind, reason=reason, ip=client_ip(request), **said
        )
        return json_response(_document(_view(override.pk)), status=201)


class ApproveOverrideView(ApiView):
    access = OPERATE

    @override_operations.approve_override
    def post(self, request: HttpRequest, override_id: str) -> HttpResponse:
        found, reason = _asked(request, override_id)
        approve_override(override_id=found, actor_id=user_id_of(request), reason=reason, ip=client_ip(request))
        return json_response(_document(_view(found)))


class DeclineOverrideView(ApiView):
    access = OPERATE

    @override_operations.decline_override
    def post(self, request: HttpRequest, override_id: str) -> HttpResponse:
        found, reason = _asked(request, override_id)
        decline_override(override_id=found, actor_id=user_id_of(request), reason=reason, ip=client_ip(request))
        return json_response(_document(_view(found)))


def _asked(request: HttpRequest, override_id: str) -> tuple[int, str]:
    fields = Fields(json_body(request))
    reason = fields.text("reason", length_max=_REASON_LENGTH_MAX)
    fields.finish()
    return _view(int(override_id)).id, reason


def _view(override_id: int) -> OverrideView:
    view = override_view(override_id) if override_id <= _ID_MAX else None
    if view is None:
        raise OverrideNotFound(f"There is no override {override_id}.")
    return view


def _document(view: OverrideView) -> dict[str, Any]:
    return {
        "id": view.id,
        "market_id": view.market_id,
        "kind": view.kind.value,
        "payouts": payouts(view.payouts),
        "value": view.value or None,
        "reason": view.reason,
        "requested_by": view.requested_by,
        "requested_at": rfc3339(view.requested_at),
        "expires_at": rfc3339(view.expires_at),
        "status": view.status.value,
        "decided_by": view.decided_by or None,
        "decided_at": moment(view.decided_at),
        "decision_reason": view.decision_reason,
    }

"""The maker rule's liquidity, added and withdrawn by traders; and NO on several outcomes."""

from typing import Final

from django.http import HttpRequest, HttpResponse

from common.api.access import READ, TRADE
from common.api.fields import Fields, json_body
from common.api.responses import json_response
from common.api.views import ApiView
from common.money import format_cash, format_quantity
from markets.errors import MarketNotFound
from trading.api import maker_operations
from trading.api.answers import answer_response
from trading.api.caches import market_id_for
from trading.api.market_views import idempotency_key, visible_market
from trading.api.order_forms import quantity_lots
from trading.api.order_views import user_id_of
from trading.errors import OutcomeUnknown
from trading.selectors.liquidity import liquidity_view
from trading.selectors.outcomes import MarketOutcomes, market_outcomes
from trading.services.add_liquidity import add_liquidity
from trading.services.convert_no import convert_no
from trading.services.withdraw_liquidity import withdraw_liquidity

_CHANGES: Final = {"add": add_liquidity, "withdraw": withdraw_liquidity}


class MarketLiquidityView(ApiView):
    access_by_method = {"GET": READ, "POST": TRADE}

    @maker_operations.get_liquidity
    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        market_id, _ = visible_market(request, key)
        view = liquidity_view(market_id, user_id_of(request))
        assert view is not None, "it is visible"
        return json_response(
            {
                "market_id": view.market_id,
                "liquidity": format_quantity(view.total),
                "provided": format_quantity(view.added),
                "own": format_quantity(view.own),
                "cost": format_cash(view.cost),
                "value": format_cash(view.value),
                "seq": view.seq,
            }
        )

    @maker_operations.change_liquidity
    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        fields = Fields(json_body(request))
        action = fields.text("action", is_required=True)
        if action not in _CHANGES:
            fields.refuse("action", "field.not_a_choice", "Send one of: add, withdraw.")
        quantity = fields.decimal("quantity", is_required=True)
        valid_until = fields.moment("valid_until")
        fields.finish()
        market_id, _ = _market(key)
        answer = _CHANGES[action](
            user_id=user_id_of(request),
            market_id=market_id,
            quantity=quantity_lots(quantity or ""),
            key=idempotency_key(request),
            valid_until=valid_until,
        )
        return answer_response(answer, is_created=False)


class ConvertNoView(ApiView):
    access = TRADE

    @maker_operations.convert_no
    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        fields = Fields(json_body(request))
        fields.value("outcomes", is_required=True)
        slugs = fields.texts("outcomes", count_max=100, length_max=60)
        quantity = fields.decimal("quantity", is_required=True)
        valid_until = fields.moment("valid_until")
        fields.finish()
        market_id, market = _market(key)
        for number, slug in enumerate(slugs):
            if slug not in market.slugs:
                raise OutcomeUnknown(f"Choose from: {', '.join(market.slugs)}.", field=f"/outcomes/{number}")
        answer = convert_no(
            user_id=user_id_of(request),
            market_id=market_id,
            outcomes=[market.slugs.index(slug) for slug in slugs],
            quantity=quantity_lots(quantity or ""),
            key=idempotency_key(request),
            valid_until=valid_until,
        )
        return answer_response(answer, is_created=False)


def _market(key: str) -> tuple[int, MarketOutcomes]:
    market_id = market_id_for(key)
    market = None if market_id is None else market_outcomes(market_id)
    if market_id is None or market is None or market.is_draft:
        raise MarketNotFound(f"There is no market {key[:120]}.")
    return market_id, market

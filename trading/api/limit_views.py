"""Limits of markets, which everybody may read, and of single traders; operators set both."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from accounts.selectors.handles import user_ids
from common.api.access import OPERATE, PUBLIC
from common.api.fields import Fields, json_body
from common.api.responses import json_response
from common.api.views import ApiView
from common.client_ip import client_ip
from common.money import format_price, format_quantity, parse_price, parse_quantity
from markets.services.change_limits import OPEN_ORDERS_MAX, MarketLimits, change_limits
from trading.api import limit_operations
from trading.api.market_views import visible_market
from trading.api.order_views import user_id_of
from trading.errors import TraderNotFound
from trading.selectors.market_limits import market_limits, site_limits
from trading.selectors.market_pulse import note_seq
from trading.services.change_trader_limits import TraderLimits, change_trader_limits, trader_limits


class MarketLimitsView(ApiView):
    access_by_method = {"GET": PUBLIC, "PUT": OPERATE}

    @limit_operations.get_market_limits
    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        market_id, _ = visible_market(request, key)
        return _market_response(market_id)

    @limit_operations.set_market_limits
    def put(self, request: HttpRequest, key: str) -> HttpResponse:
        fields = Fields(json_body(request))
        limits = MarketLimits(**_shared(fields), price_band=_decimal(fields, "price_band", parse_price))
        fields.finish()
        market_id, _ = visible_market(request, key)
        seq = change_limits(market_id=market_id, actor_id=user_id_of(request), limits=limits, ip=client_ip(request))
        note_seq(market_id, seq)
        return _market_response(market_id)


class TraderLimitsView(ApiView):
    access = OPERATE

    @limit_operations.get_trader_limits
    def get(self, request: HttpRequest, handle: str) -> HttpResponse:
        return json_response(_trader_document(handle, trader_limits(_user_id(handle))))

    @limit_operations.set_trader_limits
    def put(self, request: HttpRequest, handle: str) -> HttpResponse:
        fields = Fields(json_body(request))
        limits = TraderLimits(**_shared(fields))
        fields.finish()
        found = change_trader_limits(
            user_id=_user_id(handle), actor_id=user_id_of(request), limits=limits, ip=client_ip(request)
        )
        return json_response(_trader_document(handle, found))


def _user_id(handle: str) -> int:
    user_id = user_ids([handle]).get(handle)
    if user_id is None:
        raise TraderNotFound(f"There is no trader {handle}.")
    return user_id


def _shared(fields: Fields) -> dict[str, int | None]:
    return {
        "max_open_orders": fields.optional_integer("max_open_orders", low=0, high=OPEN_ORDERS_MAX),
        "max_order_lots": _decimal(fields, "max_order_size", parse_quantity),
        "max_position_lots": _decimal(fields, "max_position", parse_quantity),
    }


def _decimal(fields: Fields, name: str, parse: Any) -> int | None:
    text = fields.decimal(name)
    if text is None:
        return None
    try:
        value: int = parse(text)
    except ValueError as error:
        fields.refuse(name, "field.not_decimal", f"The value {error}.")
        return None
    return value


def _market_response(market_id: int) -> HttpResponse:
    own, site = market_limits(market_id), site_limits()
    names = ("max_open_orders", "max_order_lots", "max_position_lots", "price_band")
    counting = MarketLimits(**{name: _first(getattr(own, name), getattr(site, name)) for name in names})
    return json_response({"market_id": market_id, **_document(own), "effective": _document(counting)})


def _first(own: int | None, rest: int | None) -> int | None:
    return rest if own is None else own


def _document(limits: MarketLimits) -> dict[str, Any]:
    band = limits.price_band
    return _shared_document(limits) | {"price_band": None if band is None else format_price(band)}


def _trader_document(handle: str, limits: TraderLimits) -> dict[str, Any]:
    return {"handle": handle, **_shared_document(limits)}


def _shared_document(limits: MarketLimits | TraderLimits) -> dict[str, Any]:
    size, position = limits.max_order_lots, limits.max_position_lots
    return {
        "max_open_orders": limits.max_open_orders,
        "max_order_size": None if size is None else format_quantity(size),
        "max_position": None if position is None else format_quantity(position),
    }

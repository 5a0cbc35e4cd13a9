"""The OpenAPI text of limits, with examples that a test executes."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers

from common.api.shapes import KEY_AUTH, PUBLIC_AUTH, path, problems

_TAGS: Final = ["limits"]
_KEY: Final = path("key", "Id or slug of the market.", "rain-in-lisbon")
_HANDLE: Final = path("handle", "Handle of the trader.", "bob")


def _shares(text: str) -> serializers.CharField:
    return serializers.CharField(required=False, allow_null=True, help_text=text)


class TraderLimitSettings(serializers.Serializer[Any]):
    """What is left out or null counts as the market's limit, else the site's."""

    max_open_orders = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=10_000_000, help_text="Of one trader at once."
    )
    max_order_size = _shares("Shares of one order.")
    max_position = _shares("Shares of one outcome, those that open buys may bring included.")


class MarketLimitSettings(TraderLimitSettings):
    """What is left out or null counts as the site's default."""

    price_band = _shares("How far from the outcome's price an order may trade, in credits a share.")


class MarketLimits(MarketLimitSettings):
    market_id = serializers.IntegerField()
    effective = MarketLimitSettings(help_text="With the site's defaults; null: no limit.")


class TraderLimits(TraderLimitSettings):
    handle = serializers.CharField()


def _request(name: str, value: dict[str, Any]) -> OpenApiExample:
    return OpenApiExample(name, value, summary=name, request_only=True)


get_market_limits = extend_schema(
    operation_id="getMarketLimits",
    tags=_TAGS,
    summary="Read the limits of a market",
    description="What orders in it may be; staff may allow single traders more or less.",
    auth=PUBLIC_AUTH,
    parameters=[_KEY],
    responses={200: MarketLimits, **problems(404)},
)
set_market_limits = extend_schema(
    operation_id="setMarketLimits",
    tags=_TAGS,
    summary="Set the limits of a market",
    description="Replaces all of them, for orders from then on; what rests stays. For operators; kept in the journal "
    "and the audit trail. Needs the scope `operate`.",
    auth=KEY_AUTH,
    parameters=[_KEY],
    request=MarketLimitSettings,
    responses={200: MarketLimits, **problems(400, 401, 403, 404, 409, 415, 422)},
    examples=[_request("limits", {"max_open_orders": 500, "max_order_size": "10000", "price_band": "0.2"})],
)
get_trader_limits = extend_schema(
    operation_id="getTraderLimits",
    tags=_TAGS,
    summary="Read the limits of a trader",
    description="For operators. Needs the scope `operate`.",
    auth=KEY_AUTH,
    parameters=[_HANDLE],
    responses={200: TraderLimits, **problems(401, 403, 404)},
)
set_trader_limits = extend_schema(
    operation_id="setTraderLimits",
    tags=_TAGS,
    summary="Set the limits of a trader",
    description="Replaces all of them, in every market, for orders from then on. They count instead of the markets'. "
    "For operators; kept in the audit trail. Needs the scope `operate`.",
    auth=KEY_AUTH,
    parameters=[_HANDLE],
    request=TraderLimitSettings,
    responses={200: TraderLimits, **problems(400, 401, 403, 404, 415, 422)},
    examples=[_request("limits", {"max_open_orders": 50, "max_position": "2500"})],
)

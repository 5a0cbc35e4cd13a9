"""The OpenAPI text of liquidity and of NO, with examples that a test executes."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers

from common.api.shapes import KEY_AUTH, path, problems
from trading.api import shapes

_ORDERS: Final = ["orders"]
_KEY: Final = path("key", "Id or slug of the market.", "rain-in-lisbon")
_IDEMPOTENCY_KEY: Final = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="Yours, at most 60 characters."
)


def _text(text: str, **more: Any) -> serializers.CharField:
    return serializers.CharField(help_text=text, **more)


def _shares(text: str) -> serializers.DictField:
    return serializers.DictField(child=_text("Shares."), help_text=text)


class NewConversion(serializers.Serializer[Any]):
    outcomes = serializers.ListField(
        child=serializers.CharField(), min_length=2, max_length=100, help_text="Slugs, each once."
    )
    quantity = _text("Shares of NO on each of them.")
    valid_until = serializers.DateTimeField(required=False, help_text="Refused when it is carried out later than this.")


class Conversion(serializers.Serializer[Any]):
    market_id = serializers.IntegerField()
    no = serializers.ListField(child=serializers.CharField(), help_text="Slugs of the outcomes.")
    quantity = _text("Shares of NO that were given on each.")
    cash = _text("Credits received.")
    shares = _shares("Of the other outcomes, which stay.")
    seq = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    account = shapes.Cash()


class NewLiquidity(serializers.Serializer[Any]):
    action = serializers.ChoiceField(choices=["add", "withdraw"])
    quantity = _text("Shares of b.")
    valid_until = serializers.DateTimeField(required=False, help_text="Refused when it is carried out later than this.")


class ChangedLiquidity(NewLiquidity):
    valid_until = None  # type: ignore[assignment]
    market_id = serializers.IntegerField()
    liquidity = _text("b of the maker rule afterwards, in shares.")
    cost = _text("Credits paid; negative: received.")
    shares = _shares("Received, by outcome.")
    prices = serializers.DictField(child=_text("Six decimal places."), help_text="Of each outcome: as before.")
    seq = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    account = shapes.Cash()


class Liquidity(serializers.Serializer[Any]):
    market_id = serializers.IntegerField()
    liquidity = _text("b of the maker rule, in shares.")
    provided = _text("Of it, what traders have added.")
    own = _text("Of that, yours.")
    cost = _text("What you have paid for it less what you received, credits.")
    value = _text("What your part of the rule is worth at present prices, credits.")
    seq = serializers.IntegerField()


def _request(name: str, value: dict[str, Any]) -> OpenApiExample:
    return OpenApiExample(name, value, summary=name, request_only=True)


convert_no = extend_schema(
    operation_id="convertNo",
    tags=_ORDERS,
    summary="Convert NO on several outcomes",
    description="NO on an outcome is a share of each of the others. NO on k outcomes of one market pays k - 1 credits "
    "for certain, and one more if another outcome happens; so it is turned into k - 1 credits and a share of each "
    "other outcome, exactly. With an `Idempotency-Key` a repetition gets the first answer. Needs the scope `trade`.",
    auth=KEY_AUTH,
    parameters=[path("key", "Id or slug of the market.", "next-probe"), _IDEMPOTENCY_KEY],
    request=NewConversion,
    responses={201: Conversion, **problems(400, 401, 403, 404, 409, 415, 422)},
    examples=[_request("two", {"outcomes": ["venus", "mars"], "quantity": "10"})],
)
change_liquidity = extend_schema(
    operation_id="changeLiquidity",
    tags=_ORDERS,
    summary="Add or withdraw liquidity",
    description="Adding raises b of the maker rule at the present prices, which stay; you own that part of everything "
    "the rule has, until you withdraw it or the market is settled. You can lose what you put in and no more. With an "
    "`Idempotency-Key` a repetition gets the first answer. Needs the scope `trade`.",
    auth=KEY_AUTH,
    parameters=[_KEY, _IDEMPOTENCY_KEY],
    request=NewLiquidity,
    responses={201: ChangedLiquidity, **problems(400, 401, 403, 404, 409, 415, 422)},
    examples=[
        _request("add", {"action": "add", "quantity": "100"}),
        _request("withdraw", {"action": "withdraw", "quantity": "20"}),
    ],
)
get_liquidity = extend_schema(
    operation_id="getLiquidity",
    tags=_ORDERS,
    summary="Read your part of the maker rule",
    description="Needs the scope `read`.",
    auth=KEY_AUTH,
    parameters=[_KEY],
    responses={200: Liquidity, **problems(401, 403, 404)},
)

"""The OpenAPI text of amends, places in the queue and limits, with examples that a test executes."""

from typing import Any, Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers

from common.api.shapes import KEY_AUTH, path, problems
from trading.api import shapes

_ORDERS: Final = ["orders"]
_ORDER_ID: Final = path("order_id", "Id of the order.", "4512", OpenApiTypes.INT)
_IDEMPOTENCY_KEY: Final = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="Yours, at most 60 characters."
)


def _text(text: str, **more: Any) -> serializers.CharField:
    return serializers.CharField(help_text=text, **more)


class Amend(serializers.Serializer[Any]):
    """A new price, a new quantity, both, or ``decrease_by`` alone."""

    price = _text("Credits a share, four decimal places.", required=False)
    quantity = _text("Of the whole order, with what has been filled.", required=False)
    decrease_by = _text("Taken off what remains; the order is cancelled if nothing does.", required=False)
    valid_until = serializers.DateTimeField(required=False, help_text="Refused when it is carried out later than this.")


class QueuePosition(serializers.Serializer[Any]):
    order_id = serializers.IntegerField()
    market_id = serializers.IntegerField()
    price = _text("Credits a share, four decimal places.", allow_null=True)
    orders_ahead = serializers.IntegerField(allow_null=True, help_text="At its price, by time; null: it doesn't rest.")
    quantity_ahead = _text("What remains of them.", allow_null=True)
    seq = serializers.IntegerField(allow_null=True, help_text="It stands there at this number of the market.")


def _request(name: str, value: dict[str, Any]) -> OpenApiExample:
    return OpenApiExample(name, value, summary=name, request_only=True)


amend_order = extend_schema(
    operation_id="amendOrder",
    tags=_ORDERS,
    summary="Amend an order of yours",
    description="Changes the price or the quantity of an open order; its id stays. Fewer shares at the same price "
    "keep its place there. Another price or more shares send it behind everybody at its price, and what then crosses "
    "trades at once. All or nothing: if the new terms are refused, the order stands as it was. With an "
    "`Idempotency-Key` a repetition gets the first answer. Needs the scope `trade`.",
    auth=KEY_AUTH,
    parameters=[_ORDER_ID, _IDEMPOTENCY_KEY],
    request=Amend,
    responses={200: shapes.PlacedOrder, **problems(400, 401, 403, 404, 409, 415, 422)},
    examples=[
        _request("another price", {"price": "0.42"}),
        _request("another quantity", {"quantity": "8"}),
        _request("decrease", {"decrease_by": "1.5"}),
    ],
)
order_queue = extend_schema(
    operation_id="getOrderQueue",
    tags=_ORDERS,
    summary="Read where an order of yours stands",
    description="How many orders, and shares of them, takers at its price meet first. Needs the scope `read`.",
    auth=KEY_AUTH,
    parameters=[_ORDER_ID],
    responses={200: QueuePosition, **problems(401, 403, 404)},
)

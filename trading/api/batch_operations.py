"""The OpenAPI text of requests about many orders, with examples that a test executes."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers

from common.api.shapes import KEY_AUTH, problems
from trading.api import shapes
from trading.api.batch_forms import ITEMS_MAX
from trading.api.field_texts import choice
from trading.api.tied_operations import PairOrder
from trading.types import Side

_ORDERS: Final = ["orders"]


class BatchItem(shapes.NewOrder):
    """An order as in placeOrder, ``action: cancel`` with ``order_id``, or ``action: pair`` with ``orders``."""

    action = serializers.ChoiceField(
        choices=[("place", "PLACE"), ("cancel", "CANCEL"), ("pair", "PAIR")], default="place"
    )
    order_id = serializers.IntegerField(required=False, help_text="With action cancel, and nothing else.")
    market_id = serializers.IntegerField(required=False)
    outcome = serializers.CharField(required=False)
    side = choice(Side, required=False)
    dry_run = None  # type: ignore[assignment]
    orders = PairOrder(many=True, required=False, help_text="With action pair: the two orders, as in placePair.")


class Batch(serializers.Serializer[Any]):
    items = BatchItem(many=True)


class BatchAnswer(serializers.Serializer[Any]):
    status = serializers.IntegerField(
        help_text="As if it had been sent alone: 201 placed, 200 cancelled, else refused."
    )
    is_replay = serializers.BooleanField(help_text="The client_order_id is known and this is its first answer again.")
    answer = serializers.JSONField(help_text="The order as placeOrder answers it, or a problem.")


class BatchAnswers(serializers.Serializer[Any]):
    items = BatchAnswer(many=True)


class CancelAll(serializers.Serializer[Any]):
    market_id = serializers.IntegerField(required=False)
    outcome = serializers.CharField(required=False, help_text="Slug; only with market_id.")
    side = choice(Side, required=False)
    valid_until = serializers.DateTimeField(required=False, help_text="What comes to be carried out later is refused.")


class CancelledInMarket(serializers.Serializer[Any]):
    market_id = serializers.IntegerField()
    cancelled = serializers.IntegerField()


class CancelledOrders(serializers.Serializer[Any]):
    cancelled = serializers.IntegerField()
    markets = CancelledInMarket(many=True)


def _request(name: str, value: dict[str, Any]) -> OpenApiExample:
    return OpenApiExample(name, value, summary=name, request_only=True)


batch_orders = extend_schema(
    operation_id="batchOrders",
    tags=_ORDERS,
    summary="Place and cancel many orders",
    description=f"Up to {ITEMS_MAX} items, each answered by itself in its place: a refused one changes nothing and "
    "doesn't disturb the others. Items of one market are executed in their order and kept in one transaction. Each "
    "counts as a request against the rate limit. Needs the scope `trade`.\n\nGive every order a `client_order_id`: "
    "then the whole batch may be sent again, and what was done is answered, not done twice.",
    auth=KEY_AUTH,
    request=Batch,
    responses={200: BatchAnswers, **problems(400, 401, 403, 415)},
    examples=[
        _request(
            "requote",
            {
                "items": [
                    {"action": "cancel", "order_id": 4512},
                    {
                        "market_id": 7,
                        "outcome": "yes",
                        "side": "buy",
                        "price": "0.41",
                        "quantity": "10",
                        "client_order_id": "bid-2",
                    },
                    {
                        "market_id": 7,
                        "outcome": "no",
                        "side": "buy",
                        "price": "0.43",
                        "quantity": "10",
                        "client_order_id": "ask-2",
                    },
                ]
            },
        )
    ],
)
cancel_all_orders = extend_schema(
    operation_id="cancelAllOrders",
    tags=_ORDERS,
    summary="Cancel all your open orders",
    description="Everywhere, or of one market, outcome or side. What fills meanwhile is not counted; sending it again "
    "does no harm. Needs the scope `trade`.",
    auth=KEY_AUTH,
    request=CancelAll,
    responses={200: CancelledOrders, **problems(400, 401, 403, 404, 409, 415)},
    examples=[_request("everything", {}), _request("one side", {"market_id": 7, "outcome": "yes", "side": "buy"})],
)

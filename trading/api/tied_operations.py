"""The OpenAPI text of pairs, order groups and heartbeats, with examples that a test executes."""

from typing import Any, Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers

from common.api.shapes import KEY_AUTH, path, problems
from trading.api import shapes
from trading.services.heartbeat import TIMEOUT_MAX_S, TIMEOUT_MIN_S
from trading.services.order_groups import WINDOW_MAX_S

_ORDERS: Final = ["orders"]
_GROUP_ID: Final = path("group_id", "Id of the order group.", "12", OpenApiTypes.INT)
_IDEMPOTENCY_KEY: Final = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="Yours, at most 60 characters."
)


def _until() -> serializers.DateTimeField:
    return serializers.DateTimeField(required=False, help_text="Refused when it is carried out later than this.")


class PairOrder(shapes.NewOrder):
    """As in placeOrder; it rests or waits: type limit, stop or stop_limit, gtc or gtd."""

    client_order_id = None  # type: ignore[assignment]
    dry_run = None  # type: ignore[assignment]
    valid_until = None  # type: ignore[assignment]


class NewPair(serializers.Serializer[Any]):
    orders = PairOrder(many=True, min_length=2, max_length=2)  # type: ignore[call-arg]
    valid_until = _until()


class Pair(serializers.Serializer[Any]):
    orders = shapes.ListedOrder(many=True)
    account = shapes.Cash()


class NewGroup(serializers.Serializer[Any]):
    limit = serializers.CharField(help_text="Shares that may fill within the window.")
    window_s = serializers.IntegerField(min_value=1, max_value=WINDOW_MAX_S, help_text="Seconds, rolling.")
    valid_until = _until()


class OrderGroup(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    limit = serializers.CharField(help_text="Shares.")
    window_s = serializers.IntegerField()
    filled = serializers.CharField(help_text="Shares filled within the window.")
    left = serializers.CharField(help_text="Shares until it trips.")
    open_orders = serializers.IntegerField()
    status = serializers.ChoiceField(choices=["on", "tripped"])
    tripped_at = serializers.DateTimeField(allow_null=True)
    tripped_by = serializers.ChoiceField(choices=["fills", "hand"], allow_null=True)
    created_at = serializers.DateTimeField()


class OrderGroups(serializers.Serializer[Any]):
    items = OrderGroup(many=True)


class DeletedGroup(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    cancelled = serializers.IntegerField(help_text="Orders.")


class GroupAction(serializers.Serializer[Any]):
    valid_until = _until()


class NewBeat(serializers.Serializer[Any]):
    timeout_s = serializers.IntegerField(
        min_value=TIMEOUT_MIN_S, max_value=TIMEOUT_MAX_S, help_text="Seconds until the next beat at the latest."
    )
    valid_until = _until()


class Heartbeat(serializers.Serializer[Any]):
    is_on = serializers.BooleanField()
    timeout_s = serializers.IntegerField(allow_null=True)
    beat_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True, help_text="Without a beat your open orders go then.")
    silent_at = serializers.DateTimeField(allow_null=True, help_text="When orders were cancelled for silence last.")
    cancelled = serializers.IntegerField(help_text="How many they were.")


def _request(name: str, value: dict[str, Any]) -> OpenApiExample:
    return OpenApiExample(name, value, summary=name, request_only=True)


place_pair = extend_schema(
    operation_id="placePair",
    tags=_ORDERS,
    summary="Place a pair of orders (OCO)",
    description="One cancels the other: as soon as one of them fills, be it in part, or fires, ends or is cancelled, "
    "the other is cancelled with the same record of the journal, so there is no moment in which both can trade. "
    "Together they hold what the dearer one needs. Both have to rest or to wait. A repetition with the same "
    "`Idempotency-Key` gets the first answer. Needs the scope `trade`.",
    auth=KEY_AUTH,
    parameters=[_IDEMPOTENCY_KEY],
    request=NewPair,
    responses={201: Pair, **problems(400, 401, 403, 404, 409, 415, 503)},
    examples=[
        _request(
            "take profit or stop loss",
            {
                "orders": [
                    {"market_id": 7, "outcome": "yes", "side": "sell", "price": "0.80", "quantity": "5"},
                    {
                        "market_id": 7,
                        "outcome": "yes",
                        "side": "sell",
                        "type": "stop",
                        "trigger_price": "0.30",
                        "quantity": "5",
                    },
                ]
            },
        )
    ],
)
list_groups = extend_schema(
    operation_id="listOrderGroups",
    tags=_ORDERS,
    summary="List your order groups",
    description="Oldest first, at most 100. Needs the scope `read`.",
    auth=KEY_AUTH,
    responses={200: OrderGroups, **problems(400, 401, 403)},
)
create_group = extend_schema(
    operation_id="createOrderGroup",
    tags=_ORDERS,
    summary="Make an order group with a fuse",
    description="Orders that name it in `order_group_id`, on any markets, are counted together: when `limit` shares "
    "of them have filled within `window_s` seconds, the group trips. All its orders are cancelled then and new ones "
    "refused until it is reset. No fill follows in any market; the limit is passed by less than what the one command "
    "that reached it filled. A repetition with the same `Idempotency-Key` gets the first answer. "
    "Needs the scope `trade`.",
    auth=KEY_AUTH,
    parameters=[_IDEMPOTENCY_KEY],
    request=NewGroup,
    responses={201: OrderGroup, **problems(400, 401, 403, 409, 415)},
    examples=[_request("a hundred shares in 15 seconds", {"limit": "100", "window_s": 15})],
)
get_group = extend_schema(
    operation_id="getOrderGroup",
    tags=_ORDERS,
    summary="Read an order group of yours",
    description="Needs the scope `read`.",
    auth=KEY_AUTH,
    parameters=[_GROUP_ID],
    responses={200: OrderGroup, **problems(400, 401, 403, 404)},
)
delete_group = extend_schema(
    operation_id="deleteOrderGroup",
    tags=_ORDERS,
    summary="Delete an order group",
    description="Its orders are cancelled first. Needs the scope `trade`.",
    auth=KEY_AUTH,
    parameters=[_GROUP_ID, shapes.valid_until_parameter()],
    responses={200: DeletedGroup, **problems(400, 401, 403, 404, 503)},
)
change_group = extend_schema(
    operation_id="changeOrderGroup",
    tags=_ORDERS,
    summary="Trip or reset an order group",
    description="`trip` cancels all its orders and lets in no new ones, as if the limit had been reached. `reset` lets "
    "new ones in again and begins to count anew; what was left of the group is cancelled before. "
    "Needs the scope `trade`.",
    auth=KEY_AUTH,
    parameters=[_GROUP_ID, path("action", "trip or reset.", "reset")],
    request=GroupAction,
    responses={200: OrderGroup, **problems(400, 401, 403, 404, 415, 503)},
    examples=[_request("at once", {})],
)
get_heartbeat = extend_schema(
    operation_id="getHeartbeat",
    tags=_ORDERS,
    summary="Read your heartbeat",
    description="Needs the scope `read`.",
    auth=KEY_AUTH,
    responses={200: Heartbeat, **problems(400, 401, 403)},
)
send_heartbeat = extend_schema(
    operation_id="sendHeartbeat",
    tags=_ORDERS,
    summary="Start or renew your heartbeat",
    description="From the first beat on all your open orders, on all markets and of all your keys, are cancelled as "
    "soon as no beat has come for `timeout_s` seconds, at most two seconds later. They go once; the heartbeat is off "
    "then until the next beat. Needs the scope `trade`.",
    auth=KEY_AUTH,
    request=NewBeat,
    responses={200: Heartbeat, **problems(400, 401, 403, 415)},
    examples=[_request("fifteen seconds", {"timeout_s": 15})],
)
stop_heartbeat = extend_schema(
    operation_id="stopHeartbeat",
    tags=_ORDERS,
    summary="End your heartbeat",
    description="Your orders stay. Needs the scope `trade`.",
    auth=KEY_AUTH,
    parameters=[shapes.valid_until_parameter()],
    responses={200: Heartbeat, **problems(400, 401, 403)},
)

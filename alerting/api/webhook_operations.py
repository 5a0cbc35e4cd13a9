"""The OpenAPI text of the operations on webhooks, with examples that a test executes."""

from typing import Any, Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema

from alerting.api import webhook_shapes as shapes
from alerting.api.operations import Describe
from common.api.shapes import KEY_AUTH, PUBLIC_AUTH, page_parameters, path, problems, query

_TAGS: Final = ["webhooks"]
_READ: Final = "Yours only; a key needs the scope `read`."
_ACT: Final = "Yours only; a key needs the scope `trade`."
_ID: Final = path("endpoint_id", "Id of a webhook.", "91", OpenApiTypes.INT)
_DELIVERY: Final = path("delivery_id", "Id of a delivery.", "9001", OpenApiTypes.INT)
_EMPTY: Final[Any] = {"application/json": {"type": "object", "maxProperties": 0}}


def _reading(operation_id: str, summary: str, text: str, shape: Any, *parameters: Any) -> Describe:
    return extend_schema(
        operation_id=operation_id, tags=_TAGS, summary=summary, description=f"{text} {_READ}", auth=KEY_AUTH,
        parameters=list(parameters),
        responses={200: shape, **problems(400, 401, 403, *([404] if _ID in parameters else []))},
    )  # fmt: skip


def _acting(
    operation_id: str, summary: str, text: str, shape: Any, *parameters: Any, body: Any = _EMPTY,
    examples: dict[str, dict[str, Any]] | None = None, status: int = 200,
) -> Describe:  # fmt: skip
    given = [
        OpenApiExample(name, value, summary=name, request_only=True)
        for name, value in (examples or {summary.lower(): {}}).items()
    ]
    return extend_schema(
        operation_id=operation_id, tags=_TAGS, summary=summary, description=f"{text} {_ACT}", auth=KEY_AUTH,
        parameters=list(parameters), request=body, examples=given,
        responses={status: shape, **problems(400, 401, 403, 404, 409, 415)},
    )  # fmt: skip


list_events = extend_schema(
    operation_id="listWebhookEvents", tags=_TAGS, summary="List the events",
    description="Every event with its schema and an example. See docs/webhooks.md for how they are signed and sent.",
    auth=PUBLIC_AUTH, responses={200: shapes.WebhookEvents, **problems()},
)  # fmt: skip
list_webhooks = _reading("listWebhooks", "List your webhooks", "In the order they were made.", shapes.Webhooks)
create_webhook = _acting(
    "createWebhook", "Make a webhook",
    "It gets what happens from now on. The secret is answered this once; at most ten webhooks a person.",
    shapes.MadeWebhook, body=shapes.NewWebhook, status=201,
    examples={
        "your orders": {
            "url": "https://bot.example.org/hooks/market", "events": ["order.*", "fill.created"], "description": "bot",
        },
        "the life of two markets": {
            "url": "https://news.example.org/in", "events": ["market.*", "trade.executed"], "markets": [7, 12],
        },
    },
)  # fmt: skip
get_webhook = _reading("getWebhook", "Read a webhook", "With how it stands.", shapes.WebhookEndpoint, _ID)
update_webhook = _acting(
    "updateWebhook", "Change a webhook",
    "Only what is sent changes. `is_enabled` true switches it on again, whoever switched it off: what waited goes at "
    "once, what happened meanwhile is asked for by a replay.",
    shapes.WebhookEndpoint, _ID, body=shapes.ChangedWebhook,
    examples={"fewer events": {"events": ["order.filled", "order.cancelled"]}, "off": {"is_enabled": False}},
)  # fmt: skip
delete_webhook = extend_schema(
    operation_id="deleteWebhook", tags=_TAGS, summary="Delete a webhook",
    description=f"With its deliveries. {_ACT}", auth=KEY_AUTH, request=None, parameters=[_ID],
    responses={200: shapes.WebhookDeleted, **problems(400, 401, 403, 404)},
)  # fmt: skip
rotate_secret = _acting(
    "rotateWebhookSecret", "Make a new secret",
    "Both sign for `overlap_s`, the newer first; after that the new one alone.", shapes.RotatedSecret, _ID,
    body=shapes.RotateSecret, examples={"an hour for both": {"overlap_s": 3600}},
)  # fmt: skip
test_webhook = _acting(
    "testWebhook", "Send a test event", "The example of an event, the way that real ones go.",
    shapes.WebhookDelivery, _ID, body=shapes.TestWebhook, status=202, examples={"a fill": {"event": "fill.created"}},
)  # fmt: skip
replay_webhook = _acting(
    "replayWebhook", "Send missed events again",
    "The same events have the same `webhook-id` as ever. What happened while the webhook was switched off is read from "
    "the journals in the background.",
    shapes.WebhookReplayed, _ID, body=shapes.ReplayWebhook, status=202, examples={"what failed": {"what": "failed"}},
)  # fmt: skip
list_deliveries = _reading(
    "listWebhookDeliveries", "List deliveries", "The newest first, each with its newest attempt.",
    shapes.WebhookDeliveries, _ID, query("status", "waiting, delivered, dead or all.", default="all"),
    query("event", "Only of this event."), *page_parameters(),
)  # fmt: skip
get_delivery = _reading(
    "getWebhookDelivery", "Read a delivery", "With every attempt and the body.", shapes.WholeWebhookDelivery, _ID,
    _DELIVERY,
)  # fmt: skip
replay_delivery = _acting(
    "replayWebhookDelivery", "Send a delivery again", "Delivered or not, with the same `webhook-id`.",
    shapes.WebhookDelivery, _ID, _DELIVERY, status=202,
)  # fmt: skip

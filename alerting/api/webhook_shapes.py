"""What the OpenAPI document says of webhooks. They describe; nothing is parsed by them."""

from typing import Any

from rest_framework import serializers

from alerting.api.webhook_forms import DeliveryState, ReplayWhat
from alerting.services.webhooks.rotate_secret import OVERLAP_S, OVERLAP_S_MAX

_STATES = [one.value for one in DeliveryState if one is not DeliveryState.ALL] + ["expired"]
_OFF = ["owner", "gone", "failing", "backlog", "suspended"]


def _moment(text: str = "", **more: Any) -> serializers.DateTimeField:
    return serializers.DateTimeField(help_text=text, **more)


class WebhookEvent(serializers.Serializer[Any]):
    name = serializers.CharField()
    summary = serializers.CharField(help_text="When it is told.")
    is_own = serializers.BooleanField(help_text="True: told to the person it is about only.")
    schema = serializers.DictField(help_text="JSON Schema of `data`. Members may be added.")
    example = serializers.DictField(help_text="A whole body.")


class WebhookEvents(serializers.Serializer[Any]):
    items = WebhookEvent(many=True)


class WebhookEndpoint(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    host = serializers.CharField(help_text="Where it leads. The rest of the address isn't shown again.")
    description = serializers.CharField()
    events = serializers.ListField(child=serializers.CharField())
    markets = serializers.ListField(child=serializers.IntegerField(), help_text="None for all.")
    is_enabled = serializers.BooleanField()
    switched_off = serializers.ChoiceField(choices=_OFF, allow_null=True, help_text="Why it gets nothing.")
    switched_off_at = _moment(allow_null=True)
    failing_since = _moment("Since when nothing got through.", allow_null=True)
    problem = serializers.CharField(allow_null=True, help_text="Of the newest failure, until something gets through.")
    rotating_until = _moment("Until then the secret before signs as well.", allow_null=True)
    waiting = serializers.IntegerField(help_text="Deliveries that wait to be sent or sent again.")
    dead = serializers.IntegerField(help_text="Deliveries that were given up.")
    replaying = serializers.IntegerField(help_text="Markets whose replay goes on.")
    last_delivered_at = _moment(allow_null=True)
    created_at = _moment()
    updated_at = _moment()


class Webhooks(serializers.Serializer[Any]):
    items = WebhookEndpoint(many=True)


class MadeWebhook(WebhookEndpoint):
    secret = serializers.CharField(help_text="Signs its messages. Shown this once.")


class NewWebhook(serializers.Serializer[Any]):
    url = serializers.URLField(help_text="https, on a public address and port 80, 443, 8080 or 8443.")
    events = serializers.ListField(
        child=serializers.CharField(), help_text='Names of events; "order.*" for all that begin so, "*" for all.'
    )
    markets = serializers.ListField(
        child=serializers.IntegerField(), required=False, help_text="Limits events of markets to these; at most 100."
    )
    description = serializers.CharField(required=False, max_length=100)


class ChangedWebhook(serializers.Serializer[Any]):
    """Only what is to change."""

    url = serializers.URLField(required=False)
    events = serializers.ListField(child=serializers.CharField(), required=False)
    markets = serializers.ListField(child=serializers.IntegerField(), required=False)
    description = serializers.CharField(required=False, max_length=100)
    is_enabled = serializers.BooleanField(required=False, help_text="True also when it was switched off by the site.")


class WebhookDeleted(serializers.Serializer[Any]):
    id = serializers.IntegerField()


class RotateSecret(serializers.Serializer[Any]):
    overlap_s = serializers.IntegerField(
        required=False, default=OVERLAP_S, min_value=0, max_value=OVERLAP_S_MAX,
        help_text="For how long both secrets sign.",
    )  # fmt: skip


class RotatedSecret(serializers.Serializer[Any]):
    secret = serializers.CharField(help_text="Signs from now on. Shown this once.")
    rotating_until = _moment("Until then the secret before signs as well.", allow_null=True)


class TestWebhook(serializers.Serializer[Any]):
    event = serializers.CharField(required=False, help_text="Which example to send; left out, the first it gets.")


class WebhookAttempt(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    at = _moment()
    duration_ms = serializers.IntegerField(allow_null=True)
    is_success = serializers.BooleanField(allow_null=True, help_text="Null: a worker is at it, or was lost.")
    response_code = serializers.IntegerField(allow_null=True)
    detail = serializers.CharField()
    excerpt = serializers.CharField(help_text="The beginning of what was answered.")


class WebhookDelivery(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    webhook_id = serializers.CharField(help_text="As in the header webhook-id; the same for all attempts and replays.")
    event = serializers.CharField()
    status = serializers.ChoiceField(choices=_STATES)
    attempts = serializers.IntegerField()
    replays = serializers.IntegerField()
    next_attempt_at = _moment(allow_null=True)
    problem = serializers.CharField(allow_null=True)
    last_attempt = WebhookAttempt(allow_null=True)
    created_at = _moment()
    ended_at = _moment(allow_null=True)


class WholeWebhookDelivery(WebhookDelivery):
    tries = WebhookAttempt(many=True)
    body = serializers.CharField(help_text="What is sent, to the byte.")


class WebhookDeliveries(serializers.Serializer[Any]):
    items = WebhookDelivery(many=True)
    next_cursor = serializers.CharField(allow_null=True)


class ReplayWebhook(serializers.Serializer[Any]):
    what = serializers.ChoiceField(
        choices=[one.value for one in ReplayWhat],
        help_text="failed: what was given up. missed: that, and what was never sent, since a moment. all: also what "
        "was delivered.",
    )
    since = _moment("Of the last 30 days; needed for missed and all.", required=False)


class WebhookReplayed(serializers.Serializer[Any]):
    deliveries = serializers.IntegerField(help_text="Go again at once.")
    markets = serializers.IntegerField(help_text="Whose journals are read for more; see `replaying`.")

"""The OpenAPI text of Alertmanager's webhook, with an example that a test executes."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers

from alerting.api.alertmanager_forms import ALERTS_MAX
from common.api.shapes import KEY_AUTH, problems

_EXAMPLE: Final = {
    "version": "4",
    "groupKey": '{}:{alertname="OpinionMarketDiskFull"}',
    "truncatedAlerts": 0,
    "status": "firing",
    "receiver": "opinion-market",
    "groupLabels": {"alertname": "OpinionMarketDiskFull"},
    "commonLabels": {"alertname": "OpinionMarketDiskFull", "severity": "critical"},
    "commonAnnotations": {"summary": "The disk is 93% full."},
    "externalURL": "http://alertmanager:9093",
    "alerts": [
        {
            "status": "firing",
            "labels": {"alertname": "OpinionMarketDiskFull", "severity": "critical"},
            "annotations": {"summary": "The disk is 93% full."},
            "startsAt": "2026-11-22T09:30:00.123456789Z",
            "endsAt": "0001-01-01T00:00:00Z",
            "generatorURL": "http://prometheus:9090/graph?g0.expr=opinion_market_machine_disk_ratio",
            "fingerprint": "8c1d5a0c9f6b1e22",
        }
    ],
}


_TEXTS: Final = {"type": "object", "additionalProperties": {"type": "string"}}
_ALERT: Final = {
    "type": "object",
    "required": ["status", "labels", "startsAt"],
    "properties": {
        "status": {"type": "string", "enum": ["firing", "resolved"]},
        "labels": {**_TEXTS, "minProperties": 1, "description": "What tells one alert from another."},
        "annotations": {
            **_TEXTS,
            "type": ["object", "null"],
            "description": "`summary` is the reason; `description`, `runbook_url`, `owner`.",
        },
        "startsAt": {
            "type": "string",
            "format": "date-time",
            "description": "With the labels: one time of firing.",
        },
        "generatorURL": {"type": ["string", "null"], "description": "Kept in the timeline."},
    },
}
#: Open, unlike our own bodies: refusing what a later Alertmanager adds would lose alerts.
_MESSAGE: Final = {
    "type": "object",
    "required": ["version", "alerts"],
    "properties": {
        "version": {"type": "string", "enum": ["4"]},
        "alerts": {"type": "array", "maxItems": ALERTS_MAX, "items": _ALERT},
    },
    "description": "Other members of Alertmanager's message are passed over.",
}


class AlertmanagerTaken(serializers.Serializer[Any]):
    begun = serializers.IntegerField(help_text="Alerts that fire from now on.")
    ended = serializers.IntegerField(help_text="Alerts that fired until now.")
    known = serializers.IntegerField(help_text="Those that told nothing new.")


receive_alertmanager = extend_schema(
    operation_id="receiveAlertmanager",
    tags=["intelligent-alerting"],
    summary="Take alerts of Alertmanager",
    description=(
        "The receiver of Alertmanager's webhook, version 4: what fires becomes an alert, what is resolved ends it. "
        "Telling the same again changes nothing. For operators; a key needs the scope `operate`."
    ),
    auth=KEY_AUTH,
    request={"application/json": _MESSAGE},
    examples=[OpenApiExample("an alert fires", _EXAMPLE, summary="an alert fires", request_only=True)],
    responses={200: AlertmanagerTaken, **problems(400, 401, 403, 415)},
)

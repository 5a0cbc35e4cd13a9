"""The OpenAPI text of what operators do only in pairs."""

from typing import Any, Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers

from common.api.shapes import KEY_AUTH, path, problems
from markets.types import OverrideKind, OverrideStatus

_TAGS: Final = ["overrides"]
_KEY: Final = path("key", "Id or slug of the market.", "rain-in-lisbon")
_ID: Final = path("override_id", "Id of the override.", "41", OpenApiTypes.INT)


class NewOverride(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=[kind.value for kind in OverrideKind])
    reason = serializers.CharField(min_length=3, max_length=2000, help_text="Public once it is carried out.")
    payouts = serializers.JSONField(
        required=False, help_text="Of `resolve`: the result, as in a proposal; or `value` of a numeric or date market."
    )
    value = serializers.CharField(required=False, max_length=40)


class OverrideDecision(serializers.Serializer[Any]):
    reason = serializers.CharField(required=False, max_length=2000)


class Override(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    market_id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=[kind.value for kind in OverrideKind])
    payouts = serializers.ListField(child=serializers.CharField(), allow_null=True)
    value = serializers.CharField(allow_null=True)
    reason = serializers.CharField()
    requested_by = serializers.CharField(help_text="Handle.")
    requested_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(help_text="Nobody can approve it after this moment.")
    status = serializers.ChoiceField(choices=[status.value for status in OverrideStatus])
    decided_by = serializers.CharField(allow_null=True, help_text="Handle of the second operator.")
    decided_at = serializers.DateTimeField(allow_null=True)
    decision_reason = serializers.CharField(allow_blank=True)


class OverrideList(serializers.Serializer[Any]):
    items = Override(many=True)


def _request(name: str, value: dict[str, Any]) -> OpenApiExample:
    return OpenApiExample(name, value, summary=name, request_only=True)


list_overrides = extend_schema(
    operation_id="listOverrides",
    tags=_TAGS,
    summary="List the overrides of a market",
    description="The newest 100. For operators. Needs the scope `operate`.",
    auth=KEY_AUTH,
    parameters=[_KEY],
    responses={200: OverrideList, **problems(401, 403, 404)},
)
request_override = extend_schema(
    operation_id="requestOverride",
    tags=_TAGS,
    summary="Ask for an override",
    description="`resolve` decides a disputed market otherwise than proposed, `void` calls a market off, `undo` takes "
    "back a settlement, within a window. Nothing happens until another operator approves it; of a market one waits at "
    "a time. For operators; kept in the audit trail. Needs the scope `operate`.",
    auth=KEY_AUTH,
    parameters=[_KEY],
    request=NewOverride,
    responses={201: Override, **problems(400, 401, 403, 404, 409, 415, 422)},
    examples=[_request("void", {"kind": "void", "reason": "The weather service is closed for good."})],
)
approve_override = extend_schema(
    operation_id="approveOverride",
    tags=_TAGS,
    summary="Approve an override",
    description="Carries it out; if that is refused, it goes on waiting. Not for who has asked for it. For operators; "
    "kept in the audit trail. Needs the scope `operate`.",
    auth=KEY_AUTH,
    parameters=[_ID],
    request=OverrideDecision,
    responses={200: Override, **problems(400, 401, 403, 404, 409, 415, 422)},
    examples=[_request("approve", {"reason": "I have read the notice of the service."})],
)
decline_override = extend_schema(
    operation_id="declineOverride",
    tags=_TAGS,
    summary="Decline or withdraw an override",
    description="Who has asked for it withdraws it, anybody else declines it. For operators; kept in the audit trail. "
    "Needs the scope `operate`.",
    auth=KEY_AUTH,
    parameters=[_ID],
    request=OverrideDecision,
    responses={200: Override, **problems(400, 401, 403, 404, 409, 415, 422)},
    examples=[_request("decline", {"reason": "The service has only moved."})],
)

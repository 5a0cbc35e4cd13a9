"""The OpenAPI text of committees and their votes."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers

from common.api.shapes import KEY_AUTH, PUBLIC_AUTH, path, problems

_TAGS: Final = ["markets"]
_KEY: Final = path("key", "Id or slug of the market.", "rain-by-committee")


class Vote(serializers.Serializer[Any]):
    payouts = serializers.ListField(child=serializers.CharField())
    value = serializers.CharField(allow_null=True)
    reason = serializers.CharField()
    voted_at = serializers.DateTimeField()


class Seat(serializers.Serializer[Any]):
    member = serializers.CharField(help_text="Handle.")
    holds_shares = serializers.BooleanField(help_text="Of this market, or did when it was settled.")
    vote = Vote(allow_null=True)


class Committee(serializers.Serializer[Any]):
    seats = Seat(many=True)
    vote_window_s = serializers.IntegerField(help_text="How long it votes from the end of trading on.")
    vote_ends_at = serializers.DateTimeField(allow_null=True)
    needs_staff = serializers.BooleanField(help_text="Nothing was decided, or it was taken back.")


class NewVote(serializers.Serializer[Any]):
    """`payouts`, or the `value` of a numeric or date market."""

    reason = serializers.CharField(min_length=3, max_length=2000, help_text="Public.")
    payouts = serializers.JSONField(required=False, help_text="As in a proposal.")
    value = serializers.CharField(required=False, max_length=40)


def _request(name: str, value: dict[str, Any]) -> OpenApiExample:
    return OpenApiExample(name, value, summary=name, request_only=True)


get_committee = extend_schema(
    operation_id="getCommittee",
    tags=_TAGS,
    summary="Read the committee of a market",
    description="Its members, what each has said and why, and who of them holds shares.",
    auth=PUBLIC_AUTH,
    parameters=[_KEY],
    responses={200: Committee, **problems(404)},
)
cast_vote = extend_schema(
    operation_id="castVote",
    tags=_TAGS,
    summary="Vote on the result of a market",
    description="For members of its committee, from the end of trading until `vote_ends_at`; a later vote replaces "
    "yours. Needs the scope `trade`.",
    auth=KEY_AUTH,
    parameters=[_KEY],
    request=NewVote,
    responses={200: Committee, **problems(400, 401, 403, 404, 409, 415, 422)},
    examples=[_request("vote", {"payouts": {"yes": "1"}, "reason": "The station reports 4 mm."})],
)

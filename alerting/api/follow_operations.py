"""The OpenAPI text of the operations on topics, and on what of topics and series is followed."""

from typing import Any, Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers

from alerting.models import SubjectKind
from common.api.shapes import KEY_AUTH, PUBLIC_AUTH, path, problems

_TAGS: Final = ["following"]
_EMPTY: Final[Any] = {"application/json": {"type": "object", "maxProperties": 0}}
_KIND: Final = OpenApiParameter(
    "kind",
    OpenApiTypes.STR,
    OpenApiParameter.PATH,
    description="What is followed.",
    enum=SubjectKind.values,
    examples=[OpenApiExample("kind", "topic")],
)
_SLUG: Final = path("slug", "Slug of the topic or series.", "science")


class FollowableTopic(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()


class Topics(serializers.Serializer[Any]):
    items = FollowableTopic(many=True)


class FollowedSubject(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=SubjectKind.values)
    slug = serializers.CharField()
    name = serializers.CharField()


class FollowedSubjects(serializers.Serializer[Any]):
    items = FollowedSubject(many=True)


list_topics = extend_schema(
    operation_id="listTopics",
    tags=_TAGS,
    summary="List the topics",
    description="Those that have a published market, in the order of the home page.",
    auth=PUBLIC_AUTH,
    responses={200: Topics, **problems()},
)
list_follows = extend_schema(
    operation_id="listFollows",
    tags=_TAGS,
    summary="List what you follow",
    description="Topics, then series, of each the newest first. Needs the scope `read`.",
    auth=KEY_AUTH,
    responses={200: FollowedSubjects, **problems(400, 401, 403)},
)
follow = extend_schema(
    operation_id="followSubject",
    tags=_TAGS,
    summary="Follow a topic or a series",
    description="You are told of each market that opens in it. Twice changes nothing. Needs the scope `trade`.",
    auth=KEY_AUTH,
    parameters=[_KIND, _SLUG],
    request=_EMPTY,
    examples=[OpenApiExample("follow", {}, summary="follow", request_only=True)],
    responses={200: FollowedSubjects, **problems(400, 401, 403, 404, 409, 415)},
)
unfollow = extend_schema(
    operation_id="unfollowSubject",
    tags=_TAGS,
    summary="Stop following a topic or a series",
    description="What isn't followed is no mistake. Needs the scope `trade`.",
    auth=KEY_AUTH,
    parameters=[_KIND, _SLUG],
    responses={200: FollowedSubjects, **problems(401, 403, 404)},
)

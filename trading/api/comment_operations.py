"""The OpenAPI text of the routes of comments."""

from typing import Any, Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers

from common.api.shapes import KEY_AUTH, PUBLIC_AUTH, page_parameters, path, problems
from markets.types import CommentStatus, ReactionKind

_TAGS: Final = ["comments"]
_KEY: Final = path("key", "Id or slug of the market.", "rain-in-lisbon")
_OTHERS_COMMENT_ID: Final = path("comment_id", "Id of somebody else's comment.", "22", OpenApiTypes.INT)
_EMPTY: Final[Any] = {"application/json": {"type": "object", "maxProperties": 0}}
_COMMENT_ID: Final = path("comment_id", "Id of the comment.", "21", OpenApiTypes.INT)


class CommentPosition(serializers.Serializer[Any]):
    outcome = serializers.CharField()
    quantity = serializers.CharField(help_text="Shares.")


class Comment(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    market_id = serializers.IntegerField()
    thread_id = serializers.IntegerField(help_text="The first comment of the thread; its own id when it is that.")
    parent_id = serializers.IntegerField(allow_null=True, help_text="What it replies to.")
    author = serializers.CharField(help_text="Handle.")
    text = serializers.CharField(allow_blank=True, help_text="As it was typed; empty unless it is shown.")
    html = serializers.CharField(allow_blank=True, help_text="The same, safe to show.")
    status = serializers.ChoiceField(choices=[status.value for status in CommentStatus])
    removal_reason = serializers.CharField(allow_blank=True, help_text="Why a moderator hid it.")
    position = CommentPosition(
        allow_null=True, help_text="The author's largest position in the market when they wrote."
    )
    replies = serializers.IntegerField(help_text="Of the whole thread; 0 for replies.")
    reactions = serializers.DictField(
        child=serializers.IntegerField(), help_text="How many readers said what; kinds that nobody chose are left out."
    )
    created_at = serializers.DateTimeField()


class CommentPage(serializers.Serializer[Any]):
    items = Comment(many=True)
    next_cursor = serializers.CharField(allow_null=True)


class NewComment(serializers.Serializer[Any]):
    text = serializers.CharField(
        max_length=4_000, help_text="Plain text, with **strong**, *emphasis*, `code`, lists, quotes and links."
    )
    parent_id = serializers.IntegerField(required=False, help_text="What it replies to.")


class Moderation(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=500, help_text="Everybody can read it.")


def _request(name: str, value: dict[str, Any]) -> OpenApiExample:
    return OpenApiExample(name, value, summary=name, request_only=True)


_KIND: Final = OpenApiParameter(
    "kind",
    OpenApiTypes.STR,
    OpenApiParameter.PATH,
    description="What you think of it.",
    enum=[kind.value for kind in ReactionKind],
    examples=[OpenApiExample("kind", "insightful")],
)

list_comments = extend_schema(
    operation_id="listComments",
    tags=_TAGS,
    summary="List comments",
    description="The first comments of the threads, newest first; `replies` says how many there are.",
    auth=PUBLIC_AUTH,
    parameters=[_KEY, *page_parameters()],
    responses={200: CommentPage, **problems(400, 404)},
)
post_comment = extend_schema(
    operation_id="postComment",
    tags=_TAGS,
    summary="Post a comment",
    description="Needs the scope `trade`. Ten comments in five minutes at most. The same words again within a minute "
    "are refused, so that a repetition is safe.",
    auth=KEY_AUTH,
    parameters=[_KEY],
    request=NewComment,
    examples=[
        _request("thread", {"text": "The forecast says **80 %**: https://example.org/lisbon"}),
        _request("reply", {"text": "That was *yesterday*.", "parent_id": 21}),
    ],
    responses={201: Comment, **problems(400, 401, 403, 404, 409, 415)},
)
get_comment = extend_schema(
    operation_id="getComment",
    tags=_TAGS,
    summary="Read a comment",
    auth=PUBLIC_AUTH,
    parameters=[_COMMENT_ID],
    responses={200: Comment, **problems(404)},
)
delete_comment = extend_schema(
    operation_id="deleteComment",
    tags=_TAGS,
    summary="Delete your comment",
    description="Its text is gone, its replies stay. Doing it twice changes nothing. Needs the scope `trade`.",
    auth=KEY_AUTH,
    parameters=[_COMMENT_ID],
    responses={200: Comment, **problems(401, 403, 404)},
)
list_replies = extend_schema(
    operation_id="listReplies",
    tags=_TAGS,
    summary="List the replies of a thread",
    description="Oldest first.",
    auth=PUBLIC_AUTH,
    parameters=[_COMMENT_ID, *page_parameters()],
    responses={200: CommentPage, **problems(400, 404)},
)
moderate_comment = extend_schema(
    operation_id="moderateComment",
    tags=_TAGS,
    summary="Hide or restore a comment",
    description="For moderators, with the scope `trade`. The reason is public and kept in the audit trail.",
    auth=KEY_AUTH,
    request=Moderation,
    examples=[_request("reason", {"reason": "It insults another trader."})],
    parameters=[_COMMENT_ID, path("action", "hide or restore.", "hide")],
    responses={200: Comment, **problems(400, 401, 403, 404, 415)},
)
add_reaction = extend_schema(
    operation_id="addReaction",
    tags=_TAGS,
    summary="React to a comment",
    description="One of each kind by you; doing it twice changes nothing. Needs the scope `trade`.",
    auth=KEY_AUTH,
    parameters=[_OTHERS_COMMENT_ID, _KIND],
    request=_EMPTY,
    examples=[_request("react", {})],
    responses={200: Comment, **problems(400, 401, 403, 404, 409, 415)},
)
take_back_reaction = extend_schema(
    operation_id="takeBackReaction",
    tags=_TAGS,
    summary="Take a reaction back",
    description="One that isn't there is no mistake. Needs the scope `trade`.",
    auth=KEY_AUTH,
    parameters=[_OTHERS_COMMENT_ID, _KIND],
    responses={200: Comment, **problems(401, 403, 404)},
)

"""The OpenAPI text of reports and announcements, with examples that a test executes."""

from typing import Any, Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers

from accounts.types import Audience
from common.api.shapes import KEY_AUTH, PUBLIC_AUTH, path, problems
from markets.types import ReportReason


class NewContentReport(serializers.Serializer[Any]):
    reason = serializers.ChoiceField(choices=[reason.value for reason in ReportReason])
    text = serializers.CharField(required=False, max_length=500, allow_blank=True, help_text="Moderators read it.")


class ReportTaken(serializers.Serializer[Any]):
    case_id = serializers.IntegerField(help_text="Of the case in which moderators look at it.")


class Announcement(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    title = serializers.CharField()
    text = serializers.CharField(allow_blank=True, help_text="Plain text.")
    audience = serializers.ChoiceField(choices=[audience.value for audience in Audience])
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()


class Announcements(serializers.Serializer[Any]):
    items = Announcement(many=True)


_EXAMPLE: Final = OpenApiExample(
    "spam", {"reason": "spam", "text": "The same link in every market."}, summary="spam", request_only=True
)
_DESCRIPTION: Final = (
    "Once for each person while it waits for a moderator; a repetition changes nothing. A notice tells what was"
    " decided. Needs the scope `trade`. Twenty an hour at most."
)

report_comment = extend_schema(
    operation_id="reportComment",
    tags=["comments"],
    summary="Report a comment",
    description=_DESCRIPTION,
    auth=KEY_AUTH,
    parameters=[path("comment_id", "Id of the comment.", "22", OpenApiTypes.INT)],
    request=NewContentReport,
    examples=[_EXAMPLE],
    responses={201: ReportTaken, **problems(400, 401, 403, 404, 415, 422)},
)
report_market = extend_schema(
    operation_id="reportMarket",
    tags=["markets"],
    summary="Report a market",
    description=_DESCRIPTION,
    auth=KEY_AUTH,
    parameters=[path("key", "Id or slug of the market.", "rain-in-lisbon")],
    request=NewContentReport,
    examples=[_EXAMPLE],
    responses={201: ReportTaken, **problems(400, 401, 403, 404, 415, 422)},
)
list_announcements = extend_schema(
    operation_id="listAnnouncements",
    tags=["announcements"],
    summary="Read what is announced",
    description="What staff tell the caller now, the newest first; without credentials, what everybody is told.",
    auth=PUBLIC_AUTH,
    responses={200: Announcements, **problems(400)},
)

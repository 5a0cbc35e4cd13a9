"""The OpenAPI text of series and events, with examples that a test executes."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers

from common.api.shapes import KEY_AUTH, PUBLIC_AUTH, page_parameters, path, problems
from markets.types import Cadence
from trading.api.shapes import Market

_TAGS: Final = ["series"]
_SLUG: Final = path("slug", "Slug of the series.", "rain-of-the-day")
_EVENT: Final = path("event", "Name of the event, percent-encoded.", "Rain tomorrow")
_NEEDS: Final = " Needs the scope `market`; its creator and operators may."


class SeriesEvent(serializers.Serializer[Any]):
    name = serializers.CharField(help_text="The event_group of its markets.")
    at = serializers.DateTimeField(help_text="When the last of its markets ends.")
    markets = serializers.IntegerField(help_text="Published ones, counted up to 99.")


class SeriesEventPage(serializers.Serializer[Any]):
    items = SeriesEvent(many=True)
    next_cursor = serializers.CharField(allow_null=True)


class NextEvent(serializers.Serializer[Any]):
    name = serializers.CharField()
    at = serializers.DateTimeField()


class _SeriesFields(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField(allow_blank=True, help_text="Plain text.")
    cadence = serializers.ChoiceField(choices=[cadence.value for cadence in Cadence])
    creator = serializers.CharField(help_text="Handle.")
    created_at = serializers.DateTimeField()


class ListedSeries(_SeriesFields):
    events = serializers.IntegerField(help_text="Counted up to 99.")
    next_event = NextEvent(allow_null=True, help_text="The first to end of those that haven't.")


class SeriesPage(serializers.Serializer[Any]):
    items = ListedSeries(many=True)
    next_cursor = serializers.CharField(allow_null=True)


class WholeSeries(_SeriesFields):
    coming = SeriesEvent(many=True, help_text="Up to five that haven't ended, the first to end first.")
    past = SeriesEventPage(help_text="A page of those that have, the last one first.")


class NewSeries(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=80)
    cadence = serializers.ChoiceField(choices=[cadence.value for cadence in Cadence])
    description = serializers.CharField(required=False, allow_blank=True, max_length=1_000)
    slug = serializers.CharField(required=False, max_length=60, help_text="Made from the name unless given.")


class SeriesChange(serializers.Serializer[Any]):
    name = serializers.CharField(required=False, max_length=80)
    cadence = serializers.ChoiceField(choices=[cadence.value for cadence in Cadence], required=False)
    description = serializers.CharField(required=False, allow_blank=True, max_length=1_000)


class EventOfSeries(serializers.Serializer[Any]):
    event = serializers.CharField(max_length=80, help_text="An event_group that markets have.")


class SeriesOfEvent(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()


class Event(serializers.Serializer[Any]):
    name = serializers.CharField()
    series = SeriesOfEvent(allow_null=True)
    markets = Market(many=True, help_text="Published ones, the first to end first; at most 100.")


def _request(name: str, value: dict[str, Any]) -> list[OpenApiExample]:
    return [OpenApiExample(name, value, summary=name, request_only=True)]


list_series = extend_schema(
    operation_id="listSeries",
    tags=_TAGS,
    summary="List series",
    description="Recurring lines of events, the newest first.",
    auth=PUBLIC_AUTH,
    parameters=page_parameters(),
    responses={200: SeriesPage, **problems(400)},
)
create_series = extend_schema(
    operation_id="createSeries",
    tags=_TAGS,
    summary="Begin a series",
    description="Without an event yet. Needs the scope `market` and the role of a market maker. Audited.",
    auth=KEY_AUTH,
    request=NewSeries,
    examples=_request(
        "monthly", {"name": "Monthly inflation", "cadence": "monthly", "description": "The figure of every month."}
    ),
    responses={201: WholeSeries, **problems(400, 401, 403, 409, 415)},
)
get_series = extend_schema(
    operation_id="getSeries",
    tags=_TAGS,
    summary="Read a series",
    description="With its events in time order; their markets come from `GET /events/{event}` or "
    "`GET /markets?series=`. `limit` and `cursor` are of the past events.",
    auth=PUBLIC_AUTH,
    parameters=[_SLUG, *page_parameters()],
    responses={200: WholeSeries, **problems(400, 404)},
)
edit_series = extend_schema(
    operation_id="editSeries",
    tags=_TAGS,
    summary="Change a series",
    description="What is left out stays; the slug always does. Audited." + _NEEDS,
    auth=KEY_AUTH,
    parameters=[_SLUG],
    request=SeriesChange,
    examples=_request("description", {"description": "A question of every day."}),
    responses={200: WholeSeries, **problems(400, 401, 403, 404, 409, 415)},
)
place_event = extend_schema(
    operation_id="placeEvent",
    tags=_TAGS,
    summary="Put an event into a series",
    description="An event stands in one series at most; twice changes nothing. You made one of its markets, or you "
    "are an operator. Followers are told of its markets that are open, and of each that opens later. Audited." + _NEEDS,
    auth=KEY_AUTH,
    parameters=[_SLUG],
    request=EventOfSeries,
    examples=_request("event", {"event": "Rain today"}),
    responses={200: WholeSeries, **problems(400, 401, 403, 404, 409, 415)},
)
take_event_out = extend_schema(
    operation_id="takeEventOut",
    tags=_TAGS,
    summary="Take an event out of a series",
    description="Its markets stay as they are. Audited." + _NEEDS,
    auth=KEY_AUTH,
    parameters=[_SLUG, _EVENT],
    responses={200: WholeSeries, **problems(401, 403, 404)},
)
get_event = extend_schema(
    operation_id="getEvent",
    tags=_TAGS,
    summary="Read an event",
    description="The markets that share an `event_group`, side by side, and the series in which it stands.",
    auth=PUBLIC_AUTH,
    parameters=[_EVENT],
    responses={200: Event, **problems(404)},
)

"""Series of events, and events with their markets."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from common.api.access import MARKET, PUBLIC
from common.api.fields import Fields, json_body
from common.api.responses import json_response
from common.api.views import ApiView
from common.client_ip import client_ip
from common.clock import rfc3339
from common.paging import LIMIT_DEFAULT
from markets.errors import EventNotFound, SeriesNotFound
from markets.services.place_event import place_event, take_event_out
from markets.services.save_series import DESCRIPTION_LENGTH_MAX, NAME_LENGTH_MAX, create_series, edit_series
from markets.types import Cadence, SeriesSpec
from trading.api import series_operations as operations
from trading.api.documents import card_document, moment, page_document
from trading.api.market_views import page_fields
from trading.api.order_views import user_id_of
from trading.selectors.market_around import event_markets
from trading.selectors.series import EventView as SeriesEvent
from trading.selectors.series import (
    SeriesRow,
    SeriesView,
    coming_events,
    past_events,
    series_of_event,
    series_of_slug,
    series_page,
)

EVENT_LENGTH_MAX = 80


class SeriesListView(ApiView):
    access_by_method = {"GET": PUBLIC, "POST": MARKET}

    @operations.list_series
    def get(self, request: HttpRequest) -> HttpResponse:
        fields = Fields.of_query(request)
        limit, cursor = page_fields(fields)
        fields.finish()
        page = series_page(limit=limit, cursor=cursor)
        return json_response(page_document(page, [_row_document(row) for row in page.items]))

    @operations.create_series
    def post(self, request: HttpRequest) -> HttpResponse:
        fields = Fields(json_body(request))
        spec = SeriesSpec(
            name=fields.text("name", length_max=NAME_LENGTH_MAX, is_required=True),
            cadence=fields.choice("cadence", Cadence),
            description=fields.text("description", length_max=DESCRIPTION_LENGTH_MAX),
            slug=fields.text("slug", length_max=60),
        )
        fields.finish()
        made = create_series(creator_id=user_id_of(request), spec=spec, ip=client_ip(request))
        return json_response(_whole(_series_or_refuse(made.slug)), status=201)


class OneSeriesView(ApiView):
    access_by_method = {"GET": PUBLIC, "PATCH": MARKET}

    @operations.get_series
    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        fields = Fields.of_query(request)
        limit, cursor = page_fields(fields)
        fields.finish()
        return json_response(_whole(_series_or_refuse(slug), limit=limit, cursor=cursor))

    @operations.edit_series
    def patch(self, request: HttpRequest, slug: str) -> HttpResponse:
        body = json_body(request)
        now = _series_or_refuse(slug)
        fields = Fields(body)
        spec = SeriesSpec(
            name=fields.text("name", default=now.name, length_max=NAME_LENGTH_MAX),
            cadence=fields.choice("cadence", Cadence, default=Cadence(now.cadence)),
            description=fields.text("description", default=now.description, length_max=DESCRIPTION_LENGTH_MAX),
        )
        fields.finish()
        edit_series(slug=slug, actor_id=user_id_of(request), spec=spec, ip=client_ip(request))
        return json_response(_whole(_series_or_refuse(slug)))


class SeriesEventsView(ApiView):
    access = MARKET

    @operations.place_event
    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        fields = Fields(json_body(request))
        event = fields.text("event", length_max=EVENT_LENGTH_MAX, is_required=True)
        fields.finish()
        place_event(slug=slug, event=event, actor_id=user_id_of(request), ip=client_ip(request))
        return json_response(_whole(_series_or_refuse(slug)))


class SeriesEventView(ApiView):
    access = MARKET

    @operations.take_event_out
    def delete(self, request: HttpRequest, slug: str, event: str) -> HttpResponse:
        take_event_out(slug=slug, event=event, actor_id=user_id_of(request), ip=client_ip(request))
        return json_response(_whole(_series_or_refuse(slug)))


class EventView(ApiView):
    access = PUBLIC

    @operations.get_event
    def get(self, request: HttpRequest, event: str) -> HttpResponse:
        Fields.of_query(request).finish()
        found = event_markets(event)
        if not found:
            raise EventNotFound(f"No published market has the event {event!r}.")
        series = series_of_event(event)
        answer = {
            "name": event,
            "series": None if series is None else {"slug": series.slug, "name": series.name},
            "markets": [card_document(card) for card in found],
        }
        return json_response(answer)


def _series_or_refuse(slug: str) -> SeriesView:
    found = series_of_slug(slug)
    if found is None:
        raise SeriesNotFound(f"There is no series with the slug {slug}.")
    return found


def _whole(series: SeriesView, *, limit: int = LIMIT_DEFAULT, cursor: str | None = None) -> dict[str, Any]:
    past = past_events(series.id, limit=limit, cursor=cursor)
    return _series_document(series) | {
        "coming": [_event_document(one) for one in coming_events(series.id)],
        "past": page_document(past, [_event_document(one) for one in past.items]),
    }


def _row_document(row: SeriesRow) -> dict[str, Any]:
    is_coming = row.next_at is not None
    return _series_document(row.series) | {
        "events": row.events,
        "next_event": {"name": row.next_event, "at": moment(row.next_at)} if is_coming else None,
    }


def _series_document(series: SeriesView) -> dict[str, Any]:
    return {
        "slug": series.slug,
        "name": series.name,
        "description": series.description,
        "cadence": series.cadence,
        "creator": series.creator,
        "created_at": rfc3339(series.created_at),
    }


def _event_document(event: SeriesEvent) -> dict[str, Any]:
    return {"name": event.name, "at": rfc3339(event.at), "markets": event.markets}

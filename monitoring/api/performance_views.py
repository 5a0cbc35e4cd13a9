"""The measurements: now, over time, by process and route; event markers and alerts."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from common.api.access import MARK_EVENTS, MEASURE
from common.api.fields import Fields, json_body
from common.api.responses import json_response
from common.api.views import ApiView
from common.clock import rfc3339
from monitoring.api import operations
from monitoring.api.dashboard_forms import event_from
from monitoring.api.documents import alert_panel_document, current_document, history_document, marker_document
from monitoring.api.forms import HistoryQuery, breakdown_query, event_query, history_query
from monitoring.engine.layout import By
from monitoring.models import EventKind
from monitoring.selectors.alert_panel import alert_panel
from monitoring.selectors.breakdown import breakdown, busiest_keys
from monitoring.selectors.event_markers import event_markers
from monitoring.selectors.history import History, history
from monitoring.selectors.overview import current_measurements
from monitoring.selectors.thresholds import current_thresholds
from monitoring.services.record_event import record_event
from monitoring.types import SeriesKey

_WEEK: Final = timedelta(days=7)


class CurrentMetricsView(ApiView):
    access = MEASURE

    @operations.get_current
    def get(self, request: HttpRequest) -> HttpResponse:
        Fields.of_query(request).finish()
        return json_response(current_document(current_measurements(), current_thresholds()))


class MetricHistoryView(ApiView):
    access = MEASURE

    @operations.get_history
    def get(self, request: HttpRequest) -> HttpResponse:
        wanted = history_query(request)
        keys = _keys(wanted)
        found = _found(keys, wanted)
        before = _week_before(keys, wanted, found) if wanted.is_compared else None
        document = history_document(found, before)
        return json_response(document | {"dimension": wanted.dimension, "by": wanted.by.value})


class MetricBreakdownView(ApiView):
    access = MEASURE

    @operations.get_breakdown
    def get(self, request: HttpRequest) -> HttpResponse:
        by, start, end = breakdown_query(request)
        rows = breakdown(by=by.value, start=start, end=end)
        documents = [{"key": row.key, "dimension": row.dimension, "values": row.values} for row in rows]
        return json_response({"by": by.value, "start": rfc3339(start), "end": rfc3339(end), "rows": documents})


class MetricEventsView(ApiView):
    access_by_method = {"GET": MEASURE, "POST": MARK_EVENTS}

    @operations.list_events
    def get(self, request: HttpRequest) -> HttpResponse:
        wanted = event_query(request)
        found = event_markers(start=wanted.start, end=wanted.end, kinds=wanted.kinds or None, limit=wanted.limit)
        return json_response(_list([marker_document(marker) for marker in found]))

    @operations.mark_event
    def post(self, request: HttpRequest) -> HttpResponse:
        form = event_from(json_body(request))
        # Keys of systems of this site have no such beginning.
        key = None if form.key is None else f"api:{form.key}"
        is_new = record_event(
            kind=EventKind(form.kind), title=form.title, detail=form.detail, series=form.series, key=key
        )
        return json_response({"is_new": is_new}, status=201)


class MetricAlertsView(ApiView):
    access = MEASURE

    @operations.list_alerts
    def get(self, request: HttpRequest) -> HttpResponse:
        wanted = event_query(request, kinds=(EventKind.ALERT.value,))
        found = alert_panel(start=wanted.start, end=wanted.end, limit=wanted.limit)
        return json_response(alert_panel_document(found) | {"next_cursor": None})


def _keys(wanted: HistoryQuery) -> list[SeriesKey]:
    if wanted.by is By.SITE:
        return [SeriesKey(name, wanted.dimension) for name in wanted.series]
    return busiest_keys(wanted.series, by=wanted.by.value, start=wanted.start, end=wanted.end)


def _found(keys: list[SeriesKey], wanted: HistoryQuery) -> History:
    # Nobody to break down by: the times alone.
    asked = keys or [SeriesKey(wanted.series[0])]
    found = history(series=asked, start=wanted.start, end=wanted.end, step_s=wanted.step_s, aggregate=wanted.aggregate)
    return found if keys else replace(found, lines=())


def _week_before(keys: list[SeriesKey], wanted: HistoryQuery, found: History) -> History:
    earlier = replace(wanted, start=wanted.start - _WEEK, end=wanted.end - _WEEK, step_s=found.step_s)
    return _found(keys, earlier)


def _list(items: list[Any]) -> dict[str, Any]:
    return {"items": items, "next_cursor": None}

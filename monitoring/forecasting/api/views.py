"""Analytics: started and stopped, what was found and is expected, verdicts, and points of others."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse

from common.api.access import MEASURE, OPERATE_PLATFORM
from common.api.fields import Fields, json_body
from common.api.responses import json_response
from common.api.views import ApiView
from common.clock import rfc3339
from monitoring.forecasting.api import documents, forms, operations
from monitoring.forecasting.selectors import findings
from monitoring.forecasting.services.add_data_point import add_data_point
from monitoring.forecasting.services.judge_anomaly import judge_anomaly
from monitoring.forecasting.services.switch_analytics import switch_analytics


class StartAnalyticsView(ApiView):
    access = OPERATE_PLATFORM

    @operations.start_analytics
    def post(self, request: HttpRequest) -> HttpResponse:
        return _switched(request, is_on=True)


class StopAnalyticsView(ApiView):
    access = OPERATE_PLATFORM

    @operations.stop_analytics
    def post(self, request: HttpRequest) -> HttpResponse:
        return _switched(request, is_on=False)


class AnalyticsSummaryView(ApiView):
    access = MEASURE

    @operations.get_summary
    def get(self, request: HttpRequest) -> HttpResponse:
        Fields.of_query(request).finish()
        return json_response(documents.summary_document(findings.summary()))


class PredictionsView(ApiView):
    access = MEASURE

    @operations.list_predictions
    def get(self, request: HttpRequest) -> HttpResponse:
        names, with_hidden = forms.prediction_query(request)
        found = findings.predictions(names=names, with_hidden=with_hidden)
        return _list(documents.prediction_document(one) for one in found)


class AnomaliesView(ApiView):
    access = MEASURE

    @operations.list_anomalies
    def get(self, request: HttpRequest) -> HttpResponse:
        wanted = forms.finding_query(request)
        found = findings.anomalies(name=wanted.name, since=wanted.since, limit=wanted.limit)
        return _list(documents.anomaly_document(one) for one in found)


class InsightsView(ApiView):
    access = MEASURE

    @operations.list_insights
    def get(self, request: HttpRequest) -> HttpResponse:
        wanted = forms.finding_query(request)
        found = findings.insights(name=wanted.name, since=wanted.since, limit=wanted.limit)
        return _list(documents.insight_document(one) for one in found)


class AnomalyVerdictView(ApiView):
    access = OPERATE_PLATFORM

    @operations.judge_anomaly
    def post(self, request: HttpRequest, anomaly_id: str) -> HttpResponse:
        verdict = forms.verdict_from(json_body(request))
        judged = judge_anomaly(anomaly_id=int(anomaly_id), verdict=verdict, actor_id=_user_id(request))
        return json_response(documents.anomaly_document(judged))


class AddDataPointView(ApiView):
    access = OPERATE_PLATFORM

    @operations.add_data_point
    def post(self, request: HttpRequest) -> HttpResponse:
        form = forms.point_from(json_body(request))
        taken = add_data_point(name=form.name, value=form.value, metadata=form.metadata, at=form.at)
        return json_response({"metric_name": taken.name, "at": rfc3339(taken.at)}, status=201)


def _switched(request: HttpRequest, *, is_on: bool) -> HttpResponse:
    Fields(json_body(request)).finish()
    has_changed = switch_analytics(is_on=is_on, actor_id=_user_id(request))
    return json_response({"is_on": is_on, "has_changed": has_changed})


def _list(items: Iterable[dict[str, Any]]) -> HttpResponse:
    return json_response({"items": list(items), "next_cursor": None})


def _user_id(request: HttpRequest) -> int:
    user_id: int = request.api_caller.user_id  # type: ignore[attr-defined]
    return user_id

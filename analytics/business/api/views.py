"""Business figures: the catalogue, its values, and the five answers made of them; and what a trader may like."""

from django.http import HttpRequest, HttpResponse

from analytics.business.api import answers, documents, forms, operations
from analytics.business.selectors import catalogue
from analytics.business.selectors.metric_rows import metric_rows
from analytics.business.selectors.recommendations import recommendations
from analytics.business.selectors.rows import today
from common.api.access import BUSINESS, READ
from common.api.fields import Fields
from common.api.responses import json_response
from common.api.views import ApiView


class MarketAnalyticsView(ApiView):
    access = BUSINESS

    @operations.market_analytics
    def get(self, request: HttpRequest) -> HttpResponse:
        asked = forms.range_query(request, has_grain=True)
        return json_response(answers.market_answer(asked.name, asked.grain, today()))


class RevenueAnalyticsView(ApiView):
    access = BUSINESS

    @operations.revenue_analytics
    def get(self, request: HttpRequest) -> HttpResponse:
        asked = forms.range_query(request, has_grain=True)
        return json_response(answers.revenue_answer(asked.name, asked.grain, today()))


class PredictiveInsightsView(ApiView):
    access = BUSINESS

    @operations.predictive_insights
    def get(self, request: HttpRequest) -> HttpResponse:
        return json_response(answers.predictive_answer(forms.range_query(request).name, today()))


class DashboardSummaryView(ApiView):
    access = BUSINESS

    @operations.dashboard_summary
    def get(self, request: HttpRequest) -> HttpResponse:
        return json_response(answers.dashboard_answer(forms.range_query(request).name, today()))


class KpiSummaryView(ApiView):
    access = BUSINESS

    @operations.kpi_summary
    def get(self, request: HttpRequest) -> HttpResponse:
        return json_response(answers.key_figure_answer(forms.range_query(request).name, today()))


class MetricsView(ApiView):
    access = BUSINESS

    @operations.list_metrics
    def get(self, request: HttpRequest) -> HttpResponse:
        Fields.of_query(request).finish()
        items = [documents.metric_document(one) for one in catalogue.metrics()]
        return json_response({"items": items, "next_cursor": None})


class MetricView(ApiView):
    access = BUSINESS

    @operations.get_metric
    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        metric, asked = catalogue.metric(name), forms.metric_query(request)
        rows = metric_rows(
            metric=name,
            start=asked.start,
            end=asked.end,
            grain=asked.grain,
            dimensions=asked.dimensions,
            filters=asked.filters,
        )
        items = [documents.row_document(metric, row, asked.dimensions) for row in rows]
        return json_response({"metric": documents.metric_document(metric), "items": items, "next_cursor": None})


class RecommendationsView(ApiView):
    access = READ

    @operations.list_recommendations
    def get(self, request: HttpRequest) -> HttpResponse:
        fields = Fields.of_query(request)
        limit = fields.integer("limit", low=1, high=50, default=10)
        fields.finish()
        user_id: int = request.api_caller.user_id  # type: ignore[attr-defined]
        found = recommendations(user_id=user_id, today=today(), limit=limit)
        return json_response({"items": [documents.recommendation_document(one) for one in found], "next_cursor": None})

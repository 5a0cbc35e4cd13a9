"""The OpenAPI text of each operation, with examples that a test executes."""

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema

from analytics.business.api import shapes
from analytics.business.selectors.ranges import RANGES
from analytics.business.types import Dimension, Grain
from common.api.shapes import KEY_AUTH, path, problems, query, whole

Handler = Callable[..., HttpResponse]
Describe = Callable[[Handler], Handler]
_TAGS: Final = ["business intelligence"]
_STAFF: Final = "For analysts, operators and admins; a key needs the scope `report`."
_RANGE: Final = query("range", "The days up to and with today.", enum=list(RANGES), default="30d")
_GRAIN: Final = query("grain", "Of the lines; weeks begin on Monday.", enum=[one.value for one in Grain], default="day")


def _reading(operation_id: str, summary: str, description: str, shape: Any, *parameters: Any) -> Describe:
    return extend_schema(
        operation_id=operation_id,
        tags=_TAGS,
        summary=summary,
        description=f"{description} {_STAFF}",
        auth=KEY_AUTH,
        parameters=list(parameters),
        responses={200: shape, **problems(401, 403)},
    )


market_analytics = _reading(
    "getMarketAnalytics",
    "Read growth, engagement and market quality",
    "Lines over time; retention, lifecycle, funnel; peak hours, popular markets, segments, patterns; calibration.",
    shapes.MarketAnalytics,
    _RANGE,
    _GRAIN,
)
revenue_analytics = _reading(
    "getRevenueAnalytics",
    "Read what the site earned",
    "By source and topic, held against the ledger to the unit, with a forecast.",
    shapes.RevenueAnalytics,
    _RANGE,
    _GRAIN,
)
predictive_insights = _reading(
    "getPredictiveInsights",
    "Read what is expected and what changed",
    "Forecasts with intervals and their skill against the last value and the same weekday; significant changes.",
    shapes.PredictiveInsights,
    _RANGE,
)
dashboard_summary = _reading(
    "getBusinessDashboard", "Read the overview", "What the first page for managers shows.", shapes.BusinessDashboard,
    _RANGE,
)  # fmt: skip
kpi_summary = _reading(
    "getKpiSummary", "Read the key figures", "Each beside the same number of days before.", shapes.KpiSummary, _RANGE
)
list_metrics = _reading(
    "listBusinessMetrics",
    "Read the catalogue of figures",
    "Name, formula, unit, grain, owner and source of each figure of dashboards, this API and reports.",
    shapes.BusinessMetrics,
)
get_metric = extend_schema(
    operation_id="getBusinessMetric",
    tags=_TAGS,
    summary="Read a figure over time",
    description="By period and dimension. Credits and shares are decimal strings; null is unknown, never zero. "
    f"{_STAFF}",
    auth=KEY_AUTH,
    parameters=[
        path("name", "Name of a metric.", "volume"),
        query("start", "First day, 30 days before the end unless given.", OpenApiTypes.DATE),
        query("end", "The day after the last one; tomorrow unless given.", OpenApiTypes.DATE),
        _GRAIN,
        query(
            "dimensions", f"With commas between them: {', '.join(Dimension)}; what a metric has is in the catalogue."
        ),
        query("topic", "Only these, with commas between them."),
        query("market", "Only these, by slug."),
        query("kind", "Only markets of these kinds: binary, categorical."),
        query("segment", "Only `people` or `simulated` traders."),
    ],
    responses={200: shapes.MetricValues, **problems(400, 401, 403, 404)},
)
list_recommendations = extend_schema(
    operation_id="listRecommendations",
    tags=_TAGS,
    summary="Read which markets you may like",
    description="From the topics you trade in and from people who trade in the same markets; each with its reasons. "
    "A key needs the scope `read`.",
    auth=KEY_AUTH,
    parameters=[whole("limit", "So many, 1 to 50.", high=50, default=10)],
    responses={200: shapes.MarketRecommendations, **problems(401, 403)},
)

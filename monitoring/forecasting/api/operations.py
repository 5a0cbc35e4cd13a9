"""The OpenAPI text of each operation, with examples that a test executes."""

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema

from common.api.shapes import KEY_AUTH, path, problems, query, whole
from monitoring.engine.spans import SPANS
from monitoring.forecasting.api import shapes

Handler = Callable[..., HttpResponse]
Describe = Callable[[Handler], Handler]
_TAGS: Final = ["metric analytics"]
_READ: Final = "For staff who watch the site (analyst, operator, admin); a key needs the scope `read`."
_ACT: Final = "For operators; a key needs the scope `operate`."
_EMPTY: Final[Any] = {"application/json": {"type": "object", "maxProperties": 0}}
_FINDINGS: Final = (
    query("metric_name", "One series only."),
    query("range", "The time that ends now.", enum=list(SPANS), default="24h"),
    whole("limit", "The newest so many, 1 to 500.", high=500, default=100),
)


def _request(name: str, value: dict[str, Any]) -> OpenApiExample:
    return OpenApiExample(name, value, summary=name, request_only=True)


def _switch(operation_id: str, summary: str, description: str) -> Describe:
    return extend_schema(
        operation_id=operation_id,
        tags=_TAGS,
        summary=summary,
        description=f"{description} It lasts through restarts; doing it twice changes nothing. {_ACT} Audited.",
        auth=KEY_AUTH,
        request=_EMPTY,
        examples=[_request("switch", {})],
        responses={200: shapes.AnalyticsSwitched, **problems(400, 401, 403, 415)},
    )


def _reading(operation_id: str, summary: str, description: str, shape: Any, *parameters: Any) -> Describe:
    return extend_schema(
        operation_id=operation_id,
        tags=_TAGS,
        summary=summary,
        description=f"{description} {_READ}",
        auth=KEY_AUTH,
        parameters=list(parameters),
        responses={200: shape, **problems(401, 403)},
    )


start_analytics = _switch("startAnalytics", "Start analytics", "Within a minute every series is watched and forecast.")
stop_analytics = _switch("stopAnalytics", "Stop analytics", "Nothing is watched until it is started again.")
get_summary = _reading(
    "getAnalyticsSummary", "Read how analytics stand", "What is watched and found.", shapes.AnalyticsSummary
)
list_predictions = _reading(
    "listPredictions",
    "Read the forecasts",
    "The newest of each series at each horizon, with intervals and with its skill against the last value.",
    shapes.MetricPredictions,
    query("metric_name", "Series, with commas between them; all unless given."),
    query("hidden", "Also those without skill.", enum=["yes", "no"], default="no"),
)
list_anomalies = _reading(
    "listAnomalies", "Read what was unusual", "Minutes of series, newest first.", shapes.MetricAnomalies, *_FINDINGS
)
list_insights = _reading(
    "listInsights",
    "Read what anomalies mean",
    "What changed, what moved with it, which events were near, what to look at first; newest first.",
    shapes.MetricInsights,
    *_FINDINGS,
)
judge_anomaly = extend_schema(
    operation_id="judgeAnomaly",
    tags=_TAGS,
    summary="Judge an anomaly",
    description=f"After `normal` the same series has to be more unusual to be reported again. {_ACT} Audited.",
    auth=KEY_AUTH,
    parameters=[path("anomaly_id", "Id of an anomaly.", "31", OpenApiTypes.INT)],
    request=shapes.VerdictRequest,
    examples=[_request("normal", {"verdict": "normal"})],
    responses={200: shapes.MetricAnomaly, **problems(400, 401, 403, 404, 415)},
)
add_data_point = extend_schema(
    operation_id="addDataPoint",
    tags=_TAGS,
    summary="Send a value of your own metric",
    description="It is watched and forecast like the site's own series; up to 50 names, kept for two weeks. A late "
    f"point counts for forecasts only. {_ACT}",
    auth=KEY_AUTH,
    request=shapes.DataPointRequest,
    examples=[
        _request("gauge", {"metric_name": "office_temperature", "value": 21.5, "metadata": {"room": "2"}}),
        _request("counter", {"metric_name": "parcels_total", "value": 1204, "metadata": {"kind": "counter"}}),
    ],
    responses={201: shapes.DataPointTaken, **problems(400, 401, 403, 409, 415)},
)

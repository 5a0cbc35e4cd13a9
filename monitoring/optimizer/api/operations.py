"""The OpenAPI text of each operation, with examples that a test executes."""

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema

from common.api.shapes import KEY_AUTH, path, problems, whole
from monitoring.optimizer.api import shapes

Handler = Callable[..., HttpResponse]
Describe = Callable[[Handler], Handler]
_ADVANCED: Final = ["advanced performance"]
_AI: Final = ["ai optimization"]
_READ: Final = "For staff who watch the site (analyst, operator, admin); a key needs the scope `read`."
_ACT: Final = "For operators; a key needs the scope `operate`. It is kept in the audit trail."
_EMPTY: Final[Any] = {"application/json": {"type": "object", "maxProperties": 0}}
_PAGE: Final = (
    whole("before", "Only those with a lower id.", high=2**62),
    whole("limit", "1 to 200.", high=200, default=50),
)


def _request(name: str, value: dict[str, Any]) -> OpenApiExample:
    return OpenApiExample(name, value, summary=name, request_only=True)


def _switch(tags: list[str], operation_id: str, summary: str, description: str) -> Describe:
    return extend_schema(
        operation_id=operation_id,
        tags=tags,
        summary=summary,
        description=f"{description} It lasts through restarts; doing it twice changes nothing. {_ACT}",
        auth=KEY_AUTH,
        request=_EMPTY,
        examples=[_request("switch", {})],
        responses={200: shapes.OptimizerSwitched, **problems(400, 401, 403, 415)},
    )


def _reading(
    tags: list[str], operation_id: str, summary: str, description: str, shape: Any, *parameters: Any
) -> Describe:
    return extend_schema(
        operation_id=operation_id,
        tags=tags,
        summary=summary,
        description=f"{description} {_READ}",
        auth=KEY_AUTH,
        parameters=list(parameters),
        responses={200: shape, **problems(401, 403)},
    )


def _decision(operation_id: str, summary: str, description: str, request: Any, example: dict[str, Any]) -> Describe:
    return extend_schema(
        operation_id=operation_id,
        tags=_AI,
        summary=summary,
        description=f"{description} {_ACT}",
        auth=KEY_AUTH,
        parameters=[path("recommendation_id", "Id of a recommendation.", "57", OpenApiTypes.INT)],
        request=request,
        examples=[_request("decide", example)],
        responses={200: shapes.OptimizerRecommendation, **problems(400, 401, 403, 404, 409, 415)},
    )


_LOOKS: Final = "Metrics are compared with what is usual, and findings are made, as often as the strategy says."
start_monitoring = _switch(_ADVANCED, "startOptimizerMonitoring", "Start looking", _LOOKS)
stop_monitoring = _switch(_ADVANCED, "stopOptimizerMonitoring", "Stop looking", "Nothing is found nor done any more.")
start_optimization = _switch(
    _ADVANCED, "startOptimization", "Start acting", "What the strategy allows is done without asking."
)
stop_optimization = _switch(
    _ADVANCED, "stopOptimization", "Stop acting", "Nothing is done without asking; what is being watched still is."
)
start_ai_monitoring = _switch(_AI, "startAiOptimizerMonitoring", "Start looking", _LOOKS)
trigger_optimization = extend_schema(
    operation_id="triggerOptimization",
    tags=_ADVANCED,
    summary="Optimize now",
    description="Looks for findings of one kind at once, does what the strategy allows, and has every process clean "
    "its caches, collect garbage or reconnect for the kinds cache, memory and connection. With `setting` and `value` "
    f"a setting is changed by hand; it is watched like any change and taken back if it does harm. {_ACT}",
    auth=KEY_AUTH,
    request=shapes.TriggerOptimization,
    examples=[
        _request("cache", {"optimization_type": "cache", "parameters": {}}),
        _request("dry run", {"optimization_type": "query", "parameters": {"dry_run": True}}),
        _request("by hand", {"optimization_type": "database", "parameters": {"setting": "http_threads", "value": 24}}),
    ],
    responses={200: shapes.OptimizationTriggered, **problems(400, 401, 403, 409, 415)},
)
get_summary = _reading(
    _ADVANCED, "getOptimizerSummary", "Read how it stands", "Strategy, score, settings in force, newest optimisations.",
    shapes.OptimizerSummary,
)  # fmt: skip
get_metrics = _reading(
    _ADVANCED, "getOptimizerMetrics", "Read the metrics", "The newest values beside what is usual at this hour.",
    shapes.OptimizerMetrics,
)  # fmt: skip
get_predictions = _reading(
    _ADVANCED, "getOptimizerPredictions", "Read where metrics go",
    "A straight line 30 minutes ahead with R2 as its confidence, beside the forecasting system's own forecast.",
    shapes.OptimizerPredictions,
)  # fmt: skip
list_actions = _reading(
    _ADVANCED, "listOptimizationActions", "Read what was done", "The newest first, with the effect that was measured.",
    shapes.OptimizerRecommendations, *_PAGE,
)  # fmt: skip
get_health = _reading(
    _ADVANCED, "getOptimizerHealth", "Read whether it works", "Whether optimisations come in time, and what it may do.",
    shapes.OptimizerHealth,
)  # fmt: skip
list_recommendations = _reading(
    _AI, "listOptimizerRecommendations", "Read what is open", "Proposed, waiting or being watched; by priority.",
    shapes.OptimizerRecommendations,
)  # fmt: skip
get_ai_predictions = _reading(
    _AI, "getAiOptimizerPredictions", "Read where metrics go",
    "A straight line 30 minutes ahead with R2 as its confidence, beside the forecasting system's own forecast.",
    shapes.OptimizerPredictions,
)  # fmt: skip
list_history = _reading(
    _AI, "listOptimizerHistory", "Read what has ended", "Kept, taken back, inconclusive, dismissed; the newest first.",
    shapes.OptimizerRecommendations, *_PAGE,
)  # fmt: skip
get_status = _reading(
    _AI, "getOptimizerStatus", "Read the status", "Switches, strategy, score, and how well its promises came true.",
    shapes.OptimizerStatus,
)  # fmt: skip
approve = _decision(
    "approveOptimizerRecommendation", "Approve", "It is done, and watched from then on.", _EMPTY, {}
)  # fmt: skip
dismiss = _decision(
    "dismissOptimizerRecommendation", "Dismiss", "The same is not proposed again for a day.",
    shapes.OptimizerReason, {"reason": "We know; it is by design."},
)  # fmt: skip
revert = _decision(
    "revertOptimizerRecommendation", "Take back", "What was before is in force again within seconds.",
    shapes.OptimizerReason, {"reason": "Traders complained."},
)  # fmt: skip

"""The OpenAPI text of each operation, with examples that a test executes."""

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema

from common.api.shapes import KEY_AUTH, problems, query, whole
from monitoring.scaling.api import shapes
from monitoring.scaling.api.forms import TimelineRange

Handler = Callable[..., HttpResponse]
Describe = Callable[[Handler], Handler]
_TAGS: Final = ["auto-scaling"]
_READ: Final = "For staff who watch the site (analyst, operator, admin); a key needs the scope `read`."
_ACT: Final = "For operators; a key needs the scope `operate`. It is kept in the audit trail."
_EMPTY: Final[Any] = {"application/json": {"type": "object", "maxProperties": 0}}


def _request(name: str, value: dict[str, Any]) -> OpenApiExample:
    return OpenApiExample(name, value, summary=name, request_only=True)


def _switch(operation_id: str, summary: str, description: str) -> Describe:
    return extend_schema(
        operation_id=operation_id,
        tags=_TAGS,
        summary=summary,
        description=f"{description} It lasts through restarts; doing it twice changes nothing. {_ACT}",
        auth=KEY_AUTH,
        request=_EMPTY,
        examples=[_request("switch", {})],
        responses={200: shapes.ScalingSwitched, **problems(400, 401, 403, 415)},
    )


def _reading(
    operation_id: str, summary: str, description: str, shape: Any, *parameters: Any, refusals: tuple[int, ...] = ()
) -> Describe:
    return extend_schema(
        operation_id=operation_id,
        tags=_TAGS,
        summary=summary,
        description=f"{description} {_READ}",
        auth=KEY_AUTH,
        parameters=list(parameters),
        responses={200: shape, **problems(*refusals, 401, 403)},
    )


start_scaling = _switch("startScaling", "Start scaling", "Every 15 s it is decided how many instances are needed.")
stop_scaling = _switch("stopScaling", "Stop scaling", "Nothing is decided until it is started again.")
get_summary = _reading(
    "getScalingSummary", "Read how scaling stands", "Targets with their last decisions.", shapes.ScalingSummary
)
list_policies = _reading(
    "listScalingPolicies", "Read the policies", "When instances are added and taken away.", shapes.ScalingPolicies
)
save_policy = extend_schema(
    operation_id="saveScalingPolicy",
    tags=_TAGS,
    summary="Make or change a policy",
    description=f"The policy of this name is replaced. What is left out is as the environment has it. {_ACT}",
    auth=KEY_AUTH,
    request=shapes.NewScalingPolicy,
    examples=[
        _request(
            "orders",
            {
                "name": "orders",
                "metric_name": "orders",
                "scale_up_threshold": 400,
                "scale_down_threshold": 100,
                "min_instances": 1,
                "max_instances": 8,
                "cooldown_period": 120,
                "per_instance": True,
            },
        )
    ],
    responses={201: shapes.ScalingPolicy, **problems(400, 401, 403, 404, 415)},
)
list_decisions = _reading(
    "listScalingDecisions",
    "Read decisions",
    "The newest first, each with what it was made from; those that changed nothing are kept three days, others 90.",
    shapes.ScalingDecisions,
    query("target", "Only of this target."),
    query("changes", "Only those that asked for a change.", OpenApiTypes.BOOL),
    query("before", "Only older ones.", OpenApiTypes.DATETIME),
    whole("limit", "1 to 500.", high=500, default=100),
    query("cursor", "next_cursor of the page before. It survives inserts and belongs to the same filter."),
    refusals=(400,),
)
scale_manual = extend_schema(
    operation_id="scaleManually",
    tags=_TAGS,
    summary="Set a count by hand",
    description="Holds the target at the count for `duration_s` (one hour unless given), above every policy and pause; "
    f"carried out within 15 s, also while scaling is stopped. {_ACT}",
    auth=KEY_AUTH,
    request=shapes.ScaleByHand,
    examples=[_request("by hand", {"target_instances": 3, "reason": "The final begins at eight."})],
    responses={200: shapes.ScalingTarget, **problems(400, 401, 403, 404, 415)},
)
list_recommendations = _reading(
    "listScalingRecommendations",
    "Read advice",
    "What the newest decisions would change and nobody has carried out.",
    shapes.ScalingRecommendations,
)
_PAUSE: Final = {"pause": "in", "reason": "The final is tonight.", "duration_s": 14400}
pause_scaling = extend_schema(
    operation_id="pauseScaling",
    tags=_TAGS,
    summary="Withhold changes for a while",
    description="Withholds every change (`all`), those inwards (`in`) or outwards (`out`) for `duration_s` (one hour "
    f"unless given); `none` ends a pause. A count by hand is above it. {_ACT}",
    auth=KEY_AUTH,
    request=shapes.PauseScaling,
    examples=[_request("pause", _PAUSE), _request("go on", {"pause": "none"})],
    responses={200: shapes.ScalingTarget, **problems(400, 401, 403, 404, 415)},
)
release_scaling = extend_schema(
    operation_id="releaseScaling",
    tags=_TAGS,
    summary="End a count by hand",
    description=f"The next decision follows the policies again. {_ACT}",
    auth=KEY_AUTH,
    request=shapes.ReleaseScaling,
    examples=[_request("release", {"target": "web"})],
    responses={200: shapes.ScalingTarget, **problems(400, 401, 403, 404, 415)},
)
get_timeline = _reading(
    "getScalingTimeline",
    "Read instances over time",
    "In at most 360 steps; for a week, steps older than three days tell only of changes.",
    shapes.ScalingTimeline,
    query("target", "What is scaled.", default="web"),
    query("range", "The time that ends now.", enum=list(TimelineRange), default="24h"),
    refusals=(404,),
)
what_if = extend_schema(
    operation_id="replayScaling",
    tags=_TAGS,
    summary="Try a policy on the last day",
    description="Replays the measured minutes of the last day by the target's policies with one of them changed, and "
    f"tells what there would have been. It changes nothing. {_READ}",
    auth=KEY_AUTH,
    request=shapes.WhatIfAsked,
    examples=[_request("earlier", {"name": "cpu", "scale_up_threshold": 60, "cooldown_period": 120})],
    responses={200: shapes.ScalingWhatIf, **problems(400, 401, 403, 404, 415)},
)

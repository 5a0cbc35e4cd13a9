"""The OpenAPI text of each operation, with examples that a test executes."""

from typing import Any, Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema

from common.api.shapes import KEY_AUTH, PUBLIC_AUTH, path, problems, query, whole
from monitoring.api import shapes
from monitoring.api.forms import Aggregate
from monitoring.engine.spans import SPANS

_WATCH: Final = ["performance dashboard"]
_ADVANCED: Final = ["advanced dashboard"]
_STAFF: Final = "For staff who watch the site (analyst, operator, admin); a key needs the scope `read`."
_OWN: Final = "For staff who watch the site; a key needs the scope `report`."
_DASHBOARD_ID: Final = path("dashboard_id", "Id of a dashboard of yours.", "31", OpenApiTypes.INT)
_EMPTY: Final[Any] = {"application/json": {"type": "object", "maxProperties": 0}}


def _time(default: str) -> list[OpenApiParameter]:
    return [
        query("range", "The time that ends now.", enum=list(SPANS), default=default),
        query("start", "Instead of range: from this moment.", OpenApiTypes.DATETIME),
        query("end", "With start: to this moment; now unless given.", OpenApiTypes.DATETIME),
    ]


def _request(name: str, value: dict[str, Any]) -> OpenApiExample:
    return OpenApiExample(name, value, summary=name, request_only=True)


_LAYOUT: Final = [
    {"series": ["cpu_usage", "memory_usage"], "kind": "line", "title": "Machine", "width": 2},
    {"series": ["response_time_p95"], "by": "route", "kind": "table", "title": "Slow routes", "width": 2},
]

get_health = extend_schema(
    operation_id="getHealth",
    tags=["service"],
    summary="Read how the site is",
    description="In a word for everybody; staff who watch the site also get ages and processes. 503 when nothing can "
    "be written.",
    auth=PUBLIC_AUTH,
    responses={200: shapes.SiteHealth, **problems()},
)
get_current = extend_schema(
    operation_id="getCurrentMetrics",
    tags=_WATCH,
    summary="Read the newest measurements",
    description=f"Every series of the catalogue with its newest value, and every process. {_STAFF}",
    auth=KEY_AUTH,
    responses={200: shapes.CurrentMetrics, **problems(401, 403)},
)
get_history = extend_schema(
    operation_id="getMetricHistory",
    tags=_WATCH,
    summary="Read measurements over time",
    description="Columns for charts: `times` and, for each series, the values at these times. The resolution follows "
    f"from the length asked for; at most 600 points. Gaps are null, never zero. {_STAFF}",
    auth=KEY_AUTH,
    parameters=[
        OpenApiParameter(
            "series",
            str,
            OpenApiParameter.QUERY,
            description="1 to 20 names, with commas between them or the parameter repeated.",
            required=True,
            examples=[OpenApiExample("two", "cpu_usage,response_time")],
        ),
        *_time("1h"),
        query("step", "Seconds a point; at least what 600 points need.", OpenApiTypes.INT),
        query("dimension", "process:NAME or route:METHOD TEMPLATE; the whole site unless given."),
        query("by", "One line for each process or route instead; the 12 busiest.", enum=["process", "route"]),
        query("aggregate", "What a point tells of its step.", enum=[one.value for one in Aggregate], default="mean"),
        query("compare", "Adds the values of a week before.", enum=["last_week"]),
    ],
    responses={200: shapes.MetricHistory, **problems(401, 403)},
)
get_breakdown = extend_schema(
    operation_id="getMetricBreakdown",
    tags=_WATCH,
    summary="Read measurements by process or route",
    description=f"The busiest first, at most 40. {_STAFF}",
    auth=KEY_AUTH,
    parameters=[
        OpenApiParameter(
            "by",
            str,
            OpenApiParameter.QUERY,
            required=True,
            enum=["process", "route"],
            description="What to break down by.",
            examples=[OpenApiExample("route", "route")],
        ),
        *_time("15m"),
    ],
    responses={200: shapes.MetricBreakdown, **problems(401, 403)},
)
list_events = extend_schema(
    operation_id="listMetricEvents",
    tags=_WATCH,
    summary="List event markers",
    description=f"Deployments, alerts and scalings, newest first: what explains a change in the charts. {_STAFF}",
    auth=KEY_AUTH,
    parameters=[
        *_time("24h"),
        query("kind", "deploy, alert or scaling; several with commas between them."),
        whole("limit", "1 to 500.", high=500, default=100),
    ],
    responses={200: shapes.Markers, **problems(401, 403)},
)
mark_event = extend_schema(
    operation_id="markMetricEvent",
    tags=_WATCH,
    summary="Mark a deployment or scaling",
    description="For operators, and the pipelines that act for them: a key needs the scope `operate`. With a `key` it "
    "is marked once, however often it is sent.",
    auth=KEY_AUTH,
    request=shapes.NewMarker,
    responses={201: shapes.Marked, **problems(400, 401, 403, 415)},
    examples=[_request("deploy", {"kind": "deploy", "title": "Version 1.4.2", "key": "deploy-1.4.2"})],
)
list_alerts = extend_schema(
    operation_id="listMetricAlerts",
    tags=_WATCH,
    summary="List alerts",
    description=f"Newest first. {_STAFF}",
    auth=KEY_AUTH,
    parameters=[*_time("24h"), whole("limit", "1 to 500.", high=500, default=100)],
    responses={200: shapes.MetricAlerts, **problems(401, 403)},
)
get_summary = extend_schema(
    operation_id="getDashboardSummary",
    tags=_ADVANCED,
    summary="Read the site at a glance",
    description=f"Cards with trend against an hour ago and sparkline, what stands out, and alerts. {_STAFF}",
    auth=KEY_AUTH,
    responses={200: shapes.DashboardSummary, **problems(401, 403)},
)
list_dashboards = extend_schema(
    operation_id="listDashboards",
    tags=_ADVANCED,
    summary="List your dashboards",
    description=f"By name; at most 50. {_STAFF}",
    auth=KEY_AUTH,
    responses={200: shapes.SavedDashboards, **problems(401, 403)},
)
create_dashboard = extend_schema(
    operation_id="createDashboard",
    tags=_ADVANCED,
    summary="Keep a dashboard of your own",
    description=f"Panels in the order in which they are shown. {_OWN}",
    auth=KEY_AUTH,
    request=shapes.NewDashboard,
    responses={201: shapes.SavedDashboard, **problems(400, 401, 403, 409, 415)},
    examples=[_request("dashboard", {"name": "My morning", "range": "6h", "layout": _LAYOUT})],
)
get_dashboard = extend_schema(
    operation_id="getDashboard",
    tags=_ADVANCED,
    summary="Read a dashboard of yours",
    description=_STAFF,
    auth=KEY_AUTH,
    parameters=[_DASHBOARD_ID],
    responses={200: shapes.SavedDashboard, **problems(401, 403, 404)},
)
replace_dashboard = extend_schema(
    operation_id="replaceDashboard",
    tags=_ADVANCED,
    summary="Change a dashboard of yours",
    description=f"The whole document; a link to it goes on to work. {_OWN}",
    auth=KEY_AUTH,
    parameters=[_DASHBOARD_ID],
    request=shapes.NewDashboard,
    responses={200: shapes.SavedDashboard, **problems(400, 401, 403, 404, 409, 415)},
    examples=[_request("dashboard", {"name": "Renamed", "layout": _LAYOUT[:1]})],
)
delete_dashboard = extend_schema(
    operation_id="deleteDashboard",
    tags=_ADVANCED,
    summary="Delete a dashboard of yours",
    description=f"Its link stops to work. Answers what it was. {_OWN}",
    auth=KEY_AUTH,
    parameters=[_DASHBOARD_ID],
    responses={200: shapes.SavedDashboard, **problems(401, 403, 404)},
)
share_dashboard = extend_schema(
    operation_id="shareDashboard",
    tags=_ADVANCED,
    summary="Share a dashboard of yours",
    description=f"Whoever may watch the site can read it by `share_path`. Send an empty object. {_OWN}",
    auth=KEY_AUTH,
    parameters=[_DASHBOARD_ID],
    request=_EMPTY,
    responses={200: shapes.SavedDashboard, **problems(400, 401, 403, 404, 415)},
    examples=[_request("share", {})],
)
unshare_dashboard = extend_schema(
    operation_id="unshareDashboard",
    tags=_ADVANCED,
    summary="Take a link back",
    description=f"The link never works again. {_OWN}",
    auth=KEY_AUTH,
    parameters=[_DASHBOARD_ID],
    responses={200: shapes.SavedDashboard, **problems(401, 403, 404)},
)
get_shared = extend_schema(
    operation_id="getSharedDashboard",
    tags=_ADVANCED,
    summary="Read a dashboard by its link",
    description=_STAFF,
    auth=KEY_AUTH,
    parameters=[path("token", "The last part of the link.", "q3V9mFh0sYb1xZtL8wCkR2uJ5nDaPeTg7oKiXvBySrM")],
    responses={200: shapes.SavedDashboard, **problems(401, 403, 404)},
)

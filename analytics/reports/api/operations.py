"""The OpenAPI text of each operation, with examples that a test executes."""

from typing import Any, Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema

from analytics.reports.api import shapes
from common.api.shapes import KEY_AUTH, page_parameters, path, problems, whole

_TAGS: Final = ["reports"]
_READ: Final = "For analysts, operators and admins; a key needs the scope `report`."
_KEY: Final = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="Yours, at most 60 characters."
)
_REPORT_ID: Final = path("report_id", "Id of the report.", "31", OpenApiTypes.INT)
_DEFINITION_ID: Final = path("definition_id", "Id of the definition.", "31", OpenApiTypes.INT)
_WEEKLY: Final[dict[str, Any]] = {
    "title": "Weekly volume by topic",
    "metrics": ["volume", "trades", "fee_yield"],
    "dimensions": ["topic"],
    "period": "last_90_days",
    "grain": "week",
    "format": "xlsx",
    "shared_with": ["analyst"],
    "schedule": {"cadence": "weekly", "weekday": 0, "at": "06:30", "time_zone": "Europe/Lisbon", "delivery": "link"},
}


def _request(name: str, value: dict[str, Any]) -> OpenApiExample:
    return OpenApiExample(name, value, summary=name, request_only=True)


generate_report = extend_schema(
    operation_id="generateReport",
    tags=_TAGS,
    summary="Make a report",
    description="It is made in the background: follow `links.self` until its status is COMPLETED, FAILED or CANCELLED, "
    "then take `links.download`. Over the same data the same definition answers the same file. The same "
    f"`Idempotency-Key` answers the same report. {_READ}",
    auth=KEY_AUTH,
    parameters=[_KEY],
    request=shapes.NewReport,
    examples=[
        _request(
            "revenue of a week",
            {"title": "Revenue", "metrics": ["fee_revenue", "volume"], "period": "last_7_days", "format": "csv"},
        ),
        _request("kept definition", {"definition_id": 31}),
    ],
    responses={202: shapes.Report, **problems(400, 401, 403, 404, 409, 415, 503)},
)
list_reports = extend_schema(
    operation_id="listReports",
    tags=_TAGS,
    summary="List reports",
    description=f"Your own and those shared with a role of yours, newest first. {_READ}",
    auth=KEY_AUTH,
    parameters=[whole("definition_id", "Only those of one definition."), *page_parameters()],
    responses={200: shapes.Reports, **problems(400, 401, 403)},
)
get_report = extend_schema(
    operation_id="getReport",
    tags=_TAGS,
    summary="Read how far a report is",
    description=f"Ask again about once a second while it is PENDING or RUNNING. {_READ}",
    auth=KEY_AUTH,
    parameters=[_REPORT_ID],
    responses={200: shapes.Report, **problems(401, 403, 404)},
)
download_report = extend_schema(
    operation_id="downloadReport",
    tags=_TAGS,
    summary="Download a report",
    description=f"The file in the format of its definition; 409 until it is ready. {_READ}",
    auth=KEY_AUTH,
    parameters=[_REPORT_ID],
    responses={(200, "text/csv; charset=utf-8; header=present"): OpenApiTypes.STR, **problems(401, 403, 404, 409)},
)
list_definitions = extend_schema(
    operation_id="listReportDefinitions",
    tags=_TAGS,
    summary="List report definitions",
    description=f"Your own and those shared with a role of yours, by title. {_READ}",
    auth=KEY_AUTH,
    responses={200: shapes.ReportDefinitions, **problems(401, 403)},
)
create_definition = extend_schema(
    operation_id="createReportDefinition",
    tags=_TAGS,
    summary="Keep a report definition",
    description="With a schedule it is made by itself, once each turn. It is kept in the audit trail, as are changes. "
    f"{_READ}",
    auth=KEY_AUTH,
    request=shapes.NewReportDefinition,
    examples=[_request("weekly", _WEEKLY)],
    responses={201: shapes.ReportDefinition, **problems(400, 401, 403, 409, 415)},
)
get_definition = extend_schema(
    operation_id="getReportDefinition",
    tags=_TAGS,
    summary="Read a report definition",
    description=f"With its schedule. {_READ}",
    auth=KEY_AUTH,
    parameters=[_DEFINITION_ID],
    responses={200: shapes.ReportDefinition, **problems(401, 403, 404)},
)
replace_definition = extend_schema(
    operation_id="replaceReportDefinition",
    tags=_TAGS,
    summary="Change a report definition",
    description=f"One of your own is replaced as a whole: without a schedule it has none. {_READ}",
    auth=KEY_AUTH,
    parameters=[_DEFINITION_ID],
    request=shapes.NewReportDefinition,
    examples=[_request("weekly", _WEEKLY)],
    responses={200: shapes.ReportDefinition, **problems(400, 401, 403, 404, 409, 415)},
)
delete_definition = extend_schema(
    operation_id="deleteReportDefinition",
    tags=_TAGS,
    summary="Delete a report definition",
    description=f"One of your own, with its schedule. Reports made of it stay yours until their time is over. {_READ}",
    auth=KEY_AUTH,
    parameters=[_DEFINITION_ID],
    responses={200: shapes.ReportDefinition, **problems(401, 403, 404)},
)

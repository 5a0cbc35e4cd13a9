"""JSON of reports."""

from datetime import datetime
from typing import Any

from accounts.selectors.people import contacts
from analytics.reports.models import ReportDefinition, ReportSchedule
from analytics.reports.selectors.reports import ReportView
from common.clock import rfc3339

_REPORTS = "/api/v1/business-intelligence/reports"


def report_document(view: ReportView) -> dict[str, Any]:
    report, job, result = view.report, view.job, view.report.result
    return {
        "id": report.pk,
        "title": report.title,
        "status": view.status.value,
        "percent": view.percent,
        "words": job.words if job is not None else "",
        "error": view.error or None,
        "definition_id": report.definition_id,
        "definition": report.document,
        "first_on": report.first_on.isoformat(),
        "last_on": report.last_on.isoformat(),
        "owner": report.owner.username,
        "scheduled_for": _moment(report.scheduled_for),
        "created_at": rfc3339(report.created_at),
        "made_at": _moment(report.made_at),
        "is_from_cache": report.is_from_cache,
        "rows": result.row_count if result is not None else None,
        "bytes": result.content_bytes if result is not None else None,
        "sha256": result.sha256 if result is not None else None,
        "job_id": report.job_id,
        "links": {
            "self": f"{_REPORTS}/{report.pk}",
            "job": f"/api/v1/jobs/{report.job_id}",
            "download": f"{_REPORTS}/{report.pk}/download",
            "page": f"/business/reports/made/{report.pk}/",
        },
    }


def definition_document(definition: ReportDefinition) -> dict[str, Any]:
    schedule = getattr(definition, "schedule", None)
    return {
        **definition.document,
        "id": definition.pk,
        "owner": definition.owner.username,
        "shared_with": definition.shared_with,
        "schedule": None if schedule is None else _schedule(schedule),
        "created_at": rfc3339(definition.created_at),
        "updated_at": rfc3339(definition.updated_at),
    }


def _schedule(schedule: ReportSchedule) -> dict[str, Any]:
    return {
        "cadence": schedule.cadence,
        "at": f"{schedule.at:%H:%M}",
        "time_zone": schedule.time_zone,
        "weekday": schedule.weekday,
        "day": schedule.day,
        "delivery": schedule.delivery,
        "recipients": sorted(one.handle for one in contacts(schedule.recipients).values()),
        "is_on": schedule.is_on,
        "stopped": schedule.stopped or None,
        "next_at": rfc3339(schedule.next_at) if schedule.is_on else None,
    }


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else rfc3339(moment)

"""Definitions, and reports made of them here and now."""

from typing import Any

from accounts.models import User
from analytics.reports.models import Report
from analytics.reports.services.order_report import order_report
from analytics.reports.types import Definition, Format
from common.jobs.run import run_due_jobs
from common.models import Job


def definition(**fields: Any) -> Definition:
    given: dict[str, Any] = {"title": "Trading", "metrics": ("volume", "trades"), "format": Format.CSV}
    return Definition(**given | fields)


def made_report(owner: User, **fields: Any) -> Report:
    """Asked for and made, whatever else waits."""
    report = order_report(owner_id=owner.pk, definition=definition(**fields))
    run_due_jobs()
    report.refresh_from_db()
    return report


def job_of(report: Report) -> Job:
    report.refresh_from_db()
    return Job.objects.get(pk=report.job_id)


def content_of(report: Report) -> bytes:
    assert report.result is not None, job_of(report).error
    return bytes(report.result.content)

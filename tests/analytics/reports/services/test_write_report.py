"""A report is made once, of data as they are, for who may see them."""

from typing import Any

import pytest

from accounts.models import User
from analytics.business.models import SiteDay
from analytics.reports.models import Report, ReportResult
from analytics.reports.services import _contents
from analytics.reports.services.order_report import order_report
from common.jobs.run import run_due_jobs
from tests.analytics.business.days import FIRST, Days
from tests.analytics.reports.made import content_of, definition, job_of, made_report

pytestmark = pytest.mark.django_db


def test_the_same_over_the_same_data_is_the_same_file(analyst: User, operator: User, traded: Days) -> None:
    first, again = made_report(analyst), made_report(operator)
    assert first.result_id == again.result_id
    assert (first.is_from_cache, again.is_from_cache) == (False, True)
    assert ReportResult.objects.count() == 1


def test_other_data_are_another_file(analyst: User, traded: Days) -> None:
    first = made_report(analyst)
    SiteDay.objects.filter(day=FIRST.date()).update(trades=12_345)
    second = made_report(analyst)
    assert first.result_id != second.result_id
    assert b",12345\n" in content_of(second).replace(b"\r", b"")
    assert not second.is_from_cache


def test_progress_counts_the_figures(analyst: User, traded: Days) -> None:
    report = made_report(analyst)
    job = job_of(report)
    assert (job.status, job.done, job.total) == ("COMPLETED", 4, 4)
    href = f"/business/reports/made/{report.pk}/"
    assert job.result == {"report_id": report.pk, "rows": 30, "letters": 0, "href": href}


def test_who_lost_the_role_gets_a_reason_and_no_file(analyst: User, traded: Days) -> None:
    report = order_report(owner_id=analyst.pk, definition=definition())
    analyst.groups.clear()
    run_due_jobs()
    job = job_of(report)
    assert (job.status, job.error) == ("FAILED", "Ask staff for a role that may make such reports.")
    assert report.result_id is None
    assert not ReportResult.objects.exists()


def test_too_many_rows_end_with_the_fix(analyst: User, traded: Days, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_contents, "ROWS_MAX", 29)
    job = job_of(made_report(analyst))
    assert (job.status, job.error) == (
        "FAILED", "It has 30 rows; 29 are allowed. Choose fewer days or splits."
    )  # fmt: skip
    assert not ReportResult.objects.exists()


def test_a_deleted_account_ends_quietly(analyst: User, traded: Days) -> None:
    report = order_report(owner_id=analyst.pk, definition=definition())
    Report.objects.all().delete()
    run_due_jobs()
    assert not ReportResult.objects.exists()
    assert report.job_id is not None


def test_it_reads_rollups_however_long_the_history(
    analyst: User, traded: Days, django_assert_max_num_queries: Any
) -> None:
    report = order_report(owner_id=analyst.pk, definition=definition())
    with django_assert_max_num_queries(40):
        run_due_jobs()
    assert job_of(report).status == "COMPLETED"

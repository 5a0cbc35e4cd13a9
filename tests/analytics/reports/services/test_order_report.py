from typing import Any

import pytest

from accounts.models import User
from analytics.reports.errors import ReportInvalid, ReportKeyReused, ReportNotAllowed
from analytics.reports.models import Report
from analytics.reports.services import order_report as module
from analytics.reports.services.order_report import order_report
from common.flags.declared import EXPORTS_OPEN
from common.jobs.errors import JobsPaused
from common.models import Job
from tests.analytics.reports.made import definition
from tests.factories.accounts import make_alice

pytestmark = pytest.mark.django_db


def nothing_was_made() -> bool:
    return not Report.objects.exists() and not Job.objects.exists()


def test_a_report_and_its_job_are_one(analyst: User) -> None:
    report = order_report(owner_id=analyst.pk, definition=definition())
    job = Job.objects.get()
    assert (report.job_id, job.kind, job.owner_id, job.arguments) == (
        job.pk, "report", analyst.pk, {"report_id": report.pk}
    )  # fmt: skip


def test_one_key_is_one_report(analyst: User, operator: User) -> None:
    made = [order_report(owner_id=one.pk, definition=definition(), key="a").pk for one in (analyst, analyst, operator)]
    assert made[0] == made[1] != made[2]
    assert Job.objects.count() == 2
    with pytest.raises(ReportKeyReused):
        order_report(owner_id=analyst.pk, definition=definition(title="Other"), key="a")
    assert Report.objects.count() == Job.objects.count() == 2


def test_every_wrong_field_is_named(analyst: User) -> None:
    with pytest.raises(ReportInvalid) as refusal:
        order_report(owner_id=analyst.pk, definition=definition(title=" ", metrics=("x",), dimensions=("y",)))
    assert [error.pointer for error in refusal.value.errors] == ["/title", "/metrics/0"]
    assert nothing_was_made()


def test_a_trader_may_not(db: Any) -> None:
    with pytest.raises(ReportNotAllowed):
        order_report(owner_id=make_alice().pk, definition=definition())
    assert nothing_was_made()


def test_exports_can_be_paused(analyst: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "is_on", lambda spec: spec is not EXPORTS_OPEN)
    with pytest.raises(JobsPaused):
        order_report(owner_id=analyst.pk, definition=definition())
    assert nothing_was_made()

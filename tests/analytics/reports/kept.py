"""What the examples of the API speak of: definition 31 and report 31."""

from datetime import time
from unittest import mock

from accounts.models import User
from analytics.reports.models import Report, ReportDefinition
from analytics.reports.services.order_report import order_report
from analytics.reports.services.save_definition import ScheduleSpec, save_definition
from analytics.reports.types import Cadence, Delivery, Period
from common.jobs.heartbeat import Heartbeat
from common.jobs.run import run_due_jobs
from tests.analytics.reports.made import definition


def keep_report(owner: User) -> Report:
    """Both are ``owner``'s; the report is made."""
    shown = definition(title="Revenue", metrics=("fee_revenue", "volume"), period=Period.LAST_7_DAYS)
    schedule = ScheduleSpec(Cadence.WEEKLY, time(6, 30), "Europe/Lisbon", delivery=Delivery.LINK)
    kept = save_definition(actor_id=owner.pk, definition=shown, shared_with=["analyst"], schedule=schedule)
    assert ReportDefinition.objects.get().pk == kept.pk
    report = order_report(owner_id=owner.pk, definition=shown, definition_id=kept.pk)
    # The lease is renewed on a connection of its own, which can't see the rows of a test.
    with mock.patch.object(Heartbeat, "_beat"):
        run_due_jobs()
    report.refresh_from_db()
    return report

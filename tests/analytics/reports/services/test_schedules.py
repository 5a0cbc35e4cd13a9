"""Turns of schedules: taken once, told once, never made up for, stopped with a reason."""

import threading
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection

from accounts.models import AuditRecord, User
from accounts.types import Role
from analytics.reports.errors import DefinitionNameTaken, DefinitionNotFound, ReportInvalid
from analytics.reports.models import Report, ReportDefinition, ReportDelivery, ReportResult, ReportSchedule
from analytics.reports.services.delete_definition import delete_definition
from analytics.reports.services.remove_old_reports import remove_old_reports
from analytics.reports.services.save_definition import ScheduleSpec, save_definition
from analytics.reports.services.start_due_reports import start_due_reports
from analytics.reports.types import Cadence, Delivery
from common.jobs.run import run_due_jobs
from common.models import Job
from tests.analytics.reports.made import definition, job_of
from tests.factories.accounts import make_alice, make_user

START = datetime(2026, 6, 4, 12, tzinfo=UTC)
TURN = START + timedelta(hours=18, minutes=30)


@pytest.fixture
def frozen() -> Any:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def daily(**fields: Any) -> ScheduleSpec:
    return ScheduleSpec(**{"cadence": Cadence.DAILY, "at": time(6, 30), "time_zone": "UTC"} | fields)


def scheduled(owner: User, *, title: str = "Morning", **fields: Any) -> ReportDefinition:
    return save_definition(
        actor_id=owner.pk, definition=definition(title=title), shared_with=["operator"], schedule=daily(**fields)
    )


@pytest.mark.django_db
def test_a_turn_is_taken_once_and_the_next_is_set(analyst: User, frozen: Any) -> None:
    kept = scheduled(analyst)
    assert kept.schedule.next_at == TURN
    assert start_due_reports() == 0
    frozen.move_to(TURN)
    assert [start_due_reports(), start_due_reports()] == [1, 0]
    report = Report.objects.get()
    assert (report.scheduled_for, report.definition_id, report.last_on) == (TURN, kept.pk, START.date())
    assert ReportSchedule.objects.get().next_at == TURN + timedelta(days=1)
    run_due_jobs()
    assert job_of(report).status == "COMPLETED"


@pytest.mark.django_db
def test_of_missed_turns_only_the_newest_is_made(analyst: User, frozen: Any) -> None:
    scheduled(analyst)
    frozen.move_to(TURN + timedelta(days=5, hours=1))
    assert start_due_reports() == 1
    assert Report.objects.get().scheduled_for == TURN + timedelta(days=5)
    assert ReportSchedule.objects.get().next_at == TURN + timedelta(days=6)


@pytest.mark.django_db(transaction=True)
def test_schedulers_that_race_make_each_turn_once(analyst: User) -> None:
    for number in range(6):
        scheduled(analyst, title=f"Morning {number}")
    ReportSchedule.objects.update(next_at=datetime.now(UTC) - timedelta(minutes=1))
    barrier, taken = threading.Barrier(4), []

    def race() -> None:
        barrier.wait()
        taken.append(start_due_reports())
        connection.close()

    threads = [threading.Thread(target=race) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(taken) == 6
    assert Report.objects.count() == Job.objects.filter(kind="report").count() == 6
    assert len(set(Report.objects.values_list("definition_id", "scheduled_for"))) == 6


@pytest.mark.django_db
def test_a_turn_that_was_taken_elsewhere_is_the_same_report(analyst: User, frozen: Any) -> None:
    kept = scheduled(analyst)
    frozen.move_to(TURN)
    start_due_reports()
    # As if the one who took it had died before the next turn was set.
    ReportSchedule.objects.update(next_at=TURN)
    start_due_reports()
    assert Report.objects.filter(definition=kept).count() == Job.objects.count() == 1


@pytest.mark.django_db
def test_readers_get_one_letter_each(analyst: User, operator: User, frozen: Any, settings: Any) -> None:
    settings.EMAIL_SENDER = "django.core.mail.backends.locmem.EmailBackend"
    settings.EMAIL_BACKEND = "common.mail.backend.QueuedEmailBackend"
    scheduled(analyst, delivery=Delivery.ATTACHMENT, recipients=("dave",))
    frozen.move_to(TURN)
    start_due_reports()
    run_due_jobs()
    Job.objects.filter(kind="report").update(status="PENDING", ended_at=None)
    run_due_jobs()
    report = Report.objects.get()
    assert sorted(letter.to[0] for letter in mail.outbox) == [analyst.email, operator.email]
    letter = next(letter for letter in mail.outbox if letter.to == [operator.email])
    assert letter.subject == "Morning: 2026-05-06 to 2026-06-04"
    assert f"/business/reports/made/{report.pk}/" in letter.body
    assert letter.extra_headers["Message-ID"].startswith(f"<report-{report.pk}-{operator.pk}@")
    name, content, content_type = letter.attachments[0]
    assert (name, content_type) == ("morning-2026-05-06-2026-06-04.csv", "text/csv")
    assert report.result is not None
    assert (content if isinstance(content, bytes) else content.encode()) == bytes(report.result.content)
    assert ReportDelivery.objects.count() == 2


@pytest.mark.django_db
def test_who_may_not_read_any_more_gets_no_letter(analyst: User, operator: User, frozen: Any, settings: Any) -> None:
    settings.EMAIL_SENDER = "django.core.mail.backends.locmem.EmailBackend"
    settings.EMAIL_BACKEND = "common.mail.backend.QueuedEmailBackend"
    scheduled(analyst, delivery=Delivery.LINK, recipients=("dave",))
    operator.groups.clear()
    frozen.move_to(TURN)
    start_due_reports()
    run_due_jobs()
    assert list(ReportDelivery.objects.values_list("user_id", flat=True)) == [analyst.pk]
    assert Job.objects.filter(kind="send_email").count() == 1


@pytest.mark.django_db
def test_a_schedule_whose_owner_lost_the_role_stops_and_says_why(analyst: User, frozen: Any) -> None:
    scheduled(analyst)
    analyst.groups.clear()
    frozen.move_to(TURN)
    assert start_due_reports() == 1
    schedule = ReportSchedule.objects.get()
    assert (schedule.is_on, schedule.stopped) == (False, "Ask staff for a role that may make such reports.")
    assert not Report.objects.exists()
    assert start_due_reports() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"time_zone": "Mars/Base"}, "/schedule/time_zone"),
        ({"time_zone": "../../etc/passwd"}, "/schedule/time_zone"),
        ({"weekday": 7}, "/schedule/weekday"),
        ({"day": 32}, "/schedule/day"),
        ({"recipients": ("nobody",)}, "/schedule/recipients/0"),
        ({"recipients": ("alice",)}, "/schedule/recipients/0"),
    ],
)
def test_a_wrong_schedule_keeps_nothing(analyst: User, fields: dict[str, Any], pointer: str) -> None:
    make_alice()
    with pytest.raises(ReportInvalid) as refusal:
        scheduled(analyst, **fields)
    assert [error.pointer for error in refusal.value.errors] == [pointer]
    assert not ReportDefinition.objects.exists()
    assert not AuditRecord.objects.filter(action="reports.definition_saved").exists()


@pytest.mark.django_db
def test_letters_need_an_address(analyst: User) -> None:
    User.objects.update(email="")
    with pytest.raises(ReportInvalid) as refusal:
        scheduled(analyst, delivery=Delivery.LINK)
    assert [error.pointer for error in refusal.value.errors] == ["/schedule/delivery"]
    assert not ReportDefinition.objects.exists()
    assert scheduled(analyst, delivery=Delivery.IN_APP).schedule.is_on


@pytest.mark.django_db
def test_definitions_are_ones_own(analyst: User, operator: User) -> None:
    kept = scheduled(analyst)
    with pytest.raises(DefinitionNameTaken):
        scheduled(analyst, title="MORNING")
    with pytest.raises(DefinitionNotFound):
        save_definition(actor_id=operator.pk, definition=definition(), definition_id=kept.pk)
    with pytest.raises(DefinitionNotFound):
        delete_definition(actor_id=operator.pk, definition_id=kept.pk)
    with pytest.raises(ReportInvalid):
        save_definition(actor_id=analyst.pk, definition=definition(), shared_with=["trader"])
    assert ReportDefinition.objects.get().name == "Morning"
    save_definition(actor_id=analyst.pk, definition=definition(title="Evening"), definition_id=kept.pk)
    assert not ReportSchedule.objects.exists()
    delete_definition(actor_id=analyst.pk, definition_id=kept.pk)
    actions = AuditRecord.objects.order_by("pk").values_list("action", flat=True)
    assert [name for name in actions if name.startswith("reports.")] == [
        "reports.definition_saved", "reports.definition_saved", "reports.definition_deleted"
    ]  # fmt: skip


@pytest.mark.django_db
def test_old_reports_go_with_results_that_nobody_shows(analyst: User, frozen: Any, settings: Any) -> None:
    settings.REPORT_KEEP_DAYS = 90
    scheduled(analyst)
    other = make_user("erin", roles=(Role.ANALYST,))
    frozen.move_to(TURN)
    start_due_reports()
    run_due_jobs()
    frozen.shift(timedelta(days=80))
    save_definition(actor_id=other.pk, definition=definition(title="Young"), schedule=daily())
    frozen.shift(timedelta(days=1))
    start_due_reports()
    run_due_jobs()
    assert (Report.objects.count(), ReportResult.objects.count()) == (3, 3)
    frozen.shift(timedelta(days=10))
    assert remove_old_reports() == 1
    assert (Report.objects.count(), ReportResult.objects.count()) == (2, 2)

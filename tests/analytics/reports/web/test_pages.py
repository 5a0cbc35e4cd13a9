"""Pages of reports: built without a script, followed, read, and closed to whom they don't concern."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from analytics.reports.models import Report, ReportDefinition, ReportSchedule
from analytics.reports.services.document_style import document_style
from common.jobs.run import run_due_jobs
from tests.analytics.business.days import Days
from tests.analytics.reports.made import job_of, made_report
from tests.factories.accounts import make_alice

pytestmark = pytest.mark.django_db
FORM: dict[str, Any] = {
    "title": "Morning", "metrics": ["volume", "trades"], "dimensions": ["topic"], "period": "last_7_days",
    "grain": "day", "format": "html", "shared_with": ["operator"], "cadence": "weekly", "weekday": "2", "day": "1",
    "at": "06:30", "time_zone": "Europe/Lisbon", "delivery": "link", "recipients": "dave",
    "only_topic": "science, sports",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _workers_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("common.tasks.work_off_jobs.apply_async", lambda **options: None)


@pytest.fixture
def carol(analyst: User) -> Client:
    client = Client()
    client.force_login(analyst)
    return client


@pytest.fixture
def dave(operator: User) -> Client:
    client = Client()
    client.force_login(operator)
    return client


def test_built_kept_made_and_read(carol: Client, dave: Client, traded: Days) -> None:
    answer = carol.post("/business/reports/new", FORM | {"keep": "1"}, follow=True)
    kept = ReportDefinition.objects.get()
    assert answer.redirect_chain == [(f"/business/reports/{kept.pk}", 302)]
    page = answer.content.decode()
    assert "Each Wednesday at 06:30, Europe/Lisbon" in page
    assert "Volume, Trades by topic" in page or "Trades, Volume by topic" in page
    assert kept.document["filters"] == {"topic": ["science", "sports"]}
    waiting = dave.post(f"/business/reports/{kept.pk}/make", follow=True).content.decode()
    report = Report.objects.get()
    assert "Waiting" in waiting
    assert "data-open" in waiting
    run_due_jobs()
    assert "Read it here" in carol.get(f"/business/reports/made/{report.pk}/state").content.decode()
    read = carol.get(f"/business/reports/made/{report.pk}/read")
    assert "default-src 'none'; style-src 'sha256-" in read.headers["Content-Security-Policy"]
    assert f"<style>{document_style()}</style>" in read.content.decode()
    file = carol.get(f"/business/reports/made/{report.pk}/file")
    assert file.content == read.content
    assert 'filename="morning-' in file.headers["Content-Disposition"]


def test_made_once_keeps_no_definition(carol: Client, now: Any) -> None:
    answer = carol.post("/business/reports/new", FORM | {"once": "1"})
    report = Report.objects.get()
    assert answer.headers["Location"] == f"/business/reports/made/{report.pk}"
    assert not ReportDefinition.objects.exists()
    carol.post(f"/business/reports/made/{report.pk}/cancel")
    assert job_of(report).status == "CANCELLED"
    assert "Cancelled" in carol.get("/business/reports").content.decode()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"metrics": []}, "Choose 1 to 12 metrics."),
        ({"dimensions": ["segment"]}, "be split by"),
        ({"period": "custom"}, "The period custom needs its first day."),
        ({"time_zone": "Mars"}, "Send a zone"),
        ({"recipients": "nobody"}, "There is nobody called"),
        ({"only_market": "x" * 201}, "Each value has 1 to 200 characters."),
        ({"title": ""}, "This field is required."),
    ],
)
def test_a_mistake_is_told_beside_its_field_and_nothing_kept(
    carol: Client, operator: User, now: Any, fields: dict[str, Any], words: str
) -> None:
    answer = carol.post("/business/reports/new", FORM | fields | {"keep": "1"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    assert 'value="Europe/Lisbon"' in page or "time_zone" in fields
    assert not ReportDefinition.objects.exists()
    assert not ReportSchedule.objects.exists()


def test_a_definition_comes_back_into_the_form(carol: Client, operator: User, now: Any) -> None:
    carol.post("/business/reports/new", FORM | {"keep": "1"})
    kept = ReportDefinition.objects.get()
    page = carol.get(f"/business/reports/{kept.pk}/edit").content.decode()
    for text in ('value="Morning"', 'value="06:30"', 'value="dave"', 'value="science, sports"', "2 chosen"):
        assert text in page, text
    answer = carol.post(f"/business/reports/{kept.pk}/edit", FORM | {"title": "Noon", "cadence": "never", "keep": "1"})
    assert answer.status_code == 302
    assert ReportDefinition.objects.get().name == "Noon"
    assert not ReportSchedule.objects.exists()
    carol.post(f"/business/reports/{kept.pk}/delete")
    assert not ReportDefinition.objects.exists()


def test_only_its_owner_changes_it(carol: Client, dave: Client, now: Any) -> None:
    carol.post("/business/reports/new", FORM | {"keep": "1"})
    kept = ReportDefinition.objects.get()
    assert dave.get(f"/business/reports/{kept.pk}").status_code == 200
    assert dave.get(f"/business/reports/{kept.pk}/edit").status_code == 302
    assert dave.post(f"/business/reports/{kept.pk}/delete").status_code == 404
    assert ReportDefinition.objects.get().name == "Morning"


def test_others_see_nothing(analyst: User, dave: Client, client: Client, traded: Days) -> None:
    report = made_report(analyst)
    paths = [f"/business/reports/made/{report.pk}{part}" for part in ("", "/state", "/file", "/read")]
    assert {dave.get(path).status_code for path in paths} == {404}
    assert {client.get(path).status_code for path in [*paths, "/business/reports"]} == {302}
    client.force_login(make_alice())
    assert {client.get(path).status_code for path in [*paths, "/business/reports", "/business/reports/new"]} == {403}
    assert client.post("/business/reports/new", FORM | {"once": "1"}).status_code == 403
    assert Report.objects.count() == 1


def test_a_list_asks_the_database_as_often_for_many(
    carol: Client, analyst: User, traded: Days, django_assert_max_num_queries: Any
) -> None:
    for number in range(6):
        made_report(analyst, title=f"Report {number}")
        carol.post("/business/reports/new", FORM | {"title": f"Kept {number}", "recipients": "", "keep": "1"})
    with django_assert_max_num_queries(22):
        page = carol.get("/business/reports").content.decode()
    assert page.count("Make now") == 6
    assert "Report 5" in page

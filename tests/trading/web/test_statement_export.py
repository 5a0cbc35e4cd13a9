"""From the portfolio to the page of jobs to the file."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from common.jobs.run import run_due_jobs
from common.models import Job
from tests.factories.accounts import make_alice, make_bob
from trading.services.grant import grant
from trading.services.open_account import open_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(client: Client, settings: Any, tmp_path: Path) -> Client:
    settings.DATA_DIR = tmp_path
    user = make_alice()
    open_account(user.pk)
    client.force_login(user)
    return client


def test_an_export_on_the_pages(alice: Client) -> None:
    assert b"CSV in the background" in alice.get("/portfolio").content
    page = alice.post("/portfolio/statement/export", follow=True)
    assert page.redirect_chain == [("/jobs", 302)]
    text = page.content.decode()
    assert "Your statement is being written." in text
    assert "Waiting" in text
    assert "data-open" in text
    run_due_jobs()
    job = Job.objects.get()
    rows = alice.get("/jobs/rows").content.decode()
    assert "Done" in rows
    assert "data-open" not in rows
    assert f'href="/jobs/{job.pk}/result"' in rows
    answer = alice.get(f"/jobs/{job.pk}/result")
    assert answer.headers["Content-Type"] == "text/csv"
    assert b"".join(answer.streaming_content).startswith(b"line,time,kind,")  # type: ignore[attr-defined]


def test_a_workbook_has_typed_cells_and_no_formula(alice: Client) -> None:
    grant(user_id=make_alice().pk, amount=123_456_789, memo='=HYPERLINK("https://evil.example")')
    alice.post("/portfolio/statement/export", {"format": "xlsx"})
    run_due_jobs()
    job = Job.objects.get()
    assert (job.kind, job.status, (job.result or {})["lines"]) == ("ledger_workbook", "COMPLETED", 2)
    answer = alice.get(f"/jobs/{job.pk}/result")
    body = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert not any("hyperlink" in name.lower() or "external" in name.lower() for name in book.namelist())
    assert "<f>" not in sheet
    assert "=HYPERLINK(" in sheet
    assert "<v>1.23456789</v>" in sheet
    assert sheet.count("<row ") == 3


def test_progress_and_cancelling(alice: Client) -> None:
    alice.post("/portfolio/statement/export")
    running = Job.objects.get()
    until = running.created_at
    fields = {"status": "RUNNING", "lease": "x", "leased_until": until, "done": 1, "total": 3, "words": "Writing lines"}
    Job.objects.update(**fields)
    rows = alice.get("/jobs/rows").content.decode()
    assert 'max="100" value="33"' in rows
    assert "Writing lines" in rows
    assert alice.post(f"/jobs/{running.pk}/cancel", follow=True).redirect_chain == [("/jobs", 302)]
    assert "Stopping" in alice.get("/jobs/rows").content.decode()
    assert Job.objects.get().is_cancel_asked is True


def test_pages_of_others(alice: Client) -> None:
    alice.post("/portfolio/statement/export")
    job = Job.objects.get()
    stranger = Client()
    for path in ("/jobs", "/jobs/rows", f"/jobs/{job.pk}/result"):
        assert stranger.get(path).headers["Location"].startswith("/accounts/login/")
    stranger.force_login(make_bob())
    assert b"No jobs yet" in stranger.get("/jobs").content
    assert stranger.get(f"/jobs/{job.pk}/result").status_code == 404
    assert stranger.post(f"/jobs/{job.pk}/cancel").status_code == 404
    assert Job.objects.get().is_cancel_asked is False

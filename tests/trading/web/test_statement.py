import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.http import StreamingHttpResponse
from django.test import Client, RequestFactory

from accounts.services import limits
from accounts.types import Limit
from common.jobs.run import run_due_jobs
from common.jobs.sweep import find_lost_jobs
from common.models import Job
from common.streaming import csv_response
from tests.factories.accounts import make_user
from trading.models import LedgerEntry
from trading.selectors.statement import HEADER
from trading.services.grant import grant
from trading.services.open_account import open_account
from trading.services.request_statement import stream_statement

pytestmark = pytest.mark.django_db


def read(client: Client) -> list[dict[str, str]]:
    response = client.get("/portfolio/statement.csv")
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_every_line_is_in_the_file(client: Client) -> None:
    alice = make_user("alice")
    for number in range(30):
        grant(user_id=alice.pk, amount=10**8, memo=f"Gift {number}")
    client.force_login(alice)
    lines = read(client)
    assert [line["memo"] for line in lines] == [*(f"Gift {number}" for number in range(29, -1, -1)), "Starting credits"]
    assert [lines[0][name] for name in ("kind", "amount", "balance", "market", "market_seq")] == [
        "grant",
        "1",
        "1030",
        "",
        "",
    ]
    assert lines[0]["line"] == str(LedgerEntry.objects.filter(account__user=alice).latest("pk").pk)


def test_a_memo_is_no_formula(client: Client) -> None:
    alice = make_user("alice")
    grant(user_id=alice.pk, amount=10**8, memo='=HYPERLINK("https://example.org","Win")')
    client.force_login(alice)
    assert read(client)[0]["memo"] == '\'=HYPERLINK("https://example.org","Win")'


def test_it_is_a_download_of_ones_own(client: Client) -> None:
    alice, bob = make_user("alice"), make_user("bob")
    open_account(alice.pk)
    grant(user_id=bob.pk, amount=10**8, memo="For Bob")
    client.force_login(alice)
    assert [line["memo"] for line in read(client)] == ["Starting credits"]
    head = client.head("/portfolio/statement.csv")
    assert head.headers["Content-Disposition"].startswith('attachment; filename="statement-')
    assert head.headers["Cache-Control"] == "no-store"
    assert "/portfolio/statement.csv" in client.get("/portfolio").content.decode()


def test_a_visitor_is_sent_to_sign_in(client: Client) -> None:
    response = client.get("/portfolio/statement.csv")
    assert (response.status_code, response.headers["Location"]) == (
        302,
        "/accounts/login/?next=/portfolio/statement.csv",
    )


def test_downloads_are_limited(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "DOWNLOADS", Limit("downloads-test", 2, 60))
    alice = make_user("alice")
    open_account(alice.pk)
    client.force_login(alice)
    assert len(read(client)) == len(read(client)) == 1
    refused = client.get("/portfolio/statement.csv")
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0


def test_it_stands_in_the_ledger_of_jobs(client: Client) -> None:
    alice = make_user("alice")
    open_account(alice.pk)
    client.force_login(alice)
    assert len(read(client)) == 1
    job = Job.objects.get()
    assert (job.kind, job.owner_id, job.status, job.done, job.result) == (
        "ledger_statement", alice.pk, "COMPLETED", 1, {"lines": 1},
    )  # fmt: skip
    assert list(job.attempts.values_list("number", "outcome")) == [(1, "completed")]
    run_due_jobs()
    assert Job.objects.get().attempt == 1
    assert "Done" in client.get("/jobs/rows").content.decode()


def test_a_reader_who_goes_away_cancels_it(rf: RequestFactory) -> None:
    alice = make_user("alice")
    for number in range(1_000):
        grant(user_id=alice.pk, amount=10**8, memo=f"Gift {number} {'x' * 180}")
    response = csv_response(rf.get("/"), name="x.csv", header=HEADER, rows=lambda: stream_statement(user_id=alice.pk))
    assert isinstance(response, StreamingHttpResponse)
    next(iter(response))
    assert Job.objects.get().status == "RUNNING"
    # What the server does first when the connection has gone; closing all of the response would end the test's own.
    response._resource_closers[0]()  # type: ignore[attr-defined]
    job = Job.objects.get()
    assert (job.status, job.result, list(job.attempts.values_list("outcome", flat=True))) == (
        "CANCELLED", None, ["cancelled"],
    )  # fmt: skip


def test_a_process_that_dies_leaves_the_file_to_a_worker(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    alice = make_user("alice")
    open_account(alice.pk)
    client.force_login(alice)
    response = client.get("/portfolio/statement.csv")
    job = Job.objects.get()
    assert job.leased_until is not None
    # Its rows are never read, and nobody renews the lease.
    Job.objects.update(leased_until=job.leased_until - timedelta(minutes=1))
    assert find_lost_jobs() == 1
    run_due_jobs()
    job.refresh_from_db()
    assert (job.status, job.attempt, job.result) == ("COMPLETED", 2, {"lines": 1})
    assert (tmp_path / "results" / job.file_path).read_bytes().startswith(b"line,time,kind,")
    response.close()


def test_no_more_than_may_be_open_at_once(client: Client) -> None:
    alice = make_user("alice")
    open_account(alice.pk)
    client.force_login(alice)
    waiting = [client.get("/portfolio/statement.csv") for _ in range(3)]
    refused = client.get("/portfolio/statement.csv")
    assert (refused.status_code, refused.headers["Location"]) == (302, "/jobs")
    assert Job.objects.count() == 3
    for response in waiting:
        response.close()

"""Background jobs over the API, with the export of a ledger as the one that is followed."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from accounts.services.create_api_key import create_api_key
from common.jobs.run import run_due_jobs
from common.models import Job
from tests.trading.api.conftest import Api
from trading.services.grant import grant

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def results(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path / "results"


def _rows(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode())))


def test_an_export_from_request_to_file(alice: Api, order: dict[str, Any], results: Path) -> None:
    assert alice.post("/orders", order).status_code == 201
    started = alice.post("/ledger/export", {})
    assert started.status_code == 202
    job = started.json()
    assert (job["status"], job["kind"], job["title"], job["file"]) == (
        "PENDING", "ledger_statement", "Ledger statement", None,
    )  # fmt: skip
    assert alice.get(f"/jobs/{job['id']}/result").json()["code"] == "job.without_file"
    assert run_due_jobs() == 1
    done = alice.get(f"/jobs/{job['id']}").json()
    ledger = alice.get("/ledger").json()["items"]
    assert (done["status"], done["done"], done["total"]) == ("COMPLETED", len(ledger), len(ledger))
    assert done["file"]["href"] == f"/api/v1/jobs/{job['id']}/result"
    answer = alice.get(f"/jobs/{job['id']}/result")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="statement-20')
    header, *rows = _rows(answer)
    assert header == ["line", "time", "kind", "amount", "balance", "market", "question", "market_seq", "memo"]
    shown = [[line["created_at"], line["kind"], line["amount"], line["balance"]] for line in ledger]
    assert [row[1:5] for row in rows] == shown
    assert [path.stat().st_size for path in results.iterdir()] == [done["file"]["bytes"]]


def test_a_memo_is_no_formula(alice: Api) -> None:
    grant(user_id=alice.user.pk, amount=100_000_000, memo="=1+1")
    job = alice.post("/ledger/export", {"format": "csv"}).json()
    run_due_jobs()
    assert _rows(alice.get(f"/jobs/{job['id']}/result"))[1][8] == "'=1+1"


def test_the_same_key_is_the_same_job(alice: Api, bob: Api) -> None:
    headers = {"Idempotency-Key": "january"}
    ids = [
        who.post("/ledger/export", {}, **headers).json()["id"] for who in (alice, alice, bob)
    ]  # fmt: skip
    assert ids[0] == ids[1] != ids[2]
    assert alice.post("/ledger/export", {"format": "pdf"}).json()["code"] == "request.invalid"
    for _ in range(2):
        assert alice.post("/ledger/export", {}).status_code == 202
    refused = alice.post("/ledger/export", {})
    assert (refused.status_code, refused.json()["code"], refused.headers["Retry-After"]) == (429, "job.too_many", "10")
    assert Job.objects.filter(owner_id=alice.user.pk).count() == 3


def test_what_is_whose(alice: Api, bob: Api, dave: Api) -> None:
    job = alice.post("/ledger/export", {}).json()["id"]
    for method, path in (("GET", f"/jobs/{job}"), ("POST", f"/jobs/{job}/cancel"), ("GET", f"/jobs/{job}/result")):
        refused = bob.send(method, path, {} if method == "POST" else None)
        assert (refused.status_code, refused.json()["code"]) == (404, "job.not_found")
    assert bob.get("/jobs").json() == {"items": [], "next_cursor": None}
    assert bob.get("/jobs?everybody=true").status_code == 403
    assert [item["id"] for item in dave.get("/jobs?everybody=true").json()["items"]] == [job]
    assert dave.get(f"/jobs/{job}").json()["owner_id"] == alice.user.pk
    # A key without the scope for it sees what an ordinary trader does.
    narrow = Api(dave.user, create_api_key(user_id=dave.user.pk, name="narrow", scopes=["read"]).secret)
    assert narrow.get(f"/jobs/{job}").status_code == 404
    assert Job.objects.get().status == "PENDING"


def test_cancelling(alice: Api, dave: Api) -> None:
    job = alice.post("/ledger/export", {}).json()["id"]
    cancelled = dave.post(f"/jobs/{job}/cancel", {"reason": "The disk is full."}).json()
    assert (cancelled["status"], cancelled["error"]) == ("CANCELLED", "The disk is full.")
    again = alice.post(f"/jobs/{job}/cancel", {})
    assert (again.status_code, again.json()["code"]) == (409, "job.ended")
    assert run_due_jobs() == 0


def test_lists_are_filtered_and_paged(alice: Api) -> None:
    ids = [alice.post("/ledger/export", {}).json()["id"] for _ in range(3)]
    alice.post(f"/jobs/{ids[0]}/cancel", {})
    first = alice.get("/jobs?limit=2").json()
    assert [item["id"] for item in first["items"]] == [ids[2], ids[1]]
    second = alice.get(f"/jobs?limit=2&cursor={first['next_cursor']}").json()
    assert ([item["id"] for item in second["items"]], second["next_cursor"]) == ([ids[0]], None)
    assert [item["id"] for item in alice.get("/jobs?status=CANCELLED").json()["items"]] == [ids[0]]
    assert alice.get("/jobs?kind=other").json()["items"] == []
    assert alice.get("/jobs?status=DONE").json()["errors"][0]["pointer"] == "/status"

"""The past of a book, old journals and exports, over HTTP."""

import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.services.create_api_key import create_api_key
from common import clock
from common.jobs.run import run_due_jobs
from markets.models import Market, MarketEvent
from markets.services.archive_journal import archive_journal
from tests.factories.accounts import make_dave
from tests.factories.markets import make_draft
from tests.trading.api.conftest import Api, api_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folders(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = settings.JOURNAL_ARCHIVE_DIR = tmp_path


def book(path: str = "", **headers: str) -> Any:
    return Client().get(f"/api/v1/markets/rain/book{path}", headers=headers)


def test_a_book_as_it_was(alice: Api, bob: Api, market: Market, order: dict[str, Any]) -> None:
    alice.post("/orders", order | {"price": "0.1000"})
    before = book().json()
    at = MarketEvent.objects.get(market=market, seq=before["seq"]).at
    shown = alice.get("/markets/rain/journal").json()["items"][-1]["at"]
    bob.post("/orders", order | {"price": "0.2000", "client_order_id": "b-1"})
    assert book().json() != before
    answer = book(f"?at={before['seq']}&depth=5")
    assert answer.json() == before | {"at": shown}
    assert book(f"?at={shown}").json()["seq"] == before["seq"]
    assert answer.headers["X-Market-Seq"] == str(before["seq"])
    assert book(f"?at={before['seq']}", **{"If-None-Match": answer.headers["ETag"]}).status_code == 304
    moment = (at + timedelta(microseconds=1)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert book(f"?at={moment}").json()["books"] == before["books"]
    assert book("?at=1").json()["books"][0] == {"outcome": "yes", "bids": [], "asks": []}


@pytest.mark.parametrize(
    ("at", "status", "code"),
    [
        ("3", 422, "journal.not_yet"),
        ("9990-01-01T00:00:00Z", 422, "journal.not_yet"),
        ("1999-01-01T00:00:00Z", 422, "journal.before_market"),
        ("0", 422, "request.invalid"),
        ("yesterday", 422, "request.invalid"),
        ("2026-11-22T09:30:00", 422, "request.invalid"),
        ("99999999999999999999", 422, "request.invalid"),
    ],
)
def test_a_moment_without_a_book_is_told(market: Market, at: str, status: int, code: str) -> None:
    answer = book(f"?at={at}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_the_past_of_a_draft_is_its_makers(alice: Api) -> None:
    draft = make_draft(slug="not-yet")
    assert Client().get(f"/api/v1/markets/{draft.pk}/book?at=1").status_code == 404
    assert Client().get("/api/v1/markets/nothing/book?at=1").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_archived_records_are_told_as_before(alice: Api, market: Market, order: dict[str, Any], tmp_path: Path) -> None:
    alice.post("/orders", order | {"price": "0.1000"})
    whole = alice.get("/markets/rain/journal").json()
    page = alice.get("/markets/rain/journal?after_seq=1&limit=1").json()
    past = book("?at=3").json()
    with clock.replaying(clock.now() + timedelta(days=91)):
        assert archive_journal().records == 3
    assert not MarketEvent.objects.exists()
    assert alice.get("/markets/rain/journal").json() == whole
    assert alice.get("/markets/rain/journal?after_seq=1&limit=1").json() == page
    assert book("?at=3").json() == past
    for file in tmp_path.rglob("*.gz"):
        file.unlink()
    answer = book("?at=3")
    assert (answer.status_code, answer.json()["code"]) == (410, "journal.not_kept")


def test_an_export_from_request_to_file(alice: Api, market: Market, order: dict[str, Any]) -> None:
    alice.post("/orders", order)
    started = alice.post("/markets/rain/journal/export", {}, **{"Idempotency-Key": "today"})
    again = alice.post("/markets/rain/journal/export", {}, **{"Idempotency-Key": "today"})
    assert (started.status_code, started.json()["kind"]) == (202, "journal_export")
    assert again.json()["id"] == started.json()["id"]
    assert run_due_jobs() == 1
    job = alice.get(f"/jobs/{started.json()['id']}").json()
    assert (job["status"], job["done"], job["total"]) == ("COMPLETED", 3, 3)
    answer = alice.get(f"/jobs/{job['id']}/result")
    assert answer.headers["Content-Type"] == "text/csv"
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert [row["kind"] for row in rows if not row["kind"].startswith("figures.")] == [
        "rules", "created", "opened", "order_placed",
    ]  # fmt: skip
    assert {row["actor_id"] for row in rows} == {""}


def test_who_may_export_what(alice: Api, bob: Api, anonymous: Api, market: Market) -> None:
    dave = api_of(make_dave(), "read", "report")
    only_reading = Api(dave.user, create_api_key(user_id=dave.user.pk, name="r", scopes=["read"]).secret)
    full = {"format": "parquet", "detail": "full"}

    def asked(api: Api, path: str, body: dict[str, str]) -> tuple[int, str]:
        answer = api.post(path, body)
        return answer.status_code, answer.json().get("code", "")

    assert asked(anonymous, "/markets/rain/journal/export", {})[0] == 401
    assert asked(alice, "/markets/rain/journal/export", full) == (403, "auth.scope_missing")
    assert asked(alice, "/journal/export", {})[0] == 403
    assert asked(only_reading, "/markets/rain/journal/export", full) == (403, "auth.scope_missing")
    assert asked(dave, "/markets/rain/journal/export", full) == (202, "")
    assert asked(dave, "/journal/export", {"format": "jsonl"}) == (202, "")
    assert asked(dave, "/journal/export", {"format": "xml"}) == (422, "request.invalid")
    assert asked(bob, "/markets/none/journal/export", {})[0] == 404
    job = dave.get("/jobs").json()["items"][0]
    assert bob.get(f"/jobs/{job['id']}/result").status_code == 404

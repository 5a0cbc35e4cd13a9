"""The page of a market's journal."""

from typing import Any

import pytest
from django.test import Client

from common.models import Job
from markets.models import Market
from tests.factories.accounts import make_dave
from tests.factories.trading import funded_alice, live_market, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    market = live_market(slug="rain")
    place(funded_alice(), market, price=0.4, shares=10)
    return market


def test_the_book_as_it_was(client: Client, market: Market) -> None:
    assert 'href="/markets/rain/journal"' in client.get("/markets/rain").content.decode()
    text = client.get("/markets/rain/journal").content.decode()
    assert "3 so far" in text
    assert "After change" not in text
    text = client.get("/markets/rain/journal?at=3").content.decode()
    assert "After change 3" in text
    assert "40" in text
    assert "No order rested." in client.get("/markets/rain/journal?at=2").content.decode()


@pytest.mark.parametrize(
    ("at", "told"),
    [
        ("4", "The newest record is 3."),
        ("9000-01-01 00:00", "That time is still to come."),
        ("1999-01-01", "The market was made after that time."),
        ("soon", "Write a number such as 1042"),
        ("0", "Write a number such as 1042"),
    ],
)
def test_a_moment_without_a_book_is_told(client: Client, market: Market, at: str, told: str) -> None:
    assert told in client.get("/markets/rain/journal", {"at": at}).content.decode()


def test_a_moment_is_written_as_the_reader_does(client: Client, market: Market) -> None:
    client.cookies["language"] = "de"
    found = client.get("/markets/rain/journal", {"at": "24.12.1999 18:30"}).content.decode()
    assert "Damals gab es den Markt noch nicht." in found
    assert (
        "eine Zeit wie 22.11.2026 09:30:00"
        in client.get("/markets/rain/journal", {"at": "24.13.1999"}).content.decode()
    )


def test_an_export_by_page(client: Client, market: Market, settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path
    asked = {"format": "parquet", "detail": "full"}
    assert "Sign in" in client.get("/markets/rain/journal").content.decode()
    assert client.post("/markets/rain/journal/export", asked).headers["Location"].startswith("/accounts/login")
    client.force_login(funded_alice())
    assert "everything, with whose it was" not in client.get("/markets/rain/journal").content.decode()
    page = client.post("/markets/rain/journal/export", asked, follow=True)
    assert "Only staff may see whose orders a journal tells of" in page.content.decode()
    page = client.post("/markets/rain/journal/export", {"format": "exe"}, follow=True)
    assert "Choose a format" in page.content.decode()
    assert not Job.objects.filter(kind="journal_export").exists()
    page = client.post("/markets/rain/journal/export", asked | {"detail": "public"}, follow=True)
    assert page.redirect_chain == [("/jobs", 302)]
    assert "The journal is being written." in page.content.decode()
    client.force_login(make_dave())
    assert "everything, with whose it was" in client.get("/markets/rain/journal").content.decode()
    client.post("/markets/rain/journal/export", asked)
    assert [job.arguments["is_full"] for job in Job.objects.filter(kind="journal_export").order_by("pk")] == [
        False,
        True,
    ]

"""Who reads which language and whose time."""

import json
import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client
from django.utils import timezone, translation

from accounts.models import User
from tests.factories.rows import row_market, row_user

pytestmark = pytest.mark.django_db
GERMAN = {"HTTP_ACCEPT_LANGUAGE": "de-AT,de;q=0.9,en;q=0.5"}


def _page(client: Client, path: str = "/", **headers: str) -> str:
    response = client.get(path, **headers)  # type: ignore[arg-type]
    assert response.status_code == 200
    return response.content.decode()


def test_a_stranger_reads_what_the_browser_asks_for(client: Client) -> None:
    row_market("Will it rain?", prices=[623_400, 376_600], volume=1_250 * 10**8)
    german = _page(client, **GERMAN)
    assert re.search(
        r'<html lang="de" data-words="/static/[^"]*js/words/de.json"'
        r' data-refusals="/static/[^"]*js/words/de.refusals.json"'
        r' data-phrases="/static/[^"]*js/words/de.phrases.json" data-zone="UTC">',
        german,
    )
    assert "Märkte suchen" in german
    assert "62\xa0%" in german
    assert "1,3\xa0Tsd. gehandelt" in german
    english = _page(client, HTTP_ACCEPT_LANGUAGE="fr, ja;q=0.5")
    assert '<html lang="en-gb" data-zone="UTC">' in english
    assert "Search markets" in english


def test_the_answer_says_what_it_depends_on(client: Client) -> None:
    response = client.get("/", **GERMAN)  # type: ignore[arg-type]
    assert response.headers["Content-Language"] == "de"
    assert "Accept-Language" in response.headers["Vary"]


def test_the_thread_has_the_sites_language_and_zone_again(client: Client) -> None:
    client.cookies["zone"] = "Asia/Tokyo"
    _page(client, **GERMAN)
    assert translation.get_language() == "en-gb"
    assert timezone.get_current_timezone_name() == "UTC"


def test_the_api_stays_english_with_points(client: Client) -> None:
    market = row_market("Will it rain?", prices=[623_400, 376_600])
    client.cookies["language"] = "de"
    found = json.loads(client.get(f"/api/v1/markets/{market.pk}", **GERMAN).content)  # type: ignore[arg-type]
    assert found["outcomes"][0]["price"] == "0.623400"
    missing = json.loads(client.get("/api/v1/markets/999999999", **GERMAN).content)  # type: ignore[arg-type]
    assert missing["code"] == "market.not_found"
    assert "There is no market" in missing["detail"]


@pytest.mark.parametrize("value", ["", "xx", "../de", "en"])
def test_a_strange_cookie_is_as_none(client: Client, value: str) -> None:
    client.cookies["language"] = value
    client.cookies["zone"] = value
    assert "Search markets" in _page(client)


def test_the_switch_works_without_scripts_and_keeps_the_place(client: Client) -> None:
    assert "/language?language=de&amp;next=/leaderboards" in _page(client, "/leaderboards")
    response = client.get("/language?language=de&next=/leaderboards")
    assert (response.status_code, response.headers["Location"]) == (302, "/leaderboards")
    assert "Ranglisten" in _page(client, "/leaderboards")


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_the_switch_leads_nowhere_else(client: Client, address: str) -> None:
    response = client.get("/language", {"language": "de", "next": address})
    assert response.headers["Location"] == "/"


def test_a_language_that_isnt_there_changes_nothing(client: Client) -> None:
    response = client.get("/language?language=xx")
    assert "language" not in response.cookies


def test_what_a_person_chooses_follows_them(client: Client) -> None:
    user = row_user("alice")
    client.force_login(user)
    client.post("/language", {"language": "de", "next": "/"})
    assert User.objects.get(pk=user.pk).language == "de"
    elsewhere = Client()
    elsewhere.force_login(user)
    assert elsewhere.get("/").cookies["language"].value == "de"
    assert "Märkte suchen" in _page(elsewhere)


def test_appearance_language_and_zone_are_a_page_of_the_settings(client: Client) -> None:
    user = row_user("alice")
    client.force_login(user)
    sent = {"theme": "dark", "language": "de", "time_zone": "Europe/Berlin"}
    assert client.post("/accounts/settings/reading/", sent).status_code == 302
    kept = User.objects.get(pk=user.pk)
    assert (kept.language, kept.time_zone) == ("de", "Europe/Berlin")
    page = _page(client, "/accounts/settings/reading/")
    assert 'data-zone="Europe/Berlin" data-theme="dark"' in page
    assert "Gespeichert." in page


def test_what_isnt_in_the_lists_is_refused_and_changes_nothing(client: Client) -> None:
    user = row_user("alice")
    client.force_login(user)
    response = client.post("/accounts/settings/reading/", {"theme": "", "language": "xx", "time_zone": "Mars/Base"})
    assert response.status_code == 422
    kept = User.objects.get(pk=user.pk)
    assert (kept.language, kept.time_zone) == ("", "")
    assert "language" not in response.cookies


@time_machine.travel(datetime(2026, 7, 1, 12, 0, tzinfo=UTC), tick=False)
def test_times_are_of_the_readers_zone(client: Client) -> None:
    market = row_market("Will it rain?", closes_at=datetime(2026, 7, 31, 22, 30, tzinfo=UTC))
    assert "31 Jul 2026, 22:30:00 UTC" in _page(client, f"/markets/{market.slug}")
    client.cookies["browser_zone"] = "Europe/Berlin"
    assert "01 Aug 2026, 00:30:00 CEST" in _page(client, f"/markets/{market.slug}")
    client.cookies["zone"] = "Asia/Tokyo"
    assert "01 Aug 2026, 07:30:00 JST" in _page(client, f"/markets/{market.slug}")

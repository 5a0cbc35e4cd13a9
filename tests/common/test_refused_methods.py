import pytest
from django.test import Client

PAGES = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
pytestmark = pytest.mark.django_db


def test_who_opens_the_address_of_a_form_reads_a_page(client: Client) -> None:
    answer = client.get("/announcements/1/dismiss", headers=PAGES)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "Nothing to see at this address" in answer.content.decode()
    german = client.get("/announcements/1/dismiss", headers=PAGES | {"Accept-Language": "de"})
    assert "Hier gibt es nichts zu sehen" in german.content.decode()


def test_programs_get_what_they_got(client: Client) -> None:
    assert (client.get("/announcements/1/dismiss").status_code, client.post("/metrics").content) == (405, b"")
    refused = client.delete("/api/v1/markets", headers=PAGES)
    assert (refused.status_code, refused.json()["code"]) == (405, "request.method_not_allowed")

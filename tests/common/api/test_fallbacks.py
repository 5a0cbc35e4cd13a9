"""A page whose database is busy or away says so, and is no mistake of ours."""

import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client, override_settings

from trading.web import home

pytestmark = pytest.mark.django_db


def answer_to(error: Exception, client: Client, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str | None, str]:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(home, "asked_of", fail)
    client.raise_request_exception = False
    with override_settings(DEBUG=False):
        answer = client.get("/")
    return answer.status_code, answer.headers.get("Retry-After"), answer.content.decode()


@pytest.mark.parametrize("error", [OperationalError("canceling statement due to lock timeout"), InterfaceError("gone")])
def test_a_page_without_its_database(error: Exception, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    status, retry_after, text = answer_to(error, client, monkeypatch)
    assert (status, retry_after) == (503, "1")
    assert "<h1>Something broke on our side</h1>" in text


def test_a_page_that_is_wrong(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    status, retry_after, text = answer_to(ZeroDivisionError(), client, monkeypatch)
    assert (status, retry_after) == (500, None)
    assert "<h1>Something broke on our side</h1>" in text

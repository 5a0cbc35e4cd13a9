"""Pages of alerts answer people who watch, with what they are about."""

import pytest
from django.test import Client

from accounts.types import Role
from alerting.models import Incident
from tests.alerting.kept import keep_alerting
from tests.factories.accounts import make_alice, make_dave, make_user

pytestmark = pytest.mark.django_db
PAGES = {
    "/operations/alerts": "Warning: Worker load",
    "/operations/alerts?part=list": "Warning: Worker load",
    "/operations/alerts?shown=resolved": "No incident has been resolved yet.",
    "/operations/alerts/incidents/41": "Probable cause: Worker load.",
    "/operations/alerts/incidents/41?part=state": "The condition holds for 1m: 81.5.",
    "/operations/alerts/rules": "Thresholds to decide on",
    "/operations/alerts/rules/new": "New rule",
    "/operations/alerts/rules/61": "Worker load",
    "/operations/alerts/silences": "The old logs are being moved.",
    "/operations/alerts/deliveries": "Test: Worker load",
}


def client_of(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


@pytest.mark.parametrize(("path", "words"), PAGES.items())
def test_a_page_tells_what_it_is_about(path: str, words: str) -> None:
    keep_alerting()
    answer = client_of(make_dave()).get(path)
    assert answer.status_code == 200
    assert words in answer.content.decode()


def test_analysts_see_no_buttons_traders_nothing_and_visitors_the_sign_in() -> None:
    keep_alerting()
    assert "data-act" in client_of(make_dave()).get("/operations/alerts").content.decode()
    ana = client_of(make_user("ana", roles=(Role.TRADER, Role.ANALYST)))
    assert "data-act" not in ana.get("/operations/alerts").content.decode()
    assert client_of(make_alice()).get("/operations/alerts").status_code == 403
    assert Client().get("/operations/alerts").status_code == 302


def test_what_is_not_there_is_a_404() -> None:
    dave = client_of(make_dave())
    assert dave.get("/operations/alerts/incidents/41").status_code == 404
    assert dave.get("/operations/alerts/rules/61").status_code == 404
    assert Incident.objects.count() == 0

"""The pages of forecasts and anomalies: who may open them, and what they say."""

from typing import Any

import pytest
from django.test import Client

from accounts.types import Role
from monitoring.forecasting.models import Verdict
from monitoring.forecasting.services.judge_anomaly import judge_anomaly
from monitoring.forecasting.web.evidence import HEIGHT, WIDTH, drawing
from tests.factories.accounts import make_alice, make_carol, make_dave, make_user
from tests.monitoring.forecasting.found import keep_findings, keep_prediction

pytestmark = pytest.mark.django_db
PAGES = ("/operations/forecasts", "/operations/anomalies")


def opened(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("path", PAGES)
def test_visitors_sign_in_and_traders_are_refused(client: Client, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/accounts/login/?next={path}")
    for who in (make_alice(), make_carol()):
        assert opened(who).get(path).status_code == 403


@pytest.mark.parametrize("path", PAGES)
def test_analysts_see_and_only_operators_can_act(path: str) -> None:
    keep_findings(number=31)
    seen = opened(make_user("ana", roles=(Role.TRADER, Role.ANALYST))).get(path).content.decode()
    acting = opened(make_dave()).get(path).content.decode()
    for act in ("data-switch", "data-judge"):
        assert act not in seen
    assert "data-switch" in acting
    assert ("data-judge" in acting) == path.endswith("anomalies")


def test_forecasts_say_how_many_are_worth_showing() -> None:
    keep_prediction(name="cpu_usage", horizon_min=15)
    keep_prediction(name="cpu_usage", horizon_min=30, skill=0.01, is_hidden=True)
    assert "1 of 2 forecasts are worth showing" in opened(make_dave()).get("/operations/forecasts").content.decode()


def test_an_anomaly_is_told_with_its_evidence_and_can_be_judged() -> None:
    found, dave = keep_findings(number=31), make_dave()
    client = opened(dave)
    page = client.get("/operations/anomalies").content.decode()
    for words in ("CPU rose to 91.0 %", "Look at the breakdown", "Response time", "Version 1.4.1", 'id="a31"'):
        assert words in page
    assert f"from={int(found.at.timestamp()) - 2700}" in page
    judge_anomaly(anomaly_id=31, verdict=Verdict.NORMAL, actor_id=dave.pk)
    part = client.get("/operations/anomalies?part=list&shown=open").content.decode()
    assert "<html" not in part
    assert "Nothing unusual in this time" in part
    assert "Not an anomaly" in client.get("/operations/anomalies?shown=judged&range=nonsense").content.decode()


def test_without_anything_the_pages_say_what_to_wait_for() -> None:
    client = opened(make_dave())
    assert "two hours of measurements" in client.get("/operations/forecasts").content.decode()
    assert "An hour of measurements is needed" in client.get("/operations/anomalies").content.decode()


def test_a_drawing_breaks_at_gaps_and_stays_inside() -> None:
    found = drawing([1.0, 2.0, None, 3.0], expected=1.0)
    assert found is not None
    assert found.line.count("M") == 2
    assert (found.dot_x, found.dot_y) == (WIDTH - 6, 6)
    assert found.expected_y == HEIGHT - 6
    assert drawing([None, 1.0], expected=1.0) is None
    flat = drawing([1.0, 1.0], expected=1.0)
    assert flat is not None
    assert flat.dot_y == HEIGHT / 2

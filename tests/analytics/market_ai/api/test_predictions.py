"""Estimates over HTTP."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from analytics.market_ai.models import MarketPrediction, ModelVersion
from analytics.market_ai.selectors.predictions import market_predictions
from common import clock
from tests.factories.accounts import make_alice
from tests.factories.markets import make_draft
from tests.factories.trading import live_market

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(make_alice())
    return client


def predicted(model: ModelVersion) -> int:
    market = live_market()
    outcome: dict[str, Any] = {"price": 0.6, "probability": 0.64, "low": 0.2, "high": 1.0, "confidence": 0.7}
    other = {"price": 0.4, "probability": 0.36, "low": 0.0, "high": 0.8, "confidence": 0.7}
    MarketPrediction.objects.create(
        market=market, seq=3, made_at=clock.now(), model=model, outcomes=[outcome, other],
        features={"total_volume": 1.5}, risk="medium", reasons=["Only 7 traders set this price."],
    )  # fmt: skip
    return market.pk


def test_an_estimate_stands_beside_the_price(client: Client, live_model: ModelVersion) -> None:
    market_id = predicted(live_model)
    found = client.get(f"/api/v1/ai-analytics/predictions/{market_id}").json()
    assert found["outcomes"] == [
        {"outcome": "yes", "market_price": 0.6, "probability": 0.64, "interval_80": [0.2, 1.0], "confidence": 0.7},
        {"outcome": "no", "market_price": 0.4, "probability": 0.36, "interval_80": [0.0, 0.8], "confidence": 0.7},
    ]
    assert found["risk_assessment"] == {"level": "medium", "reasons": ["Only 7 traders set this price."]}
    assert (found["is_cold"], found["cold_reason"], found["model_version"]) == (False, None, live_model.pk)


def test_a_market_that_nobody_looked_at_says_so(client: Client) -> None:
    found = client.get(f"/api/v1/ai-analytics/predictions/{live_market().pk}").json()
    assert (found["is_cold"], found["outcomes"], found["risk_assessment"]) == (True, [], None)
    assert found["cold_reason"] == "It hasn't been looked at yet; that takes some seconds after it opens."


def test_drafts_and_unknown_markets_have_none(client: Client) -> None:
    for market_id in (make_draft().pk, 999_999):
        answer = client.get(f"/api/v1/ai-analytics/predictions/{market_id}")
        assert (answer.status_code, answer.json()["code"]) == (404, "prediction.not_found")


def test_a_hundred_are_one_statement(client: Client, live_model: ModelVersion) -> None:
    wanted = [predicted(live_model) for _ in range(5)]
    with CaptureQueriesContext(connection) as queries:
        found = market_predictions(wanted)
    assert (len(queries), sorted(found)) == (1, sorted(wanted))


def test_a_batch_keeps_its_order_and_names_what_is_missing(client: Client, live_model: ModelVersion) -> None:
    first, second = predicted(live_model), predicted(live_model)
    answer = batch(client, [second, 999_999, first, second])
    assert [one["market_id"] for one in answer.json()["items"]] == [second, first]
    assert answer.json()["missing"] == [999_999]


@pytest.mark.parametrize("sent", [[], ["1"], [0], [True], list(range(1, 102)), "1", None])
def test_a_bad_batch_is_refused(client: Client, sent: Any) -> None:
    answer = batch(client, sent)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/market_ids")


def test_visitors_are_asked_who_they_are(db: None) -> None:
    assert Client().get("/api/v1/ai-analytics/predictions/1").status_code == 401


def batch(client: Client, sent: Any) -> Any:
    address = "/api/v1/ai-analytics/predictions/batch"
    return client.post(address, {"market_ids": sent}, content_type="application/json", HTTP_ORIGIN="http://testserver")

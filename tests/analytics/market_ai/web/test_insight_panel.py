"""The analysis on the market page: an estimate beside the price, and nothing when nothing is known."""

from typing import Any

import pytest
from django.test import Client

from analytics.market_ai.models import MarketPrediction, ModelVersion
from common import clock
from tests.factories.markets import make_draft
from tests.factories.rows import row_market
from tests.factories.trading import LIQUIDITY, funded_alice, live_market, place

pytestmark = pytest.mark.django_db


def _predict(market: Any, model: ModelVersion, *outcomes: tuple[float, float, float, float]) -> None:
    rows = [
        {"price": price, "probability": middle, "low": low, "high": high, "confidence": 0.8}
        for price, middle, low, high in outcomes
    ]
    MarketPrediction.objects.create(
        market=market, seq=1, made_at=clock.now(), model=model, outcomes=rows, risk="medium", reasons=["Few traders."]
    )


def test_an_estimate_beside_the_price(client: Client, live_model: ModelVersion) -> None:
    market = row_market(prices=[520_000, 480_000])
    _predict(market, live_model, (0.52, 0.57, 0.49, 0.66), (0.48, 0.43, 0.34, 0.51))
    page = client.get(f"/markets/{market.slug}/insights").content.decode()
    assert "<strong>57&nbsp;%</strong> for Yes by the model, likely 49 to 66&nbsp;%." in page
    assert "The price says 52&nbsp;%." in page
    assert "medium risk" in page
    assert "Few traders." in page
    assert 'x="49.0" y="2" width="17.0"' in page
    assert page.count("estimate-bar") == 1
    assert "data-insights" in client.get(f"/markets/{market.slug}").content.decode()


def test_nothing_known_shows_nothing(client: Client) -> None:
    assert client.get(f"/markets/{row_market().slug}/insights").status_code == 204
    assert client.get("/markets/unknown/insights").status_code == 404
    assert client.get(f"/markets/{make_draft().slug}/insights").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_what_stands_out_is_told(client: Client) -> None:
    market, buyer = live_market(liquidity_lots=LIQUIDITY), funded_alice()
    for _ in range(30):
        place(buyer, market, "buy", 0, price=None, shares=2)
    page = client.get(f"/markets/{market.slug}/insights").content.decode()
    assert '<a href="#trades-title">100 % of the last 30 trades buy Yes.</a>' in page
    assert "p &lt; 0.001" in page
    assert "estimate-bar" not in page

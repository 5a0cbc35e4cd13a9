"""Metrics and insights through the API: exact values, who may read them, and a cost that doesn't grow."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.types import Role
from analytics.market_ai.engine import features
from analytics.market_ai.engine.features import fold
from analytics.market_ai.models import MarketFeatures, MarketPrediction
from analytics.market_ai.services.fold_traders import fold_traders
from analytics.market_ai.types import Tick
from analytics.sentiment.services.score_comments import score_comments
from common import clock
from common.caching import clients
from markets.models import Market
from markets.services.post_comment import post_comment
from tests.factories.accounts import make_user
from tests.factories.markets import make_draft
from tests.factories.trading import LIQUIDITY, funded_alice, funded_bob, live_market, place, resolve
from tests.trading.api.conftest import Api, alice, anonymous, api_of, bob, carol, dave
from trading.services.settle_market import settle_market

__all__ = ["alice", "anonymous", "bob", "carol", "dave"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.redis]
AI = "/ai-analytics"


@pytest.fixture
def market(db: None) -> Market:
    return live_market(slug="rain", liquidity_lots=LIQUIDITY, challenge_window_s=0)


def _read(api: Api, path: str) -> dict[str, Any]:
    answer = api.get(f"{AI}/{path}")
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_metrics_of_a_market(alice: Api, market: Market) -> None:
    place(funded_alice(), market, "buy", 0, price=None, shares=100)
    place(funded_bob(), market, "buy", 1, price=None, shares=40)
    post_comment(market_id=market.pk, author_id=alice.user.pk, text="What a wonderful, great idea!")
    score_comments()
    fold_traders()
    found = _read(alice, f"analytics/market/{market.pk}")
    assert found["outcome"] == "yes"
    assert found["price"] == alice.get("/markets/rain").json()["outcomes"][0]["price"]
    assert (found["participants"], found["active_traders_24h"]) == (2, 2)
    assert (found["social_activity_24h"], found["news_mentions_24h"]) == (1, 0)
    assert found["social_sentiment"]["texts"] == 1
    assert 0.2 < found["social_sentiment"]["value"] < 0.25
    assert found["news_sentiment"] == {"value": 0.0, "texts": 0}
    assert found["volume"] == alice.get("/markets/rain").json()["volume"]
    assert (found["brier"], found["volatility"]) == (None, None)
    now = clock.now().timestamp()
    state = fold([Tick(now - 86_400, 0.5, volume=10.0, trades=1), Tick(now - 60, 0.6, volume=12.0, trades=2)])
    MarketFeatures.objects.create(market=market, states=[state.document()])
    found = _read(alice, f"analytics/market/{market.pk}")
    assert found["volatility"] == pytest.approx(features.volatility(state, now), abs=1e-2)
    assert found["momentum"] == pytest.approx(features.momentum(state, now), abs=1e-2)
    assert found["volume_trend"] == pytest.approx(features.volume_trend(state, now), abs=1e-2)
    assert found["liquidity_score"] == pytest.approx(1 / (1 + 50 * 0.1), abs=1e-4)


def test_metrics_of_a_trader(alice: Api, dave: Api, market: Market) -> None:
    trader = funded_alice()
    place(trader, market, "buy", 0, price=None, shares=100)
    place(trader, market, "buy", 0, price=None, shares=50)
    other = live_market(liquidity_lots=LIQUIDITY, topic="sport")
    place(trader, other, "buy", 1, price=None, shares=10)
    resolve(market, (10_000, 0))
    settle_market(market_id=market.pk)
    fold_traders()
    found = _read(alice, f"analytics/user/{trader.pk}")
    assert (found["trades"], found["markets"], found["settled_markets"], found["won_markets"]) == (3, 2, 1, 1)
    assert found["success_rate"] == 1.0
    assert found["success_rate_interval"][0] == pytest.approx(0.2065, abs=1e-4)
    assert [topic["slug"] for topic in found["preferred_topics"]] == ["science", "sport"]
    assert float(found["profit_settled"]) > 60
    assert float(found["profit"]) == pytest.approx(float(found["profit_settled"]) + float(found["profit_open"]))
    assert found["risk"]["level"] == "low"
    assert found["last_trade_at"] is not None
    assert _read(dave, f"analytics/user/{trader.pk}")["handle"] == "alice"


def test_whose_figures_one_may_read(alice: Api, bob: Api, anonymous: Api, carol: Api) -> None:
    analyst = api_of(make_user("ann", roles=(Role.ANALYST,)), "read")
    for path in ("analytics/user", "insights/portfolio"):
        assert bob.get(f"{AI}/{path}/{alice.user.pk}").status_code == 404
        assert anonymous.get(f"{AI}/{path}/{alice.user.pk}").status_code == 401
        assert _read(alice, f"{path}/{alice.user.pk}")["user_id"] == alice.user.pk
        assert _read(analyst, f"{path}/{alice.user.pk}")["handle"] == "alice"
        assert analyst.get(f"{AI}/{path}/999999").status_code == 404
    assert alice.get(f"{AI}/analytics/system").status_code == 403
    draft = make_draft()
    for path in ("analytics/market", "insights/market"):
        assert alice.get(f"{AI}/{path}/{draft.pk}").status_code == 404
        assert alice.get(f"{AI}/{path}/{draft.pk}").json()["code"] == "market.not_found"


def test_metrics_of_the_site(dave: Api, market: Market) -> None:
    place(funded_alice(), market, "buy", 0, price=None, shares=100)
    fold_traders()
    # What another test left of the site's figures.
    clients.client().flushdb()
    found = _read(dave, "analytics/system")
    assert (found["total_users"], found["active_users_24h"], found["total_trades"]) == (2, 1, 1)
    assert found["markets"] == {"open": 1}
    assert found["measurements"].keys() >= {"response_time_ms", "error_rate_percent", "cpu_percent"}


def test_insights_of_a_market(alice: Api, market: Market) -> None:
    buyer = funded_alice()
    quiet = _read(alice, f"insights/market/{market.pk}")
    assert (quiet["asked"], quiet["insights"]) == (0, [])
    for _ in range(30):
        place(buyer, market, "buy", 0, price=None, shares=2)
    found = _read(alice, f"insights/market/{market.pk}")
    (insight,) = found["insights"]
    assert (insight["kind"], found["asked"]) == ("order_flow", 1)
    assert insight["sentence"] == "100 % of the last 30 trades buy Yes."
    assert insight["evidence"] == {"buys": 30, "sells": 0}
    assert insight["significance"] < 1e-6
    assert insight["link"] == "/markets/rain#trades-title"


def test_insights_of_a_portfolio(alice: Api, market: Market) -> None:
    trader, other = funded_alice(), live_market(liquidity_lots=LIQUIDITY)
    place(trader, market, "buy", 0, price=None, shares=300)
    place(trader, other, "buy", 1, price=None, shares=20)
    found = _read(alice, f"insights/portfolio/{trader.pk}")
    assert found["positions"] == 2
    assert float(found["value"]) == pytest.approx(float(found["cost"]) + float(found["unrealised"]), abs=1e-3)
    assert found["worst_case_loss"] == found["value"]
    assert found["concentration"]["largest_market_id"] == market.pk
    assert found["concentration"]["largest_share"] > 0.9
    assert found["model"] == {"covered": 0.0, "edge": "0.0000", "expected_return": None, "holdings": []}
    kinds = {insight["kind"]: insight for insight in found["insights"]}
    assert kinds["concentration"]["link"] == "/markets/rain"
    assert kinds["worst_case"]["significance"] is None


def test_a_portfolio_beside_the_model(alice: Api, market: Market) -> None:
    trader = funded_alice()
    place(trader, market, "buy", 1, price=None, shares=100)
    told = [
        {"price": 0.475, "probability": 0.3, "low": 0.2, "high": 0.4, "confidence": 0.8},
        {"price": 0.525, "probability": 0.7, "low": 0.6, "high": 0.8, "confidence": 0.8},
    ]
    MarketPrediction.objects.create(market=market, seq=1, made_at=clock.now(), outcomes=told, risk="low")
    found = _read(alice, f"insights/portfolio/{trader.pk}")
    model = found["model"]
    (held,) = model["holdings"]
    assert (model["covered"], held["outcome"], held["estimate"], held["low"], held["high"]) == (
        1.0,
        "No",
        0.7,
        0.6,
        0.8,
    )
    assert float(model["edge"]) == pytest.approx(100 * (0.7 - float(held["price"])), abs=1e-3)
    assert model["expected_return"] == pytest.approx(float(model["edge"]) / float(found["value"]), abs=1e-3)
    (insight,) = [one for one in found["insights"] if one["kind"] == "model_edge"]
    assert insight["sentence"].startswith("The model puts No of ")


def test_the_cost_doesnt_grow_with_history(alice: Api, dave: Api, market: Market) -> None:
    trader = funded_alice()
    paths = [
        (alice, f"analytics/market/{market.pk}"),
        (alice, f"analytics/user/{trader.pk}"),
        (alice, f"insights/market/{market.pk}"),
        (alice, f"insights/portfolio/{trader.pk}"),
    ]

    def statements() -> list[int]:
        counts = []
        for api, path in paths:
            with CaptureQueriesContext(connection) as captured:
                _read(api, path)
            counts.append(len(captured))
        return counts

    place(trader, market, "buy", 0, price=None, shares=1)
    fold_traders()
    statements()
    before = statements()
    for number in range(20):
        place(trader, market, "buy", number % 2, price=None, shares=1)
        post_comment(market_id=market.pk, author_id=trader.pk, text=f"Number {number}.")
    score_comments()
    fold_traders()
    assert statements() == before
    assert max(before) <= 14

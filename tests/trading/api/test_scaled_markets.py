"""Numeric and date markets by the API: made, priced, and resolved by a value."""

from typing import Any

import pytest

from markets.models import Market, MarketEvent
from markets.services.close_market import close_market
from markets.services.void_market import void_market
from tests.factories.markets import make_topic
from tests.factories.trading import fund
from tests.trading.api.conftest import Api
from trading.models import Position
from trading.services.settle_market import settle_market

pytestmark = pytest.mark.django_db(transaction=True)

RAIN: dict[str, Any] = {
    "question": "How much rain will fall in Lisbon in March?",
    "rules": "The monthly sum that the weather service reports.",
    "topic": "science",
    "closes_at": "2030-04-01T00:00:00Z",
    "kind": "numeric",
    "scale": {"lower": "0", "upper": "30", "buckets": 3, "unit": "mm", "above": True},
    "liquidity": "100",
    "challenge_window_s": 0,
    "open": True,
}
LANDING: dict[str, Any] = RAIN | {
    "question": "When will the next crew land on the Moon?",
    "kind": "date",
    "scale": {"bounds": ["2028-01-01", "2029-01-01", "2030-01-01"], "above": True},
}


def create(dave: Api, body: dict[str, Any]) -> dict[str, Any]:
    make_topic()
    answer = dave.post("/markets", body)
    assert answer.status_code == 201, answer.content
    document: dict[str, Any] = answer.json()
    return document


def test_a_numeric_market_tells_mean_and_distribution(dave: Api, alice: Api) -> None:
    market = create(dave, RAIN)
    assert market["scale"] == {"bounds": ["0", "10", "20", "30"], "unit": "mm", "below": False, "above": True}
    assert [o["name"] for o in market["outcomes"]] == ["0 to 10 mm", "10 to 20 mm", "20 to 30 mm", "30 mm or more"]
    assert (market["distribution"]["mean"], market["distribution"]["median"]) == ("20", "20")
    assert market["distribution"]["buckets"][3] == {
        "outcome": "from-30",
        "lower": "30",
        "upper": None,
        "probability": "0.250000",
    }
    fund(alice.user)
    order = {"market_id": market["id"], "outcome": "0-to-10", "side": "buy", "type": "market", "quantity": "100"}
    assert alice.post("/orders", order).status_code == 201
    after = alice.get(f"/markets/{market['slug']}").json()
    # p = e / (e + 3) for the lowest bucket, and a third of the rest for each other.
    assert after["distribution"]["buckets"][0]["probability"] == "0.475367"
    assert after["distribution"]["mean"] == "15.49267"
    assert MarketEvent.objects.get(market_id=market["id"], seq=1).data["scale"]["unit"] == "mm"


@pytest.mark.parametrize(("value", "bucket"), [("12.5", 1), ("30", 3), ("0", 0)])
def test_a_value_pays_its_bucket(dave: Api, alice: Api, value: str, bucket: int) -> None:
    market = create(dave, RAIN)
    fund(alice.user)
    alice.post(f"/markets/{market['id']}/sets", {"action": "mint", "quantity": "10"})
    close_market(market_id=market["id"], actor_id=None)
    body = {"value": value, "reason": "The service says so."}
    proposed = dave.post(f"/markets/{market['id']}/propose", body)
    assert proposed.status_code == 200, proposed.content
    assert proposed.json()["proposal"]["value"] == value
    confirmed = dave.post(f"/markets/{market['id']}/confirm", {}).json()
    assert (confirmed["value"], confirmed["status"]) == (value, "resolved")
    assert confirmed["payouts"] == ["1.0000" if i == bucket else "0.0000" for i in range(4)]
    settle_market(market_id=market["id"])
    costs = Position.objects.filter(market_id=market["id"], user=alice.user).order_by("outcome")
    assert sum(costs.values_list("cost", flat=True)) == 0


def test_a_date_market_is_resolved_by_a_day(dave: Api) -> None:
    market = create(dave, LANDING)
    assert [o["slug"] for o in market["outcomes"]] == [
        "2028-01-01--2028-12-31",
        "2029-01-01--2029-12-31",
        "from-2030-01-01",
    ]
    assert market["distribution"]["mean"] == "2029-07-02"
    close_market(market_id=market["id"], actor_id=None)
    body = {"value": "2029-12-31", "reason": "They landed on that day."}
    document = dave.post(f"/markets/{market['id']}/propose", body).json()
    assert document["proposal"]["payouts"] == ["0.0000", "1.0000", "0.0000"]


def test_a_partial_resolution_and_a_void_work_as_for_every_market(dave: Api) -> None:
    market, other = create(dave, RAIN), create(dave, RAIN)
    close_market(market_id=market["id"], actor_id=None)
    body = {"payouts": ["0.5", "0.5", "0", "0"], "reason": "Between two."}
    answer = dave.post(f"/markets/{market['id']}/propose", body)
    assert (answer.status_code, answer.json()["status"], answer.json()["value"]) == (200, "proposed", None)
    void_market(market_id=other["id"], actor_id=None, reason="The service is closed.")
    document = dave.get(f"/markets/{other['id']}").json()
    assert (document["status"], document["value"]) == ("void", None)


@pytest.mark.parametrize(
    ("value", "payouts", "pointer"),
    [
        ("-1", None, "/value"),
        ("rain", None, "/value"),
        ("1e300", None, "/value"),
        ("5", ["1", "0", "0", "0"], "/value"),
        (None, None, "/payouts"),
        (5, None, "/value"),
    ],
)
def test_a_value_off_the_scale_is_refused(dave: Api, value: object, payouts: object, pointer: str) -> None:
    market = create(dave, RAIN)
    close_market(market_id=market["id"], actor_id=None)
    given = {"value": value, "payouts": payouts, "reason": "The service says so."}
    body = {name: one for name, one in given.items() if one is not None}
    answer = dave.post(f"/markets/{market['id']}/propose", body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    assert Market.objects.get(pk=market["id"]).status == "closed"


def test_a_binary_market_has_no_value(dave: Api, market: Market) -> None:
    close_market(market_id=market.pk, actor_id=None)
    answer = dave.post(f"/markets/{market.pk}/propose", {"value": "5", "reason": "The service says so."})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/value")


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"scale": None}, "/scale"),
        ({"scale": []}, "/scale"),
        ({"scale": {"lower": "0", "upper": "10", "buckets": 2, "step": "5"}}, "/scale/step"),
        ({"scale": {"lower": "x", "upper": "10", "buckets": 2}}, "/scale/lower"),
        ({"scale": {"lower": "0", "upper": "10", "buckets": 1}}, "/scale/buckets"),
        ({"outcomes": ["a", "b"]}, "/outcomes"),
        ({"kind": "binary"}, "/scale"),
        ({"kind": "date"}, "/scale/lower"),
    ],
)
def test_a_wrong_scale_is_refused_by_its_field(dave: Api, changes: dict[str, Any], pointer: str) -> None:
    make_topic()
    body = {name: value for name, value in (RAIN | changes).items() if value is not None}
    answer = dave.post("/markets", body)
    assert answer.status_code == 422
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]
    assert not Market.objects.exists()

"""Liquidity and NO by the API."""

import pytest

from markets.models import Market
from tests.factories.trading import fund, live_categorical_market
from tests.trading.api.conftest import Api

pytestmark = pytest.mark.django_db(transaction=True)


def test_liquidity_is_added_read_and_withdrawn(alice: Api, market: Market) -> None:
    path = f"/markets/{market.pk}/liquidity"
    before = alice.get(f"/markets/{market.pk}").json()
    added = alice.post(path, {"action": "add", "quantity": "50"})
    assert (added.status_code, added.json()["action"], added.json()["quantity"]) == (201, "add", "50")
    after = alice.get(f"/markets/{market.pk}").json()
    assert float(after["liquidity"]) == float(before["liquidity"]) + 50
    assert after["outcomes"] == before["outcomes"]
    own = alice.get(path).json()
    assert (own["own"], own["provided"], own["liquidity"]) == ("50", "50", after["liquidity"])
    assert 0 <= float(own["cost"]) - float(own["value"]) < 1e-4
    back = alice.post(path, {"action": "withdraw", "quantity": "50"}, **{"Idempotency-Key": "back"})
    again = alice.post(path, {"action": "withdraw", "quantity": "50"}, **{"Idempotency-Key": "back"})
    assert (back.status_code, again.content, again.headers["Idempotent-Replay"]) == (201, back.content, "true")
    assert alice.get(path).json()["own"] == "0"


@pytest.mark.parametrize(
    ("body", "status", "code", "pointer"),
    [
        ({"action": "take", "quantity": "1"}, 422, "request.invalid", "/action"),
        ({"action": "add"}, 422, "request.invalid", "/quantity"),
        ({"action": "add", "quantity": "0"}, 422, "order.quantity_invalid", "/quantity"),
        ({"action": "add", "quantity": "90000"}, 409, "order.insufficient_funds", "/quantity"),
        ({"action": "add", "quantity": "900000000"}, 422, "liquidity.too_much", "/quantity"),
        ({"action": "withdraw", "quantity": "1"}, 409, "liquidity.not_provided", "/quantity"),
    ],
)
def test_refusals_name_the_field(
    alice: Api, market: Market, body: object, status: int, code: str, pointer: str
) -> None:
    answer = alice.post(f"/markets/{market.pk}/liquidity", body)
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["errors"][0]["pointer"]) == (status, code, pointer)
    assert alice.get(f"/markets/{market.pk}/liquidity").json()["own"] == "0"


def test_no_on_two_outcomes_becomes_cash(alice: Api) -> None:
    fund(alice.user)
    market = live_categorical_market(slug="race")
    alice.post("/markets/race/sets", {"action": "mint", "quantity": "30"})
    answer = alice.post("/markets/race/convert", {"outcomes": ["ann", "cem"], "quantity": "10"})
    document = answer.json()
    assert (answer.status_code, document["market_id"], document["cash"]) == (201, market.pk, "10")
    assert (document["no"], document["shares"]) == (["ann", "cem"], {"ben": "10"})


@pytest.mark.parametrize(
    ("body", "status", "code", "pointer"),
    [
        ({"outcomes": ["ann", "dan"], "quantity": "1"}, 422, "order.outcome_unknown", "/outcomes/1"),
        ({"outcomes": ["ann"], "quantity": "1"}, 422, "order.outcomes_invalid", "/outcomes"),
        ({"outcomes": "ann", "quantity": "1"}, 422, "request.invalid", "/outcomes"),
        ({"quantity": "1"}, 422, "request.invalid", "/outcomes"),
        ({"outcomes": ["ann", "ben"], "quantity": "1"}, 409, "order.insufficient_shares", "/quantity"),
    ],
)
def test_refused_conversions_name_the_field(alice: Api, body: object, status: int, code: str, pointer: str) -> None:
    live_categorical_market(slug="race")
    answer = alice.post("/markets/race/convert", body)
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["errors"][0]["pointer"]) == (status, code, pointer)


def test_a_market_that_is_not_there(alice: Api) -> None:
    for name in ("liquidity", "convert"):
        body = {"action": "add", "quantity": "1"} if name == "liquidity" else {"outcomes": ["a", "b"], "quantity": "1"}
        assert alice.post(f"/markets/nowhere/{name}", body).status_code == 404

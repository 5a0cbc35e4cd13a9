"""Amends, places in the queue and limits on the wire."""

from typing import Any

import pytest

from markets.models import Market
from tests.trading.api.conftest import Api, everything


def placed(api: Api, market: Market, price: str = "0.40", **more: Any) -> int:
    body = {"market_id": market.pk, "outcome": "yes", "side": "buy", "price": price, "quantity": "10", **more}
    answer = api.post("/orders", body)
    assert answer.status_code == 201, answer.content
    found: int = answer.json()["id"]
    return found


def patch(api: Api, order_id: int, body: Any, **headers: str) -> Any:
    return api.send("PATCH", f"/orders/{order_id}", body, **headers)


def test_an_order_is_amended_in_place_and_listed_with_its_new_terms(alice: Api, bookless: Market) -> None:
    order_id = placed(alice, bookless, client_order_id="mine")
    answer = patch(alice, order_id, {"price": "0.4100", "quantity": "12"})
    assert answer.status_code == 200
    found = answer.json()
    assert (found["id"], found["client_order_id"], found["price"]) == (order_id, "mine", "0.4100")
    assert (found["quantity"], found["remaining"], found["account"]["held"]) == ("12", "12", "4.92")
    assert answer.headers["X-Market-Seq"] == str(found["seq"])
    read = alice.get(f"/orders/{order_id}").json()
    assert (read["price"], read["quantity"], read["status"]) == ("0.4100", "12", "open")
    book = alice.get(f"/markets/{bookless.pk}/book").json()["books"][0]
    assert book["bids"] == [["0.4100", "12"]]


def test_a_decrease_keeps_the_place_and_a_key_makes_it_safe(alice: Api, bob: Api, bookless: Market) -> None:
    first, second = placed(alice, bookless), placed(bob, bookless)
    answers = [patch(alice, first, {"decrease_by": "4"}, **{"Idempotency-Key": "once"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].content == answers[1].content
    assert [answer.headers.get("Idempotent-Replay") for answer in answers] == [None, "true"]
    assert alice.get(f"/orders/{first}/queue").json()["orders_ahead"] == 0
    queue = bob.get(f"/orders/{second}/queue").json()
    assert (queue["orders_ahead"], queue["quantity_ahead"], queue["price"]) == (1, "6", "0.4000")
    assert queue["seq"] == answers[0].json()["seq"]
    patch(alice, first, {"quantity": "20"})
    assert bob.get(f"/orders/{second}/queue").json()["orders_ahead"] == 0
    bob.delete(f"/orders/{second}")
    gone = bob.get(f"/orders/{second}/queue").json()
    assert (gone["orders_ahead"], gone["quantity_ahead"], gone["seq"]) == (None, None, None)


@pytest.mark.parametrize(
    ("body", "status", "code", "pointer"),
    [
        ({}, 422, "request.invalid", "/price"),
        ({"price": 0.4}, 422, "request.invalid", "/price"),
        ({"price": "0.41", "decrease_by": "1"}, 422, "request.invalid", "/decrease_by"),
        ({"side": "sell", "price": "0.41"}, 422, "request.invalid", "/side"),
        ({"price": "0.41111"}, 422, "order.price_off_grid", "/price"),
        ({"quantity": "-1"}, 422, "order.quantity_invalid", "/quantity"),
        ({"decrease_by": "0"}, 422, "order.quantity_invalid", "/decrease_by"),
        ({"price": "0.40"}, 409, "order.amend_invalid", "/price"),
        ({"quantity": "900000"}, 409, "order.insufficient_funds", "/quantity"),
    ],
)
def test_refused_terms_change_nothing(
    alice: Api, bookless: Market, body: dict[str, Any], status: int, code: str, pointer: str
) -> None:
    order_id = placed(alice, bookless)
    before = everything()
    answer = patch(alice, order_id, body)
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["errors"][0]["pointer"]) == (status, code, pointer)
    assert everything() == before


def test_anothers_order_does_not_exist(alice: Api, bob: Api, bookless: Market) -> None:
    order_id = placed(alice, bookless)
    assert patch(bob, order_id, {"price": "0.3"}).status_code == 404
    assert bob.get(f"/orders/{order_id}/queue").status_code == 404


def test_sells_may_be_reduce_only_or_by_proceeds(alice: Api, bob: Api, bookless: Market) -> None:
    alice.post(f"/markets/{bookless.pk}/sets", {"action": "mint", "quantity": "10"})
    sell = {"market_id": bookless.pk, "outcome": "yes", "side": "sell"}
    resting = alice.post("/orders", {**sell, "price": "0.7", "quantity": "25", "reduce_only": True}).json()
    assert (resting["reduce_only"], resting["quantity"], resting["remaining"]) == (True, "10", "10")
    placed(bob, bookless, "0.5")
    body = {**sell, "type": "market", "min_proceeds": "2"}
    dry = alice.post("/orders", {**body, "dry_run": True})
    found = alice.post("/orders", body)
    assert (dry.status_code, found.status_code) == (200, 201)
    for name in ("filled", "cost", "fee", "min_proceeds", "account"):
        assert dry.json()[name] == found.json()[name]
    assert (found.json()["filled"], found.json()["min_proceeds"]) == ("4", "2")
    assert alice.get(f"/orders/{resting['id']}").json()["remaining"] == "6"
    refused = alice.post("/orders", {**body, "min_proceeds": "200"}).json()
    assert (refused["code"], refused["proceeds"]) == ("order.proceeds_not_reached", "3")


def test_limits_are_read_by_everybody_and_set_by_operators(
    alice: Api, dave: Api, anonymous: Api, bookless: Market
) -> None:
    path = f"/markets/{bookless.slug}/limits"
    assert alice.send("PUT", path, {}).status_code == 403
    body = {"max_open_orders": 2, "max_order_size": "15", "price_band": "0.05"}
    answer = dave.send("PUT", path, body)
    assert answer.status_code == 200, answer.content
    read = anonymous.get(path).json()
    assert read == answer.json()
    assert read == {
        "market_id": bookless.pk, **body, "max_position": None, "price_band": "0.0500",
        "effective": {**body, "max_position": None, "price_band": "0.0500"},
    }  # fmt: skip
    order = {"market_id": bookless.pk, "outcome": "yes", "side": "buy", "quantity": "10"}
    assert alice.post("/orders", {**order, "price": "0.56"}).json()["code"] == "order.price_out_of_band"
    assert alice.post("/orders", {**order, "price": "0.3", "quantity": "16"}).json()["code"] == "order.size_limit"
    dave.send("PUT", path, {})
    assert anonymous.get(path).json()["effective"]["max_open_orders"] == 100_000
    assert alice.post("/orders", {**order, "price": "0.56"}).status_code == 201


def test_a_traders_limits_are_for_operators(alice: Api, dave: Api, bookless: Market) -> None:
    path = f"/traders/{alice.user.username}/limits"
    assert alice.get(path).status_code == 403
    assert dave.send("PUT", path, {"max_order_size": "0"}).json()["errors"][0]["pointer"] == "/max_order_size"
    assert dave.send("PUT", path, {"max_order_size": "5"}).json() == {
        "handle": alice.user.username, "max_open_orders": None, "max_order_size": "5", "max_position": None,
    }  # fmt: skip
    assert dave.get(path).json()["max_order_size"] == "5"
    order = {"market_id": bookless.pk, "outcome": "yes", "side": "buy", "price": "0.3", "quantity": "6"}
    refused = alice.post("/orders", order).json()
    assert (refused["code"], refused["limit"], refused["allowed"]) == ("order.size_limit", "max_order_size", "5")
    assert dave.get("/traders/nobody/limits").json()["code"] == "trader.not_found"


def test_who_resumes_says_for_how_long_orders_only_rest(alice: Api, bob: Api, dave: Api, bookless: Market) -> None:
    placed(bob, bookless, "0.5", outcome="no")
    dave.post(f"/markets/{bookless.pk}/halt", {"reason": "The source is down."})
    assert alice.post("/orders", {}).status_code == 422
    assert dave.post(f"/markets/{bookless.pk}/resume", {"post_only_s": -1}).status_code == 422
    resumed = dave.post(f"/markets/{bookless.pk}/resume", {"post_only_s": 600}).json()
    assert resumed["post_only_until"] is not None
    take = {"market_id": bookless.pk, "outcome": "yes", "side": "buy", "price": "0.5", "quantity": "1"}
    refused = alice.post("/orders", take).json()
    assert (refused["code"], refused["status"]) == ("order.post_only_period", 409)
    assert alice.post("/orders", {**take, "price": "0.49"}).status_code == 201


@pytest.mark.parametrize(("body", "left"), [({"side": "buy"}, ["sell"]), ({"side": "sell"}, ["buy", "buy"]), ({}, [])])
def test_cancel_all_keeps_to_its_market_and_side(
    alice: Api, bookless: Market, market: Market, body: dict[str, Any], left: list[str]
) -> None:
    alice.post(f"/markets/{bookless.pk}/sets", {"action": "mint", "quantity": "10"})
    elsewhere = placed(alice, market, "0.10")
    placed(alice, bookless, "0.10")
    placed(alice, bookless, "0.20")
    placed(alice, bookless, "0.90", side="sell")
    answer = alice.post("/orders/cancel-all", {"market_id": bookless.pk, **body}).json()
    assert answer["cancelled"] == 3 - len(left)
    open_orders = alice.get("/orders?status=open").json()["items"]
    assert sorted(order["side"] for order in open_orders if order["market_id"] == bookless.pk) == left
    assert elsewhere in [order["id"] for order in open_orders]

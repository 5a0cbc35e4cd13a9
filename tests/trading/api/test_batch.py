"""Many orders in one request."""

from collections.abc import Callable
from typing import Any

import pytest

from common.api.access import gate
from markets.models import Market
from tests.trading.api.conftest import Api, everything
from trading.models import Order


def item(market: Market, price: str, key: str = "", **more: Any) -> dict[str, Any]:
    named = {"client_order_id": key} if key else {}
    return {"market_id": market.pk, "outcome": "yes", "side": "buy", "price": price, "quantity": "10", **named, **more}


def statuses(answer: Any) -> list[int]:
    assert answer.status_code == 200, answer.content
    return [one["status"] for one in answer.json()["items"]]


def test_each_item_is_answered_in_its_place(alice: Api, bookless: Market, market: Market) -> None:
    resting = alice.post("/orders", item(bookless, "0.40")).json()
    answer = alice.post(
        "/orders/batch",
        {
            "items": [
                {"action": "cancel", "order_id": resting["id"]},
                item(market, "0.62", "one"),
                item(bookless, "0.41", "two"),
                item(bookless, "0.41", "poor", quantity="900000000"),
                item(bookless, "0.411111", "finer"),
                {"action": "cancel", "order_id": 10**12},
                {"action": "burn"},
                item(bookless, "0.5", "dry", dry_run=True),
            ]
        },
    )
    assert statuses(answer) == [200, 201, 201, 409, 422, 404, 422, 422]
    answers = [one["answer"] for one in answer.json()["items"]]
    assert [one.get("status") for one in answers[:3]] == ["cancelled", "filled", "open"]
    assert [one.get("code") for one in answers[3:]] == [
        "order.insufficient_funds",
        "order.price_off_grid",
        "order.not_found",
        "request.invalid",
        "request.invalid",
    ]
    assert [one["errors"][0]["pointer"] for one in answers[6:]] == ["/action", "/dry_run"]
    assert list(Order.objects.filter(status="open").values_list("client_order_id", flat=True)) == ["two"]


def test_items_of_one_market_see_each_other_in_their_order(alice: Api, bob: Api, bookless: Market) -> None:
    resting = alice.post("/orders", item(bookless, "0.40")).json()
    taken = bob.post("/orders/batch", {"items": [item(bookless, "0.60", outcome="no"), item(bookless, "0.30")]})
    assert statuses(taken) == [201, 201]
    assert taken.json()["items"][0]["answer"]["status"] == "filled"
    assert Order.objects.get(pk=resting["id"]).status == "filled"
    seqs = [one["answer"]["seq"] for one in taken.json()["items"]]
    assert seqs[1] == seqs[0] + 1


def test_a_repeated_batch_answers_the_same_and_does_nothing(alice: Api, bookless: Market) -> None:
    body = {"items": [item(bookless, "0.40", "one"), item(bookless, "0.41", "two"), item(bookless, "0.41", "two")]}
    first = alice.post("/orders/batch", body).json()["items"]
    before = everything()
    again = alice.post("/orders/batch", body).json()["items"]
    assert [one["answer"] for one in again] == [one["answer"] for one in first]
    assert [one["is_replay"] for one in first] == [False, False, True]
    assert [one["is_replay"] for one in again] == [True, True, True]
    assert everything() == before


def test_anothers_order_is_not_found(alice: Api, bob: Api, bookless: Market) -> None:
    resting = alice.post("/orders", item(bookless, "0.40")).json()
    before = everything()
    answer = bob.post("/orders/batch", {"items": [{"action": "cancel", "order_id": resting["id"]}]})
    assert statuses(answer) == [404]
    assert everything() == before


@pytest.mark.parametrize(
    "body",
    [{}, {"items": []}, {"items": {}}, {"items": [7]}, {"items": [{}] * 101}, {"items": [{}], "more": 1}],
    ids=["nothing", "empty", "no list", "no object", "too many", "unknown"],
)
def test_a_malformed_batch_is_refused_as_a_whole(alice: Api, body: Any, unchanged: Callable[[], None]) -> None:
    answer = alice.post("/orders/batch", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid")
    unchanged()


def test_every_item_counts_against_the_limit(alice: Api, bookless: Market, settings: Any) -> None:
    settings.API_LIMITS = dict.fromkeys(settings.API_LIMITS, (5, 60))
    gate.cache_clear()
    try:
        first = alice.post("/orders/batch", {"items": [item(bookless, "0.40") for _ in range(4)]})
        before = everything()
        second = alice.post("/orders/batch", {"items": [item(bookless, "0.40") for _ in range(4)]})
    finally:
        gate.cache_clear()
    assert statuses(first) == [201] * 4
    assert first.headers["RateLimit-Remaining"] == "1"
    assert (second.status_code, second.json()["code"]) == (429, "limit.exceeded")
    assert everything() == before


def test_cancels_have_a_bucket_of_their_own(alice: Api, bookless: Market, settings: Any) -> None:
    settings.API_LIMITS = dict.fromkeys(settings.API_LIMITS, (3, 60))
    gate.cache_clear()
    try:
        placed = [alice.post("/orders", item(bookless, "0.40")).json()["id"] for _ in range(3)]
        assert alice.post("/orders", item(bookless, "0.40")).status_code == 429
        first = alice.delete(f"/orders/{placed[0]}")
        everything_else = alice.post("/orders/cancel-all", {})
        assert alice.delete(f"/orders/{placed[1]}").headers["RateLimit-Remaining"] == "0"
        refused = alice.post("/orders/cancel-all", {})
        buckets = {one["bucket"]: one for one in alice.get("/limits").json()["buckets"]}
    finally:
        gate.cache_clear()
    assert (first.status_code, first.headers["RateLimit-Remaining"]) == (200, "2")
    assert (everything_else.status_code, everything_else.json()["cancelled"]) == (200, 2)
    assert (refused.status_code, refused.headers["RateLimit-Remaining"]) == (429, "0")
    assert int(refused.headers["Retry-After"]) == refused.json()["retry_after"]
    assert {name: one["limit"] for name, one in buckets.items()} == {"read": 3, "write": 3, "cancel": 3}


def test_everything_is_cancelled_or_what_was_named(alice: Api, bob: Api, bookless: Market, market: Market) -> None:
    for key, order in {
        "low": item(bookless, "0.30"),
        "no": item(bookless, "0.20", outcome="no"),
        "rule": item(market, "0.30"),
    }.items():
        assert alice.post("/orders", order | {"client_order_id": key}).json()["status"] == "open"
    bob.post("/orders", item(bookless, "0.30", "bob"))

    def left() -> list[str]:
        return sorted(Order.objects.filter(status="open").values_list("client_order_id", flat=True))

    named = {"market_id": bookless.pk, "outcome": "no", "side": "buy"}
    assert alice.post("/orders/cancel-all", named).json() == {
        "cancelled": 1,
        "markets": [{"market_id": bookless.pk, "cancelled": 1}],
    }
    assert left() == ["bob", "low", "rule"]
    assert alice.post("/orders/cancel-all", {}).json()["cancelled"] == 2
    assert left() == ["bob"]
    assert alice.get("/account").json()["held"] == "0"
    assert alice.post("/orders/cancel-all", {}).json() == {"cancelled": 0, "markets": []}


@pytest.mark.parametrize("body", [{"outcome": "yes"}, {"side": "up"}, {"market_id": 0}])
def test_a_malformed_cancel_all_cancels_nothing(alice: Api, bookless: Market, body: Any) -> None:
    alice.post("/orders", item(bookless, "0.30"))
    before = everything()
    assert alice.post("/orders/cancel-all", body).status_code == 422
    assert everything() == before

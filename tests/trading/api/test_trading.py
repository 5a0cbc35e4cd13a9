"""Orders over HTTP, from placing to looking them up."""

from typing import Any

from markets.models import Market
from tests.trading.api.conftest import Api, everything


def test_an_order_is_answered_in_full(alice: Api, order: dict[str, Any]) -> None:
    answer = alice.post("/orders", order | {"client_order_id": "c-81"})
    assert answer.status_code == 201, answer.content
    document = answer.json()
    assert (document["outcome"], document["side"], document["client_order_id"]) == ("yes", "buy", "c-81")
    assert (document["status"], document["filled"], document["remaining"]) == ("filled", "10", "0")
    assert answer.headers["Location"] == f"/api/v1/orders/{document['id']}"
    assert answer.headers["X-Market-Seq"] == str(document["seq"])
    found = alice.get(f"/orders/{document['id']}").json()
    assert {name: found[name] for name in document if name not in ("account", "fills")} == {
        name: value for name, value in document.items() if name not in ("account", "fills")
    }
    assert [fill["cost"] for fill in found["fills"]] == [fill["cost"] for fill in document["fills"]]
    account = alice.get("/account").json()
    assert {name: account[name] for name in ("cash", "held", "available")} == document["account"]
    assert alice.get("/orders").json()["items"][0]["id"] == document["id"]
    assert alice.get("/fills").json()["items"][0]["order_id"] == document["id"]
    assert [p["quantity"] for p in alice.get("/positions").json()["items"]] == ["10"]
    assert alice.get("/ledger").json()["items"][0]["kind"] == "trade"


def test_the_same_client_order_id_repeats_the_first_answer_byte_for_byte(alice: Api, order: dict[str, Any]) -> None:
    first = alice.post("/orders", order | {"client_order_id": "c-1"})
    before = everything()
    again = alice.post("/orders", order | {"client_order_id": "c-1", "price": "0.6200", "type": "limit"})
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["Idempotent-Replay"] == "true"
    assert "Idempotent-Replay" not in first.headers
    assert everything() == before


def test_a_refusal_is_repeated_too(alice: Api, order: dict[str, Any]) -> None:
    body = order | {"client_order_id": "c-1", "quantity": "900000000"}
    first, again = alice.post("/orders", body), alice.post("/orders", body)
    assert first.json()["code"] == "order.insufficient_funds"
    assert again.content == first.content
    assert again.headers["Idempotent-Replay"] == "true"
    assert again.headers["Content-Type"] == "application/problem+json"


def test_no_is_mirrored_into_the_one_book_and_cancelled(alice: Api, bookless: Market) -> None:
    body = {"market_id": bookless.pk, "outcome": "no", "side": "buy", "price": "0.38", "quantity": "10"}
    placed = alice.post("/orders", body).json()
    assert (placed["status"], placed["remaining"], placed["account"]["held"]) == ("open", "10", "3.8")
    book = alice.get(f"/markets/{bookless.pk}/book").json()
    assert book["books"] == [
        {"outcome": "yes", "bids": [], "asks": [["0.6200", "10"]]},
        {"outcome": "no", "bids": [["0.3800", "10"]], "asks": []},
    ]
    cancelled = alice.delete(f"/orders/{placed['id']}")
    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    assert alice.get("/account").json()["held"] == "0"
    assert alice.get(f"/markets/{bookless.pk}/book").json()["books"][0]["asks"] == []
    assert alice.delete(f"/orders/{placed['id']}").json()["code"] == "order.not_found"


def test_a_market_order_spends_at_most_max_cost(alice: Api, market: Market) -> None:
    body = {"market_id": market.pk, "outcome": "yes", "side": "buy", "type": "market", "max_cost": "30.5"}
    answer = alice.post("/orders", body)
    assert answer.status_code == 201, answer.content
    document = answer.json()
    assert (document["status"], document["max_cost"]) == ("filled", "30.5")
    assert 30.4 < float(document["cost"]) <= 30.5


def test_a_dry_run_tells_the_result_and_changes_nothing(alice: Api, order: dict[str, Any]) -> None:
    before = everything()
    dry = alice.post("/orders", order | {"dry_run": True})
    assert dry.status_code == 200, dry.content
    assert everything() == before
    real = alice.post("/orders", order).json()
    for name in ("status", "filled", "cost", "fee", "average_price", "account"):
        assert dry.json()[name] == real[name], name


def test_sets_are_minted_and_merged(alice: Api, market: Market) -> None:
    minted = alice.post(f"/markets/{market.pk}/sets", {"action": "mint", "quantity": "5"})
    assert minted.status_code == 201, minted.content
    assert [p["quantity"] for p in alice.get("/positions").json()["items"]] == ["5", "5"]
    merged = alice.post(f"/markets/{market.slug}/sets", {"action": "merge", "quantity": "5"})
    assert merged.status_code == 201, merged.content
    assert alice.get("/positions").json()["items"] == []
    assert merged.json()["account"] == {"cash": "1000", "held": "0", "available": "1000"}


def test_sets_are_changed_once_for_an_idempotency_key(alice: Api, market: Market) -> None:
    address, body, key = f"/markets/{market.pk}/sets", {"action": "mint", "quantity": "5"}, {"Idempotency-Key": "s-1"}
    first, again = alice.post(address, body, **key), alice.post(address, body | {"quantity": "5.0"}, **key)
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["Idempotent-Replay"] == "true"
    other = alice.post(address, body | {"action": "merge"}, **key)
    assert (other.status_code, other.json()["code"]) == (409, "order.client_order_id_reused")
    assert [p["quantity"] for p in alice.get("/positions").json()["items"]] == ["5", "5"]

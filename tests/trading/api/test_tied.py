"""Stops, pairs, order groups, heartbeats and valid_until on the wire."""

from typing import Any

import pytest

from common import clock
from markets.models import Market
from tests.trading.api.conftest import Api, everything
from trading.models import Order, OrderGroup

OVER = "2020-01-01T00:00:00Z"
LATER = "2035-01-01T00:00:00Z"


def stop(market: Market, **more: Any) -> dict[str, Any]:
    given = {"market_id": market.pk, "outcome": "yes", "side": "buy", "type": "stop_limit", "price": "0.70"}
    return given | {"trigger_price": "0.60", "quantity": "10", **more}


def pair(market: Market) -> dict[str, Any]:
    sell = {"market_id": market.pk, "outcome": "yes", "side": "sell", "quantity": "5"}
    return {"orders": [sell | {"price": "0.8"}, sell | {"type": "stop", "trigger_price": "0.3"}]}


def test_a_stop_waits_and_is_listed_read_and_cancelled(alice: Api, bookless: Market) -> None:
    placed = alice.post("/orders", stop(bookless, client_order_id="c-1")).json()
    assert (placed["status"], placed["trigger_price"], placed["account"]["held"]) == ("waiting", "0.6000", "7")
    assert (placed["linked_order_id"], placed["order_group_id"], placed["time_in_force"]) == (None, None, "gtc")
    again = alice.post("/orders", stop(bookless, client_order_id="c-1"))
    assert (again.headers["Idempotent-Replay"], again.json()) == ("true", placed)
    other = alice.post("/orders", stop(bookless, client_order_id="c-1", trigger_price="0.61"))
    assert (other.status_code, other.json()["code"]) == (409, "order.client_order_id_reused")
    listed = alice.get(f"/orders?status=open&market_id={bookless.pk}").json()["items"]
    assert [order["id"] for order in listed] == [placed["id"]]
    assert alice.get(f"/orders/{placed['id']}").json()["trigger_price"] == "0.6000"
    queue = alice.get(f"/orders/{placed['id']}/queue")
    assert (queue.status_code, queue.json()["orders_ahead"]) == (200, None)
    assert alice.get(f"/markets/{bookless.pk}/book").json()["books"][0]["bids"] == []
    assert alice.delete(f"/orders/{placed['id']}").json()["status"] == "cancelled"


def test_a_dry_run_of_a_stop_and_of_what_fires_one(alice: Api, bob: Api, bookless: Market) -> None:
    before = everything()
    dry = alice.post("/orders", stop(bookless, dry_run=True))
    assert (dry.status_code, dry.json()["status"], dry.json()["account"]["held"]) == (200, "waiting", "7")
    assert everything() == before
    alice.post("/orders", stop(bookless, type="stop", price=None))
    bob.post("/orders", {"market_id": bookless.pk, "outcome": "no", "side": "buy", "price": "0.4", "quantity": "1"})
    bob.post("/orders", {"market_id": bookless.pk, "outcome": "no", "side": "buy", "price": "0.3", "quantity": "1"})
    # Takes the one at 0.60 and rests at 0.62; the stop that it fires is alice's own, so only bob's is left to it.
    asked = {"market_id": bookless.pk, "outcome": "yes", "side": "buy", "price": "0.62", "quantity": "3"}
    told = alice.post("/orders", asked | {"dry_run": True}).json()
    done = alice.post("/orders", asked).json()
    assert {name: told[name] for name in ("status", "filled", "remaining", "account")} == {
        name: done[name] for name in ("status", "filled", "remaining", "account")
    }
    prices = alice.get(f"/markets/{bookless.pk}").json()["outcomes"]
    assert told["prices"] == {outcome["slug"]: outcome["price"] for outcome in prices}
    assert prices[0]["price"] == "0.700000"


def test_refusals_of_stops_name_the_field(alice: Api, market: Market) -> None:
    before = everything()
    for more, status, code, pointer in (
        ({"trigger_price": None}, 422, "order.trigger_invalid", "/trigger_price"),
        ({"trigger_price": "0.40"}, 409, "order.would_trigger", "/trigger_price"),
        ({"trigger_price": "1.2"}, 422, "order.price_out_of_range", "/trigger_price"),
        ({"type": "limit"}, 422, "order.trigger_invalid", "/trigger_price"),
        ({"time_in_force": "fok"}, 422, "order.trigger_invalid", "/time_in_force"),
    ):
        answer = alice.post("/orders", stop(market, **more))
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert answer.json()["errors"][0]["pointer"] == pointer
    assert everything() == before


def test_a_pair_is_placed_once_and_goes_together(alice: Api, bookless: Market) -> None:
    alice.post(f"/markets/{bookless.pk}/sets", {"action": "mint", "quantity": "5"})
    answer = alice.send("POST", "/orders/pair", pair(bookless), **{"Idempotency-Key": "p-1"})
    assert answer.status_code == 201
    first, second = answer.json()["orders"]
    assert (first["status"], second["status"]) == ("open", "waiting")
    assert (first["linked_order_id"], second["linked_order_id"]) == (second["id"], first["id"])
    again = alice.send("POST", "/orders/pair", pair(bookless), **{"Idempotency-Key": "p-1"})
    assert (again.content, again.headers["Idempotent-Replay"]) == (answer.content, "true")
    assert alice.delete(f"/orders/{second['id']}").status_code == 200
    assert alice.get(f"/orders/{first['id']}").json()["status"] == "cancelled"
    records = alice.get(f"/markets/{bookless.pk}/journal?after_seq=2").json()["items"]
    assert [record["kind"] for record in records] == ["sets_minted", "pair_placed", "order_cancelled"]


def test_refusals_of_pairs_lead_to_the_order(alice: Api, bookless: Market) -> None:
    body = pair(bookless)
    for number, change, status, code, pointer in (
        (0, {"price": "abc"}, 422, "request.invalid", "/orders/0/price"),
        (1, {"client_order_id": "x"}, 422, "request.invalid", "/orders/1/client_order_id"),
        (1, {"outcome": "maybe"}, 422, "order.outcome_unknown", "/orders/1/outcome"),
        (0, {}, 409, "order.insufficient_shares", "/orders/0/quantity"),
    ):
        orders = [order | (change if number == place else {}) for place, order in enumerate(body["orders"])]
        answer = alice.post("/orders/pair", {"orders": orders})
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert answer.json()["errors"][0]["pointer"] == pointer
    assert alice.post("/orders/pair", {"orders": body["orders"][:1]}).json()["errors"][0]["pointer"] == "/orders"
    assert not Order.objects.exists()


def test_a_batch_takes_stops_and_pairs(alice: Api, bookless: Market) -> None:
    mint = alice.post(f"/markets/{bookless.pk}/sets", {"action": "mint", "quantity": "5"})
    assert mint.status_code == 201
    late = {"action": "cancel", "order_id": 1, "valid_until": OVER}
    items = [stop(bookless), {"action": "pair", **pair(bookless)}, {"action": "pair", "orders": []}, late]
    answers = alice.post("/orders/batch", {"items": items}).json()["items"]
    assert [answer["status"] for answer in answers] == [201, 201, 422, 404]
    assert answers[0]["answer"]["status"] == "waiting"
    assert len(answers[1]["answer"]["orders"]) == 2
    placed = answers[0]["answer"]["id"]
    late["order_id"] = placed
    told = alice.post("/orders/batch", {"items": [late]}).json()["items"][0]
    assert (told["status"], told["answer"]["code"]) == (422, "order.expired")
    assert alice.post("/orders/cancel-all", {}).json()["cancelled"] == 2
    assert not Order.objects.exclude(status="cancelled").exists()


def test_a_group_is_made_read_tripped_reset_and_deleted(alice: Api, bob: Api, bookless: Market) -> None:
    made = alice.send("POST", "/order-groups", {"limit": "4", "window_s": 30}, **{"Idempotency-Key": "g-1"})
    group = made.json()
    assert (made.status_code, group["limit"], group["window_s"], group["status"]) == (201, "4", 30, "on")
    again = alice.send("POST", "/order-groups", {"limit": "4", "window_s": 30}, **{"Idempotency-Key": "g-1"})
    assert (again.content, OrderGroup.objects.count()) == (made.content, 1)
    path = f"/order-groups/{group['id']}"
    asked = {"market_id": bookless.pk, "outcome": "yes", "side": "buy", "price": "0.5", "quantity": "5"}
    assert alice.post("/orders", asked | {"order_group_id": group["id"]}).json()["order_group_id"] == group["id"]
    bob.post("/orders", asked | {"outcome": "no", "quantity": "4"})
    found = alice.get(path).json()
    assert (found["status"], found["tripped_by"], found["filled"], found["left"]) == ("tripped", "fills", "4", "0")
    refused = alice.post("/orders", asked | {"order_group_id": group["id"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "order.group_tripped")
    assert alice.post(f"{path}/reset", {}).json() | {"created_at": ""} == {
        "id": group["id"], "limit": "4", "window_s": 30, "filled": "0", "left": "4", "open_orders": 0, "status": "on",
        "tripped_at": None, "tripped_by": None, "created_at": "",
    }  # fmt: skip
    assert alice.post(f"{path}/trip", {}).json()["tripped_by"] == "hand"
    assert [item["id"] for item in alice.get("/order-groups").json()["items"]] == [group["id"]]
    for answer in (bob.get(path), bob.post(f"{path}/reset", {}), bob.delete(path)):
        assert (answer.status_code, answer.json()["code"]) == (404, "order.group_not_found")
    assert alice.delete(path).json() == {"id": group["id"], "cancelled": 0}
    assert alice.get(path).status_code == 404


def test_a_heartbeat_is_started_read_and_ended(alice: Api, bob: Api) -> None:
    off = {"is_on": False, "timeout_s": None, "beat_at": None, "due_at": None, "silent_at": None, "cancelled": 0}
    assert alice.get("/heartbeat").json() == off
    on = alice.post("/heartbeat", {"timeout_s": 15}).json()
    assert (on["is_on"], on["timeout_s"]) == (True, 15)
    assert alice.get("/heartbeat").json() == on
    assert bob.get("/heartbeat").json() == off
    assert alice.delete("/heartbeat").json() == on | {"is_on": False, "due_at": None}
    for timeout in (0, 61, "soon"):
        answer = alice.post("/heartbeat", {"timeout_s": timeout})
        assert answer.status_code == 422, answer.json()
        assert answer.json()["errors"][0]["pointer"] == "/timeout_s"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/orders", {"outcome": "yes", "side": "buy", "price": "0.3", "quantity": "1"}),
        (
            "POST",
            "/orders",
            {"outcome": "yes", "side": "buy", "price": "0.3", "quantity": "1", "time_in_force": "gtd"},
        ),
        ("DELETE", "/orders/{order}", None),
        ("PATCH", "/orders/{order}", {"price": "0.35"}),
        ("POST", "/orders/pair", {}),
        ("POST", "/orders/cancel-all", {}),
        ("POST", "/markets/{market}/sets", {"action": "mint", "quantity": "1"}),
        ("POST", "/markets/{market}/liquidity", {"action": "add", "quantity": "1"}),
        ("POST", "/order-groups", {"limit": "4", "window_s": 30}),
        ("POST", "/order-groups/{group}/trip", {}),
        ("DELETE", "/order-groups/{group}", None),
        ("POST", "/heartbeat", {"timeout_s": 5}),
        ("DELETE", "/heartbeat", None),
    ],
)
def test_every_command_can_be_too_late(alice: Api, market: Market, method: str, path: str, body: Any) -> None:
    order = {"market_id": market.pk, "outcome": "yes", "side": "buy", "price": "0.3", "quantity": "1"}
    group = alice.post("/order-groups", {"limit": "4", "window_s": 30}).json()["id"]
    placed = alice.post("/orders", order | {"order_group_id": group}).json()["id"]
    path = path.format(order=placed, market=market.pk, group=group)
    if path == "/orders":
        body = body | {"market_id": market.pk}
        body |= {"expires_at": LATER} if "time_in_force" in body else {}
    if path == "/orders/pair":
        body = {"orders": [order, order | {"type": "stop", "price": None, "trigger_price": "0.9"}]}
    before = everything(), OrderGroup.objects.values_list("tripped_at").get()
    late = clock.rfc3339(clock.now())
    if body is None:
        answer = alice.send(method, f"{path}?valid_until={late}")
    else:
        answer = alice.send(method, path, body | {"valid_until": late})
    assert (answer.status_code, answer.json()["code"]) == (422, "order.expired")
    assert answer.json()["errors"][0]["pointer"] == "/valid_until"
    assert (everything(), OrderGroup.objects.values_list("tripped_at").get()) == before
    in_time = alice.send(method, f"{path}?valid_until={LATER}") if body is None else None
    in_time = in_time or alice.send(method, path, body | {"valid_until": LATER})
    assert in_time.status_code < 300, in_time.content

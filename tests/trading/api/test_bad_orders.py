"""Every bad order has its code, names its field and changes nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import ApiKey
from accounts.selectors.keys import forget_all_keys
from common import clock
from markets.models import Market
from markets.services.halt_market import halt_market
from tests.trading.api.conftest import Api

Check = Callable[[], None]

SHAPES = [
    ({"market_id": "7x"}, "/market_id", "field.not_integer"),
    ({"market_id": None}, "/market_id", "field.required"),
    ({"market_id": True}, "/market_id", "field.not_integer"),
    ({"market_id": 0}, "/market_id", "field.out_of_range"),
    ({"market_id": 10**30}, "/market_id", "field.not_integer"),
    ({"market_id": 7.5}, "/market_id", "field.not_integer"),
    ({"outcome": 1}, "/outcome", "field.not_text"),
    ({"outcome": ""}, "/outcome", "field.required"),
    ({"outcome": "y\0s"}, "/outcome", "field.bad_character"),
    ({"side": "hold"}, "/side", "field.not_a_choice"),
    ({"side": ["buy"]}, "/side", "field.not_a_choice"),
    ({"type": "iceberg"}, "/type", "field.not_a_choice"),
    ({"time_in_force": "gtx"}, "/time_in_force", "field.not_a_choice"),
    ({"price": 0.62}, "/price", "field.number_not_text"),
    ({"price": "abc"}, "/price", "field.not_decimal"),
    ({"price": "1e-1"}, "/price", "field.not_decimal"),
    ({"price": "٠.٥"}, "/price", "field.not_decimal"),
    ({"price": " 0.5"}, "/price", "field.not_decimal"),
    ({"quantity": 10}, "/quantity", "field.number_not_text"),
    ({"quantity": "Infinity"}, "/quantity", "field.not_decimal"),
    ({"quantity": "1" * 41}, "/quantity", "field.not_decimal"),
    ({"max_cost": False}, "/max_cost", "field.not_decimal"),
    ({"post_only": "yes"}, "/post_only", "field.not_boolean"),
    ({"dry_run": 1}, "/dry_run", "field.not_boolean"),
    ({"valid_until": "tomorrow"}, "/valid_until", "field.not_a_time"),
    ({"valid_until": "2026-11-22T09:30:05"}, "/valid_until", "field.not_a_time"),
    ({"time_in_force": "gtd"}, "/expires_at", "field.required"),
    ({"expires_at": "2030-01-01T00:00:00Z"}, "/expires_at", "field.not_allowed"),
    ({"time_in_force": "gtd", "expires_at": "soon"}, "/expires_at", "field.not_a_time"),
    ({"client_order_id": "x" * 65}, "/client_order_id", "field.too_long"),
    ({"client_order_id": "a\0b"}, "/client_order_id", "field.bad_character"),
    ({"client_order_id": "order-5"}, "/client_order_id", "field.reserved"),
    ({"client_order_id": "key:5"}, "/client_order_id", "field.reserved"),
    ({"client_order_id": 5}, "/client_order_id", "field.not_text"),
    ({"prize": "0.62"}, "/prize", "field.unknown"),
    ({"a/b~c": 1}, "/a~1b~0c", "field.unknown"),
]


@pytest.mark.parametrize(("change", "pointer", "code"), SHAPES)
def test_a_field_of_the_wrong_shape_is_named(
    change: dict[str, Any], pointer: str, code: str, alice: Api, order: dict[str, Any], unchanged: Check
) -> None:
    if change.get("market_id") == 10**30:
        body: Any = b'{"market_id": 1' + b"0" * 30 + b', "outcome": "yes", "side": "buy"}'
    else:
        body = order | change
    answer = alice.post("/orders", body)
    document = answer.json()
    assert (answer.status_code, document["code"]) == (422, "request.invalid")
    assert [(error["pointer"], error["code"]) for error in document["errors"]] == [(pointer, code)]
    unchanged()


RULES = [
    ({"outcome": "maybe"}, 422, "order.outcome_unknown", "/outcome"),
    ({"price": "0.62345"}, 422, "order.price_off_grid", "/price"),
    ({"price": "0"}, 422, "order.price_out_of_range", "/price"),
    ({"price": "1"}, 422, "order.price_out_of_range", "/price"),
    ({"price": "-0.5"}, 422, "order.price_out_of_range", "/price"),
    ({"price": "1" * 40}, 422, "order.price_out_of_range", "/price"),
    ({"price": None}, 422, "order.price_required", "/price"),
    ({"quantity": "0"}, 422, "order.quantity_invalid", "/quantity"),
    ({"quantity": "0.0000"}, 422, "order.quantity_invalid", "/quantity"),
    ({"quantity": "-1"}, 422, "order.quantity_invalid", "/quantity"),
    ({"quantity": "0.00001"}, 422, "order.quantity_invalid", "/quantity"),
    ({"quantity": "9" * 40}, 422, "order.quantity_invalid", "/quantity"),
    ({"quantity": "1000000001"}, 422, "order.quantity_invalid", "/quantity"),
    ({"quantity": None}, 422, "order.quantity_invalid", "/quantity"),
    ({"quantity": "1000000000"}, 409, "order.insufficient_funds", None),
    ({"side": "sell"}, 409, "order.insufficient_shares", None),
    ({"valid_until": "2020-01-01T00:00:00Z"}, 422, "order.expired", "/valid_until"),
    ({"type": "market", "price": None, "quantity": None, "max_cost": "0"}, 422, "order.cost_max_invalid", "/max_cost"),
    ({"type": "market", "price": None, "quantity": None, "max_cost": "1e9"}, 422, "request.invalid", "/max_cost"),
    ({"post_only": True, "time_in_force": "ioc"}, 422, "order.post_only_invalid", "/post_only"),
]


@pytest.mark.parametrize(("change", "status", "code", "pointer"), RULES)
def test_a_broken_rule_has_its_own_code(
    change: dict[str, Any],
    status: int,
    code: str,
    pointer: str | None,
    alice: Api,
    order: dict[str, Any],
    unchanged: Check,
) -> None:
    answer = alice.post("/orders", order | change)
    document = answer.json()
    assert (answer.status_code, document["code"]) == (status, code), document
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert document["type"] == f"/docs/errors/{code}"
    if pointer is not None:
        assert document["errors"][0]["pointer"] == pointer
    unchanged()


@pytest.mark.parametrize("at", ["2020-01-01T00:00:00+23:59", "1970-01-01T00:00:00-23:59", "9990-12-31T23:59:59-23:59"])
def test_times_of_any_offset(at: str, alice: Api, order: dict[str, Any]) -> None:
    answer = alice.post("/orders", order | {"valid_until": at})
    assert answer.status_code == (201 if at.startswith("9990") else 422), answer.content
    for path in ("/markets?closes_before=", f"/markets/{order['market_id']}/candles?before="):
        assert alice.get(path + at.replace("+", "%2B")).status_code == 200


def test_an_unknown_market(alice: Api, order: dict[str, Any], unchanged: Check) -> None:
    answer = alice.post("/orders", order | {"market_id": 2**62})
    assert (answer.status_code, answer.json()["code"]) == (404, "market.not_found")
    assert answer.json()["errors"][0]["pointer"] == "/market_id"
    unchanged()


def test_a_halted_and_a_closed_market(alice: Api, dave: Api, market: Market, order: dict[str, Any]) -> None:
    halt_market(market_id=market.pk, actor_id=dave.user.pk, reason="A look")
    answer = alice.post("/orders", order)
    assert (answer.status_code, answer.json()["code"]) == (409, "order.market_not_open")
    Market.objects.filter(pk=market.pk).update(status="open", closes_at=clock.now() - timedelta(seconds=1))
    answer = alice.post("/orders", order)
    assert (answer.status_code, answer.json()["code"]) == (409, "order.market_not_open")


def test_a_key_used_for_another_body(alice: Api, order: dict[str, Any]) -> None:
    alice.post("/orders", order | {"client_order_id": "c-1"})
    held = alice.get("/account").json()
    answer = alice.post("/orders", order | {"client_order_id": "c-1", "price": "0.63"})
    assert (answer.status_code, answer.json()["code"]) == (409, "order.client_order_id_reused")
    assert alice.get("/account").json() == held


def test_the_same_client_order_id_of_two_traders(alice: Api, bob: Api, order: dict[str, Any]) -> None:
    answers = [api.post("/orders", order | {"client_order_id": "c-1"}) for api in (alice, bob)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["id"] != answers[1].json()["id"]


@pytest.mark.parametrize(
    "body",
    [b"{", b"[]", b'"x"', b"null", b"NaN", b'{"a": NaN}', b"\xff\xfe", b'{"a":"\xed\xa0\x80"}', b"[" * 100_000],
)
def test_malformed_json(body: bytes, alice: Api, market: Market, unchanged: Check) -> None:
    answer = alice.post("/orders", body)
    assert (answer.status_code, answer.json()["code"]) == (400, "request.malformed_json")
    unchanged()


@pytest.mark.parametrize("text", [r"\ud800", r"x\udfffy", r"\u0000", r"\ud83d\ude00\udc00"])
def test_half_characters_and_nul_are_named(text: str, alice: Api, market: Market, unchanged: Check) -> None:
    start = f'{{"market_id":{market.pk},"outcome":"yes","side":"buy","price":"0.5","quantity":"1"'
    answer = alice.post("/orders", f'{start},"client_order_id":"{text}"}}'.encode())
    assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid")
    assert answer.json()["errors"][0] == {
        "pointer": "/client_order_id",
        "code": "field.bad_character",
        "detail": "Leave out NUL and half characters (lone surrogates).",
    }
    unchanged()


def test_half_characters_in_a_field_name(alice: Api, unchanged: Check) -> None:
    answer = alice.post("/orders", rb'{"\ud800":1}')
    assert answer.status_code == 422
    assert "/?" in [error["pointer"] for error in answer.json()["errors"]]
    unchanged()


def test_every_mistake_is_told_at_once(alice: Api) -> None:
    answer = alice.post("/orders", {"side": "x", "price": 1, "new": 1})
    pointers = {error["pointer"] for error in answer.json()["errors"]}
    assert pointers == {"/market_id", "/outcome", "/side", "/price", "/new"}


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml", ""])
def test_other_media_types(kind: str, alice: Api, order: dict[str, Any], unchanged: Check) -> None:
    answer = alice.post("/orders", order, **{"Content-Type": kind})
    assert (answer.status_code, answer.json()["code"]) == (415, "request.media_type_unsupported")
    unchanged()


def test_an_order_of_somebody_else(alice: Api, bob: Api, bookless: Market) -> None:
    body = {"market_id": bookless.pk, "outcome": "yes", "side": "buy", "price": "0.4", "quantity": "10"}
    order_id = alice.post("/orders", body).json()["id"]
    for answer in (
        bob.get(f"/orders/{order_id}"),
        bob.delete(f"/orders/{order_id}"),
        bob.delete("/orders/9" + "9" * 18),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "order.not_found")
    assert alice.get(f"/orders/{order_id}").json()["status"] == "open"
    assert alice.get("/account").json()["held"] == "4"


def test_expired_revoked_and_unknown_keys(alice: Api, order: dict[str, Any], unchanged: Check) -> None:
    past = clock.now() - timedelta(seconds=1)
    cases = [
        ({"expires_at": past}, "auth.key_expired"),
        ({"expires_at": None, "revoked_at": past}, "auth.key_revoked"),
    ]
    for fields, code in cases:
        ApiKey.objects.filter(user=alice.user).update(**fields)
        forget_all_keys()
        answer = alice.post("/orders", order)
        assert (answer.status_code, answer.json()["code"]) == (401, code)
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="api"'
    for secret in ("omk_" + "x" * 43, "x", "omk_\x00", "é"):
        answer = Api(alice.user, secret).post("/orders", order)
        assert (answer.status_code, answer.json()["code"]) == (401, "auth.invalid_credentials")
    unchanged()

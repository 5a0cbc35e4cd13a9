"""Who may ask what: every route declares it, and a matrix of callers checks it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import ApiKey
from accounts.selectors.keys import forget_all_keys
from accounts.services.create_api_key import create_api_key
from common import clock
from common.api.views import ApiView
from markets.models import Market
from tests.trading.api.conftest import Api

METHODS = ("get", "post", "put", "patch", "delete")


def api_patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from api_patterns(pattern, path)
        elif path.startswith("api/"):
            yield path, pattern


PATTERNS = list(api_patterns(get_resolver()))


def test_there_are_routes() -> None:
    assert len(PATTERNS) > 10


@pytest.mark.parametrize(("path", "pattern"), PATTERNS, ids=[path for path, _ in PATTERNS])
def test_every_method_of_every_route_declares_its_rule(path: str, pattern: URLPattern) -> None:
    view = getattr(pattern.callback, "view_class", None)
    assert view is not None, f"{path} is no class"
    assert issubclass(view, ApiView), f"{path} is no ApiView"
    for method in METHODS:
        if hasattr(view, method):
            assert method.upper() in view.access_by_method or view.access is not None, f"{method} {path}"


@pytest.fixture
def callers(alice: Api, bob: Api, carol: Api, anonymous: Api) -> dict[str, Api]:
    def key(name: str, **fields: Any) -> Api:
        made = create_api_key(user_id=alice.user.pk, name=name, scopes=["read", "trade"])
        ApiKey.objects.filter(pk=made.key_id).update(**fields)
        return Api(alice.user, made.secret)

    past = clock.now() - timedelta(seconds=1)
    forget_all_keys()
    return {
        "anonymous": anonymous,
        "owner": alice,
        "other": bob,
        "no role": carol,
        "read key": key("reads", scopes=["read"]),
        "trade key": key("trades", scopes=["trade"]),
        "report key": key("reports", scopes=["report"]),
        "revoked": key("revoked", revoked_at=past),
        "expired": key("expired", expires_at=past),
    }


PUBLIC_READ = dict.fromkeys(["anonymous", "owner", "other", "no role", "read key", "trade key", "report key"], 200)
OWN_READ = {
    "anonymous": 401,
    "owner": 200,
    "other": 200,
    "no role": 200,
    "read key": 200,
    "trade key": 403,
    "report key": 403,
}
OWN_OBJECT = OWN_READ | {"other": 404, "no role": 404}
TRADING = {
    "anonymous": 401,
    "no role": 403,
    "read key": 403,
    "trade key": 201,
    "report key": 403,
    "owner": 201,
    "other": 201,
}
NOT_MINE = {"anonymous": 401, "no role": 403, "read key": 403, "report key": 403, "other": 404}
MARKETS = {
    "anonymous": 401,
    "no role": 403,
    "read key": 403,
    "trade key": 403,
    "report key": 403,
    "owner": 403,
    "other": 403,
}
MATRIX = [
    ("GET", "/limits", PUBLIC_READ),
    ("GET", "/markets", PUBLIC_READ),
    ("GET", "/markets/{market}", PUBLIC_READ),
    ("GET", "/markets/{market}/book", PUBLIC_READ),
    ("GET", "/markets/{market}/trades", PUBLIC_READ),
    ("GET", "/markets/{market}/candles", PUBLIC_READ),
    ("GET", "/markets/{market}/journal", PUBLIC_READ),
    ("GET", "/orders", OWN_READ),
    ("GET", "/fills", OWN_READ),
    ("GET", "/positions", OWN_READ),
    ("GET", "/account", OWN_READ),
    ("GET", "/ledger", OWN_READ),
    ("GET", "/orders/{order}", OWN_OBJECT),
    ("DELETE", "/orders/{order}", NOT_MINE),
    ("POST", "/orders", TRADING),
    ("POST", "/markets/{market}/sets", TRADING),
    ("POST", "/markets", MARKETS),
]
BODIES = {
    "/orders": {"outcome": "yes", "side": "buy", "price": "0.1", "quantity": "1"},
    "/markets/{market}/sets": {"action": "mint", "quantity": "1"},
    "/markets": {},
}


@pytest.mark.parametrize(("method", "path", "expected"), MATRIX, ids=[f"{m} {p}" for m, p, _ in MATRIX])
def test_matrix(
    method: str, path: str, expected: dict[str, int], callers: dict[str, Api], alice: Api, bookless: Market
) -> None:
    base = {"market_id": bookless.pk, "outcome": "yes", "side": "buy", "price": "0.1", "quantity": "1"}
    order_id = alice.post("/orders", base).json()["id"]
    address = path.format(market=bookless.pk, order=order_id)
    body = None
    if method == "POST":
        body = BODIES[path] | ({"market_id": bookless.pk} if path == "/orders" else {})
    expected = {"revoked": 401, "expired": 401} | expected
    found = {name: callers[name].send(method, address, body).status_code for name in expected}
    assert found == expected


def test_a_session_may_read_and_writes_with_its_csrf_token_only(alice: Api, order: dict[str, Any]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice.user)
    assert client.get("/api/v1/account").json()["handle"] == "alice"
    refused = client.post("/api/v1/orders", order, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "auth.csrf_failed")
    token = "a" * 32
    client.cookies["csrftoken"] = token
    placed = client.post("/api/v1/orders", order, content_type="application/json", headers={"X-CSRFToken": token})
    assert placed.status_code == 201, placed.content


def test_a_bad_key_is_refused_where_none_is_needed(alice: Api, market: Market) -> None:
    answer = Api(alice.user, "omk_" + "x" * 43).get(f"/markets/{market.pk}")
    assert (answer.status_code, answer.json()["code"]) == (401, "auth.invalid_credentials")
    basic = Client().get("/api/v1/markets", headers={"Authorization": "Basic YTpi"})
    assert (basic.status_code, basic.json()["code"]) == (401, "auth.invalid_credentials")

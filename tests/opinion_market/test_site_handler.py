"""The short way of orders answers as the long one does."""

import io
import sys
from collections.abc import Iterator

import orjson
import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.urls import resolve

from accounts.services.create_api_key import create_api_key
from opinion_market import site_handler
from opinion_market.site_handler import SiteHandler
from tests.factories.trading import funded_alice, live_market
from trading.models import Order

pytestmark = pytest.mark.django_db

#: Theirs alone: ids and moments.
OWN_HEADERS = {"X-Request-ID", "traceparent", "Server-Timing", "Location", "X-Market-Seq", "Content-Length"}


@pytest.fixture(autouse=True, scope="module")
def _loaded() -> None:
    """Routes and views, whose import takes long on a busy machine, before a transaction waits for them."""
    SiteHandler()
    resolve("/api/v1/orders")


@pytest.fixture(autouse=True)
def _kept_connection() -> Iterator[None]:
    """A request would drop the connection, which has the transaction of the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def ask(handler, path, body, **headers):
    """Status, headers and body of a POST."""
    told = []
    data = orjson.dumps(body)
    environ = {
        "REQUEST_METHOD": "POST", "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "testserver",
        "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(data), "wsgi.errors": sys.stderr, "CONTENT_LENGTH": str(len(data)),
        "CONTENT_TYPE": "application/json", **headers,
    }  # fmt: skip
    response = handler(environ, lambda status, lines, exc_info=None: told.append((status, dict(lines))))
    try:
        return (*told[0], orjson.loads(b"".join(response)))
    finally:
        response.close()


def order_of(market, **terms):
    return {"market_id": market.pk, "outcome": "yes", "side": "buy", "price": "0.4000", "quantity": "1", **terms}


def key_of(user):
    secret = create_api_key(user_id=user.pk, name="bot", scopes=("read", "trade")).secret
    return {"HTTP_AUTHORIZATION": f"Bearer {secret}"}


def by_both_ways(monkeypatch, path, *bodies, **headers):
    """What the short way answers to the first body, and the long one to the last."""
    handler = SiteHandler()
    short = ask(handler, path, bodies[0], **headers)
    monkeypatch.setattr(site_handler, "SHORT_WAY", frozenset())
    return short, ask(handler, path, bodies[-1], **headers)


@pytest.mark.parametrize("terms", [{}, {"price": "2"}, {"quantity": "many"}])
def test_an_order_is_answered_alike(monkeypatch, terms):
    alice, market = funded_alice(), live_market()
    bodies = [order_of(market, client_order_id=name, **terms) for name in ("first", "second")]
    short, whole = by_both_ways(monkeypatch, "/api/v1/orders", *bodies, **key_of(alice))
    assert short[0] == whole[0] == ("422 Unprocessable Entity" if terms else "201 Created")
    assert short[1].keys() == whole[1].keys()
    alike = short[1].keys() - OWN_HEADERS - {"RateLimit-Remaining"}
    assert {name: short[1][name] for name in alike} == {name: whole[1][name] for name in alike}
    assert short[2].keys() == whole[2].keys()
    assert Order.objects.count() == (0 if terms else 2)


def test_a_batch_is_answered_alike(monkeypatch):
    alice, market = funded_alice(), live_market()
    body = {"items": [order_of(market), order_of(market, price="2")]}
    short, whole = by_both_ways(monkeypatch, "/api/v1/orders/batch", body, **key_of(alice))
    assert short[0] == whole[0] == "200 OK"
    assert [item["status"] for item in short[2]["items"]] == [item["status"] for item in whole[2]["items"]]
    assert Order.objects.count() == 2


def test_a_key_that_is_none_is_refused_alike(monkeypatch):
    market = live_market()
    short, whole = by_both_ways(monkeypatch, "/api/v1/orders", order_of(market), HTTP_AUTHORIZATION="Bearer nothing")
    assert short[0] == whole[0] == "401 Unauthorized"
    assert short[2]["code"] == whole[2]["code"]
    assert not Order.objects.exists()


def test_without_a_key_the_way_is_the_long_one(monkeypatch):
    market = live_market()
    monkeypatch.setattr(site_handler, "FOR_SESSIONS", frozenset())
    seen = []
    handler = SiteHandler()
    monkeypatch.setattr(
        handler,
        "resolve_request",
        lambda request: seen.append(hasattr(request, "user")) or SiteHandler.resolve_request(handler, request),
    )
    assert ask(handler, "/api/v1/orders", order_of(market))[0] == "401 Unauthorized"
    assert seen == [True]


def test_every_layer_that_is_left_out_is_one_of_the_site(settings):
    assert set(settings.MIDDLEWARE) >= site_handler.FOR_SESSIONS

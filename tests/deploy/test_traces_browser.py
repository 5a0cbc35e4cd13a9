"""One trace, as a collector of OpenTelemetry gets it: a page in a real browser, what it asks, the statements, the task
that follows, the frame that a socket is given of it, and the browser's receipt of the frame."""

import os
import shutil
import time
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from playwright.sync_api import Page, sync_playwright

from tests.deploy.conftest import Collector, Product, values_of, wait_for

pytestmark = pytest.mark.prometheus
PATIENCE_S = 120.0
_SEED = """
from datetime import timedelta
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from accounts.services.create_user import create_user
from accounts.types import Role
from common import clock
from markets.services.create_market import create_market
from markets.services.provide_topic import provide_topic
from markets.types import MarketSpec
from trading.services.open_account import open_account
from trading.services.open_market import open_market
roles = (Role.TRADER, Role.OPERATOR)
user = create_user(handle="tina", email="tina@example.org", password=None, roles=roles)
open_account(user.pk)
provide_topic(name="Traces")
markets = []
for question in ("Will it be traced?", "Will the rest of it be traced?"):
    spec = MarketSpec(question=question, rules="Yes if it is.", topic="traces",
                      closes_at=clock.now() + timedelta(days=30), liquidity_lots=2_000_000)
    markets.append(create_market(creator_id=user.pk, spec=spec))
    open_market(markets[-1].pk)
session = import_module(settings.SESSION_ENGINE).SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.create()
names = {"cookie_name": settings.SESSION_COOKIE_NAME, "cookie": session.session_key}
print(__import__("json").dumps({"markets": [one.pk for one in markets], "slug": markets[0].slug, **names}))
"""
#: An order on one market blows the fuse of its group, so that a task takes back the group's order on the other one.
_ORDER = """async ([filled, resting]) => {
  const { call } = await import("/static/js/lib/api.js");
  const { Stream } = await import("/static/js/lib/stream.js");
  const place = (more) => call("POST", "/orders", { body: { outcome: "yes", side: "buy", ...more } });
  const group = await call("POST", "/order-groups", { body: { limit: "1", window_s: 60 } });
  const of = { order_group_id: group.body.id };
  const left = await place({ market_id: resting, type: "limit", price: "0.01", quantity: "1", ...of });
  let placed = null;
  const cancelled = new Promise((done) => {
    const order = ({ data }) => data.id === left.body.id && data.status === "cancelled" && done(data.status);
    const subscribed = () => {
      placed ??= place({ market_id: filled, type: "limit", price: "0.99", quantity: "2", ...of });
    };
    new Stream({ channels: ["orders"], markets: [resting], handlers: { order, subscribed } });
  });
  return [group.status, left.status, await cancelled, (await placed).status];
}"""


@pytest.fixture
def page() -> Iterator[Page]:
    names = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    path = next((found for name in names if name and (found := shutil.which(name))), None)
    if path is None:
        pytest.fail("No Chromium was found. Debian: apt install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        try:
            # What the test itself imports has no nonce.
            yield browser.new_page(bypass_csp=True)
        finally:
            browser.close()


def named(spans: list[Any], beginning: str) -> list[Any]:
    return [span for span in spans if span.name.startswith(beginning)]


def below(spans: list[Any], parent: Any, beginning: str) -> list[Any]:
    return [span for span in named(spans, beginning) if span.parent_span_id == parent.span_id]


def way(spans: list[Any], *names: str) -> list[Any]:
    """Spans of these names, each the parent of the next; nothing if there is no such way."""
    ways = [[span] for span in named(spans, names[0])]
    for name in names[1:]:
        ways = [[*found, span] for found in ways for span in below(spans, found[-1], name)]
    return ways[0] if ways else []


THE_WAY = (
    "GET /markets/{slug}",
    "ask POST /api/v1/orders",
    "POST /api/v1/orders",
    "run trading.tasks.cancel_tripped_group",
    "tell /ws/v1/stream",
    "hear order",
)


def trace_of_an_order(page: Page, url: str, markets: list[int]) -> str:
    """The trace that the page said it belongs to, once the order was placed and its consequence heard."""
    page.goto(url)
    trace_id = (page.get_attribute('meta[name="traceparent"]', "content") or "").split("-")[1]
    assert page.evaluate(_ORDER, markets) == [201, 201, "cancelled", 201]
    return trace_id


def test_from_the_browser_to_the_browser_is_one_trace(product: Product, collector: Collector, page: Page) -> None:
    seed = orjson.loads(product.run(_SEED))
    page.context.add_cookies([{"name": seed["cookie_name"], "value": seed["cookie"], "url": product.url}])
    page.set_default_timeout(PATIENCE_S * 1e3)
    deadline, spans = time.monotonic() + 3 * PATIENCE_S, []
    # A stream that looks by itself just then gives the frame out before it heard of the trace; a page older than a
    # minute, on a machine that has much to do, begins traces of its own. Then once more.
    while not way(spans, *THE_WAY):
        assert time.monotonic() < deadline, sorted({span.name for span in spans})
        trace_id = trace_of_an_order(page, f"{product.url}/markets/{seed['slug']}", seed["markets"])
        until = time.monotonic() + 20
        while not way(spans := collector.of_trace(trace_id), *THE_WAY) and time.monotonic() < until:
            time.sleep(0.2)
    shown, asked, answered, task, _, heard = way(spans, *THE_WAY)
    assert shown.parent_span_id == b""
    facts = values_of(answered.attributes)
    assert (facts["http.request.method"], facts["http.response.status_code"]) == ("POST", 201)
    assert {values_of(one.attributes).get("opinion_market.side") for one in (asked, heard)} == {"browser"}
    assert below(spans, shown, "SELECT "), "statements of the page"
    assert [one for one in below(spans, task, "") if values_of(one.attributes).get("db.system.name")], "of the task"
    assert below(spans, shown, "accept /ws/v1/stream"), "the handshake"
    # The statements of the order lie within what the order took.
    statements = [one for one in below(spans, answered, "") if values_of(one.attributes).get("db.system.name")]
    assert statements, "statements of the order"
    began, ended = answered.start_time_unix_nano - 10**6, answered.end_time_unix_nano + 10**6
    assert all(began <= one.start_time_unix_nano <= one.end_time_unix_nano <= ended for one in statements)
    assert wait_for(lambda: below(collector.of_trace(trace_id), shown, "load /markets/{slug}") or None, "load", 60)
    # The record that the order itself made is told of as well.
    assert below(spans, answered, "tell /ws/v1/stream")

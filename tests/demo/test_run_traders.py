"""Simulated traders against the real API, in this process."""

import threading
from collections.abc import Iterator
from random import Random
from typing import Any

import httpx
import pytest
from django.test import Client

from accounts.models import ApiKey, User
from common import clock
from demo.errors import KeyRefused, RequestRefused, SiteAway
from demo.services import run_traders as running
from demo.services._cast import BOTS
from demo.services._questions import demo_markets
from demo.services._site import Site
from demo.services._traders import Traders
from demo.services.renew_keys import renew_keys
from demo.services.run_traders import run_traders
from demo.services.seed_demo import seed_demo
from demo.services.top_up import FULL, top_up
from markets.models import Market
from trading.api.caches import forget_answers
from trading.models import Account, LedgerTransfer, Order, Position
from trading.selectors.books import forget_books
from trading.selectors.market_pulse import forget_seqs
from trading.selectors.outcomes import forget_outcomes
from trading.services.execute_commands import execute
from trading.services.grant import grant
from trading.types import MintSets

pytestmark = pytest.mark.django_db


@pytest.fixture
def seeded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two binary markets and a categorical one."""
    markets = tuple(market for market in demo_markets() if market.liquidity == 400)[:3]
    monkeypatch.setattr("demo.services.seed_demo.demo_markets", lambda: markets)
    monkeypatch.setattr("demo.services._traders.demo_markets", lambda: markets)
    monkeypatch.setattr("demo.services.seed_demo.ended_markets", lambda now: ())
    seed_demo()


@pytest.fixture
def site() -> Iterator[Site]:
    # Answers kept by this process belong to the database of another test.
    for forget in (forget_answers, forget_books, forget_outcomes, forget_seqs):
        forget()
    found = Site("http://testserver", httpx.MockTransport(_asked))
    yield found
    found.close()


def _asked(request: httpx.Request) -> httpx.Response:
    answer = Client().generic(
        request.method,
        request.url.raw_path.decode(),
        request.content,
        content_type=request.headers.get("content-type", "application/json"),
        headers={name: value for name, value in request.headers.items() if name == "authorization"},
    )
    return httpx.Response(answer.status_code, content=answer.content)


def answering(status: int, document: Any) -> Site:
    return Site("http://testserver", httpx.MockTransport(lambda _: httpx.Response(status, json=document)))


@pytest.mark.usefixtures("seeded")
def test_they_trade_through_the_api(site: Site) -> None:
    before = Order.objects.count()
    traders = Traders(site, renew_keys(), Random(7))

    sent = sum(traders.step() for _ in range(60))

    assert traders.accepted + traders.refused == sent
    assert traders.accepted > 30
    assert traders.refused < sent / 5
    new = Order.objects.filter(client_order_id__startswith="sim-")
    assert new.count() == Order.objects.count() - before
    assert new.filter(status="open").exists()
    assert not new.exclude(user__is_simulated=True).exists()


@pytest.mark.usefixtures("seeded")
def test_complete_sets_are_given_back(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    market = Market.objects.get(slug="artemis-lands-before-2029")
    ada = User.objects.get(username="sim-ada")
    held = Position.objects.filter(market=market, user=ada)
    execute(market.pk, [MintSets(ada.pk, 300_000)])
    before = dict(held.values_list("outcome", "quantity"))
    monkeypatch.setattr(
        "demo.services._traders.demo_markets", lambda: [m for m in demo_markets() if m.slug == market.slug]
    )
    traders = Traders(site, {"sim-ada": renew_keys()["sim-ada"]}, Random(1))

    assert traders.step() == 1

    sets = min(before.values()) // 10_000
    assert sets >= 30
    assert dict(held.values_list("outcome", "quantity")) == {
        outcome: quantity - sets * 10_000 for outcome, quantity in before.items()
    }


@pytest.mark.usefixtures("seeded")
def test_new_keys_replace_the_old_ones(site: Site) -> None:
    old = renew_keys()
    new = renew_keys()

    assert set(new) == {bot.handle for bot in BOTS}
    assert ApiKey.objects.filter(revoked_at=None).count() == len(BOTS)
    assert all(key.expires_at and key.expires_at > clock.now() for key in ApiKey.objects.all())
    with pytest.raises(KeyRefused):
        site.positions(old["sim-ada"], 1)
    assert site.positions(new["sim-ada"], 1) == []


@pytest.mark.usefixtures("seeded")
def test_credits_come_only_when_they_run_low_and_by_a_grant() -> None:
    wallet = Account.objects.get(user__username="sim-ada")
    grants = LedgerTransfer.objects.filter(kind="grant").count()

    assert top_up(user_id=wallet.user_id or 0) == 0
    grant(user_id=wallet.user_id or 0, amount=1, memo="a little more")
    assert top_up(user_id=wallet.user_id or 0) == 0
    assert LedgerTransfer.objects.filter(kind="grant").count() == grants + 1

    Account.objects.filter(pk=wallet.pk).update(held=wallet.cash)
    assert top_up(user_id=wallet.user_id or 0) == FULL - 1
    assert LedgerTransfer.objects.latest("id").memo == "Demo credits for a simulated trader"


@pytest.mark.parametrize(
    ("status", "document", "error"),
    [
        (401, {"code": "auth.key_expired"}, KeyRefused),
        (409, {"code": "order.insufficient_funds"}, RequestRefused),
        (429, {"code": "limit.too_many_requests", "retry_after": 7}, SiteAway),
        (503, {"code": "server.unavailable"}, SiteAway),
    ],
)
def test_answers_that_are_no_success(status: int, document: Any, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        answering(status, document).market("rain")

    if isinstance(caught.value, SiteAway):
        assert caught.value.seconds == document.get("retry_after", 1.0)


def test_a_page_of_a_proxy_counts_as_away() -> None:
    site = Site("http://testserver", httpx.MockTransport(lambda _: httpx.Response(502, text="<html>")))

    with pytest.raises(SiteAway):
        site.market("rain")


@pytest.mark.usefixtures("seeded")
def test_a_restart_of_the_site_is_waited_out(monkeypatch: pytest.MonkeyPatch) -> None:
    stop, calls = threading.Event(), []

    def step(self: Traders) -> int:
        calls.append(1)
        if len(calls) < 3:
            raise SiteAway(0.001)
        stop.set()
        return 1

    monkeypatch.setattr(Traders, "step", step)
    run_traders(url="http://127.0.0.1:9", rate=1_000, stop=stop)

    assert len(calls) == 3


@pytest.mark.usefixtures("seeded")
def test_refused_keys_are_renewed(monkeypatch: pytest.MonkeyPatch) -> None:
    stop, seen = threading.Event(), []

    def step(self: Traders) -> int:
        seen.append(self.keys["sim-ada"])
        if len(seen) == 1:
            raise KeyRefused
        stop.set()
        return 1

    monkeypatch.setattr(Traders, "step", step)
    monkeypatch.setattr(running, "_WAIT_MAX_S", 0.001)
    run_traders(url="http://127.0.0.1:9", rate=1_000, stop=stop)

    assert len(set(seen)) == 2

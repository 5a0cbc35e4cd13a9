"""From what happens in a market to what a receiver gets: every event, to whom, and as the catalogue says."""

import json
from datetime import UTC, datetime

import pytest
from jsonschema import Draft202012Validator
from standardwebhooks.webhooks import Webhook

from alerting.engine.webhooks.catalogue import CATALOGUE
from alerting.models import Delivery, WebhookCursor
from alerting.services._notices import write_notices
from alerting.services.webhooks.queue_events import queue_events
from alerting.services.webhooks.save_endpoint import update_endpoint
from common import bus
from markets.services.halt_market import halt_market
from markets.services.resume_market import resume_market
from markets.services.void_market import void_market
from tests.alerting.webhooks.conftest import MakeHook, work
from tests.factories.accounts import make_carol, make_dave
from tests.factories.trading import funded_alice, funded_bob, live_market, place, resolve
from trading.events import JournalAdvanced, MarketSettled
from trading.services.settle_market import settle_market

pytestmark = pytest.mark.django_db
_CHECKS = {name: Draft202012Validator(one.schema) for name, one in CATALOGUE.items()}


def _check(bodies: list[dict[str, object]]) -> None:
    for body in bodies:
        assert set(body) == {"type", "timestamp", "data"}
        _CHECKS[str(body["type"])].validate(body["data"])
        assert len(json.dumps(body)) < 20_000


def test_the_examples_of_the_catalogue_fit_their_schemas() -> None:
    for name, one in CATALOGUE.items():
        _CHECKS[name].validate(one.example)


def test_the_story_of_a_market_as_its_traders_and_others_are_told(make_hook: MakeHook) -> None:
    alice, bob = funded_alice(), funded_bob()
    mine, others = make_hook(alice), make_hook(make_carol())
    market = live_market(slug="rain", question="Will it rain?", challenge_window_s=0)
    place(alice, market, "buy", 0, price=0.5, shares=10)
    place(bob, market, "buy", 1, price=0.5, shares=4)
    halt_market(market_id=market.pk, actor_id=make_dave().pk, reason="Rumours.")
    resume_market(market_id=market.pk, actor_id=make_dave().pk)
    resolve(market, (10_000, 0))
    settle_market(market_id=market.pk)
    work()
    while work() or Delivery.objects.filter(status="waiting").exists():
        pass
    _check(mine.bodies() + others.bodies())
    told = set(mine.types())
    assert {
        "market.opened", "market.halted", "market.resumed", "market.closed", "market.resolution_proposed",
        "market.resolved", "market.settled", "trade.executed", "order.placed", "order.partially_filled",
        "order.cancelled", "fill.created", "position.settled",
    } <= told  # fmt: skip
    assert {name for name in others.types() if CATALOGUE[name].is_own} == set()
    settled = next(body for body in mine.bodies() if body["type"] == "position.settled")
    assert settled["data"]["payout"] == "4"
    fill = next(body for body in mine.bodies() if body["type"] == "fill.created")
    assert (fill["data"]["role"], fill["data"]["quantity"], fill["data"]["price"]) == ("maker", "4", "0.5000")
    ids = [mine.headers(number)["webhook-id"] for number in range(len(mine.server.requests))]
    assert len(set(ids)) == len(ids)


def test_each_message_is_signed_as_the_reference_library_verifies(make_hook: MakeHook) -> None:
    hook = make_hook(funded_alice(), "market.opened")
    live_market()
    assert work() == 1
    body = hook.server.requests[0].partition(b"\r\n\r\n")[2]
    assert Webhook(hook.secret).verify(body, hook.headers()) == json.loads(body)
    assert hook.headers()["webhook-id"].startswith(f"msg_w{hook.id}-")


def test_only_what_was_asked_for_is_told(make_hook: MakeHook) -> None:
    alice = funded_alice()
    first, second = live_market(), live_market()
    hook = make_hook(alice, "order.*", markets=[second.pk])
    for market in (first, second):
        place(alice, market, "buy", 0, price=0.4, shares=1)
        place(funded_bob(), market, "buy", 0, price=0.3, shares=1)
    assert work() == 1
    (body,) = hook.bodies()
    assert (body["type"], body["data"]["market_id"]) == ("order.placed", second.pk)


def test_an_endpoint_gets_what_happens_from_its_beginning_on_and_each_event_once(make_hook: MakeHook) -> None:
    live_market()
    hook = make_hook(funded_alice(), "market.opened")
    assert queue_events() == 0
    second = live_market()
    assert (queue_events(), queue_events()) == (1, 0)
    WebhookCursor.objects.update(seq=0)
    queue_events()
    queued = [json.loads(row.content["payload"])["data"]["market_id"] for row in Delivery.objects.all()]
    assert queued == [second.pk]
    assert hook.server.requests == []


def test_without_endpoints_the_sweep_reads_one_row(django_assert_num_queries: object) -> None:
    place(funded_alice(), live_market(), "buy", 0, price=0.4, shares=1)
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert queue_events() == 0


def test_one_that_is_switched_on_again_gets_what_happens_from_then_on(make_hook: MakeHook) -> None:
    alice = funded_alice()
    hook = make_hook(alice, "market.opened")
    update_endpoint(user_id=alice.pk, endpoint_id=hook.id, changes={"is_enabled": False})
    live_market()
    assert queue_events() == 0
    update_endpoint(user_id=alice.pk, endpoint_id=hook.id, changes={"is_enabled": True})
    market = live_market()
    assert work() == 1
    assert [body["data"]["market_id"] for body in hook.bodies()] == [market.pk]


def test_a_notice_is_told_in_the_transaction_that_writes_it(make_hook: MakeHook) -> None:
    alice, bob = funded_alice(), funded_bob()
    hook = make_hook(alice, "account.notice")
    make_hook(bob, "market.opened")
    write_notices([alice.pk, bob.pk], kind="mention", key="comment:1", title="bob wrote to you", url="/markets/rain")
    assert Delivery.objects.count() == 1
    work()
    (body,) = hook.bodies()
    _check([body])
    assert body["data"] == {
        "kind": "mention", "key": "comment:1", "title": "bob wrote to you", "text": "", "url": "/markets/rain",
        "severity": "",
    }  # fmt: skip
    assert datetime.fromisoformat(str(body["timestamp"])) <= datetime.now(UTC)


def test_a_void_market_pays_back(make_hook: MakeHook) -> None:
    alice, bob = funded_alice(), funded_bob()
    market = live_market()
    hook = make_hook(alice, "position.settled")
    place(alice, market, "buy", 0, price=0.5, shares=10)
    place(bob, market, "buy", 1, price=0.5, shares=10)
    void_market(market_id=market.pk, actor_id=None, reason="The source is gone.")
    settle_market(market_id=market.pk)
    work()
    (body,) = hook.bodies()
    assert (body["data"]["payout"], body["data"]["payouts"], body["data"]["is_void"]) == ("5", {}, True)


def test_the_path_of_orders_knows_nothing_of_it() -> None:
    """Whoever trades pays nothing for those who listen: no fact of trading leads here, only the sweep does."""
    for fact in (JournalAdvanced, MarketSettled):
        assert not [handler for handler in bus._handlers[fact] if handler.__module__.startswith("alerting")]

from collections import OrderedDict

import pytest

from tests.factories.trading import (
    LIQUIDITY,
    document,
    funded_alice,
    funded_bob,
    live_categorical_market,
    live_market,
    order,
    place,
    run,
    spec,
)
from tests.trading.tables import everything
from trading.models import Order
from trading.services.preview_order import preview_order
from trading.types import CancelOrder

pytestmark = pytest.mark.django_db
OWN = ("id", "seq", "created_at", "updated_at", "dry_run", "prices")


def core(found):
    fills = [{key: value for key, value in fill.items() if key != "id"} for fill in found["fills"]]
    return {key: value for key, value in found.items() if key not in OWN} | {"fills": fills}


def busy_market():
    alice, bob, market = funded_alice(), funded_bob(), live_market(liquidity_lots=LIQUIDITY, taker_fee_bps=500)
    for price in (0.3, 0.4, 0.45):
        place(alice, market, price=price, shares=3)
        place(alice, market, "buy", 1, price=price, shares=3)
    return alice, bob, market


@pytest.mark.parametrize(
    ("args", "fields"),
    [
        ((), {"price": 0.2}),
        ((), {"price": None, "shares": 100}),
        (("buy", 1), {"price": 0.8, "shares": 50}),
        ((), {"price": 0.57, "shares": 400}),
        ((), {"price": None, "shares": 0, "cost_max": 10**9}),
    ],
)
def test_a_preview_is_the_answer_that_follows(args, fields):
    _, bob, market = busy_market()
    asked = spec(market, *args, **fields)
    if fields.get("cost_max"):
        asked = spec(market, *args, **fields | {"quantity": None})
    command = order(bob, asked)
    before = everything()
    previewed = preview_order(command)
    assert everything() == before
    answer = run(market, command)[0]
    assert (previewed.status, answer.status) == (200, 201)
    assert core(document(previewed)) == core(document(answer))
    assert document(previewed)["id"] is None


def test_a_preview_tells_the_prices_after():
    alice, market = funded_alice(), live_market(liquidity_lots=LIQUIDITY)
    found = document(preview_order(order(alice, spec(market, price=None, shares=100))))
    assert found["prices"] == {"yes": "0.524979", "no": "0.475021"}


def test_a_preview_leaves_the_cached_state_alone():
    alice, bob, market = busy_market()
    for _ in range(3):
        preview_order(order(bob, spec(market, price=None, shares=300)))
    first = run(market, order(bob, spec(market, price=None, shares=300)))[0]
    assert document(first)["filled"] == "300"
    assert first.effects is not None
    assert alice.pk in first.effects.cash


def test_a_preview_sees_what_another_process_wrote(monkeypatch):
    alice, bob, market = busy_market()
    command = order(bob, spec(market, price=None, shares=300))
    first = document(preview_order(command))
    # Another process has a cache of its own.
    with monkeypatch.context() as patch:
        patch.setattr("trading.services._market_cache._entries", OrderedDict())
        for resting in open_ids(market):
            run(market, CancelOrder(alice.pk, resting))
    second = document(preview_order(command))
    assert first["fills"] != second["fills"]
    assert [fill["kind"] for fill in second["fills"]] == ["rule"]


def open_ids(market):
    return list(Order.objects.filter(market=market, status="open").values_list("pk", flat=True))


def test_a_refusal_is_previewed():
    alice, market = funded_alice(), live_market()
    before = everything()
    answer = preview_order(order(alice, spec(market, price=0.9, shares=10_000)))
    assert (answer.status, document(answer)["code"]) == (409, "order.insufficient_funds")
    bad = preview_order(order(alice, spec(market, outcome=7)))
    assert document(bad)["code"] == "order.outcome_unknown"
    assert everything() == before


def test_a_categorical_preview_includes_what_the_rule_then_fills():
    alice, bob = funded_alice(), funded_bob()
    market = live_categorical_market(liquidity_lots=LIQUIDITY)
    place(alice, market, "buy", 0, price=0.32, shares=10)
    command = order(bob, spec(market, "buy", 1, price=None, shares=200))
    previewed, answer = preview_order(command), run(market, command)[0]
    assert core(document(previewed)) == core(document(answer))
    assert previewed.effects is not None
    assert previewed.effects.prices == answer.effects.prices
    assert len(answer.effects.fills) == 2

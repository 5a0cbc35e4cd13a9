from dataclasses import replace
from functools import partial

import pytest

from common.money import CASH_SCALE
from tests.factories.trading import document, funded_alice, funded_bob, live_market, order, place, run, spec, wallet
from tests.trading.tables import everything
from trading.models import Order, Submission
from trading.services.merge_sets import merge_sets
from trading.services.mint_sets import mint_sets
from trading.services.replay_market import replay_market
from trading.services.submit import submit

pytestmark = pytest.mark.django_db


def test_the_same_order_again_gets_the_first_answer_byte_for_byte():
    alice, bob, market = funded_alice(), funded_bob(), live_market()
    command = order(alice, spec(market, price=0.6), "c-1")
    first = run(market, command)[0]
    place(bob, market, "buy", 1, price=0.5)
    before = everything()
    again = run(market, command)[0]
    assert (again.status, again.body, again.is_replay, first.is_replay) == (201, first.body, True, False)
    assert everything() == before


def test_another_order_with_the_same_key_is_refused():
    alice, market = funded_alice(), live_market()
    run(market, order(alice, spec(market, price=0.6), "c-1"))
    before = everything()
    answer = run(market, order(alice, spec(market, price=0.61), "c-1"))[0]
    assert (answer.status, document(answer)["code"]) == (409, "order.client_order_id_reused")
    assert document(answer)["errors"][0]["pointer"] == "/client_order_id"
    assert everything() == before


def test_a_refusal_is_repeated_even_when_it_would_succeed_now():
    alice, bob, market = funded_alice(), funded_bob(), live_market()
    command = order(alice, spec(market, price=None), "c-1")
    refused = run(market, command)[0]
    place(bob, market, "buy", 1, price=0.5)
    again = run(market, command)[0]
    assert document(refused)["code"] == "order.no_liquidity"
    assert (again.status, again.body, again.is_replay) == (refused.status, refused.body, True)
    assert not Order.objects.filter(user=alice).exists()


def test_twins_in_one_batch_act_once():
    alice, market = funded_alice(), live_market()
    command = order(alice, spec(market), "c-1")
    other = order(alice, spec(market, price=0.1), "c-1")
    first, twin, third = run(market, command, command, other)
    assert (first.status, first.is_replay) == (201, False)
    assert (twin.body, twin.is_replay) == (first.body, True)
    assert document(third)["code"] == "order.client_order_id_reused"
    assert Order.objects.count() == Submission.objects.count() == 1


def test_sets_are_made_once_for_each_key():
    alice, market = funded_alice(), live_market()
    mint = partial(mint_sets, user_id=alice.pk, market_id=market.pk)
    first = mint(quantity=20_000, key="k-1")
    before = everything()
    again = mint(quantity=20_000, key="k-1")
    assert (again.status, again.body, again.is_replay) == (201, first.body, True)
    assert document(mint(quantity=30_000, key="k-1"))["code"] == "order.client_order_id_reused"
    merged = merge_sets(user_id=alice.pk, market_id=market.pk, quantity=20_000, key="k-1")
    assert document(merged)["code"] == "order.client_order_id_reused"
    assert everything() == before
    assert mint(quantity=20_000).status == 201
    assert wallet(alice).cash == 996 * CASH_SCALE
    assert replay_market(market_id=market.pk).is_equal


def test_a_key_belongs_to_one_trader():
    alice, bob, market = funded_alice(), funded_bob(), live_market()
    answers = run(market, order(alice, spec(market), "c-1"), order(bob, spec(market), "c-1"))
    assert [answer.status for answer in answers] == [201, 201]
    assert not any(answer.is_replay for answer in answers)


def test_a_key_counts_across_markets():
    alice, market, other = funded_alice(), live_market(), live_market()
    run(market, order(alice, spec(market), "c-1"))
    answer = run(other, order(alice, spec(other), "c-1"))[0]
    assert document(answer)["code"] == "order.client_order_id_reused"


def test_without_a_key_nothing_is_kept_to_repeat():
    alice, market = funded_alice(), live_market()
    command = replace(order(alice, spec(market)), client_order_id="")
    first, second = run(market, command)[0], run(market, command)[0]
    assert document(first)["id"] != document(second)["id"]
    assert not Submission.objects.exists()
    assert set(Order.objects.values_list("client_order_id", flat=True)) == {
        f"order-{document(first)['id']}",
        f"order-{document(second)['id']}",
    }


@pytest.mark.parametrize("key", ['quo"te', "back\\slash", "{brace},NULL", "ünïcode ☂"])
def test_any_text_is_a_key(key):
    alice, market = funded_alice(), live_market()
    command = order(alice, spec(market), key)
    first = submit(command)
    assert document(first)["client_order_id"] == Order.objects.get().client_order_id == key
    assert submit(command).body == first.body

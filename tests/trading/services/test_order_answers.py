"""What is kept of an answer to an order, and the document that is told of it: a form once written never changes."""

import json

import pytest
from django.core.management import call_command

from common.flags.switch import switch_flag
from common.models import Flag
from tests.factories.trading import document, funded_alice, funded_bob, live_market, order, place, run, spec
from trading.models import Submission
from trading.selectors.orders import orders
from trading.services._order_answers import told_text

pytestmark = pytest.mark.django_db

#: As it stands in tables; ``TOLD`` is what its trader was answered.
KEPT = (
    '[1,[77,3,"no","buy","limit","gtd",4500,null,100000,null,null,true,false,"cancel_newest","2026-11-24T00:00:00.000Z",'
    '"c-1",null,9,"open",25000,75000,112500000,1000,41,"2026-11-23T09:30:00.123Z","2026-11-23T09:31:00.000Z"],'
    '[[5,"match",4500,25000,112500000,1000]],99887499000,337500000]'
)
TOLD = (
    '{"id":77,"market_id":3,"outcome":"no","side":"buy","type":"limit","time_in_force":"gtd","price":"0.4500",'
    '"trigger_price":null,"quantity":"10","max_cost":null,"min_proceeds":null,"post_only":true,"reduce_only":false,'
    '"self_trade_policy":"cancel_newest","valid_until":null,"expires_at":"2026-11-24T00:00:00.000Z",'
    '"client_order_id":"c-1","linked_order_id":null,"order_group_id":9,"status":"open","filled":"2.5",'
    '"remaining":"7.5","average_price":"0.4500","cost":"1.125","fee":"0.00001","seq":41,'
    '"created_at":"2026-11-23T09:30:00.123Z","updated_at":"2026-11-23T09:31:00.000Z","fills":[{"id":5,"kind":"match",'
    '"price":"0.4500","quantity":"2.5","cost":"1.125","fee":"0.00001"}],"account":{"cash":"998.87499","held":"3.375",'
    '"available":"995.49999"}}'
)


def test_the_first_form_tells_what_it_told():
    assert told_text(KEPT) == TOLD


def test_what_was_kept_as_its_document_is_told_as_it_is():
    assert told_text(TOLD) == TOLD


def test_an_answer_is_kept_as_values_and_told_as_they_say():
    alice, market = funded_alice(), live_market()
    answer = place(alice, market, key="c-1")
    kept = Submission.objects.get().answer
    assert json.loads(kept)[1][0] == document(answer)["id"]
    assert told_text(kept) == answer.body
    assert len(kept) < len(answer.body) / 2


@pytest.mark.parametrize("is_compact", [True, False])
def test_an_order_is_found_by_its_key_however_its_answer_is_kept(is_compact):
    switch(is_compact)
    alice, market = funded_alice(), live_market()
    command = order(alice, spec(market), "c-1")
    answer = run(market, command)[0]
    switch(not is_compact)
    again = run(market, command)[0]
    assert (again.status, again.body, again.is_replay) == (201, answer.body, True)
    assert [row.id for row in orders(alice.pk, client_order_id="c-1").items] == [document(answer)["id"]]


def test_beside_programs_that_know_no_values_the_document_is_kept():
    switch(False)
    alice, market = funded_alice(), live_market()
    answer = place(alice, market, key="c-1")
    assert Submission.objects.get().answer == answer.body
    assert document(answer)["fills"] == []


def test_the_document_of_fills_is_the_same_in_both_ways():
    told = []
    for is_compact in (True, False):
        switch(is_compact)
        maker, taker, market = funded_bob(), funded_alice(), live_market()
        place(maker, market, outcome=1, price=0.4, shares=10)
        fills = document(place(taker, market, price=0.6, shares=4))["fills"]
        told.append([{**fill, "id": None} for fill in fills])
    assert told[0] == told[1] != []


def test_a_new_site_keeps_values_from_its_first_answer_on():
    Flag.objects.all().delete()
    call_command("migrate", verbosity=0)
    assert Flag.objects.get(name="compact_answers").is_on is True


def test_a_site_that_has_answered_keeps_documents_until_somebody_switches():
    Flag.objects.all().delete()
    place(funded_alice(), live_market(), key="c-1")
    call_command("migrate", verbosity=0)
    assert Flag.objects.get(name="compact_answers").is_on is None
    assert Submission.objects.get().answer.startswith("{")


def test_what_somebody_has_switched_stays():
    switch(False)
    call_command("migrate", verbosity=0)
    assert Flag.objects.get(name="compact_answers").is_on is False


def switch(is_on):
    switch_flag(name="compact_answers", is_on=is_on, actor_id=None, reason="Tried.")

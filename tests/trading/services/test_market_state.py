import pytest

from tests.factories.trading import funded_alice, funded_bob, live_categorical_market, live_market, place, run
from trading.engine.replay import digest
from trading.models import MarketBook
from trading.services import _market_cache, preview_order
from trading.services._market_cache import CachedMarket, forget_all
from trading.services._pipeline import Pipeline
from trading.types import MintSets

pytestmark = pytest.mark.django_db


def prices_of(market):
    return MarketBook.objects.get(market=market).prices


def test_last_prices_are_those_of_trades_also_after_a_restart():
    alice, bob, market = funded_alice(), funded_bob(), live_categorical_market()
    run(market, MintSets(bob.pk, 100_000))
    place(alice, market, "buy", 0, price=0.4, shares=10)
    place(bob, market, "sell", 0, price=0.4, shares=10)
    place(alice, market, "buy", 1, price=0.2, shares=10)
    place(bob, market, "sell", 1, price=0.3, shares=10)
    assert prices_of(market) == [400_000, 250_000, 333_333]
    forget_all()
    place(alice, market, "buy", 0, price=0.1, shares=10)
    place(alice, market, "buy", 1, price=0.22, shares=10)
    assert prices_of(market) == [400_000, 260_000, 333_333], "0 has traded, 1 is between its best orders"


def test_a_binary_market_has_the_last_price_of_yes():
    alice, bob, market = funded_alice(), funded_bob(), live_market()
    place(alice, market, price=0.6, shares=10)
    place(bob, market, "buy", 1, price=0.4, shares=10)
    forget_all()
    place(alice, market, price=0.1, shares=10)
    assert prices_of(market) == [600_000, 400_000]


def test_records_of_another_process_are_asked_for_when_there_are_some(monkeypatch):
    alice, market = funded_alice(), live_market()
    sent, queue = [], Pipeline.queue
    monkeypatch.setattr(Pipeline, "queue", lambda self, *given: (sent.append(given[1]), queue(self, *given))[1])
    here, there = CachedMarket(market.pk), CachedMarket(market.pk)

    def asked_by(entry):
        monkeypatch.setitem(_market_cache._entries, market.pk, entry)
        sent.clear()
        assert place(alice, market, price=0.1, shares=1).status == 201
        return sum("FROM markets_marketevent" in query for query in sent)

    assert [asked_by(here), asked_by(here)] == [0, 0], "the tables told all, and nobody else is there"
    assert [asked_by(there), asked_by(here), asked_by(here), asked_by(here)] == [0, 1, 1, 0]
    assert [asked_by(there), asked_by(here), asked_by(there), asked_by(here)] == [1, 1, 1, 1]
    read_anew = preview_order._load(CachedMarket(market.pk))
    assert (read_anew.seq, digest(read_anew)) == (here.state.seq, digest(here.state))

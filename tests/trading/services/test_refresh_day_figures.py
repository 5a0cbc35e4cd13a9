from datetime import timedelta

import pytest

from common import clock
from markets.services.close_market import close_market
from tests.factories.trading import (
    LIQUIDITY,
    funded_alice,
    funded_bob,
    live_categorical_market,
    live_market,
    place,
)
from trading.models import Candle, MarketBook
from trading.services.refresh_day_figures import refresh_day_figures

pytestmark = pytest.mark.django_db


def test_the_volume_of_the_last_day_and_the_price_before_it():
    alice, bob, market = funded_alice(), funded_bob(), live_market()
    place(alice, market, price=0.6, shares=10)
    place(bob, market, "buy", 1, price=0.4, shares=10)
    assert refresh_day_figures() == 1
    book = MarketBook.objects.get(market=market)
    assert (book.volume_24h, book.prices_24h_ago) == (600_000_000, [500_000, 500_000])
    Candle.objects.update(starts_at=clock.now() - timedelta(hours=30))
    assert refresh_day_figures() == 1
    book.refresh_from_db()
    assert (book.volume_24h, book.volume, book.prices_24h_ago) == (0, 600_000_000, [600_000, 400_000])
    assert refresh_day_figures() == 0


def test_a_categorical_market_has_a_price_for_every_outcome():
    alice, market = funded_alice(), live_categorical_market(liquidity_lots=LIQUIDITY)
    place(alice, market, "buy", 2, price=None, shares=100)
    Candle.objects.update(starts_at=clock.now() - timedelta(hours=25))
    refresh_day_figures()
    book = MarketBook.objects.get(market=market)
    assert (book.prices_24h_ago, book.volume_24h) == (book.prices, 0)
    assert book.prices[2] > book.prices[0] == book.prices[1]


def test_candles_of_what_ended_long_ago_are_not_read_again():
    alice, bob, old, live = funded_alice(), funded_bob(), live_market(), live_market()
    for market in (old, live):
        place(alice, market, price=0.6, shares=10)
        place(bob, market, "buy", 1, price=0.4, shares=10)
    refresh_day_figures()
    past = clock.now() - timedelta(hours=30)
    Candle.objects.update(starts_at=past)
    MarketBook.objects.update(last_trade_at=past)
    assert refresh_day_figures() == 2, "with volume left"
    close_market(market_id=old.pk, actor_id=None)
    MarketBook.objects.filter(market=live).update(last_trade_at=clock.now() - timedelta(hours=24, minutes=30))
    # Nothing writes candles afterwards; these would be seen if they were read.
    Candle.objects.update(close=500_000)
    assert refresh_day_figures() == 1
    assert MarketBook.objects.get(market=old).prices_24h_ago == [600_000, 400_000]
    assert MarketBook.objects.get(market=live).prices_24h_ago == [500_000, 500_000]

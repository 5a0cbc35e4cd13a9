from datetime import timedelta

import pytest

from tests.factories.rows import NOW, row_event, row_market
from trading.models import Candle
from trading.selectors.candles import CandleView, candles
from trading.selectors.journal import journal

pytestmark = pytest.mark.django_db


def test_candles_are_bounded_oldest_first_and_mirrored_for_no() -> None:
    market = row_market()
    for minute in range(4):
        Candle.objects.create(
            market=market,
            outcome=0,
            interval="1m",
            starts_at=NOW + timedelta(minutes=minute),
            open=500_000,
            high=700_000,
            low=400_000,
            close=600_000 + minute,
            volume=9,
            trades=2,
        )
    shown = candles(market.id, outcome=0, is_binary=True, interval="1m", limit=2)
    assert [view.close for view in shown] == [600_002, 600_003]
    window = candles(
        market.id,
        outcome=1,
        is_binary=True,
        interval="1m",
        after=NOW + timedelta(minutes=1),
        before=NOW + timedelta(minutes=2),
    )
    assert window == [CandleView(NOW + timedelta(minutes=1), 500_000, 600_000, 300_000, 399_999, 9, 2)]
    assert candles(market.id, outcome=0, is_binary=True, interval="1h") == []


def test_the_journal_continues_after_a_number() -> None:
    market = row_market()
    row_event(market, kind="opened", liquidity="1000")
    row_event(market, kind="halted")
    assert [(r.seq, r.kind, r.actor, r.data) for r in journal(market.id)] == [
        (1, "opened", "", {"liquidity": "1000"}),
        (2, "halted", "", {}),
    ]
    assert [r.seq for r in journal(market.id, after_seq=1)] == [2]
    assert journal(market.id, after_seq=2) == []

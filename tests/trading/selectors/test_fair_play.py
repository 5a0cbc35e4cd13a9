"""What makers can lose, and who trades back and forth."""

from datetime import UTC, datetime

import pytest

from tests.factories.markets import make_draft
from trading.models import MarketBook, Trade
from trading.selectors.fair_play import back_and_forth_share, maker_loss_share
from trading.services.open_market import open_market

pytestmark = pytest.mark.django_db


def trade(number: int, *, taker: int, maker: int | None, side: str, quantity: int = 10) -> Trade:
    return Trade(
        market_id=1,
        seq=number,
        line=0,
        kind="match",
        outcome=0,
        taker_side=side,
        price=5_000,
        quantity=quantity,
        cost=1,
        taker_order_id=number,
        taker_id=taker,
        taker_fee=0,
        maker_id=maker,
        maker_fee=0,
        probability=500_000,
        created_at=datetime.now(UTC),
    )


def test_a_maker_that_sold_nothing_can_lose_nothing_and_a_lopsided_one_nearly_all() -> None:
    assert maker_loss_share() is None
    market = make_draft(slug="rain", question="Will it rain in Lisbon tomorrow?", liquidity_lots=1_000_000)
    open_market(market.pk)
    assert maker_loss_share() == pytest.approx(0)
    MarketBook.objects.filter(pk=market.pk).update(maker_quantities=[10_000_000, 0])
    # The price is 0.99995: what is left to lose is ln 0.99995 of ln 2.
    assert maker_loss_share() == pytest.approx(0.99993, abs=1e-4)


def test_only_pairs_who_trade_in_both_directions_count() -> None:
    assert back_and_forth_share() is None
    Trade.objects.bulk_create(
        [
            trade(1, taker=1, maker=2, side="buy"),
            trade(2, taker=1, maker=2, side="sell"),
            trade(3, taker=2, maker=1, side="buy"),
            trade(4, taker=1, maker=2, side="buy"),
            trade(5, taker=3, maker=4, side="buy", quantity=30),
            trade(6, taker=3, maker=None, side="sell", quantity=30),
        ]
    )
    assert back_and_forth_share() == pytest.approx(0.4)

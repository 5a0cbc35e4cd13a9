"""The figures of traders equal those that are counted from all of history."""

import random
from collections import Counter
from typing import Any

import pytest
from django.db.models import Sum

from accounts.models import User
from accounts.types import Role
from analytics.market_ai.models import FoldedMarket, TraderFigures, TraderMarket, TraderTopic
from analytics.market_ai.services import fold_traders as folding
from analytics.market_ai.services.fold_traders import fold_traders
from markets.models import Market
from markets.services.confirm_resolution import confirm_resolution
from markets.services.propose_resolution import propose_resolution
from markets.services.request_override import request_override
from markets.types import OverrideKind
from tests.factories.accounts import make_user
from tests.factories.trading import LIQUIDITY, funded_traders, live_market, place, resolve
from trading.models import Position, Trade
from trading.services.approve_override import approve_override
from trading.services.settle_market import settle_market

pytestmark = pytest.mark.django_db(transaction=True)


def counted() -> dict[int, tuple[int, int, int]]:
    """Trades, volume and markets of each trader, the slow way."""
    trades: Counter[int] = Counter()
    volume: Counter[int] = Counter()
    markets: set[tuple[int, int]] = set()
    for trade in Trade.objects.all():
        for user_id in (trade.taker_id, trade.maker_id):
            if user_id is not None:
                trades[user_id] += 1
                volume[user_id] += trade.cost
                markets.add((user_id, trade.market_id))
    seen = Counter(user_id for user_id, _ in markets)
    return {user_id: (trades[user_id], volume[user_id], seen[user_id]) for user_id in trades}


def folded() -> dict[int, tuple[int, int, int]]:
    return {f.user_id: (f.trades, f.volume, f.markets) for f in TraderFigures.objects.all()}


def trade_at_random(markets: list[Market], traders: list[User], number: int, source: random.Random) -> None:
    for _ in range(number):
        market, trader = source.choice(markets), source.choice(traders)
        price = None if source.random() < 0.5 else round(source.uniform(0.3, 0.7), 2)
        place(trader, market, "buy", source.randint(0, 1), price=price, shares=source.randint(1, 20))


@pytest.fixture
def traders() -> list[User]:
    return funded_traders(4)


def _markets() -> list[Market]:
    topics = ("science", "science", "sport")
    return [live_market(topic=topic, liquidity_lots=LIQUIDITY, challenge_window_s=0) for topic in topics]


def test_folding_in_steps_equals_counting_everything(traders: list[User], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "TRADES_MAX", 7)
    source, markets = random.Random(3), _markets()
    for _ in range(3):
        trade_at_random(markets, traders, 25, source)
        fold_traders()
    while fold_traders():
        pass
    assert folded() == counted()
    assert TraderTopic.objects.filter(topic__slug="science").aggregate(Sum("trades"))["trades__sum"] == sum(
        (trade.maker_id is not None) + 1 for trade in Trade.objects.filter(market__topic__slug="science")
    )
    for figures in TraderFigures.objects.all():
        mine = Trade.objects.filter(taker_id=figures.user_id) | Trade.objects.filter(maker_id=figures.user_id)
        assert figures.last_trade_at == mine.latest("created_at").created_at
        assert figures.first_trade_at == mine.earliest("created_at").created_at


def test_settlements_count_once(traders: list[User]) -> None:
    source, markets = random.Random(5), _markets()
    trade_at_random(markets, traders, 40, source)
    fold_traders()
    for market, payouts in zip(markets[:2], ((10_000, 0), (0, 10_000)), strict=True):
        resolve(market, payouts)
        settle_market(market_id=market.pk)
    fold_traders()
    fold_traders()
    for figures in TraderFigures.objects.all():
        profits = [
            -int(Position.objects.filter(market=market, user_id=figures.user_id).aggregate(Sum("cost"))["cost__sum"])
            for market in markets[:2]
            if TraderMarket.objects.filter(market=market, user_id=figures.user_id).exists()
        ]
        assert (figures.settled, figures.won) == (len(profits), sum(profit > 0 for profit in profits))
        assert figures.profit == sum(profits)
        assert figures.profit_squares == pytest.approx(sum((profit / 1e8) ** 2 for profit in profits))
    assert FoldedMarket.objects.filter(is_settled=True).count() == 2


def test_what_is_folded_isnt_read_again(traders: list[User], django_assert_num_queries: Any) -> None:
    trade_at_random(_markets(), traders, 10, random.Random(1))
    fold_traders()
    # begin, lock, what is due, end
    with django_assert_num_queries(4):
        assert fold_traders() == 0


def test_a_settlement_that_was_undone_counts_as_the_later_one(traders: list[User]) -> None:
    market = _markets()[0]
    trade_at_random([market], traders, 20, random.Random(8))
    fold_traders()
    before = list(TraderFigures.objects.order_by("user_id").values_list("user_id", "settled", "won", "profit"))
    for payouts in ((10_000, 0), (0, 10_000)):
        if payouts[0]:
            resolve(market, payouts)
        else:
            propose_resolution(market_id=market.pk, actor_id=None, payouts=payouts, reason="The source was corrected.")
            confirm_resolution(market_id=market.pk, actor_id=None)
        settle_market(market_id=market.pk)
        fold_traders()
        for figures in TraderFigures.objects.all():
            cost = Position.objects.filter(market=market, user_id=figures.user_id).aggregate(Sum("cost"))["cost__sum"]
            assert (figures.settled, figures.profit, figures.won) == (1, -cost, int(cost < 0))
            assert figures.profit_squares == pytest.approx((cost / 1e8) ** 2)
        if payouts[0]:
            undo(market)
            fold_traders()
            after = list(TraderFigures.objects.order_by("user_id").values_list("user_id", "settled", "won", "profit"))
            assert after == before
            assert not TraderMarket.objects.exclude(profit=None).exists()


def undo(market: Market) -> None:
    asking, approving = (make_user(handle, roles=(Role.OPERATOR,)) for handle in ("dave", "erin"))
    why = "The source was corrected."
    asked = request_override(market_id=market.pk, actor_id=asking.pk, kind=OverrideKind.UNDO, reason=why)
    approve_override(override_id=asked.pk, actor_id=approving.pk)

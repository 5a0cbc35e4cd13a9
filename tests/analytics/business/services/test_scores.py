"""Scores of resolved markets against the candles that were known a day before the close, one by one."""

import math
from datetime import timedelta

import pytest

from analytics.business.models import MarketFacts, ScoredOutcome
from analytics.business.selectors.quality import calibration
from analytics.business.services.fold_activity import fold_activity
from common import clock
from markets.models import Market
from tests.analytics.business.days import FIRST, Days
from trading.models import Candle

pytestmark = pytest.mark.django_db


def test_scores_foresee_nothing_and_are_exact() -> None:
    days = Days(2)
    for day in range(9):
        days.live(day)
    with clock.replaying(FIRST + timedelta(days=9)):
        fold_activity()
    scored = 0
    for market in Market.objects.filter(status="resolved"):
        pairs = dict(_known_before_the_end(market))
        rows = ScoredOutcome.objects.filter(market_id=market.pk)
        assert {row.outcome: (row.probability, row.payout) for row in rows} == pairs
        facts = MarketFacts.objects.get(market_id=market.pk)
        assert facts.scored == len(pairs)
        assert facts.brier == sum((probability - payout) ** 2 for probability, payout in pairs.values())
        assert facts.log_loss == pytest.approx(sum(_log_loss(*pair) for pair in pairs.values()), abs=len(pairs))
        scored += len(pairs)
    assert scored
    assert calibration(start=FIRST.date(), end=FIRST.date() + timedelta(days=20)).count == scored
    assert not MarketFacts.objects.filter(status="void", scored__gt=0).exists()


def _known_before_the_end(market: Market) -> list[tuple[int, tuple[int, int]]]:
    assert market.closed_at is not None
    assert market.payouts is not None
    cut = min(market.closed_at, market.closes_at) - timedelta(days=1)
    found = []
    for outcome in range(1 if market.is_binary else len(market.payouts)):
        candles = Candle.objects.filter(market_id=market.pk, outcome=outcome, interval="1h").order_by("starts_at")
        known = [one.close for one in candles if one.starts_at + timedelta(hours=1) <= cut]
        if known:
            found.append((outcome, (known[-1], market.payouts[outcome] * 100)))
    return found


def _log_loss(probability: int, payout: int) -> float:
    p, y = min(max(probability / 1e6, 0.001), 0.999), payout / 1e6
    return -1e6 * (y * math.log(p) + (1 - y) * math.log(1 - p))

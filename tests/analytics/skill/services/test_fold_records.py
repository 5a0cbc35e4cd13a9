"""Track records that grow equal those that are counted from all of history, and those that are made anew."""

from collections import Counter
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from analytics.skill.models import FoldedMarket, Result, SiteBin, SiteForecast, Standing, TraderBin
from analytics.skill.services import fold_records as folding
from analytics.skill.services.fold_records import fold_records
from analytics.skill.services.rebuild_records import digests, rebuild_records
from common import clock
from tests.analytics.business.days import FIRST, Days
from tests.analytics.skill import oracle
from trading.models import MarketBook

pytestmark = pytest.mark.django_db
_FIELDS = ("markets", "won", "profit", "scored", "brier", "market_brier", "log_loss", "market_log_loss")


def stored() -> dict[tuple[str, int, int], Counter[str]]:
    return {
        (row.season, row.topic_id, row.user_id): Counter({name: getattr(row, name) for name in _FIELDS})
        for row in Standing.objects.all()
    }


def test_records_that_grow_are_exact_and_equal_those_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "RECORDS_MAX", 11)
    days = Days(2)
    for day in range(9):
        days.live(day)
        fold_records()
    while fold_records():
        pass
    grown = stored()
    assert grown == oracle.standings()
    assert {row.pk: [row.forecasts, row.said, row.happened] for row in TraderBin.objects.all()} == oracle.bins()
    assert {season for season, _, _ in grown} == {"all", "2026-06"}
    assert any(counts["scored"] for counts in grown.values())
    told = StringIO()
    call_command("rebuild_records", "--check", stdout=told)
    assert {line.split()[-1] for line in told.getvalue().splitlines()} == {"equal"}
    assert stored() == grown
    standing = Standing.objects.filter(scored__gt=0).first()
    assert standing is not None
    assert standing.brier_gain == standing.market_brier - standing.brier


def test_a_settlement_that_was_undone_is_taken_back() -> None:
    days = Days(2)
    for day in range(9):
        days.live(day)
    fold_records()
    before = digests()
    market_id = SiteForecast.objects.values_list("market_id", flat=True)[0]
    settled_at = MarketBook.objects.get(pk=market_id).settled_at
    MarketBook.objects.filter(pk=market_id).update(settled_at=None)
    fold_records()
    assert not Result.objects.filter(market_id=market_id).exists()
    assert not SiteForecast.objects.filter(market_id=market_id).exists()
    assert rebuild_records(is_check=True).is_equal
    assert digests() != before
    MarketBook.objects.filter(pk=market_id).update(settled_at=settled_at)
    fold_records()
    assert digests() == before


def test_what_is_folded_isnt_read_again(django_assert_num_queries: Any) -> None:
    Days(2).live(0)
    fold_records()
    # savepoint, lock, what is behind, release
    with django_assert_num_queries(4):
        assert fold_records() == 0


def test_the_sites_forecasts_are_those_known_before_the_close() -> None:
    days = Days(2)
    for day in range(9):
        days.live(day)
    with clock.replaying(FIRST + timedelta(days=9)):
        fold_records()
    assert SiteForecast.objects.exists()
    for one in SiteForecast.objects.all():
        assert one.brier == round((one.probability - one.payout) ** 2 / 1_000_000)
    whole = SiteBin.objects.filter(topic_id=0)
    assert sum(row.forecasts for row in whole) == SiteForecast.objects.count()
    assert FoldedMarket.objects.filter(settled_at__isnull=False).exists()

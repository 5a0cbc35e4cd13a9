"""Rollups against brute force over simulated days, however they were read."""

from datetime import timedelta
from typing import Any

import pytest

from analytics.business.models import Position, Restatement, SiteDay
from analytics.business.services.fold_activity import fold_activity
from analytics.business.services.rebuild_rollups import rebuild_rollups
from analytics.business.services.reconcile_ledger import reconcile_ledger
from analytics.business.services.refresh_days import refresh_days
from common import clock
from tests.analytics.business import oracle
from tests.analytics.business.days import FIRST, Days

pytestmark = pytest.mark.django_db
DAYS = 12


def fold(day: int) -> None:
    with clock.replaying(FIRST + timedelta(days=day, hours=13)):
        fold_activity()
        refresh_days()


@pytest.mark.parametrize("seed", range(4))
def test_random_days_reconcile_with_the_ledger_to_the_unit(seed: int) -> None:
    days = Days(seed)
    for day in range(DAYS):
        days.live(day)
        if days.random.random() < 0.5:
            fold(day)
        # However far behind the rollups are, what they have read is what the ledger says.
        assert reconcile_ledger().difference == 0
    fold(DAYS - 1)
    expected = oracle.figures()
    for row in SiteDay.objects.filter(day__gte=FIRST.date()):
        found: dict[str, Any] = {name: getattr(row, name) for name in MEASURED}
        assert found == {name: expected[row.day][name] for name in MEASURED}, row.day
        assert (row.dau, row.wau, row.mau) == tuple(oracle.active(row.day, span) for span in (1, 7, 30))
    assert SiteDay.objects.filter(day__gte=FIRST.date()).count() == DAYS
    lines = {line["account"]: line for line in reconcile_ledger().lines}
    assert lines["fees of trades"]["difference"] == lines["issuance"]["difference"] == "0"
    with clock.replaying(FIRST + timedelta(days=DAYS - 1, hours=13)):
        rebuilt = rebuild_rollups(is_check=True)
    assert rebuilt.changed == ()


MEASURED = (
    "orders", "trades", "quantity", "volume", "rule_volume", "taker_fees", "maker_fees", "impact", "wash_quantity",
    "created", "opened", "resolved", "voided", "disputed", "sign_ups", "fee_income", "fees_refunded", "granted",
    "subsidies_paid", "subsidies_returned", "paid_out", "maker_result", "settled",
)  # fmt: skip


def test_repeating_adds_nothing() -> None:
    days = Days(7)
    days.live(0)
    fold(0)
    before = SiteDay.objects.values().get(day=FIRST.date())
    positions = list(Position.objects.order_by("market_id").values_list("market_id", "seq", "trade_id"))
    fold(0)
    assert SiteDay.objects.values().get(day=FIRST.date()) == before
    assert list(Position.objects.order_by("market_id").values_list("market_id", "seq", "trade_id")) == positions


def test_what_comes_late_is_counted_on_its_day_and_told_as_a_restatement() -> None:
    days = Days(11)
    days.live(0)
    fold(5)
    known = SiteDay.objects.get(day=FIRST.date())
    days.live(0, commands=30)
    fold(5)
    row = SiteDay.objects.get(day=FIRST.date())
    assert row.orders > known.orders
    assert row.trades == oracle.figures()[row.day]["trades"]
    late = Restatement.objects.filter(day=row.day)
    assert sum(late.values_list("trades", flat=True)) == row.trades - known.trades > 0
    assert sum(late.values_list("volume", flat=True)) == row.volume - known.volume
    assert sum(late.values_list("fee_income", flat=True)) == row.fee_income - known.fee_income


def test_a_rollup_that_was_tampered_with_is_found() -> None:
    days = Days(3)
    days.live(0)
    fold(0)
    SiteDay.objects.filter(day=FIRST.date()).update(trades=999)
    with clock.replaying(FIRST + timedelta(hours=13)):
        assert rebuild_rollups(is_check=True).changed == ("siteday",)
        assert SiteDay.objects.get(day=FIRST.date()).trades == 999
        rebuild_rollups()
    assert SiteDay.objects.get(day=FIRST.date()).trades == oracle.figures()[FIRST.date()]["trades"]

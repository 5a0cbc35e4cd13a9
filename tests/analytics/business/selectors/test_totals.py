"""Figures beside those of as many days before: what each metric tells by itself."""

from datetime import timedelta

import pytest

from analytics.business.engine.catalogue import METRICS
from analytics.business.selectors.metric_rows import metric_rows
from analytics.business.selectors.totals import totals
from analytics.business.types import Grain
from tests.analytics.business.conftest import NOW
from tests.analytics.business.days import Days

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("days", [1, 7, 30])
def test_all_metrics_together_are_each_by_itself(lived: Days, days: int) -> None:
    end = NOW.date() + timedelta(days=1)
    start = end - timedelta(days=days)
    found = totals(list(METRICS), start=start, end=end)
    assert [one.metric.name for one in found] == list(METRICS)
    for one in found:
        now, before = (
            metric_rows(metric=one.metric.name, start=first, end=first + timedelta(days=days), grain=Grain.TOTAL)[0]
            for first in (start, start - timedelta(days=days))
        )
        assert (one.value, one.before) == (now.value, before.value), one.metric.name


def test_without_a_single_trade_there_is_nothing_to_tell() -> None:
    end = NOW.date()
    (volume, brier) = totals(["volume", "brier"], start=end - timedelta(days=7), end=end)
    assert (volume.value, volume.before) == (0, 0)
    assert (brier.value, brier.before) == (None, None)

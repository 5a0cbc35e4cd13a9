"""What is learned from stored minutes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitoring.models import MinuteRollup, Series
from monitoring.scaling.models import ScalingDecision, ScalingTarget, Switch
from monitoring.scaling.realtime import outlook as learning
from monitoring.scaling.realtime.outlook import Outlook
from monitoring.scaling.selectors.targets import policied_targets
from monitoring.scaling.tasks import decide_scaling
from monitoring.services.make_partitions import make_partitions

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 12, 39, tzinfo=UTC)


@pytest.fixture
def hourly_rush(counts: Any, time_machine: Any) -> None:
    """Two days of minutes: 2,000 requests a second, and 6,000 from the 40th minute of each hour."""
    for days in (2, 1, 0):
        time_machine.move_to(NOW - timedelta(days=days), tick=False)
        make_partitions()
    series = Series.objects.create(name="throughput", dimension="", last_on=NOW.date())
    rows = []
    for minute in range(2 * 24 * 60):
        at = NOW - timedelta(days=2) + timedelta(minutes=minute)
        value = 6000.0 if at.minute >= 40 else 2000.0
        rows.append(
            MinuteRollup(
                series_id=series.pk,
                bucket=at,
                min=value,
                max=value,
                sum=value * 60,
                count=60,
                last=value,
                anomaly_count=0,
            )
        )
    MinuteRollup.objects.bulk_create(rows)


def test_a_rush_of_each_hour_is_seen_before_it_comes(hourly_rush: None) -> None:
    assert Outlook().forecasts(policied_targets(), NOW) == {"web": 6}
    assert Outlook().forecasts(policied_targets(), NOW - timedelta(minutes=20)) == {}


def test_what_was_learned_is_not_read_again(hourly_rush: None, django_assert_num_queries: Any) -> None:
    own, targets = Outlook(), policied_targets()
    own.forecasts(targets, NOW - timedelta(minutes=1))
    with django_assert_num_queries(2):
        assert own.forecasts(targets, NOW) == {"web": 6}
    with django_assert_num_queries(0):
        own.forecasts(targets, NOW + timedelta(seconds=15))


def test_a_forecast_is_kept_beside_the_decision_until_it_may_add(
    hourly_rush: None, time_machine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning.outlook, "_learned", {})
    Switch.objects.create(pk=1, is_on=True)
    assert decide_scaling() == 2
    first = ScalingDecision.objects.get(target__name="web")
    assert (first.before, first.count, first.forecast) == (2, 2, 6)
    ScalingTarget.objects.update(mode="on")
    time_machine.shift(15)
    decide_scaling()
    second = ScalingDecision.objects.filter(target__name="web").latest("at")
    assert (second.policy, second.wished, second.forecast) == ("forecast", 6, 6)


def test_a_load_without_rhythm_has_no_forecast(counts: Any) -> None:
    assert Outlook().forecasts(policied_targets(), NOW) == {}

"""What a rule would have done on what was stored, on a site that is younger than the days that are asked for."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from alerting.selectors.trials import trial_of
from alerting.types import Cause, Severity
from monitoring.models import HourRollup, Series
from monitoring.types import SeriesKey
from tests.monitoring.stored import store

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
BEGAN = NOW - timedelta(minutes=30)
RULE = {"name": "CPU", "expression": "cpu_usage", "condition": "gt", "levels": {"warning": 80}}


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOW, tick=False):
        yield


def measured(value_at):
    """Each ten seconds since measuring began, by minutes."""
    began = int(BEGAN.timestamp())
    seconds = range(began, int(NOW.timestamp()), 10)
    store({second: {SeriesKey("cpu_usage"): value_at((second - began) / 60)} for second in seconds})


def days_ago(days):
    return (NOW - timedelta(days=days)).timestamp()


def test_what_nobody_measured_yet_is_no_missing_data():
    measured(lambda minute: 99.0 if minute < 10 else 5.0)
    trial = trial_of(RULE, days=7)
    assert BEGAN.timestamp() < trial.start <= BEGAN.timestamp() + 60
    [episode] = trial.found.episodes
    assert (episode.cause, episode.severity) == (Cause.BREACH, Severity.WARNING)
    assert episode.started_at == trial.start
    assert episode.duration_s == pytest.approx(600, abs=120)
    assert trial.times[0] > trial.start
    assert trial.values[-1] == 5.0


def test_a_calm_young_site_would_not_have_fired():
    measured(lambda minute: 5.0)
    assert trial_of(RULE, days=1).found.fired_count == 0


def test_what_fell_silent_before_is_missing():
    measured(lambda minute: 5.0)
    series = Series.objects.get(name="cpu_usage", dimension="")
    long_ago = NOW.replace(hour=0) - timedelta(days=10)
    HourRollup.objects.create(series=series, bucket=long_ago, min=5, max=5, sum=5, last=5, count=1, anomaly_count=0)
    trial = trial_of(RULE, days=7)
    assert trial.start == days_ago(7)
    [episode] = trial.found.episodes
    assert (episode.cause, episode.started_at) == (Cause.NO_DATA, days_ago(7))


def test_what_was_never_measured_is_missing_all_the_time():
    trial = trial_of(RULE, days=7)
    assert trial.start == days_ago(7)
    [episode] = trial.found.episodes
    assert (episode.cause, episode.ended_at) == (Cause.NO_DATA, None)

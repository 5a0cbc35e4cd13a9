from typing import Any

import pytest

from accounts.models import AuditRecord
from monitoring.forecasting.models import AnalyticsSwitch
from monitoring.forecasting.selectors.switch import is_watching
from monitoring.forecasting.services.make_forecasts import make_forecasts
from monitoring.forecasting.services.switch_analytics import switch_analytics
from monitoring.forecasting.services.watch_series import watch_series
from tests.factories.accounts import make_dave

pytestmark = pytest.mark.django_db


def test_the_environment_counts_until_somebody_switches(settings: Any) -> None:
    settings.ANALYTICS_ML_ENABLED = False
    assert not is_watching()
    settings.ANALYTICS_ML_ENABLED = True
    assert is_watching()
    assert switch_analytics(is_on=False, actor_id=make_dave().pk)
    assert not is_watching()


def test_the_same_switch_twice_changes_nothing_and_is_audited_once() -> None:
    dave = make_dave()
    assert switch_analytics(is_on=False, actor_id=dave.pk)
    assert not switch_analytics(is_on=False, actor_id=dave.pk)
    assert AnalyticsSwitch.objects.count() == 1
    assert list(AuditRecord.objects.values_list("action", "actor_id")) == [("analytics.stop", dave.pk)]


def test_nothing_is_watched_while_it_is_stopped() -> None:
    switch_analytics(is_on=False, actor_id=make_dave().pk)
    assert (watch_series(), make_forecasts()) == (0, 0)
    assert AnalyticsSwitch.objects.get().watched_at is None

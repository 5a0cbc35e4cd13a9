"""Whether series are watched."""

from django.conf import settings

from monitoring.forecasting.models import AnalyticsSwitch


def is_watching() -> bool:
    """What an operator switched; until then the environment (``ANALYTICS_ML_ENABLED``)."""
    return is_on_in(AnalyticsSwitch.objects.filter(pk=1).first())


def is_on_in(row: AnalyticsSwitch | None) -> bool:
    """The same of a row that was read already."""
    return bool(settings.ANALYTICS_ML_ENABLED) if row is None or row.is_on is None else row.is_on

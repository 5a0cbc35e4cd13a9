"""Whether something is so wrong at the moment that nothing may be changed by itself."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.utils.module_loading import import_string

from monitoring.optimizer.selectors.evidence.measured import recent_means
from monitoring.selectors.thresholds import current_thresholds

_NOW: Final = timedelta(minutes=1)
Source = Callable[[], str]


def freeze_reason() -> str:
    """Empty when there is no incident. Who knows of incidents is asked by name: ``OPTIMIZER_INCIDENT_SOURCES``."""
    values, limits = recent_means(_NOW), current_thresholds()
    errors, limit = values.get("error_rate"), limits["error_rate"].critical
    if errors is not None and limit is not None and errors >= limit:
        return f"{errors:.0f} % of the requests fail."
    if values.get("ledger_check", 1.0) < 1.0:
        return "The ledger doesn't add up."
    for path in settings.OPTIMIZER_INCIDENT_SOURCES:
        source: Source = import_string(path)
        reason = source()
        if reason:
            return reason
    return ""

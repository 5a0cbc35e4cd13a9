"""What the dashboards' panels tell of alerts: a product above this app knows (``settings.ALERT_SOURCE``)."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string

from monitoring.types import AlertPanel


def alert_panel(*, start: datetime, end: datetime, limit: int) -> AlertPanel:
    """Those that fired within the time, the newest first."""
    source: Callable[..., AlertPanel] = import_string(settings.ALERT_SOURCE)
    return source(start=start, end=end, limit=limit)

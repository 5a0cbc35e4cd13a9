"""Take a value of a metric that this site doesn't measure itself."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from common import clock
from monitoring.forecasting.errors import TooManyMetrics
from monitoring.forecasting.models import DataPoint
from monitoring.forecasting.types import METRICS_MAX

#: Held while names are counted.
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('forecasting.metrics'))"


def add_data_point(*, name: str, value: float, metadata: Mapping[str, Any], at: datetime | None = None) -> DataPoint:
    """``at`` is now unless told; forecasts take late points in, the anomaly detector doesn't go back.

    Raises: TooManyMetrics
    """
    with transaction.atomic():
        _check_room(name)
        return DataPoint.objects.create(name=name, value=value, metadata=dict(metadata), at=at or clock.now())


def _check_room(name: str) -> None:
    if DataPoint.objects.filter(name=name).exists():
        return
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
    if DataPoint.objects.values("name").distinct().count() >= METRICS_MAX:
        raise TooManyMetrics(
            f"There are {METRICS_MAX} metrics already; points are kept for two weeks, so one that rests makes room."
        )

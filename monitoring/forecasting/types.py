"""Bounds of what is watched."""

from datetime import timedelta
from typing import Final

#: Names of metrics that others may send, and how long their points are kept.
METRICS_MAX: Final = 50
POINTS_KEPT: Final = timedelta(days=14)
#: A point may be so late, and a clock so far ahead.
LATE_MAX: Final = timedelta(days=1)
AHEAD_MAX: Final = timedelta(minutes=1)
#: Anomalies are kept so long.
ANOMALIES_KEPT: Final = timedelta(days=90)
#: Points of a metric whose metadata say so grow only; their growth is watched.
COUNTER: Final = "counter"

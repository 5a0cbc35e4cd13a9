from monitoring.models.dashboard import Dashboard, WriteProbe
from monitoring.models.event import Event, EventKind
from monitoring.models.ingest import DirtyBucket, IngestPosition
from monitoring.models.samples import HourRollup, MinuteRollup, Sample
from monitoring.models.series import Series

__all__ = [
    "Dashboard",
    "DirtyBucket",
    "Event",
    "EventKind",
    "HourRollup",
    "IngestPosition",
    "MinuteRollup",
    "Sample",
    "Series",
    "WriteProbe",
]

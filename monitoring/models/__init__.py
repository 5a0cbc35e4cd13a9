from monitoring.models.event import Event, EventKind
from monitoring.models.ingest import DirtyBucket, IngestPosition
from monitoring.models.samples import HourRollup, MinuteRollup, Sample
from monitoring.models.series import Series

__all__ = ["DirtyBucket", "Event", "EventKind", "HourRollup", "IngestPosition", "MinuteRollup", "Sample", "Series"]

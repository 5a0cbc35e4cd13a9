"""The values of every series as the processes tell them now, those of processes and routes included."""

from dataclasses import dataclass

from monitoring.engine.derive import derive
from monitoring.selectors.recent_frames import recent_frames
from monitoring.selectors.thresholds import current_thresholds
from monitoring.types import SeriesKey


@dataclass(frozen=True, slots=True)
class LiveValues:
    """``second`` is when they were told, seconds since the epoch."""

    second: int
    values: dict[SeriesKey, float]


def live_values() -> LiveValues | None:
    """None while nobody tells, or Redis is away; a series that nobody can tell isn't among the values."""
    recent = recent_frames()
    if recent is None or recent.second is None:
        return None
    derived = derive(recent.frames, thresholds=current_thresholds())
    return LiveValues(recent.second, {key: value for key, value in derived.items() if value is not None})

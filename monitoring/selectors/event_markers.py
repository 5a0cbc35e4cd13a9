"""Events to draw into charts, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from monitoring.models import Event

EVENTS_MAX: Final = 500


@dataclass(frozen=True, slots=True)
class EventMarker:
    """``series`` is empty when the event concerns every chart."""

    id: int
    at: datetime
    kind: str
    title: str
    detail: str
    series: str


def event_markers(
    *, start: datetime, end: datetime, kinds: Sequence[str] | None = None, limit: int = EVENTS_MAX
) -> list[EventMarker]:
    """The newest ``limit`` events in ``[start, end)``."""
    found = Event.objects.filter(at__gte=start, at__lt=end)
    if kinds is not None:
        found = found.filter(kind__in=kinds)
    rows = found.order_by("-at", "-id").values_list("id", "at", "kind", "title", "detail", "series")
    return [EventMarker(*row) for row in rows[:limit]]

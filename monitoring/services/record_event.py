"""Put a marker on the time axis of every chart."""

from datetime import datetime

from common import clock
from monitoring.models import Event


def record_event(
    *,
    kind: str,
    title: str,
    detail: str = "",
    series: str = "",
    at: datetime | None = None,
    key: str | None = None,
) -> bool:
    """Record an event, whose kind is an ``EventKind``; one with a ``key`` is recorded once.

    ``series`` is empty when it concerns all of them.

    Returns: whether it is new
    """
    longest = Event._meta.get_field("title").max_length
    values = {"kind": kind, "title": title[:longest], "detail": detail, "series": series, "at": at or clock.now()}
    if key is None:
        Event.objects.create(**values)
        return True
    return Event.objects.get_or_create(key=key, defaults=values)[1]

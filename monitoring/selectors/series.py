"""Which series have been stored."""

from collections.abc import Sequence
from datetime import datetime

from monitoring.models import HourRollup, MinuteRollup, Sample, Series
from monitoring.types import SeriesKey


def stored_series(
    *, names: Sequence[str] | None = None, dimension_prefix: str = "", since: datetime | None = None
) -> list[SeriesKey]:
    """Series with data on the day of ``since`` or later, by dimension and name.

    ``dimension_prefix`` is ``process:`` or ``route:``; without it, all dimensions are meant.
    """
    found = Series.objects.filter(dimension__startswith=dimension_prefix)
    if names is not None:
        found = found.filter(name__in=names)
    if since is not None:
        found = found.filter(last_on__gte=since.date())
    rows = found.order_by("dimension", "name").values_list("name", "dimension")
    return [SeriesKey(name, dimension) for name, dimension in rows]


def first_stored(names: Sequence[str]) -> datetime | None:
    """The beginning of the oldest step that is kept of the whole site's series; None when there is none."""
    ids = list(Series.objects.filter(name__in=names, dimension="").values_list("pk", flat=True))
    # Row by row along the key: only that finds the first without reading the others.
    firsts = [
        table.objects.filter(series_id=series_id).order_by("bucket").values_list("bucket", flat=True).first()
        for series_id in ids
        for table in (Sample, MinuteRollup, HourRollup)
    ]
    return min([first for first in firsts if first is not None], default=None)

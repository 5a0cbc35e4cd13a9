"""The series that analytics look at, on an even grid: those of the catalogue, and metrics that others send.

Contract   Missing is None. A metric that counts (metadata ``{"kind": "counter"}``) is told as its growth a step.
Bound      ``history`` reads at most 600 points and some 24,000 rows a call, so series go in groups and time in chunks.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from monitoring.engine.catalogue import CATALOGUE
from monitoring.forecasting.engine.grid import rates
from monitoring.forecasting.models import DataPoint
from monitoring.forecasting.types import COUNTER
from monitoring.selectors.history import history
from monitoring.types import SeriesKey

Values = list[float | None]
_POINTS_MAX: Final = 600
_ROWS_MAX: Final = 20_000
_ROW_S: Final = 60


def sent_names() -> list[str]:
    """The metrics that others send."""
    return list(DataPoint.objects.order_by("name").values_list("name", flat=True).distinct())


def lines(*, names: Sequence[str], start: datetime, end: datetime, step_s: int) -> dict[str, Values]:
    """The mean of each step in ``[start, end)``, which are whole steps; every list is equally long."""
    found: dict[str, Values] = {}
    measured = [name for name in names if name in CATALOGUE]
    rows = min(_POINTS_MAX, int((end - start).total_seconds()) // step_s + 1) * max(1, step_s // _ROW_S)
    group = max(1, _ROWS_MAX // rows)
    for first in range(0, len(measured), group):
        found |= _measured(measured[first : first + group], start, end, step_s)
    for name in names:
        if name not in CATALOGUE:
            found[name] = _sent(name, start, end, step_s)
    return found


def _measured(names: list[str], start: datetime, end: datetime, step_s: int) -> dict[str, Values]:
    found: dict[str, Values] = {name: [] for name in names}
    for begin, until in _chunks(start, end, timedelta(seconds=(_POINTS_MAX - 1) * step_s)):
        part = history(series=[SeriesKey(name) for name in names], start=begin, end=until, step_s=step_s)
        count = int((until - begin).total_seconds()) // step_s
        first = int(begin.timestamp())
        is_fine = part.step_s == step_s
        for line in part.lines:
            values: Values = [None] * count
            for at, value in zip(part.times, line.values, strict=True) if is_fine else ():
                if 0 <= (place := (at - first) // step_s) < count:
                    values[place] = value
            found[line.key.name] += values
    return found


def _chunks(start: datetime, end: datetime, length: timedelta) -> Iterator[tuple[datetime, datetime]]:
    while start < end:
        yield start, min(start + length, end)
        start += length


def _sent(name: str, start: datetime, end: datetime, step_s: int) -> Values:
    first, count = start.timestamp(), int((end - start).total_seconds()) // step_s
    sums: list[tuple[float, int]] = [(0.0, 0)] * count
    points = DataPoint.objects.filter(name=name, at__gte=start, at__lt=end).order_by("at", "id")
    counts = False
    for at, value, metadata in points.values_list("at", "value", "metadata"):
        place = int((at.timestamp() - first) // step_s)
        counts = isinstance(metadata, dict) and metadata.get("kind") == COUNTER
        total, seen = sums[place]
        # A counter's step ends with its highest value, not with a mean.
        sums[place] = (value, 1) if counts else (total + value, seen + 1)
    values: Values = [total / seen if seen else None for total, seen in sums]
    return rates(values) if counts else values


def whole(moment: datetime, step_s: int) -> datetime:
    """The beginning of the step that ``moment`` is in."""
    return datetime.fromtimestamp(int(moment.timestamp()) // step_s * step_s, UTC)

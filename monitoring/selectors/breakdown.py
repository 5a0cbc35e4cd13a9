"""The site by process or by route: who does how much.

Bound      The ``ROWS_MAX`` busiest, read ``SERIES_MAX`` series at a time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from monitoring.engine.cards import mean
from monitoring.selectors.history import SERIES_MAX, history
from monitoring.selectors.series import stored_series
from monitoring.types import SeriesKey

ROWS_MAX: Final = 40
LINES_MAX: Final = 12
POINTS: Final = 15
#: The first tells who is busy.
_COLUMNS: Final = {
    "process": (
        *("cpu_usage", "process_memory", "event_loop_lag", "throughput", "response_time_p95", "error_rate"),
        *("db_query_time", "tasks", "orders", "sockets"),
    ),
    "route": ("throughput", "response_time", "response_time_p95", "error_rate", "slow_requests"),
}

Value = float | None


@dataclass(frozen=True, slots=True)
class Row:
    """``key`` is the process or route; values by series over the whole time asked for."""

    key: str
    dimension: str
    values: dict[str, Value]


def breakdown(*, by: str, start: datetime, end: datetime) -> list[Row]:
    """``by`` is process or route; the busiest first."""
    columns = _COLUMNS[by]
    keys = dimension_keys(columns, by=by, start=start)
    busy = _over_range([key for key in keys if key.name == columns[0]], start, end)
    # Those that were stored on the same day may have told nothing in this time.
    known = {key: value for key, value in busy.items() if value is not None}
    busiest = sorted(known, key=lambda key: (-known[key], key.dimension))[:ROWS_MAX]
    dimensions = {key.dimension for key in busiest}
    found = busy | _over_range([key for key in keys if key.dimension in dimensions and key not in busy], start, end)
    return [
        Row(dimension.partition(":")[2], dimension, {name: found.get(SeriesKey(name, dimension)) for name in columns})
        for dimension in (key.dimension for key in busiest)
    ]


def _over_range(keys: Sequence[SeriesKey], start: datetime, end: datetime) -> dict[SeriesKey, Value]:
    """The mean of each of ``keys`` over the points that are known."""
    step_s = max(int((end - start).total_seconds()) // POINTS, 10)
    values: dict[SeriesKey, Value] = {}
    for first in range(0, len(keys), SERIES_MAX):
        part = keys[first : first + SERIES_MAX]
        for line in history(series=part, start=start, end=end, step_s=step_s).lines:
            values[line.key] = mean(line.values)
    return values


def dimension_keys(names: Sequence[str], *, by: str, start: datetime) -> list[SeriesKey]:
    """What was stored of ``names`` for each process or route since ``start``."""
    return stored_series(names=names, dimension_prefix=f"{by}:", since=start)


def busiest_keys(names: Sequence[str], *, by: str, start: datetime, end: datetime) -> list[SeriesKey]:
    """``names`` of the ``LINES_MAX`` processes or routes that were busiest between ``start`` and ``end``.

    Fewer of them for many names: at most what one history answers.
    """
    rows = breakdown(by=by, start=start, end=end)[:LINES_MAX]
    known = set(dimension_keys(names, by=by, start=start))
    keys = [SeriesKey(name, row.dimension) for row in rows for name in names]
    return [key for key in keys if key in known][:SERIES_MAX]

"""How finely measurements are kept and for how long, and which fineness a chart reads.

Contract   Buckets begin at whole multiples of their seconds since the epoch, UTC, so that no clock change moves them.
           A step is a whole multiple of its resolution.
Bound      A chart has at most ``POINTS_MAX`` points a series and reads about ``ROWS_MAX`` rows in all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import ceil
from typing import Final

POINTS_MAX: Final = 600
#: Rows that PostgreSQL folds within a few dozen milliseconds.
ROWS_MAX: Final = 24_000
#: Spans that people read well; the last ones keep years within ``POINTS_MAX`` points.
STEPS_S: Final = (
    10, 20, 30, 60, 120, 180, 300, 600, 900, 1_200, 1_800,
    3_600, 7_200, 10_800, 14_400, 21_600, 43_200, 86_400, 172_800, 604_800,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Resolution:
    """``table`` holds a row a series for each ``seconds``, for ``kept_days``; ``name`` is what charts call it."""

    name: str
    table: str
    seconds: int
    kept_days: int

    @property
    def span(self) -> timedelta:
        return timedelta(seconds=self.seconds)

    def floor(self, moment: datetime) -> datetime:
        """The beginning of the bucket of ``moment``."""
        return datetime.fromtimestamp(moment.timestamp() // self.seconds * self.seconds, UTC)


SAMPLES: Final = Resolution("10s", "monitoring_sample", 10, 3)
MINUTES: Final = Resolution("1m", "monitoring_minuterollup", 60, 90)
HOURS: Final = Resolution("1h", "monitoring_hourrollup", 3_600, 730)
#: Finest first; each is rolled up from the one before it.
RESOLUTIONS: Final = (SAMPLES, MINUTES, HOURS)


@dataclass(frozen=True, slots=True)
class Grid:
    """The points of a chart: ``points`` spans of ``step_s`` seconds from ``start``, read from ``resolution``."""

    start: datetime
    step_s: int
    points: int
    resolution: Resolution

    @property
    def end(self) -> datetime:
        return self.start + timedelta(seconds=self.step_s * self.points)

    @property
    def times(self) -> list[int]:
        """The beginning of each point, seconds since the epoch."""
        first = int(self.start.timestamp())
        return list(range(first, first + self.step_s * self.points, self.step_s))


def grid(*, start: datetime, end: datetime, now: datetime, series: int, step_s: int = 0) -> Grid:
    """The finest grid that covers ``[start, end)``, is at least as coarse as ``step_s``, and is kept and cheap."""
    assert start < end
    assert series > 0
    for step in STEPS_S:
        chosen = _grid(start, end, step)
        rows = chosen.points * step // chosen.resolution.seconds * series
        is_kept = start >= now - timedelta(days=chosen.resolution.kept_days)
        is_coarsest = chosen.resolution is RESOLUTIONS[-1]
        if step >= step_s and chosen.points <= POINTS_MAX and (is_coarsest or (is_kept and rows <= ROWS_MAX)):
            return chosen
    return _grid(start, end, STEPS_S[-1])


def _grid(start: datetime, end: datetime, step_s: int) -> Grid:
    resolution = next(one for one in reversed(RESOLUTIONS) if step_s % one.seconds == 0)
    first = start.timestamp() // step_s
    return Grid(
        start=datetime.fromtimestamp(first * step_s, UTC),
        step_s=step_s,
        points=ceil(end.timestamp() / step_s) - int(first),
        resolution=resolution,
    )


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of time to read from one resolution."""

    resolution: Resolution
    start: datetime
    end: datetime


def segments(chosen: Grid, first_dirty: Mapping[Resolution, datetime]) -> list[Segment]:
    """Which rows make up ``chosen``: rollups up to the first that isn't up to date, then finer ones.

    ``first_dirty`` is the first marked bucket of a resolution, if one is marked.
    """
    ladder = RESOLUTIONS[: RESOLUTIONS.index(chosen.resolution) + 1]
    found: list[Segment] = []
    end = chosen.end
    # From the finest up: what is not up to date in minutes makes its hour out of date too.
    trusted_until = end
    for finer, coarser in pairwise(ladder):
        trusted_until = coarser.floor(min(trusted_until, first_dirty.get(coarser, trusted_until)))
        if (start := max(trusted_until, chosen.start)) < end:
            found.append(Segment(finer, start, end))
            end = start
    if chosen.start < end or not found:
        found.append(Segment(ladder[-1], chosen.start, end))
    return found[::-1]

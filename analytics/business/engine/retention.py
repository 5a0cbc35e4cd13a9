"""Who comes back: cohorts by the period in which people began, cells by how long after.

Contract   Pure. A cell is the part of the cohort that was active in the period ``offset`` after its own. A cell whose
           period isn't over yet is None, never zero; so is every cell of a cohort of nobody. What makes somebody a
           member of a cohort and what counts as coming back are two different things, and both are given.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from analytics.business.engine.periods import following
from analytics.business.types import Grain


@dataclass(frozen=True, slots=True)
class Cohort:
    """``cells[k]``: the part active in the k-th period after the cohort's own, which is 0; ``counts`` likewise."""

    start: date
    size: int
    counts: tuple[int | None, ...]

    @property
    def cells(self) -> tuple[float | None, ...]:
        return tuple(None if count is None or not self.size else count / self.size for count in self.counts)


def retention_grid(
    sizes: Mapping[date, int],
    returned: Mapping[tuple[date, date], int],
    *,
    starts: Sequence[date],
    grain: Grain,
    today: date,
) -> list[Cohort]:
    """One cohort for each of ``starts``, which are all periods in order; ``returned`` by cohort and period."""
    grid = []
    for place, start in enumerate(starts):
        counts = tuple(
            returned.get((start, period), 0) if following(period, grain) <= today else None for period in starts[place:]
        )
        grid.append(Cohort(start, sizes.get(start, 0), counts))
    return grid


def mean_curve(grid: Sequence[Cohort]) -> list[float | None]:
    """Retention by offset over all cohorts that have come so far: people who returned / people who could have."""
    curve: list[float | None] = []
    for offset in range(max((len(cohort.counts) for cohort in grid), default=0)):
        known = [(cohort.size, cohort.counts[offset]) for cohort in grid if len(cohort.counts) > offset]
        could = sum(size for size, count in known if count is not None)
        did = sum(count for _, count in known if count is not None)
        curve.append(did / could if could else None)
    return curve

"""What is usual for a series at this hour of the day, adapting as the site changes.

Contract   Pure. The first values count alike, later ones with ``WEIGHT``; a value far from what is usual counts as the
           farthest that still is, so that one bad hour doesn't become the measure of all.
"""

from dataclasses import dataclass
from typing import Final

WEIGHT: Final = 0.05
REACH: Final = 4.0
KNOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Baseline:
    """``spread`` is the mean distance from ``mean``."""

    mean: float
    spread: float
    count: int

    @property
    def is_known(self) -> bool:
        return self.count >= KNOWN

    def distance(self, value: float) -> float:
        """In spreads; the spread is taken as at least two percent of the mean."""
        return (value - self.mean) / max(self.spread, abs(self.mean) * 0.02, 1e-9)


def adapted(baseline: Baseline | None, value: float) -> Baseline:
    if baseline is None:
        return Baseline(value, 0.0, 1)
    if baseline.is_known:
        reach = REACH * max(baseline.spread, abs(baseline.mean) * 0.1, 1e-9)
        value = min(max(value, baseline.mean - reach), baseline.mean + reach)
    count = baseline.count + 1
    weight = max(WEIGHT, 1 / count)
    spread = baseline.spread + weight * (abs(value - baseline.mean) - baseline.spread)
    return Baseline(baseline.mean + weight * (value - baseline.mean), spread, count)

"""What a change did: the time after it against comparable times before it.

Contract   Pure. Each moment after the change is paired with the moments before it whose load was nearest, so that a
           busier hour isn't taken for a harmful change. The past holds the last hour and the same hour of the day
           before, not only the peak that called for the change: otherwise calm alone would look like a gain.
           The interval is that of a bootstrap over blocks of neighbouring moments, which are alike.
Bound      ``RESAMPLES`` means of at most ``PAIRS_MAX`` pairs: some milliseconds.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

PAIRS_MIN: Final = 6
PAIRS_MAX: Final = 180
NEAREST: Final = 15
RESAMPLES: Final = 400
BLOCK: Final = 3
#: Below it a reference is too small to divide by.
_SMALLEST: Final = 1e-9
#: A metric that was nothing before and is something now got worse without end; this much is told of it.
_CHANGE_MAX: Final = 10.0


@dataclass(frozen=True, slots=True)
class Moment:
    """``value`` of the metric and ``load`` in the same ten seconds."""

    value: float
    load: float


@dataclass(frozen=True, slots=True)
class Measured:
    """A share: above zero is worse, whatever the metric. 95 percent of the resampled means are in the interval."""

    change: float
    low: float
    high: float
    pairs: int
    means: tuple[float, ...] = ()

    def chance_above(self, change: float) -> float:
        """The share of the resampled means above ``change``."""
        return sum(mean > change for mean in self.means) / len(self.means) if self.means else 0.0


def measured(before: Sequence[Moment], after: Sequence[Moment], *, is_gain: bool = False) -> Measured | None:
    """How the metric changed; None when there is too little of either side."""
    if len(before) < PAIRS_MIN or len(after) < PAIRS_MIN:
        return None
    by_load = sorted(before, key=lambda moment: moment.load)
    sign = -1.0 if is_gain else 1.0
    changes = [sign * _change(moment, by_load) for moment in after[-PAIRS_MAX:]]
    means = sorted(_resampled(changes))
    last = len(means) - 1
    return Measured(
        change=sum(changes) / len(changes),
        low=means[round(0.025 * last)],
        high=means[round(0.975 * last)],
        pairs=len(changes),
        means=tuple(means),
    )


def _change(moment: Moment, by_load: Sequence[Moment]) -> float:
    nearest = sorted(by_load, key=lambda one: abs(one.load - moment.load))[:NEAREST]
    usual = sum(one.value for one in nearest) / len(nearest)
    if abs(usual) < _SMALLEST:
        return 0.0 if abs(moment.value) < _SMALLEST else _CHANGE_MAX
    return max(-_CHANGE_MAX, min(_CHANGE_MAX, (moment.value - usual) / abs(usual)))


def _resampled(changes: Sequence[float]) -> list[float]:
    # The same numbers give the same interval.
    chance = random.Random(len(changes))
    starts = range(max(1, len(changes) - BLOCK + 1))
    blocks = [changes[start : start + BLOCK] for start in starts]
    sums = [(sum(block), len(block)) for block in blocks]
    needed = max(1, round(len(changes) / BLOCK))
    means = []
    for _ in range(RESAMPLES):
        drawn = chance.choices(sums, k=needed)
        means.append(sum(one for one, _ in drawn) / sum(count for _, count in drawn))
    return means

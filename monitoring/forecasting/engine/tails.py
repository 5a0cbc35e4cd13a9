"""How rare a value is among those seen before, from the tail of its own distribution, one value at a time.

Contract   ``rarity`` answers in decades: 3 means one in a thousand. Above a running quantile the excesses are taken as
           generalized Pareto with mean and variance that forget; below it nothing is rare.
Bound      Constant memory, no sorting, about a microsecond a value.
Why        Latencies, counts and ratios have tails of their own; a fixed number of deviations would cry at each spike
           of a spiky series and sleep through a smooth one.
"""

import math
from typing import Final

#: The share of values above the running quantile.
TAIL_SHARE: Final = 0.03
_BASE: Final = -math.log10(TAIL_SHARE)
#: The shape of the tail until excesses have told theirs: a little heavier than exponential.
_SHAPE_FIRST: Final = 0.15
_SHAPE_FIRST_WEIGHT: Final = 15.0
_SHAPE_MIN: Final = 0.05
_SHAPE_MAX: Final = 0.5
#: One excess moves the picture of the tail as if it were at most this many mean excesses.
_EXCESS_MAX: Final = 8.0


class Tail:
    """A running quantile and what lies above it."""

    __slots__ = ("excesses", "mean", "quantile", "seen", "variance")

    def __init__(self) -> None:
        self.quantile = 0.0
        self.mean = 0.0
        self.variance = 0.0
        self.seen = 0.0
        self.excesses = 0.0

    def rarity(self, size: float) -> float:
        """Decades of rarity of ``size`` (>= 0) among those before it, which it joins."""
        self.seen += 1.0
        if self.seen == 1.0:
            self.quantile, self.mean = size, size * 0.5
            self.variance = self.mean * self.mean
            return 0.0
        step = max(0.01, 2.0 / (self.seen + 2.0)) * (self.quantile * 0.2 + self.mean * 0.3)
        excess = size - self.quantile
        if excess <= 0.0:
            within = _BASE * 0.5 * size / self.quantile if self.quantile > 0.0 else 0.0
            self.quantile -= step * TAIL_SHARE
            return within
        self.quantile += step * (1.0 - TAIL_SHARE)
        if self.mean <= 0.0:
            self.mean, self.variance = excess, excess * excess
            return _BASE + 1.0
        found = self._decades(excess)
        self._learn(excess)
        return found

    def _decades(self, excess: float) -> float:
        shape = 0.5 * (1.0 - self.mean * self.mean / self.variance) if self.variance > 0.0 else 0.0
        weight = self.excesses / (self.excesses + _SHAPE_FIRST_WEIGHT)
        shape = min(_SHAPE_MAX, max(_SHAPE_MIN, weight * shape + (1.0 - weight) * _SHAPE_FIRST))
        return _BASE + math.log10(1.0 + shape * excess / (self.mean * (1.0 - shape))) / shape

    def _learn(self, excess: float) -> None:
        weight = max(0.01, 1.0 / (self.excesses + 4.0))
        self.excesses += 1.0
        change = min(excess, _EXCESS_MAX * self.mean) - self.mean
        self.mean += weight * change
        self.variance += weight * (change * change - self.variance)


class Channel:
    """Sizes measured in units of their own recent mean, and how rare each is."""

    __slots__ = ("forget", "learn", "scale", "seen", "tail")

    def __init__(self, learn: int, forget: float) -> None:
        self.learn = learn
        self.forget = forget
        self.scale = 0.0
        self.seen = 0.0
        self.tail = Tail()

    def rarity(self, size: float, floor: float) -> float:
        """0 while it learns; ``floor`` is the scale below which nothing is told apart."""
        self.seen += 1.0
        scale = self.scale
        if self.seen < self.learn:
            self.scale = scale + (size - scale) / self.seen
            return 0.0
        found = self.tail.rarity(size / (scale + floor))
        self.scale = scale + max(self.forget, 1.0 / self.seen) * (min(size, 30.0 * scale + floor) - scale)
        return found

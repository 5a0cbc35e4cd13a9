"""A sketch of a distribution: quantiles within 1 %, and two of them make one.

Contract   A quantile is within ``ERROR`` (relative) of the value at that rank. Merging loses nothing. Values at or
           below ``SMALLEST`` count as zero.
Bound      About 1,400 buckets from a microsecond to a day; in practice a few dozen.
Source     Masson, Rim, Lee: DDSketch (VLDB 2019).
"""

import math
from collections.abc import Iterable, Mapping
from typing import Any, Final

ERROR: Final = 0.01
GAMMA: Final = (1 + ERROR) / (1 - ERROR)
SMALLEST: Final = 1e-9
_PER_LOG: Final = 1 / math.log(GAMMA)
#: The bucket of what counts as zero; no positive value comes near it.
ZERO: Final = -(10**6)
_log, _ceil = math.log, math.ceil


class Sketch:
    """Not safe for threads: who shares one holds a lock."""

    __slots__ = ("buckets", "count", "high", "low", "total")

    def __init__(self) -> None:
        self.buckets: dict[int, int] = {}
        self.count = 0
        self.total = 0.0
        self.low = math.inf
        self.high = -math.inf

    def record(self, value: float) -> None:
        bucket = _ceil(_log(value) * _PER_LOG) if value > SMALLEST else ZERO
        self.buckets[bucket] = self.buckets.get(bucket, 0) + 1
        self.count += 1
        self.total += value
        if value < self.low:
            self.low = value
        if value > self.high:
            self.high = value

    def merge(self, other: "Sketch") -> None:
        for bucket, count in other.buckets.items():
            self.buckets[bucket] = self.buckets.get(bucket, 0) + count
        self.count += other.count
        self.total += other.total
        self.low = min(self.low, other.low)
        self.high = max(self.high, other.high)

    @property
    def mean(self) -> float | None:
        return self.total / self.count if self.count else None

    def quantile(self, share: float) -> float | None:
        """The value below which ``share`` (0 to 1) of the values lie; None when there are none."""
        rank = share * (self.count - 1)
        seen = 0
        for bucket in sorted(self.buckets):
            seen += self.buckets[bucket]
            if seen > rank:
                return min(max(middle(bucket), self.low), self.high)
        return None

    def below(self, bounds: Iterable[float]) -> list[int]:
        """How many values are at most each of ``bounds``, which ascend; within ``ERROR`` at the bound."""
        pairs = sorted((middle(bucket), count) for bucket, count in self.buckets.items())
        counts, seen, position = [], 0, 0
        for bound in bounds:
            while position < len(pairs) and pairs[position][0] <= bound:
                seen += pairs[position][1]
                position += 1
            counts.append(seen)
        return counts

    def document(self) -> dict[str, Any]:
        """For JSON; ``of_document`` is the way back."""
        buckets = {str(bucket): count for bucket, count in self.buckets.items()}
        return {"c": self.count, "s": self.total, "l": self.low, "h": self.high, "b": buckets}


def middle(bucket: int) -> float:
    """The value that stands for all of a bucket: within ``ERROR`` of each."""
    return 0.0 if bucket == ZERO else 2 * math.exp(bucket / _PER_LOG) / (GAMMA + 1)


def of_document(document: Mapping[str, Any]) -> Sketch:
    sketch = Sketch()
    sketch.buckets = {int(bucket): count for bucket, count in document["b"].items()}
    sketch.count, sketch.total = document["c"], document["s"]
    if sketch.count:
        sketch.low, sketch.high = document["l"], document["h"]
    return sketch

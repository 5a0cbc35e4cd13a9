"""From what a process measured to what grows for ever: the rows behind counters and histograms.

Contract   Adding the rows of all frames gives totals that only grow. A sketch becomes a histogram with fixed
           bounds (``_bucket`` with ``le``, ``_sum``, ``_count``), since sketches of many years can't be kept.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from common.metrics.keys import key, parsed
from common.metrics.sketch import Sketch

SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
SIZES: Final = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0)


def total_rows(counters: Mapping[str, float], sketches: Mapping[str, Sketch]) -> dict[str, float]:
    """By how much each total grows; a counter's 0 says that it exists."""
    rows = dict(counters)
    for text, sketch in sketches.items():
        names = _histogram_keys(text)
        counts = [*sketch.below(_bounds(text)), sketch.count]
        rows |= zip(names.buckets, counts, strict=True)
        rows[names.total] = sketch.total
        rows[names.count] = sketch.count
    return rows


class _Names:
    def __init__(self, text: str) -> None:
        name, pairs = parsed(text)
        labels = dict(pairs)
        # 1.0, not 1: OpenMetrics asks for it, and another text would be another series.
        bounds = [*(str(bound) for bound in _bounds(text)), "+Inf"]
        self.buckets = [key(f"{name}_bucket", labels | {"le": bound}) for bound in bounds]
        self.total, self.count = key(f"{name}_sum", labels), key(f"{name}_count", labels)


@lru_cache(4096)
def _histogram_keys(text: str) -> _Names:
    return _Names(text)


def _bounds(text: str) -> tuple[float, ...]:
    return SECONDS if parsed(text)[0].endswith("_seconds") else SIZES

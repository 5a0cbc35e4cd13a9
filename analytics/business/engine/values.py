"""From sums to a figure."""

from collections.abc import Mapping

from analytics.business.types import Metric


def value_of(metric: Metric, sums: Mapping[str, int]) -> int | float | None:
    """The metric of these sums; None for a ratio of nothing."""
    above = sum(sums.get(name, 0) for name in metric.numerator)
    if not metric.is_ratio:
        return above
    below = sum(sums.get(name, 0) for name in metric.denominator)
    return above / below * metric.scale if below else None


def change(now: int | float | None, before: int | float | None) -> float | None:
    """How much more it is than before, as a part of before; None where that says nothing."""
    if now is None or not before:
        return None
    return (now - before) / abs(before)

"""How many instances one metric asks for, as the horizontal pod autoscaler of Kubernetes computes it.

Contract   Whole thousandths in, whole instances out; divisions drop the fraction where Kubernetes' own do, so the
           answers are equal to the last digit. Pure.
           None means that the metric can't be used.
Why        Instances without a measurement are taken as busy when it goes down and as idle when it goes up, and those
           that aren't ready yet as idle when it goes up: what isn't known never enlarges a change.
"""

import math
from collections.abc import Callable, Sequence

from monitoring.scaling.types import Instance, Tolerance

Usage = tuple[int, int]
Ratio = Callable[[Sequence[Usage]], float]


def resource_count(
    *, current: int, target_percent: int, instances: Sequence[Instance], tolerance: Tolerance
) -> int | None:
    """For a target in percent of what each instance requested."""
    full_percent = max(100, target_percent)

    def ratio(known: Sequence[Usage]) -> float:
        used, requested = sum(used for used, _ in known), sum(requested for _, requested in known)
        return (used * 100 // requested) / target_percent

    busy = [(one.requested * full_percent // 100, one.requested) for one in instances]
    return _count(current, instances, busy, ratio, tolerance)


def average_count(*, current: int, target: int, instances: Sequence[Instance], tolerance: Tolerance) -> int | None:
    """For a target that the mean of all instances shall have."""

    def ratio(known: Sequence[Usage]) -> float:
        return (sum(used for used, _ in known) // len(known)) / target

    return _count(current, instances, [(target, one.requested) for one in instances], ratio, tolerance)


def value_count(*, current: int, ready: int, target: int, value: int, tolerance: Tolerance) -> int:
    """For a target that one value of the whole shall have; from zero instances it counts alone."""
    ratio = value / target
    if current == 0:
        return math.ceil(ratio)
    return current if tolerance.allows(ratio) else math.ceil(ratio * ready)


def shared_count(*, current: int, target: int, value: int, tolerance: Tolerance) -> int:
    """For a value of the whole, of which each instance shall have ``target``: a queue of 20 by fives is four."""
    if current and tolerance.allows(value / (target * current)):
        return current
    return math.ceil(value / target)


def _count(
    current: int, instances: Sequence[Instance], busy: Sequence[Usage], ratio_of: Ratio, tolerance: Tolerance
) -> int | None:
    ready = [(one.used, one.requested) for one in instances if one.is_ready and one.used is not None]
    if not ready:
        return None
    missing = [full for one, full in zip(instances, busy, strict=True) if one.is_ready and one.used is None]
    unready = [one for one in instances if not one.is_ready]
    ratio = ratio_of(ready)
    has_idle_starters = bool(unready) and ratio > 1.0
    if not missing and not has_idle_starters:
        return current if tolerance.allows(ratio) else math.ceil(ratio * len(ready))
    known = [*ready, *_assumed(missing, ratio)]
    if has_idle_starters:
        known += [(0, one.requested) for one in unready]
    return _careful(current, ratio, ratio_of(known), len(known), tolerance)


def _assumed(missing: Sequence[Usage], ratio: float) -> list[Usage]:
    if ratio < 1.0:
        return list(missing)
    return [(0, requested) for _, requested in missing] if ratio > 1.0 else []


def _careful(current: int, before: float, after: float, count: int, tolerance: Tolerance) -> int:
    """The count by the ratio with assumptions, unless these turned the direction."""
    if tolerance.allows(after) or (before < 1.0 < after) or (after < 1.0 < before):
        return current
    found = math.ceil(after * count)
    is_turned = (after < 1.0 and found > current) or (after > 1.0 and found < current)
    return current if is_turned else found

"""From values to how well the site is.

Contract   ``state_of`` judges one value by its thresholds. ``health_score`` is 0 to 100 and agrees with the worst of
           them: 100 when all are good, 80 down to above 40 with a warning, 40 down to 0 with something critical.
           What isn't known doesn't count; nothing known is None.
"""

from collections.abc import Mapping
from typing import Final

from monitoring.engine.catalogue import CATALOGUE
from monitoring.types import State, Thresholds

WARNED: Final = 80.0
CRITICAL: Final = 40.0
#: What each further series past its warning takes off, within the range of the worst.
FURTHER: Final = 2.0
_JUST_WARNED: Final = CRITICAL + 1


def state_of(name: str, value: float | None, limits: Thresholds | None) -> State:
    if value is None or limits is None or CATALOGUE[name].better is None:
        return State.UNKNOWN
    if _is_past(name, value, limits.critical):
        return State.CRITICAL
    return State.WARNING if _is_past(name, value, limits.warn) else State.GOOD


def health_score(values: Mapping[str, float | None], thresholds: Mapping[str, Thresholds]) -> float | None:
    """The mark of the worst series, less ``FURTHER`` for each other one past its warning. Keys are names of series."""
    marks = [
        _mark(name, value, thresholds[name])
        for name, value in values.items()
        if value is not None and name != "health_score" and name in thresholds
    ]
    if not marks:
        return None
    worst = min(marks)
    others = sum(mark <= WARNED for mark in marks) - 1
    lowest = 0.0 if worst <= CRITICAL else _JUST_WARNED
    return round(max(worst - FURTHER * max(others, 0), lowest), 1)


def _mark(name: str, value: float, limits: Thresholds) -> float:
    state = state_of(name, value, limits)
    if state is State.CRITICAL:
        return CRITICAL * (1 - _share_past(value, limits.critical, limits))
    if state is State.WARNING:
        return WARNED - (WARNED - _JUST_WARNED) * _share_past(value, limits.warn, limits)
    return 100.0


def _share_past(value: float, threshold: float | None, limits: Thresholds) -> float:
    """How far past, 1 at the distance that lies between warning and critical."""
    if threshold is None or limits.warn is None or limits.critical is None or limits.warn == limits.critical:
        return 1.0
    return min(abs(value - threshold) / abs(limits.critical - limits.warn), 1.0)


def _is_past(name: str, value: float, threshold: float | None) -> bool:
    if threshold is None:
        return False
    return value >= threshold if CATALOGUE[name].better == "low" else value <= threshold

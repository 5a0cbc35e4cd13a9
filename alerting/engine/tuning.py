"""Another threshold for a rule that tells too much.

Contract   Only for rules that compare the newest value. The proposal is the value that the series passes one time in a
           hundred, but never beyond the values of alerts that people found useful; None when that is not stricter
           than what the rule has. Nothing is applied here.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from alerting.types import Kind, Level, Rule

RISING: Final = frozenset({Kind.GT, Kind.GE})
FALLING: Final = frozenset({Kind.LT, Kind.LE})
#: So many alerts, and such a share of them noise, before anything is proposed.
ALERTS_MIN: Final = 5
NOISE_MIN: Final = 0.6
_SHARE: Final = 0.01


def proposed_threshold(rule: Rule, values: Sequence[float], useful: Sequence[float]) -> float | None:
    """For the mildest level. ``values`` of the past, ``useful`` those at which people were glad to know."""
    if not values or rule.kind not in RISING | FALLING:
        return None
    now = rule.levels[0].threshold
    ordered = sorted(values, reverse=rule.kind in FALLING)
    found = ordered[min(len(ordered) - 1, int(len(ordered) * (1 - _SHARE)))]
    if rule.kind in RISING:
        found = min([found, *useful, *(level.threshold for level in rule.levels[1:])])
        return _rounded(found) if found > now else None
    found = max([found, *useful, *(level.threshold for level in rule.levels[1:])])
    return _rounded(found) if found < now else None


def with_threshold(rule: Rule, threshold: float) -> Rule:
    """The rule with another mildest level."""
    mildest: Level = rule.levels[0]._replace(threshold=threshold)
    return replace(rule, levels=(mildest, *rule.levels[1:]))


def _rounded(value: float) -> float:
    """Three digits are enough for people."""
    return float(f"{value:.3g}")

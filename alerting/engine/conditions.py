"""How each kind of rule measures its series, and when the measure breaches a threshold.

gt ge lt le eq ne   the newest value against the threshold
outside             the newest value below ``low`` or above ``threshold``
change              since ``window_s`` ago: percent of then (``is_relative``) or the difference; a positive threshold
                    is a rise of at least as much, a negative one a fall
rate                the same per second
absent              seconds since the newest value, at least ``threshold``
anomaly             robust deviations of the newest value from the median of ``window_s`` before, at least ``threshold``
forecast            the straight line of ``window_s`` is at ``threshold`` or above (below, when ``is_downward``) in
                    ``horizon_s`` with ``probability``, or the newest value is so already
burn_rate           the mean of a series of errors in percent, over what ``objective`` allows, at least ``threshold``
                    both in ``window_s`` and in ``short_window_s`` (a twelfth, unless given)
seasonal            robust deviations from the same moment of the last ``periods`` times ``period_s``

Contract   ``measured`` is None when there is nothing to judge: no data. Pure.
Bound      Linear in the points of the window.
"""

import operator
from collections.abc import Callable
from functools import partial
from typing import Final, NamedTuple

from alerting.engine.estimates import Outlook, chance_above, deviations, outlook
from alerting.engine.points import Points, age_s, last, near, values_within, window
from alerting.types import Kind, Level, Rule

_ANOMALY_MIN: Final = 10
_SEASONS_MIN: Final = 3
_SHORT_PART: Final = 12
#: Of a threshold and a value, whether it is no breach.
_CALM: Final[dict[Kind, Callable[[float, float], bool]]] = {
    Kind.GT: operator.ge,
    Kind.GE: operator.gt,
    Kind.LT: operator.le,
    Kind.LE: operator.lt,
}
#: Where a worse level may be breached and a milder one not.
_APART: Final = frozenset({Kind.EQ, Kind.NE, Kind.OUTSIDE})


class Measured(NamedTuple):
    """``value`` is what people are told; ``outlook`` is a forecast's."""

    value: float
    outlook: Outlook | None = None


Measure = Callable[[Rule, Points, float], Measured | None]
Breach = Callable[[Rule, Measured, Level], bool]


def measured(rule: Rule, points: Points, now: float) -> Measured | None:
    return MEASURES[rule.kind](rule, points, now)


def breached(rule: Rule, found: Measured) -> Level | None:
    """The worst level that the measure breaches."""
    breach, worst = BREACHES[rule.kind], None
    for level in rule.levels:
        if breach(rule, found, level):
            worst = level
        elif rule.kind not in _APART:
            break
    return worst


def calm_test(rule: Rule) -> Callable[[float], bool] | None:
    """For a value against a threshold: a quick answer to whether no level is breached; None for other kinds."""
    compare = _CALM.get(rule.kind)
    return None if compare is None else partial(compare, rule.levels[0].threshold)


def reach_s(rule: Rule) -> float:
    """How far back before now the rule reads."""
    if rule.kind is Kind.SEASONAL:
        return rule.period_s * rule.periods + rule.window_s
    return max(rule.window_s, rule.fresh_s)


def _newest(rule: Rule, points: Points, now: float) -> Measured | None:
    value = last(points, now, rule.fresh_s)
    return None if value is None else Measured(value)


def _change(rule: Rule, points: Points, now: float) -> Measured | None:
    value, then = last(points, now, rule.fresh_s), last(points, now - rule.window_s, rule.fresh_s)
    if value is None or then is None:
        return None
    if not rule.is_relative:
        return Measured(value - then)
    return Measured((value - then) / abs(then) * 100) if then else None


def _rate(rule: Rule, points: Points, now: float) -> Measured | None:
    value, then = last(points, now, rule.fresh_s), last(points, now - rule.window_s, rule.fresh_s)
    return None if value is None or then is None else Measured((value - then) / rule.window_s)


def _absent(rule: Rule, points: Points, now: float) -> Measured | None:
    age = age_s(points, now)
    return Measured(float("inf") if age is None else age)


def _anomaly(rule: Rule, points: Points, now: float) -> Measured | None:
    values = values_within(points, now - rule.window_s, now)
    value = last(points, now, rule.fresh_s)
    if value is None or len(values) <= _ANOMALY_MIN:
        return None
    return Measured(deviations(value, values[:-1]))


def _forecast(rule: Rule, points: Points, now: float) -> Measured | None:
    value = last(points, now, rule.fresh_s)
    times, values = window(points, now - rule.window_s, now)
    expected = outlook(times, values, now + rule.horizon_s)
    return None if value is None or expected is None else Measured(value, expected)


def _burn_rate(rule: Rule, points: Points, now: float) -> Measured | None:
    rates = []
    for span_s in (rule.window_s, rule.short_window_s or rule.window_s / _SHORT_PART):
        values = values_within(points, now - span_s, now)
        if not values:
            return None
        rates.append(sum(values) / len(values) / (100 - rule.objective))
    return Measured(min(rates))


def _seasonal(rule: Rule, points: Points, now: float) -> Measured | None:
    value = last(points, now, rule.fresh_s)
    before = [near(points, now - rule.period_s * back, rule.window_s) for back in range(1, rule.periods + 1)]
    known = [one for one in before if one is not None]
    if value is None or len(known) < _SEASONS_MIN:
        return None
    return Measured(deviations(value, known))


def _signed(rule: Rule, found: Measured, level: Level) -> bool:
    return found.value >= level.threshold if level.threshold >= 0 else found.value <= level.threshold


def _at_least(rule: Rule, found: Measured, level: Level) -> bool:
    return found.value >= level.threshold


def _reaches(rule: Rule, found: Measured, level: Level) -> bool:
    assert found.outlook is not None
    above = chance_above(found.outlook, level.threshold)
    if rule.is_downward:
        return found.value <= level.threshold or 1 - above >= rule.probability
    return found.value >= level.threshold or above >= rule.probability


MEASURES: Final[dict[Kind, Measure]] = {
    **dict.fromkeys((Kind.GT, Kind.GE, Kind.LT, Kind.LE, Kind.EQ, Kind.NE, Kind.OUTSIDE), _newest),
    Kind.CHANGE: _change,
    Kind.RATE: _rate,
    Kind.ABSENT: _absent,
    Kind.ANOMALY: _anomaly,
    Kind.FORECAST: _forecast,
    Kind.BURN_RATE: _burn_rate,
    Kind.SEASONAL: _seasonal,
}
#: These look at nothing but the newest value.
NEWEST: Final = frozenset(kind for kind, measure in MEASURES.items() if measure is _newest)
BREACHES: Final[dict[Kind, Breach]] = {
    Kind.GT: lambda rule, found, level: found.value > level.threshold,
    Kind.GE: _at_least,
    Kind.LT: lambda rule, found, level: found.value < level.threshold,
    Kind.LE: lambda rule, found, level: found.value <= level.threshold,
    Kind.EQ: lambda rule, found, level: found.value == level.threshold,
    Kind.NE: lambda rule, found, level: found.value != level.threshold,
    Kind.OUTSIDE: lambda rule, found, level: not level.low <= found.value <= level.threshold,
    Kind.CHANGE: _signed,
    Kind.RATE: _signed,
    Kind.ABSENT: _at_least,
    Kind.ANOMALY: _at_least,
    Kind.FORECAST: _reaches,
    Kind.BURN_RATE: _at_least,
    Kind.SEASONAL: _at_least,
}

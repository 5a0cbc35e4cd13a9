"""What a rule would have done in the past, with the line that it looked at."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from alerting.engine.backtest import Backtest, backtest
from alerting.engine.documents import rule_of
from alerting.engine.expressions import read_expression
from alerting.engine.points import History
from alerting.errors import RuleInvalid
from alerting.selectors.points import past_of
from alerting.types import Rule
from common import clock
from monitoring.selectors.series import first_stored

DAYS_MAX: Final = 30
_DAY_S: Final = 86_400.0
POINTS_MAX: Final = 400
#: Evaluations of a trial at most, all dimensions together.
_STEPS_MAX: Final = 20_000


@dataclass(frozen=True, slots=True)
class Trial:
    """``times`` and ``values`` are of the rule's expression for the whole site; ``step_s`` between evaluations.

    ``start`` is where the days begin, or later where measuring began: what nobody measured was no missing value.
    """

    rule: Rule
    found: Backtest
    start: float
    end: float
    step_s: float
    times: list[float]
    values: list[float | None]


def trial_of(document: Mapping[str, Any], *, days: int) -> Trial:
    """Run the rule over the last days.

    Raises: RuleInvalid, IntervalInvalid
    """
    rule = rule_of(document)
    if not 1 <= days <= DAYS_MAX:
        raise RuleInvalid(f"A backtest looks 1 to {DAYS_MAX} days back.", field="days")
    end = clock.now().timestamp()
    start = end - days * _DAY_S
    past = past_of(rule, start, end)
    start = _measured_from(rule, past, start)
    dimensions = max(1, len(past.dimensions(read_expression(rule.expression).names, rule.by)))
    step_s = max(60.0, (end - start) * dimensions / _STEPS_MAX)
    # Stored means of minutes say nothing about how fresh a value was.
    found = backtest(replace(rule, fresh_s=max(rule.fresh_s, 2 * step_s)), past, start, end, step_s)
    times, values = _line(rule, past, start, end)
    return Trial(rule, found, start, end, step_s, times, values)


def _measured_from(rule: Rule, past: History, start: float) -> float:
    names = read_expression(rule.expression).names
    first = first_stored(names)
    if first is None or first.timestamp() <= start:
        return start
    known = [points.times[0] for name in names for points in past.named(name).values() if points.times]
    return max(start, min(known, default=start))


def _line(rule: Rule, past: History, start: float, end: float) -> tuple[list[float], list[float | None]]:
    """The expression at even moments, so that a chart stays small."""
    expression = read_expression(rule.expression)
    step_s = (end - start) / POINTS_MAX
    times = [start + step_s * number for number in range(1, POINTS_MAX + 1)]
    fresh_s = max(step_s, 600.0)
    return times, [expression.value(past, "", at, fresh_s) for at in times]

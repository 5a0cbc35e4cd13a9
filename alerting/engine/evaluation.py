"""One evaluation of rules: from points to signals to states.

Contract   ``evaluate`` looks at the moment ``now`` only, so running it over history tells what would have happened.
           Each dimension is an alert of its own, told apart by its label set, which never holds the severity: a rise
           from warning to critical is the same alert. Only label sets that aren't normal are remembered; one that was
           once known and has vanished has no data.
           A rule whose arithmetic fails, or that takes longer than it may, is in error with the dimensions concerned;
           the others are judged as ever. The same data gives the same result, so what failed is tried again with the
           next round's, and ``for`` says how long that may go on before anybody is told.
Bound      Linear in rules times dimensions, plus what the windows cost; a measure that several rules share is taken
           once.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from alerting.engine.conditions import MEASURES, NEWEST, Measure, Measured, breached, calm_test, reach_s
from alerting.engine.expressions import read_expression
from alerting.engine.hours import is_within_any
from alerting.engine.labels import label, with_labels
from alerting.engine.points import History, Points
from alerting.engine.state import new_instance, step
from alerting.types import ALERT_NAME, Cause, Instance, Kind, LabelSet, Rule, Signal, State, Transition

Instances = Mapping[LabelSet, Instance]
Failure = ArithmeticError | ValueError
_FAILURES: Final = (ArithmeticError, ValueError)
#: What one round has measured, by what and how, then by dimension.
Measures = dict[tuple[object, ...], dict[str, Measured | Failure | None]]
#: Whether a rule has taken as long as it may, and what begins to count that for the next rule.
IsLate = Callable[[], bool]
Watch = Callable[[], IsLate]

_CALM: Final = Signal(Cause.CALM)
_LATE: Final = Signal(Cause.ERROR, note="it took too long")
_NO_DATA: Final = Signal(Cause.NO_DATA, note="no value in time")
_OUT_OF_HOURS: Final = Signal(Cause.CALM, note="outside of the rule's hours")
#: What is said where there is no number.
_ENDLESS: Final = {Kind.ABSENT: "there never was a value"}
#: A normal label set is forgotten when it has not turned for so long.
_FORGET_S: Final = 3_600.0


@dataclass(frozen=True, slots=True)
class Evaluation:
    """``instances`` replace those from before."""

    instances: Instances
    transitions: tuple[Transition, ...]


def _never() -> bool:
    return False


def _unwatched() -> IsLate:
    return _never


def evaluate(
    rule: Rule,
    history: History,
    now: float,
    instances: Instances,
    measures: Measures | None = None,
    *,
    is_late: IsLate = _never,
) -> Evaluation:
    """One rule at one moment. ``measures`` is shared by the rules of one round.

    Raises: RuleInvalid for an expression that can't be read
    """
    signals = _signals(rule, history, now, instances, {} if measures is None else measures, is_late=is_late)
    kept: dict[LabelSet, Instance] = {}
    transitions: list[Transition] = []
    for labels, signal in signals.items():
        was = instances.get(labels) or new_instance(labels, rule, now)
        became, transition = step(was, signal, rule, now)
        if transition is not None:
            transitions.append(transition)
        if became.state is not State.NORMAL or (became.turns and now - became.turns[-1] < _FORGET_S):
            kept[labels] = became
    return Evaluation(kept, tuple(transitions))


def identity(rule: Rule, dimension: str) -> LabelSet:
    """The label set of an alert of the rule."""
    place = dimension.partition(":")[2] if rule.by else ""
    if not rule.labels:
        # In order already: process and route come after alertname. A storm makes tens of thousands of these.
        return ((ALERT_NAME, rule.name), (rule.by, place)) if place else ((ALERT_NAME, rule.name),)
    return with_labels(rule.labels, {ALERT_NAME: rule.name, **({rule.by: place} if rule.by else {})})


def _signals(
    rule: Rule, history: History, now: float, instances: Instances, measures: Measures, *, is_late: IsLate
) -> dict[LabelSet, Signal]:
    """Of every label set that isn't normal, now or before; a calm one without a past is left out."""
    expression = read_expression(rule.expression)
    if rule.hours and not is_within_any(rule.hours, now):
        return dict.fromkeys(instances, _OUT_OF_HOURS)
    found: dict[LabelSet, Signal] = {}
    prefix = f"{rule.by}:" if rule.by else ""
    known = {prefix + label(labels, rule.by): labels for labels in instances}
    taken = measures.setdefault(_measure_of(rule), {})
    points_of = expression.reader(history, now - reach_s(rule), now, rule.fresh_s)
    is_calm, measure_of = calm_test(rule), MEASURES[rule.kind]
    for dimension in history.dimensions(expression.names, rule.by):
        if dimension not in taken:
            if is_late():
                found[known.get(dimension) or identity(rule, dimension)] = _LATE
                continue
            taken[dimension] = _measure(rule, measure_of, points_of, dimension, now)
        measure = taken[dimension]
        # Most of most rules is calm and was; this line is what a round costs.
        if is_calm and isinstance(measure, Measured) and is_calm(measure.value) and dimension not in known:
            continue
        signal = judge(rule, measure)
        labels = known.get(dimension)
        if signal is not _CALM or labels:
            found[labels or identity(rule, dimension)] = signal
    for labels in instances:
        found.setdefault(labels, _NO_DATA)
    return found


def judge(rule: Rule, found: Measured | Failure | None) -> Signal:
    """What the rule finds in a measure."""
    if found is None:
        return _NO_DATA
    if isinstance(found, _FAILURES):
        return Signal(Cause.ERROR, note=f"the arithmetic failed, {found}")
    level = breached(rule, found)
    if level is None:
        return _CALM
    # A series that never told anything is endlessly old, which no JSON can say.
    if not math.isfinite(found.value):
        return Signal(Cause.BREACH, level.severity, note=_ENDLESS.get(rule.kind, "the value is beyond all numbers"))
    return Signal(Cause.BREACH, level.severity, found.value)


def _measure_of(rule: Rule) -> tuple[object, ...]:
    """All that a measure depends on, beside dimension and moment."""
    if rule.kind in NEWEST:
        return (rule.expression, rule.by, rule.fresh_s)
    spans = (rule.fresh_s, rule.window_s, rule.short_window_s, rule.horizon_s, rule.period_s, rule.periods)
    return (rule.kind, rule.expression, rule.by, rule.objective, rule.is_relative, *spans)


def _measure(
    rule: Rule, measure_of: Measure, points_of: Callable[[str], Points], dimension: str, now: float
) -> Measured | Failure | None:
    try:
        return measure_of(rule, points_of(dimension), now)
    except _FAILURES as error:
        return error


def evaluate_all(
    rules: Iterable[Rule],
    history: History,
    now: float,
    instances: Mapping[str, Instances],
    *,
    watch: Watch = _unwatched,
) -> dict[str, Evaluation]:
    """Every rule at one moment, by name; ``instances`` by name as well.

    Raises: RuleInvalid for an expression that can't be read
    """
    measures: Measures = {}
    return {
        rule.name: evaluate(rule, history, now, instances.get(rule.name, {}), measures, is_late=watch())
        for rule in rules
    }

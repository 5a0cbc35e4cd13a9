"""Rules as people write them, in JSON or YAML, and back.

    name: CPU
    expression: cpu_usage           # or metric_name
    condition: gt
    levels: {warning: 80, critical: 95}   # or threshold and severity
    for: 2m
    keep_firing_for: 5m

Contract   ``rule_of(document_of(rule)) == rule``. Every refusal names its field. Unknown fields are refused, so that a
           misspelt one isn't silently left out.
"""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

from alerting.engine.durations import seconds, text
from alerting.engine.expressions import read_expression
from alerting.engine.hours import hours
from alerting.engine.labels import label_set
from alerting.errors import RuleInvalid
from alerting.types import ALERT_NAME, SEVERITY, Clock, Hours, Kind, Level, Policy, Rule, Severity

_SPANS: Final = {
    "for": "for_s",
    "keep_firing_for": "keep_firing_s",
    "fresh": "fresh_s",
    "window": "window_s",
    "short_window": "short_window_s",
    "horizon": "horizon_s",
    "period": "period_s",
}
_TEXTS: Final = ("name", "expression", "by", "description", "owner", "runbook")
_PLAIN: Final = ("probability", "objective", "periods", "is_relative", "is_downward", "has_flap_guard")
_NAMES: Final = {"metric_name": "expression"}
_KNOWN: Final = frozenset(
    (*_SPANS, *_TEXTS, *_PLAIN, "condition", "levels", "threshold", "severity", "low", "no_data", "on_error")
) | {"labels", "hours"}
_BY: Final = ("", "process", "route")
_DEFAULTS: Final = {field.name: field.default for field in fields(Rule)}
#: Where the worse level has the smaller threshold.
_FALLING: Final = frozenset({Kind.LT, Kind.LE})
_TEXT_MAX: Final = 2_000


def rule_of(document: Mapping[str, Any]) -> Rule:
    """Raises: RuleInvalid, IntervalInvalid"""
    given = {_NAMES.get(name, name): value for name, value in document.items()}
    if unknown := sorted(given.keys() - _KNOWN):
        raise _refused(unknown[0], f"A rule has no field {unknown[0]}; its fields are {', '.join(sorted(_KNOWN))}.")
    values: dict[str, Any] = {name: _text(name, given[name]) for name in _TEXTS if name in given}
    values |= {field: seconds(given[name], name) for name, field in _SPANS.items() if name in given}
    values |= {name: _plain(name, given[name]) for name in _PLAIN if name in given}
    values |= {name: _choice(name, given[name], Policy) for name in ("no_data", "on_error") if name in given}
    values["kind"] = _choice("condition", given.get("condition", "gt"), Kind)
    values["levels"] = _levels(given)
    values["labels"] = _labels(given.get("labels", {}))
    values["hours"] = tuple(hours_of(one) for one in _listed("hours", given.get("hours", [])))
    for name in ("name", "expression"):
        if not values.get(name):
            raise _refused(name, f"A rule has a {name}.")
    rule = Rule(**values)
    check_rule(rule)
    return rule


def check_rule(rule: Rule) -> None:
    """Raises: RuleInvalid"""
    read_expression(rule.expression)
    if rule.by not in _BY:
        raise _refused("by", "by is empty, process or route.")
    if rule.window_s <= 0 or rule.horizon_s <= 0 or rule.period_s <= 0:
        raise _refused("window", "window, horizon and period are longer than 0.")
    if not 0 < rule.probability < 1:
        raise _refused("probability", "probability lies between 0 and 1.")
    if not 0 < rule.objective < 100:
        raise _refused("objective", "objective is a percentage between 0 and 100.")
    if not 3 <= rule.periods <= 60:
        raise _refused("periods", "periods go from 3 to 60.")
    _check_levels(rule)


def document_of(rule: Rule) -> dict[str, Any]:
    """Only what differs from the defaults."""
    found: dict[str, Any] = {"name": rule.name, "expression": rule.expression, "condition": rule.kind.value}
    found["levels"] = {level.severity.name.lower(): _written(rule, level) for level in rule.levels}
    for name, field in _SPANS.items():
        if (value := getattr(rule, field)) != _DEFAULTS[field]:
            found[name] = text(value) if seconds(text(value), name) == value else value
    for name in (*_TEXTS[2:], *_PLAIN):
        if (value := getattr(rule, name)) != _DEFAULTS[name]:
            found[name] = value
    found |= {name: one.value for name in ("no_data", "on_error") if (one := getattr(rule, name)) is not Policy.OWN}
    if rule.labels:
        found["labels"] = dict(rule.labels)
    if rule.hours:
        found["hours"] = [hours_document(one) for one in rule.hours]
    return found


def _written(rule: Rule, level: Level) -> float | list[float]:
    return [level.low, level.threshold] if rule.kind is Kind.OUTSIDE else level.threshold


def _levels(given: Mapping[str, Any]) -> tuple[Level, ...]:
    levels = given.get("levels")
    if levels is None:
        bound = given.get("threshold")
        levels = {str(given.get("severity", "warning")): [given["low"], bound] if "low" in given else bound}
    elif {"threshold", "severity", "low"} & given.keys():
        raise _refused("levels", "Give either levels, or one threshold with its severity.")
    if not isinstance(levels, Mapping) or not levels:
        raise _refused("levels", "levels name a threshold for each severity: {warning: 80, critical: 95}.")
    return tuple(sorted(_level(severity, bound) for severity, bound in levels.items()))


def _level(name: object, bound: object) -> Level:
    severity = Severity.__members__.get(str(name).upper())
    if severity is None or str(name) != str(name).lower():
        raise _refused("severity", f"severity is one of {', '.join(one.name.lower() for one in Severity)}.")
    if isinstance(bound, list | tuple) and len(bound) == 2:
        return Level(severity, _number("threshold", bound[1]), _number("low", bound[0]))
    if isinstance(bound, str):
        return Level(severity, seconds(bound, "threshold"))
    return Level(severity, _number("threshold", bound))


def _check_levels(rule: Rule) -> None:
    bounds = [level.threshold for level in rule.levels]
    if rule.kind is Kind.OUTSIDE:
        if any(level.low >= level.threshold for level in rule.levels):
            raise _refused("levels", "outside has a low end below its high end: {warning: [10, 90]}.")
        return
    is_falling = rule.kind in _FALLING or rule.is_downward or (rule.kind in (Kind.CHANGE, Kind.RATE) and bounds[0] < 0)
    if bounds != sorted(bounds, reverse=is_falling):
        raise _refused("levels", "A worse severity has a threshold that is reached later.")


def _labels(given: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(given, Mapping) or not all(isinstance(one, str) for pair in given.items() for one in pair):
        raise _refused("labels", "labels are names with texts: {team: exchange}.")
    if taken := {ALERT_NAME, SEVERITY} & given.keys():
        raise _refused("labels", f"{sorted(taken)[0]} is a label of every alert; name yours otherwise.")
    return label_set(given)


def hours_of(given: object) -> Hours:
    """Raises: RuleInvalid, IntervalInvalid"""
    if not isinstance(given, Mapping) or given.keys() - {"name", "zone", "clocks", *_CALENDAR}:
        raise _refused("hours", f"hours have a name, a zone, clocks, {', '.join(_CALENDAR)}.")
    spans = {name: [_span(name, one) for one in _listed(name, given.get(name, []))] for name in _CALENDAR}
    clocks = [_clock_pair(one) for one in _listed("clocks", given.get("clocks", []))]
    return hours(str(given.get("name", "")), str(given.get("zone", "UTC")), clocks=clocks, **spans)


def _listed(name: str, given: object) -> list[Any] | tuple[Any, ...]:
    if not isinstance(given, list | tuple):
        raise _refused(name, f"{name} is a list.")
    return given


def _span(name: str, given: object) -> tuple[int, int]:
    """``[3]`` or ``[1, 5]``."""
    if not isinstance(given, list | tuple) or len(given) not in (1, 2) or not all(type(one) is int for one in given):
        raise _refused(name, f"{name} is a list of numbers and spans: [[1, 5]].")
    return given[0], given[-1]


def _clock_pair(given: object) -> tuple[str, str]:
    if not isinstance(given, list | tuple) or len(given) != 2 or not all(isinstance(one, str) for one in given):
        raise _refused("clocks", 'clocks is a list of spans: [["09:00", "17:30"]].')
    return given[0], given[1]


_CALENDAR: Final = ("weekdays", "days", "months", "years")


def hours_document(one: Hours) -> dict[str, Any]:
    """What ``hours_of`` reads."""
    found: dict[str, Any] = {"name": one.name, "zone": str(one.zone)}
    if one.clocks:
        found["clocks"] = [_clock_document(clock) for clock in one.clocks]
    return found | {name: [list(span) for span in spans] for name in _CALENDAR if (spans := getattr(one, name))}


def _clock_document(clock: Clock) -> list[str]:
    return [f"{minute // 60:02}:{minute % 60:02}" for minute in clock]


def _choice(name: str, value: object, kinds: type[Kind] | type[Policy]) -> Kind | Policy:
    if value not in [one.value for one in kinds]:
        raise _refused(name, f"{name} is one of {', '.join(one.value for one in kinds)}.")
    return kinds(value)


def _text(name: str, value: object) -> str:
    if not isinstance(value, str) or len(value) > _TEXT_MAX:
        raise _refused(name, f"{name} is a text of at most {_TEXT_MAX} characters.")
    return value


def _plain(name: str, value: object) -> object:
    default = _DEFAULTS[name]
    if isinstance(default, bool):
        if not isinstance(value, bool):
            raise _refused(name, f"{name} is true or false.")
        return value
    number = _number(name, value)
    if not isinstance(default, int):
        return number
    if number != int(number):
        raise _refused(name, f"{name} is a whole number.")
    return int(number)


def _number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < float("inf"):
        raise _refused(name, f"{name} is a number.")
    return float(value)


def _refused(field: str, detail: str) -> RuleInvalid:
    return RuleInvalid(detail, field=field)

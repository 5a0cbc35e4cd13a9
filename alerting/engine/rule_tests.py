"""Tests of rules, written by their users on series that they make up.

    interval: 1m
    series:
      cpu_usage: "50x5 90x10 _x3 40"     # value x times; a+bxn rises n times; _ is a gap
      process_memory process:web-1: "100+10x20"
    checks:
      - {at: 7m, alerts: [{state: pending, severity: warning}]}
      - {at: 20m, alerts: []}

Contract   ``failures`` answers a sentence for each check that doesn't hold, none when all do. A check names every alert
           that isn't normal, with what it says of it: state, severity, process or route and other labels.
Bound      ``POINTS_MAX`` points a series, ``STEPS_MAX`` of ``backtest`` evaluations.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from alerting.engine.backtest import STEPS_MAX
from alerting.engine.durations import seconds, text
from alerting.engine.evaluation import Instances, evaluate
from alerting.engine.points import History, Points
from alerting.errors import RuleInvalid
from alerting.types import Instance, Rule, State
from monitoring.types import SeriesKey

POINTS_MAX: Final = 10_000
_NUMBER: Final = r"-?\d+(?:\.\d+)?"
_PART: Final = re.compile(
    rf"(?P<start>{_NUMBER}|_)(?:(?P<sign>[+-])(?P<step>\d+(?:\.\d+)?))?(?:x(?P<times>\d{{1,5}}))?"
)


def values(notation: str) -> list[float | None]:
    """``1 2x3 5+1x2 _`` is 1, 2, 2, 2, 5, 6, 7 and a gap: ``a+bxn`` has n steps after its first value.

    Raises: RuleInvalid
    """
    found: list[float | None] = []
    for part in notation.split():
        match = _PART.fullmatch(part)
        if match is None or (match["step"] and (match["start"] == "_" or not match["times"])):
            raise _refused(f"{part!r} is no value; write 5, 5x3, 5+1x3 or _.")
        found += _expanded(match)
        if len(found) > POINTS_MAX:
            raise _refused(f"A series of a test has at most {POINTS_MAX} values.")
    return found


def _expanded(match: re.Match[str]) -> list[float | None]:
    times = int(match["times"] or 1)
    if match["start"] == "_":
        return [None] * times
    start, step = float(match["start"]), float((match["sign"] or "") + (match["step"] or "0"))
    return [start + step * number for number in range(times + 1 if match["step"] else times)]


def failures(rule: Rule, test: Mapping[str, Any]) -> list[str]:
    """What doesn't hold of a test.

    Raises: RuleInvalid when the test can't be read
    """
    interval_s = seconds(test.get("interval", "1m"), "interval")
    given, checks = test.get("series"), test.get("checks")
    if not isinstance(given, Mapping) or not isinstance(checks, Sequence) or interval_s <= 0:
        raise _refused("A test has an interval, series and checks.")
    if not all(isinstance(check, Mapping) for check in checks):
        raise _refused("A check says at which time there are which alerts: {at: 5m, alerts: []}.")
    history = History({_key(name): _points(notation, interval_s) for name, notation in given.items()})
    due = sorted((seconds(check.get("at", ""), "at"), number) for number, check in enumerate(checks))
    if due and due[-1][0] / interval_s >= STEPS_MAX:
        raise _refused("A check is too far away from the start.")
    found: list[str] = []
    instances: Instances = {}
    step = 0
    for at, number in due:
        while step * interval_s <= at:
            instances = evaluate(rule, history, step * interval_s, instances).instances
            step += 1
        found += _differences(at, checks[number].get("alerts", []), list(instances.values()))
    return found


def _differences(at: float, wanted: Sequence[Mapping[str, str]], instances: list[Instance]) -> list[str]:
    rest = [_facts(one) for one in instances if one.state is not State.NORMAL]
    found: list[str] = []
    for want in wanted:
        match = next((facts for facts in rest if want.items() <= facts.items()), None)
        if match is None:
            found.append(f"At {text(at)} there is no alert with {_words(want)}.")
        else:
            rest.remove(match)
    return found + [f"At {text(at)} there is an alert more, with {_words(facts)}." for facts in rest]


def _facts(one: Instance) -> dict[str, str]:
    return {**dict(one.labels), "state": one.state.value, "severity": one.severity.name.lower()}


def _words(facts: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in facts.items()) or "anything"


def _key(name: str) -> SeriesKey:
    series, _, dimension = name.partition(" ")
    return SeriesKey(series, dimension)


def _points(notation: object, interval_s: float) -> Points:
    if not isinstance(notation, str):
        raise _refused('The values of a series are a text such as "50x5 90x10".')
    found = values(notation)
    return Points([number * interval_s for number in range(len(found))], found)


def _refused(detail: str) -> RuleInvalid:
    return RuleInvalid(detail, field="test")

"""From states to notifications: which alerts a transition tells.

Contract   The severity becomes a label on the way, so that routes and inhibitions can look at it: a rise from warning
           to critical ends the one alert and begins the other at the same moment. A transition within the states that
           fire, with the same severity, tells nothing new.
"""

from typing import Final

from alerting.engine.alerts import Alert
from alerting.engine.labels import with_labels
from alerting.types import FIRING, SEVERITY, Instance, LabelSet, Rule, Severity, State, Transition

STATE: Final = "state"
_INFINITY: Final = float("inf")


def alerts_of(rule: Rule, before: Instance, after: Instance, transition: Transition) -> list[Alert]:
    """The alerts to hand to the notifications, an end before a beginning."""
    fired, fires = before.state in FIRING, after.state in FIRING
    if fired and fires and _labels(before, before.severity) == _labels(after, after.severity):
        return []
    found: list[Alert] = []
    if fired:
        labels = _labels(before, before.severity)
        found.append(
            Alert(labels, before.fired_at or transition.at, transition.at, transition.at, annotations=_words(rule))
        )
    if fires:
        start = transition.at if fired else after.fired_at or transition.at
        labels = _labels(after, after.severity)
        found.append(Alert(labels, start, _INFINITY, transition.at, annotations=_words(rule)))
    return found


def _labels(instance: Instance, severity: Severity) -> LabelSet:
    """Lost data and errors are told apart from breaches by their state."""
    more = {SEVERITY: severity.name.lower()}
    if instance.state in (State.NO_DATA, State.ERROR):
        more[STATE] = instance.state.value
    return with_labels(instance.labels, more)


def _words(rule: Rule) -> LabelSet:
    given = {"description": rule.description, "owner": rule.owner, "runbook": rule.runbook}
    return tuple((name, value) for name, value in given.items() if value)

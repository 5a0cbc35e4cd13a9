"""From states to notifications: which alerts a transition tells.

Contract   The severity becomes a label on the way, so that routes and inhibitions can look at it: a rise from warning
           to critical ends the one alert and begins the other at the same moment. A transition within the states that
           fire, with the same severity, tells nothing new.
"""

from typing import Final

from alerting.engine.alerts import Alert
from alerting.engine.labels import with_labels
from alerting.types import FIRING, SEVERITY, Instance, LabelSet, Rule, State, Transition

STATE: Final = "state"
_INFINITY: Final = float("inf")


def alerts_of(rule: Rule, before: Instance, after: Instance, transition: Transition) -> list[Alert]:
    """The alerts to hand to the notifications, an end before a beginning."""
    if before.state in FIRING and after.state in FIRING and before.level == after.level:
        return []
    found: list[Alert] = []
    if before.level_at is not None:
        found.append(_alert(rule, before, before.level_at, transition.at, transition.at))
    if after.level_at is not None:
        found.append(_alert(rule, after, after.level_at, _INFINITY, transition.at))
    return found


def _alert(rule: Rule, instance: Instance, starts_at: float, ends_at: float, now: float) -> Alert:
    return Alert(_labels(instance), starts_at, ends_at, now, annotations=_words(rule))


def _labels(instance: Instance) -> LabelSet:
    """Lost data and errors are told apart from breaches by their state."""
    more = {SEVERITY: instance.severity.name.lower()}
    if instance.state in (State.NO_DATA, State.ERROR):
        more[STATE] = instance.state.value
    return with_labels(instance.labels, more)


def _words(rule: Rule) -> LabelSet:
    given = {"description": rule.description, "owner": rule.owner, "runbook": rule.runbook}
    return tuple((name, value) for name, value in given.items() if value)

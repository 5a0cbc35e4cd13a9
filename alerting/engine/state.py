"""The states of one label set of a rule, and the reason of every change.

Contract   ``step`` takes what was and what an evaluation found, and answers what is and the transition, if any.
           A breach, missing data and an error each wait ``for_s`` before they fire, counted from when evaluations began
           to find it without pause. Once firing, the end of the condition only begins the recovery, which lasts
           ``keep_firing_s``; missing data never ends an alert, so lost data is not taken for a recovery.
           A breach during recovery goes on firing as the same alert.
Invariant  A transition is answered exactly when state or severity differ from before. ``fired_at`` is set exactly while
           the state fires.
"""

from dataclasses import replace
from typing import Final

from alerting.engine.durations import text
from alerting.engine.flapping import is_flapping, with_turn
from alerting.types import FIRING, Cause, Instance, LabelSet, Policy, Rule, Severity, Signal, State, Transition

Step = tuple[Instance, Transition | None]

#: How long a flapping alert must be calm before it ends.
HOLD_S: Final = 900.0
#: The states in which what fires is still so.
_HELD: Final = frozenset({State.ALERTING, State.NO_DATA, State.ERROR})
_FIRES: Final = {Cause.BREACH: State.ALERTING, Cause.NO_DATA: State.NO_DATA, Cause.ERROR: State.ERROR}
_WORDS: Final = {
    Cause.BREACH: "the condition holds",
    Cause.NO_DATA: "there is no data",
    Cause.ERROR: "it can't be evaluated",
}


def new_instance(labels: LabelSet, rule: Rule, now: float) -> Instance:
    """A label set of which nothing bad is known."""
    return Instance(labels, State.NORMAL, now, Cause.CALM, now, rule.levels[0].severity)


def meaning(rule: Rule, signal: Signal) -> Signal | None:
    """What a signal counts as under the rule's policies; None to keep what was."""
    if signal.cause not in (Cause.NO_DATA, Cause.ERROR):
        return signal
    policy = rule.no_data if signal.cause is Cause.NO_DATA else rule.on_error
    if policy is Policy.KEEP:
        return None
    if policy is Policy.OK:
        return Signal(Cause.CALM, note=signal.note)
    return Signal(Cause.BREACH, note=signal.note) if policy is Policy.ALERT else signal


def step(was: Instance, signal: Signal, rule: Rule, now: float) -> Step:
    """One evaluation at ``now``."""
    counts = meaning(rule, signal)
    if counts is None:
        return was, None
    if counts.cause is not was.cause:
        was = replace(was, cause=counts.cause, cause_since=now)
    if counts.value is not None:
        was = replace(was, value=counts.value)
    if counts.cause is Cause.CALM:
        return _calm(was, counts, rule, now)
    return _bad(was, counts, rule, now)


def _calm(was: Instance, counts: Signal, rule: Rule, now: float) -> Step:
    note = f": {counts.note}" if counts.note else ""
    if was.state is State.NORMAL:
        return was, None
    if was.state is State.PENDING:
        return _moved(was, State.NORMAL, was.severity, now, f"Ended before it had lasted {text(rule.for_s)}{note}.")
    recovery_s = recovery_of(was, rule, now)
    if was.state is not State.RECOVERING and recovery_s > 0:
        return _moved(was, State.RECOVERING, was.severity, now, f"Ended; kept for {text(recovery_s)}{note}.")
    if was.state is State.RECOVERING and now - was.cause_since < recovery_s:
        return was, None
    lasted = f" for {text(recovery_s)}" if recovery_s else ""
    return _moved(was, State.NORMAL, was.severity, now, f"The condition has not held{lasted}{note}.")


def _bad(was: Instance, counts: Signal, rule: Rule, now: float) -> Step:
    target, words = _FIRES[counts.cause], _WORDS[counts.cause]
    severity = counts.severity or was.severity
    note = f": {counts.note}" if counts.note else ""
    if was.state is State.RECOVERING and target is State.ALERTING:
        return _moved(was, target, severity, now, f"It goes on before the recovery was over{note}.")
    if was.state is target:
        if severity == was.severity:
            return was, None
        verb = "Rose" if severity > was.severity else "Fell"
        return _moved(was, target, severity, now, f"{verb} from {was.severity.name.lower()}{note}.")
    if now - was.cause_since >= rule.for_s:
        lasted = f" for {text(rule.for_s)}" if rule.for_s else ""
        return _moved(was, target, severity, now, f"{words.capitalize()}{lasted}{note}.")
    if was.state is State.NORMAL:
        return _moved(was, State.PENDING, severity, now, f"{words.capitalize()}; waits {text(rule.for_s)}{note}.")
    return (replace(was, severity=severity), None) if was.state is State.PENDING else (was, None)


def recovery_of(was: Instance, rule: Rule, now: float) -> float:
    """How long a recovery lasts: while it flaps, a guarded rule holds an alert open."""
    if rule.has_flap_guard and is_flapping(was.turns, now):
        return max(rule.keep_firing_s, HOLD_S)
    return rule.keep_firing_s


def _moved(was: Instance, state: State, severity: Severity, now: float, reason: str) -> Step:
    fires, fired = state in FIRING, was.state in FIRING
    has_turned = (state in _HELD) != (was.state in _HELD)
    became = replace(
        was,
        state=state,
        since=was.since if state is was.state else now,
        severity=severity,
        fired_at=(was.fired_at if fired else now) if fires else None,
        turns=with_turn(was.turns, now) if has_turned else was.turns,
    )
    is_same = fired and became.level == was.level
    became = replace(became, level_at=(was.level_at if is_same else now) if fires else None)
    return became, Transition(now, was.labels, was.state, state, severity, was.value, reason)

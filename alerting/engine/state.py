"""The states of one label set of a rule, and the reason of every change.

Contract   ``step`` takes what was and what an evaluation found, and answers what is and the transition, if any.
           A breach, missing data and an error each wait ``for_s`` before they fire, counted from when evaluations began
           to find it without pause. Once firing, the end of the condition only begins the recovery, which lasts
           ``keep_firing_s``; missing data never ends an alert, so lost data is not taken for a recovery.
           A breach during recovery goes on firing as the same alert.
Invariant  A transition is answered exactly when state or severity differ from before. ``fired_at`` is set exactly while
           the state fires.
"""

from typing import Final

from alerting.engine.durations import text
from alerting.engine.flapping import is_flapping, with_turn
from alerting.types import (
    FIRING,
    Cause,
    Instance,
    LabelSet,
    Policy,
    Rule,
    Severity,
    Signal,
    State,
    Transition,
    level_of,
)

Step = tuple[Instance, Transition | None]

#: How long a flapping alert must be calm before it ends.
HOLD_S: Final = 900.0
#: The states in which what fires is still so.
_HELD: Final = frozenset({State.ALERTING, State.NO_DATA, State.ERROR})
_FIRES: Final = {Cause.BREACH: State.ALERTING, Cause.NO_DATA: State.NO_DATA, Cause.ERROR: State.ERROR}
_WORDS: Final = {
    Cause.BREACH: "The condition holds",
    Cause.NO_DATA: "There is no data",
    Cause.ERROR: "It can't be evaluated",
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
    was = _found(was, counts, now)
    if counts.cause is Cause.CALM:
        return _calm(was, counts, rule, now)
    return _bad(was, counts, rule, now)


def _found(was: Instance, counts: Signal, now: float) -> Instance:
    """With the cause and the value of this evaluation. Made whole, because ``_replace`` costs three times as much."""
    labels, state, since, cause, cause_since, severity, value, fired_at, level_at, turns = was
    is_same = counts.cause is cause
    if is_same and (counts.value is None or counts.value == value):
        return was
    return Instance(
        labels,
        state,
        since,
        counts.cause,
        cause_since if is_same else now,
        severity,
        value if counts.value is None else counts.value,
        fired_at,
        level_at,
        turns,
    )


def _calm(was: Instance, counts: Signal, rule: Rule, now: float) -> Step:
    if was.state is State.NORMAL:
        return was, None
    note = _note(counts)
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
    target, severity = _FIRES[counts.cause], counts.severity or was.severity
    if was.state is target:
        if severity == was.severity:
            return was, None
        verb = "Rose" if severity > was.severity else "Fell"
        return _moved(was, target, severity, now, f"{verb} from {was.severity.name.lower()}{_note(counts)}.")
    if was.state is State.RECOVERING and target is State.ALERTING:
        return _moved(was, target, severity, now, f"It goes on before the recovery was over{_note(counts)}.")
    if now - was.cause_since >= rule.for_s:
        lasted = f" for {text(rule.for_s)}" if rule.for_s else ""
        return _moved(was, target, severity, now, f"{_WORDS[counts.cause]}{lasted}{_note(counts)}.")
    if was.state is State.NORMAL:
        waits = f"{_WORDS[counts.cause]}; waits {text(rule.for_s)}{_note(counts)}."
        return _moved(was, State.PENDING, severity, now, waits)
    return (was._replace(severity=severity), None) if was.state is State.PENDING else (was, None)


def _note(counts: Signal) -> str:
    """What the reason ends with: the words of the signal, or its value."""
    if counts.note:
        return f": {counts.note}"
    return "" if counts.value is None else f": {counts.value:g}"


def recovery_of(was: Instance, rule: Rule, now: float) -> float:
    """How long a recovery lasts: while it flaps, a guarded rule holds an alert open."""
    if rule.has_flap_guard and is_flapping(was.turns, now):
        return max(rule.keep_firing_s, HOLD_S)
    return rule.keep_firing_s


def _moved(was: Instance, state: State, severity: Severity, now: float, reason: str) -> Step:
    fires, fired = state in FIRING, was.state in FIRING
    has_turned = (state in _HELD) != (was.state in _HELD)
    level_at = (was.level_at if fired and level_of(state, severity) == was.level else now) if fires else None
    became = Instance(
        was.labels,
        state,
        was.since if state is was.state else now,
        was.cause,
        was.cause_since,
        severity,
        was.value,
        (was.fired_at if fired else now) if fires else None,
        level_at,
        with_turn(was.turns, now) if has_turned else was.turns,
    )
    return became, Transition(now, was.labels, was.state, state, severity, was.value, reason)

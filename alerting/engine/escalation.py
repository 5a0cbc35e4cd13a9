"""Telling one after the other until somebody acknowledges.

Contract   An escalation keeps the policy as it was when it began. Steps run in order; after each, its ``wait_s``
           passes before the next, and after the last one the rounds begin anew, ``repeats`` times. An acknowledgement
           stops steps and raise; when its limit is over all begins again. After ``raise_after_s`` that nobody
           acknowledged the severity rises by one, once, and a policy that had come to its end runs another round. With
           ``hours``, alerts below ``urgent_from`` wait for them. ``advance`` does at most one step, however late it
           is, so that after a pause not all are called at once; what follows counts from when the step was really
           done.
Invariant  Every change is in the log, with its moment and reason. A resolved escalation never changes.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, NamedTuple

from alerting.engine.durations import text
from alerting.engine.hours import next_within
from alerting.errors import EscalationInvalid
from alerting.types import Hours, LabelSet, Severity

RAISE_AFTER_S: Final = 1_800.0
STEPS_MAX: Final = 20
REPEATS_MAX: Final = 5
WAIT_S_MIN: Final = 30.0


class Status(StrEnum):
    RUNNING = "running"
    ACKNOWLEDGED = "acknowledged"
    EXHAUSTED = "exhausted"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Step:
    """``targets`` are ``person:alice``, ``schedule:primary`` or ``channel:pager``."""

    targets: tuple[str, ...]
    wait_s: float = 300.0


@dataclass(frozen=True, slots=True)
class EscalationPolicy:
    """``acknowledge_s`` is how long an acknowledgement holds; None is for good."""

    name: str
    steps: tuple[Step, ...]
    repeats: int = 0
    raise_after_s: float | None = RAISE_AFTER_S
    acknowledge_s: float | None = None
    hours: Hours | None = None
    urgent_from: Severity = Severity.CRITICAL


class LogLine(NamedTuple):
    at: float
    text: str


class Call(NamedTuple):
    """A step to carry out: tell the targets. ``due_at`` is when it should have been."""

    at: float
    due_at: float
    round: int
    step: int
    targets: tuple[str, ...]
    severity: Severity


@dataclass(frozen=True, slots=True)
class Escalation:
    """``step`` and ``round`` are the next ones, ``wanted_at`` when, hours aside; ``unheard_since`` starts the raise."""

    labels: LabelSet
    policy: EscalationPolicy
    severity: Severity
    status: Status
    wanted_at: float
    unheard_since: float
    step: int = 0
    round: int = 0
    is_raised: bool = False
    acknowledged_by: str = ""
    acknowledged_until: float | None = None
    log: tuple[LogLine, ...] = ()


def check_policy(policy: EscalationPolicy) -> None:
    """Raises: EscalationInvalid"""
    if not 1 <= len(policy.steps) <= STEPS_MAX:
        raise EscalationInvalid(f"A policy has 1 to {STEPS_MAX} steps.", field="steps")
    if not all(step.targets for step in policy.steps):
        raise EscalationInvalid("Each step tells somebody.", field="steps")
    if any(step.wait_s < WAIT_S_MIN for step in policy.steps):
        raise EscalationInvalid(f"Between two steps pass at least {WAIT_S_MIN:g} seconds.", field="steps")
    if not 0 <= policy.repeats <= REPEATS_MAX:
        raise EscalationInvalid(f"The steps are repeated 0 to {REPEATS_MAX} times.", field="repeats")


def begin(labels: LabelSet, policy: EscalationPolicy, severity: Severity, now: float) -> Escalation:
    """A new escalation, with its first step due now."""
    began = Escalation(labels, policy, severity, Status.RUNNING, now, now)
    return _noted(began, now, f"Began with policy {policy.name}.")


def acknowledge(escalation: Escalation, by: str, now: float, limit_s: float | None = None) -> Escalation:
    """Somebody cares: nothing more happens until the limit, which is the policy's unless given.

    Raises: EscalationInvalid when it is resolved
    """
    _check_open(escalation)
    span_s = escalation.policy.acknowledge_s if limit_s is None else limit_s
    until = None if span_s is None else now + span_s
    held = replace(escalation, status=Status.ACKNOWLEDGED, acknowledged_by=by, acknowledged_until=until)
    return _noted(held, now, f"Acknowledged by {by}" + (f" for {text(span_s)}." if span_s is not None else "."))


def resolve(escalation: Escalation, now: float, reason: str) -> Escalation:
    """Raises: EscalationInvalid when it is resolved already"""
    _check_open(escalation)
    return _noted(replace(escalation, status=Status.RESOLVED), now, f"Resolved: {reason}")


def due_at(escalation: Escalation) -> float | None:
    """When ``advance`` has something to do next; None when never."""
    known = [at for at in (_step_at(escalation), _raise_at(escalation), _lapse_at(escalation)) if at is not None]
    return min(known, default=None)


def advance(escalation: Escalation, now: float) -> tuple[Escalation, Call | None]:
    """What is due by now: a lapsed acknowledgement, the raise, one step."""
    if (lapse_at := _lapse_at(escalation)) is not None and lapse_at <= now:
        escalation = _begun_again(escalation, now)
    if (raise_at := _raise_at(escalation)) is not None and raise_at <= now:
        escalation = _raised(escalation, now)
    step_at = _step_at(escalation)
    return (escalation, None) if step_at is None or step_at > now else _stepped(escalation, step_at, now)


def _step_at(escalation: Escalation) -> float | None:
    if escalation.status is not Status.RUNNING:
        return None
    hours = escalation.policy.hours
    if hours is None or escalation.severity >= escalation.policy.urgent_from:
        return escalation.wanted_at
    return next_within(hours, escalation.wanted_at)


def _raise_at(escalation: Escalation) -> float | None:
    after_s = escalation.policy.raise_after_s
    can_rise = escalation.status in (Status.RUNNING, Status.EXHAUSTED) and escalation.severity < Severity.EMERGENCY
    return None if after_s is None or escalation.is_raised or not can_rise else escalation.unheard_since + after_s


def _lapse_at(escalation: Escalation) -> float | None:
    return escalation.acknowledged_until if escalation.status is Status.ACKNOWLEDGED else None


def _begun_again(was: Escalation, now: float) -> Escalation:
    line = f"The acknowledgement of {was.acknowledged_by} ran out; it begins again."
    again = replace(
        was,
        status=Status.RUNNING,
        wanted_at=now,
        unheard_since=now,
        step=0,
        round=0,
        acknowledged_by="",
        acknowledged_until=None,
    )
    return _noted(again, now, line)


def _raised(was: Escalation, now: float) -> Escalation:
    severity = Severity(was.severity + 1)
    line = f"Nobody acknowledged it for {text(now - was.unheard_since)}: raised to {severity.name.lower()}."
    higher = replace(was, severity=severity, is_raised=True)
    if was.status is Status.EXHAUSTED:
        higher = replace(higher, status=Status.RUNNING, wanted_at=now, step=0, round=was.policy.repeats)
    return _noted(higher, now, line)


def _stepped(was: Escalation, step_at: float, now: float) -> tuple[Escalation, Call]:
    policy, step = was.policy, was.policy.steps[was.step]
    call = Call(now, step_at, was.round, was.step, step.targets, was.severity)
    line = f"Step {was.step + 1} of round {was.round + 1}: {', '.join(step.targets)}."
    after = _noted(replace(was, step=was.step + 1, wanted_at=now + step.wait_s), now, line)
    if after.step < len(policy.steps):
        return after, call
    if after.round < policy.repeats:
        return replace(after, step=0, round=after.round + 1), call
    return _noted(replace(after, status=Status.EXHAUSTED), now, "Everybody was told."), call


def _check_open(escalation: Escalation) -> None:
    if escalation.status is Status.RESOLVED:
        raise EscalationInvalid("The alert is resolved; there is nothing to do.", field="status")


def _noted(escalation: Escalation, now: float, line: str) -> Escalation:
    return replace(escalation, log=(*escalation.log, LogLine(now, line)))

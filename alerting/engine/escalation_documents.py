"""Escalation policies, schedules and escalations as JSON, and back.

    policy    {steps: [{targets: ["person:alice"], wait: 5m}], repeats: 1, raise_after: 30m, acknowledge: 1h,
               hours: {...}, urgent_from: critical}
    schedule  {rotations: [{people: [alice, bob], starts_at: 2026-01-05T09:00, zone: Europe/Lisbon, turn_days: 7,
               hours: [{...}]}]}

Contract   ``escalation_of(escalation_document(one)) == one``. Every refusal names its field; unknown ones are refused.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from alerting.engine.documents import hours_document, hours_of
from alerting.engine.durations import seconds, text
from alerting.engine.escalation import Escalation, EscalationPolicy, LogLine, Status, Step, check_policy
from alerting.engine.schedules import Override, Rotation, Schedule, check_schedule
from alerting.errors import EscalationInvalid
from alerting.types import Severity

TARGETS: Final = ("person", "schedule", "channel")
_POLICY: Final = frozenset({"steps", "repeats", "raise_after", "acknowledge", "hours", "urgent_from"})
_STEP: Final = frozenset({"targets", "wait"})
_ROTATION: Final = frozenset({"people", "starts_at", "zone", "turn_days", "hours"})


def policy_of(name: str, document: Mapping[str, Any], *, raise_after_s: float) -> EscalationPolicy:
    """``raise_after_s`` is the site's, for policies that don't say.

    Raises: EscalationInvalid, RuleInvalid or IntervalInvalid for its hours and spans
    """
    _check_known(document, _POLICY)
    steps = tuple(_step(one) for one in _list("steps", document.get("steps", ())))
    repeats = document.get("repeats", 0)
    if isinstance(repeats, bool) or not isinstance(repeats, int):
        raise _refused("repeats", "repeats is a whole number.")
    policy = EscalationPolicy(
        name,
        steps,
        repeats=repeats,
        raise_after_s=_raise_after_s(document, raise_after_s),
        acknowledge_s=seconds(document["acknowledge"], "acknowledge") if document.get("acknowledge") else None,
        hours=hours_of(document["hours"]) if document.get("hours") else None,
        urgent_from=severity_of(document.get("urgent_from", "critical")),
    )
    check_policy(policy)
    return policy


def policy_document(policy: EscalationPolicy) -> dict[str, Any]:
    found: dict[str, Any] = {
        "steps": [{"targets": list(step.targets), "wait": text(step.wait_s)} for step in policy.steps],
        "repeats": policy.repeats,
        "raise_after": None if policy.raise_after_s is None else text(policy.raise_after_s),
        "urgent_from": policy.urgent_from.name.lower(),
    }
    if policy.acknowledge_s is not None:
        found["acknowledge"] = text(policy.acknowledge_s)
    if policy.hours is not None:
        found["hours"] = hours_document(policy.hours)
    return found


def schedule_of(name: str, document: Mapping[str, Any], overrides: Sequence[Override] = ()) -> Schedule:
    """Raises: EscalationInvalid, IntervalInvalid"""
    _check_known(document, frozenset({"rotations"}))
    rotations = tuple(_rotation(one) for one in _list("rotations", document.get("rotations", ())))
    if not rotations:
        raise _refused("rotations", "A schedule has a rotation.")
    schedule = Schedule(name, rotations, tuple(overrides))
    check_schedule(schedule)
    return schedule


def escalation_document(one: Escalation) -> dict[str, Any]:
    return {
        "labels": dict(one.labels),
        "policy": {"name": one.policy.name, **_exact_policy(one.policy)},
        "severity": int(one.severity),
        "status": one.status.value,
        "wanted_at": one.wanted_at,
        "unheard_since": one.unheard_since,
        "step": one.step,
        "round": one.round,
        "is_raised": one.is_raised,
        "acknowledged_by": one.acknowledged_by,
        "acknowledged_until": one.acknowledged_until,
        "log": [[line.at, line.text] for line in one.log],
    }


def escalation_of(document: Mapping[str, Any]) -> Escalation:
    given = dict(document)
    return Escalation(
        tuple(sorted(given.pop("labels").items())),
        _policy_as_kept(given.pop("policy")),
        Severity(given.pop("severity")),
        Status(given.pop("status")),
        log=tuple(LogLine(at, line) for at, line in given.pop("log")),
        **given,
    )


def severity_of(name: object) -> Severity:
    """Raises: EscalationInvalid"""
    found = Severity.__members__.get(str(name).upper())
    if found is None:
        raise _refused("severity", f"A severity is one of {', '.join(one.name.lower() for one in Severity)}.")
    return found


def _exact_policy(policy: EscalationPolicy) -> dict[str, Any]:
    """Spans as numbers, so that what was kept is the same for ever."""
    return policy_document(policy) | {
        "steps": [{"targets": list(step.targets), "wait": step.wait_s} for step in policy.steps],
        "raise_after": policy.raise_after_s,
        "acknowledge": policy.acknowledge_s,
    }


def _policy_as_kept(document: Mapping[str, Any]) -> EscalationPolicy:
    hours = document.get("hours")
    return EscalationPolicy(
        document["name"],
        tuple(Step(tuple(one["targets"]), one["wait"]) for one in document["steps"]),
        document["repeats"],
        document["raise_after"],
        document["acknowledge"],
        hours_of(hours) if hours else None,
        severity_of(document["urgent_from"]),
    )


def _step(given: Any) -> Step:
    if not isinstance(given, Mapping):
        raise _refused("steps", "A step has targets and a wait: {targets: [person:alice], wait: 5m}.")
    _check_known(given, _STEP)
    targets = tuple(str(one) for one in _list("targets", given.get("targets", ())))
    for target in targets:
        kind, _, name = target.partition(":")
        if kind not in TARGETS or not name:
            raise _refused("targets", f"{target!r} is nobody; write person:alice, schedule:primary or channel:pager.")
    return Step(targets, seconds(given.get("wait", "5m"), "wait"))


def _rotation(given: Any) -> Rotation:
    if not isinstance(given, Mapping):
        raise _refused("rotations", "A rotation has people, starts_at, zone and turn_days.")
    _check_known(given, _ROTATION)
    turn_days = given.get("turn_days", 7)
    if isinstance(turn_days, bool) or not isinstance(turn_days, int) or turn_days > 366:
        raise _refused("turn_days", "turn_days is a whole number of days.")
    try:
        zone = ZoneInfo(str(given.get("zone", "UTC")))
        starts_at = datetime.fromisoformat(str(given.get("starts_at", "")))
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise _refused("starts_at", "Write starts_at as 2026-01-05T09:00 and zone as Europe/Lisbon.") from error
    people = tuple(str(one) for one in _list("people", given.get("people", ())))
    hours = tuple(hours_of(one) for one in _list("hours", given.get("hours", ())))
    return Rotation(people, starts_at.replace(tzinfo=zone).timestamp(), zone, turn_days, hours)


def _raise_after_s(document: Mapping[str, Any], site_s: float) -> float | None:
    if "raise_after" not in document:
        return site_s
    given = document["raise_after"]
    return None if given is None else seconds(given, "raise_after")


def _list(field: str, given: Any) -> Sequence[Any]:
    if not isinstance(given, list | tuple):
        raise _refused(field, f"{field} is a list.")
    return given


def _check_known(document: Mapping[str, Any], known: frozenset[str]) -> None:
    if unknown := sorted(document.keys() - known):
        raise _refused(str(unknown[0])[:60], f"Known fields are {', '.join(sorted(known))}.")


def _refused(field: str, detail: str) -> EscalationInvalid:
    return EscalationInvalid(detail, field=field)

"""One round of decisions: read, decide, act, keep.

Effects    A row for each target and round; a marker on the charts when something was done or advised anew; the effect
           of earlier changes where it can be seen by now. A target whose instances nobody can count is left alone.
           An actuator that failed is asked again after 30 s, a minute, two, and so on up to five minutes.
Bound      Rows of rounds that changed nothing are kept three days, all others 90 days.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction

from common import clock
from monitoring.models import EventKind
from monitoring.scaling.engine.decision import CHANGES_KEPT_S, MISSES_MAX, Decision, State, decide
from monitoring.scaling.errors import ActuatorFailed
from monitoring.scaling.models import Actuator, Outcome, ScalingDecision, ScalingTarget
from monitoring.scaling.selectors.decisions import carried_out, failures_since, last_decision, unmeasured
from monitoring.scaling.selectors.instances import instance_count
from monitoring.scaling.selectors.switch import is_scaling_on
from monitoring.scaling.selectors.targets import Policied, policied_targets
from monitoring.scaling.services._actuators import Errand, act, kubernetes_replicas
from monitoring.scaling.services._memory import memory_document, memory_of
from monitoring.selectors.latest import latest
from monitoring.services.record_event import record_event
from monitoring.types import SeriesKey

KEPT_DAYS: Final = 3
CHANGES_DAYS: Final = 90
EFFECT_AFTER: Final = timedelta(minutes=2)
EFFECT_UNTIL: Final = timedelta(minutes=10)
ROUND_MIN: Final = timedelta(seconds=5)
#: After one failure within ``RETRY_FORGET`` twice the first, doubled for each further one.
RETRY_FIRST: Final = timedelta(seconds=15)
RETRY_MAX: Final = timedelta(minutes=5)
RETRY_FORGET: Final = timedelta(minutes=15)
_FRESH_S: Final = 60.0

logger = logging.getLogger(__name__)
Values = Mapping[str, float | None]


def decide_targets(*, forecasts: Mapping[str, int] | None = None) -> int:
    """Decide for every target; while scaling is off, only for those that somebody set by hand.

    ``forecasts``: how many instances will be needed, by target.

    Returns: how many decisions were made
    """
    now, is_on, made = clock.now(), is_scaling_on(), 0
    for one in policied_targets():
        override = one.target.override
        is_by_hand = override is not None and override.until > now.timestamp()
        if is_on or is_by_hand:
            with _alone(one.row.pk) as is_alone:
                made += is_alone and _is_due(one, now) and _decide(one, (forecasts or {}).get(one.target.name), now)
    _forget(now)
    return made


@contextmanager
def _alone(target_id: int) -> Iterator[bool]:
    """Whether nobody else decides for it at this moment."""
    # Neither the row nor a transaction: others are asked meanwhile, and nobody should wait for their answers.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('scaling'), %s)", [target_id])
        is_alone = bool(cursor.fetchone()[0])
    try:
        yield is_alone
    finally:
        if is_alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext('scaling'), %s)", [target_id])


def _is_due(one: Policied, now: datetime) -> bool:
    """Nobody decided for it a moment ago: beat may send a round twice."""
    previous = last_decision(one.row.pk)
    return previous is None or previous.at <= now - ROUND_MIN


def _decide(one: Policied, forecast: int | None, now: datetime) -> bool:
    current = _count(one.row)
    if current is None:
        return False
    values = _values(one)
    _measure_effects(one, values, now)
    before = _state(one.row, now)
    decision, after = decide(
        target=one.target,
        policies=one.policies,
        values=values,
        current=current,
        state=before,
        now=now.timestamp(),
        forecast=forecast,
    )
    outcome, detail = _carry_out(one.row, decision, now)
    # What wasn't carried out is no change: only what was wished is remembered of it.
    memory = (
        after.memory
        if outcome is Outcome.APPLIED
        else replace(before.memory, recommendations=after.memory.recommendations)
    )
    with transaction.atomic():
        _keep(one, decision, values, outcome=outcome, detail=detail, now=now)
        ScalingTarget.objects.filter(pk=one.row.pk).update(memory=memory_document(memory, misses=after.misses))
    return True


def _count(row: ScalingTarget) -> int | None:
    if row.actuator != Actuator.KUBERNETES:
        return instance_count(row.name)
    try:
        return kubernetes_replicas(row.workload).count()
    except ActuatorFailed as problem:
        logger.warning("the replicas of %s can't be counted: %s", row.name, problem)
        return None


def _values(one: Policied) -> Values:
    names = [policy.metric_name for policy in one.policies]
    found = latest(names=names, age_s_max=_FRESH_S) if names else {}
    newest = {name: found.get(SeriesKey(name)) for name in names}
    return {name: None if value is None else value.value for name, value in newest.items()}


def _state(row: ScalingTarget, now: datetime) -> State:
    memory, misses = memory_of(row.memory)
    return State(memory, carried_out(row.pk, since=now - timedelta(seconds=CHANGES_KEPT_S)), min(misses, MISSES_MAX))


def _carry_out(row: ScalingTarget, decision: Decision, now: datetime) -> tuple[Outcome, str]:
    if decision.count == decision.before:
        return Outcome.KEPT, ""
    failures = failures_since(row.pk, now - RETRY_FORGET)
    again_at = failures[0] + min(2 ** len(failures) * RETRY_FIRST, RETRY_MAX) if failures else now
    if again_at > now:
        return Outcome.ADVISED, f"After a failure it is tried again at {again_at:%H:%M:%S} UTC."
    try:
        is_done = act(Errand(row, decision.before, decision.count, decision.reason, now))
    except ActuatorFailed as problem:
        return Outcome.FAILED, str(problem)
    return (Outcome.APPLIED if is_done else Outcome.ADVISED), ""


def _keep(one: Policied, decision: Decision, values: Values, *, outcome: Outcome, detail: str, now: datetime) -> None:
    previous = last_decision(one.row.pk)
    asked = next((policy.metric_name for policy in one.policies if policy.name == decision.policy), None)
    ScalingDecision.objects.create(
        target=one.row,
        at=now,
        before=decision.before,
        count=decision.count,
        wished=decision.wished,
        policy=decision.policy,
        reason=decision.reason[:200],
        inputs=dict(values),
        proposals=[asdict(proposal) for proposal in decision.proposals],
        clamps=[asdict(clamp) for clamp in decision.clamps],
        forecast=decision.forecast,
        cost_cents_per_hour=round(decision.cost_per_hour),
        outcome=outcome,
        detail=detail[:200],
        metric_before=values.get(asked) if asked else None,
    )
    is_said = previous is not None and (previous.count, previous.outcome) == (decision.count, outcome)
    if outcome is not Outcome.KEPT and not is_said:
        _mark(one.row.name, decision, outcome, detail, now)


def _mark(name: str, decision: Decision, outcome: Outcome, detail: str, now: datetime) -> None:
    verb = {Outcome.APPLIED: "scaled", Outcome.ADVISED: "should scale", Outcome.FAILED: "could not scale"}[outcome]
    title = f"{name} {verb} from {decision.before} to {decision.count}"
    record_event(kind=EventKind.SCALING, title=title, detail=f"{decision.reason} {detail}".strip(), at=now)


def _measure_effects(one: Policied, values: Values, now: datetime) -> None:
    metrics = {policy.name: policy.metric_name for policy in one.policies}
    for decision in unmeasured(one.row.pk, now=now, after=EFFECT_AFTER, until=EFFECT_UNTIL):
        value = values.get(metrics.get(decision.policy, ""))
        if value is not None and decision.metric_before:
            decision.effect = (value - decision.metric_before) / abs(decision.metric_before)
            decision.save(update_fields=["effect"])


def _forget(now: datetime) -> None:
    old: list[Any] = [
        ScalingDecision.objects.filter(outcome=Outcome.KEPT, at__lt=now - timedelta(days=KEPT_DAYS)),
        ScalingDecision.objects.filter(at__lt=now - timedelta(days=CHANGES_DAYS)),
    ]
    for found in old:
        ScalingDecision.objects.filter(pk__in=found.order_by("pk").values("pk")[:1000]).delete()

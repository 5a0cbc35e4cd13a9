"""What was decided."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from monitoring.scaling.engine.guards import Change
from monitoring.scaling.models import Outcome, ScalingDecision

LIMIT_MAX = 500


def decisions(
    *, target: str = "", only_changes: bool = False, before: datetime | None = None, limit: int = 100
) -> list[ScalingDecision]:
    """The newest first; at most ``limit``, and only those older than ``before``."""
    found = ScalingDecision.objects.select_related("target").order_by("-at", "-pk")
    if target:
        found = found.filter(target__name=target)
    if only_changes:
        found = found.exclude(outcome=Outcome.KEPT)
    if before is not None:
        found = found.filter(at__lt=before)
    return list(found[: min(limit, LIMIT_MAX)])


def last_decision(target_id: int) -> ScalingDecision | None:
    return ScalingDecision.objects.filter(target_id=target_id).order_by("-at", "-pk").first()


def last_decisions() -> list[ScalingDecision]:
    """The newest of each target."""
    found = ScalingDecision.objects.select_related("target").order_by("target_id", "-at", "-pk")
    return sorted(found.distinct("target_id"), key=lambda one: one.target.name)


def carried_out(target_id: int, *, since: datetime) -> tuple[Change, ...]:
    """Changes that were really made, oldest first."""
    found = ScalingDecision.objects.filter(target_id=target_id, at__gt=since, outcome=Outcome.APPLIED)
    rows = found.order_by("at", "pk").values_list("at", "before", "count", "policy", "effect")
    return tuple(Change(at.timestamp(), count - before, policy, effect) for at, before, count, policy, effect in rows)


def unmeasured(target_id: int, *, now: datetime, after: timedelta, until: timedelta) -> Sequence[ScalingDecision]:
    """Changes made long enough ago to show their effect, and not so long that something else would."""
    found = ScalingDecision.objects.filter(
        target_id=target_id, outcome=Outcome.APPLIED, effect=None, at__lte=now - after, at__gt=now - until
    )
    return list(found.exclude(metric_before=None))
